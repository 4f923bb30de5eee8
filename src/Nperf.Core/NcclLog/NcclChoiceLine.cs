using System.Buffers;
using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>
/// The line by which NCCL tells of a collective that it enqueues (subsystem TUNING, of rank 0 alone but for the symmetric
/// kernels of 2.27). Versions up to 2.19 have none, and none has one for send and receive or for a single rank.
/// </summary>
internal static class NcclChoiceLine
{
    private const string Arrow = " Bytes -> ";

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads <paramref name="message"/>; null where it tells of no collective.</summary>
    public static NcclChoice? Read(ReadOnlySpan<char> message)
    {
        int arrow = message.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow <= 0) return null;
        ReadOnlySpan<char> head = message[..arrow];
        int start = head.LastIndexOf(' ') + 1;
        if (!long.TryParse(head[start..], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)) return null;
        if (!TryOperation(head[..start], out string? operation)) return null;
        var scanner = new SpanScanner(message[(arrow + Arrow.Length)..]);
        if (scanner.Take("Algo ")) return OfAlgorithm(scanner, operation, bytes);
        if (scanner.Take("Kernel ")) return OfKernel(scanner, operation, bytes);
        if (scanner.Take("cudaMemcpy")) return new NcclChoice(operation, bytes, "copyengine", null, null);
        return scanner.Take("RMA proxy + CE") ? new NcclChoice(operation, bytes, "copyengine+rma", null, null) : null;
    }

    // "", "AllReduce: " or "AllReduce [Symmetric]: ".
    private static bool TryOperation(ReadOnlySpan<char> head, out string? operation)
    {
        operation = null;
        if (head.IsEmpty) return true;
        if (!head.EndsWith(": ", StringComparison.Ordinal)) return false;
        head = head[..^2];
        int tag = head.IndexOf(" [", StringComparison.Ordinal);
        ReadOnlySpan<char> name = tag < 0 ? head : head[..tag];
        if (name.IsEmpty || name.ContainsAnyExcept(NameLetters)) return false;
        operation = name.ToString();
        return true;
    }

    // RING proto LL channel{Lo..Hi}={0..3}, up to 2.23: 1 proto 0 time 12.3.
    private static NcclChoice? OfAlgorithm(SpanScanner scanner, string? operation, long bytes)
    {
        if (!scanner.TakeUntil(" proto ", out ReadOnlySpan<char> algorithm) || !scanner.Take(" proto ")) return null;
        if (!scanner.TakeUntil(" ", out ReadOnlySpan<char> protocol)) return null;
        if (algorithm.IsEmpty || protocol.IsEmpty) return null;
        NcclChannels? channels = null;
        if (scanner.Take(" channel{Lo..Hi}={"))
        {
            if (!scanner.TakeNumber(out int first) || !scanner.Take("..") || !scanner.TakeNumber(out int last)) return null;
            channels = new NcclChannels(first, last);
        }

        return new NcclChoice(operation, bytes, NcclNames.Algorithm(algorithm), NcclNames.Protocol(protocol), channels);
    }

    // AllReduce_AGxLL_R nchannels 8 nthreads 512 nWorks 1; the channels are the first ones.
    private static NcclChoice? OfKernel(SpanScanner scanner, string? operation, long bytes)
    {
        if (!scanner.TakeUntil(" nchannels ", out ReadOnlySpan<char> kernel) || kernel.IsEmpty) return null;
        return scanner.Take(" nchannels ") && scanner.TakeNumber(out int channels)
            ? new NcclChoice(operation, bytes, kernel.ToString(), null, channels > 0 ? new NcclChannels(0, channels - 1) : null)
            : null;
    }
}
