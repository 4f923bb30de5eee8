using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>
/// A line of NCCL's debug log: <c>host:pid:tid [device] NCCL INFO message</c>. A warning has the place in NCCL's source
/// before NCCL WARN, since 2.26 a time before all, in a form that the user can choose (NCCL_DEBUG_TIMESTAMP_FORMAT).
/// </summary>
internal readonly ref struct NcclLogLine
{
    private const string Marker = " NCCL ";

    /// <summary>Where a line tells its origin it does so before this, characters: a long line is looked through once.</summary>
    private const int LongestHead = 1024;

    /// <summary>The process that wrote it.</summary>
    public int ProcessId { get; private init; }

    /// <summary>The CUDA device of the thread that wrote it.</summary>
    public int Device { get; private init; }

    /// <summary>True for a warning.</summary>
    public bool IsWarning { get; private init; }

    /// <summary>What it says.</summary>
    public ReadOnlySpan<char> Message { get; private init; }

    /// <summary>
    /// Reads <paramref name="text"/>, without its line feed; false where it is no information or warning of NCCL's.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NcclLogLine line)
    {
        line = default;
        for (int from = 0; ;)
        {
            int at = text[from..].IndexOf(Marker, StringComparison.Ordinal);
            if (at < 0 || at + from > LongestHead) return false;
            at += from;
            var scanner = new SpanScanner(text[(at + Marker.Length)..]);
            bool isWarning = scanner.Take("WARN ");
            if ((isWarning || scanner.Take("INFO ")) && TryOrigin(text[..at], out int process, out int device))
            {
                line = new NcclLogLine { ProcessId = process, Device = device, IsWarning = isWarning, Message = scanner.Rest };
                return true;
            }

            from = at + 1;
        }
    }

    // The last host:pid:tid that a device follows: before it may stand a time, which has colons too.
    private static bool TryOrigin(ReadOnlySpan<char> head, out int process, out int device)
    {
        process = device = 0;
        bool found = false;
        ReadOnlySpan<char> before = default;
        foreach (Range range in head.Split(' '))
        {
            ReadOnlySpan<char> token = head[range];
            if (token is ['[', .. var inner, ']'] && TryNumber(inner, out int number) && TryProcess(before, out int pid))
            {
                (process, device, found) = (pid, number, true);
            }

            before = token;
        }

        return found;
    }

    private static bool TryProcess(ReadOnlySpan<char> token, out int process)
    {
        process = 0;
        int thread = token.LastIndexOf(':');
        if (thread <= 0 || !TryNumber(token[(thread + 1)..], out _)) return false;
        int host = token[..thread].LastIndexOf(':');
        return host > 0 && TryNumber(token[(host + 1)..thread], out process);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
