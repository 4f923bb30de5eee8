using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// What NCCL itself knows of a run that stands still: its RAS threads, which every process of a job has since NCCL 2.24,
/// answer in text on a port of the host, as in NCCL's documentation of <c>ncclras</c>.
/// </summary>
internal static class NcclRas
{
    /// <summary>Where NCCL listens for such questions, as the user set it.</summary>
    public const string AddressVariable = "NCCL_RAS_ADDR";

    private const string DefaultAddress = "localhost:28028";
    private const int MostBytes = 1 << 20;
    private const int LongestQuote = 600;

    /// <summary>How long asking may take in all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>NCCL gathers for a second at most: what has not answered by then it says so.</summary>
    private static ReadOnlySpan<byte> Question => "TIMEOUT 1\nVERBOSE STATUS\n"u8;

    /// <summary>What RAS says, for people; null where it does not answer, or for another job.</summary>
    /// <param name="address">The value of <see cref="AddressVariable"/>.</param>
    /// <param name="ranks">How many ranks the run has.</param>
    public static string? Ask(string? address, int ranks)
    {
        long deadline = BoundedSocket.After(Limit);
        var answer = new MemoryStream();
        try
        {
            foreach (IPEndPoint endpoint in Endpoints(address ?? DefaultAddress, deadline))
            {
                if (TryAsk(endpoint, answer, deadline)) break;
            }
        }
        catch (Exception unknown) when (unknown is SocketException or TimeoutException)
        {
            // A host that is not known, or not in time.
        }

        return Read(Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length), ranks);
    }

    /// <summary>The part of an answer that says what is wrong.</summary>
    internal static string? Read(string answer, int ranks)
    {
        string[] lines = [.. answer.Split('\n').Select(line => line.Trim())];
        if (!lines.Any(line => line.StartsWith("NCCL version", StringComparison.Ordinal))) return null;
        if (GpusOf(lines) is { } gpus && gpus != ranks) return null;
        string[] findings = [.. Findings(lines)];
        if (findings.Length > 0) return $"NCCL's RAS says: {PrintableText.From(string.Join("; ", findings), LongestQuote)}";
        return lines.Any(line => line.StartsWith("Communicators", StringComparison.Ordinal))
            ? "NCCL's RAS finds nothing wrong"
            : null;
    }

    private static IEnumerable<IPEndPoint> Endpoints(string address, long deadline)
    {
        if (IPEndPoint.TryParse(address, out IPEndPoint? literal)) return [literal];
        if (NameAndPort(address) is not var (name, port)) return [];
        Task<IPAddress[]> found = Dns.GetHostAddressesAsync(name).WaitAsync(BoundedSocket.Left(deadline));
        return found.GetAwaiter().GetResult().Select(one => new IPEndPoint(one, port));
    }

    /// <summary>The parts of <c>name:port</c>, or null.</summary>
    internal static (string Name, int Port)? NameAndPort(string address)
    {
        int colon = address.LastIndexOf(':');
        bool isPort = int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        return colon > 0 && isPort && port <= IPEndPoint.MaxPort ? (address[..colon], port) : null;
    }

    private static bool TryAsk(IPEndPoint endpoint, MemoryStream answer, long deadline)
    {
        try
        {
            using Socket socket = BoundedSocket.Connect(endpoint, source: null, deadline);
            BoundedSocket.Send(socket, Question, deadline);
            byte[] part = new byte[4096];
            while (answer.Length < MostBytes && BoundedSocket.ReceiveSome(socket, part, deadline) is > 0 and int bytes)
                answer.Write(part, 0, bytes);
        }
        catch (SocketException)
        {
            // Nobody listens there, or no more came in time.
        }

        return answer.Length > 0;
    }

    // The last number below the headings of the job's summary, where all nodes are alike.
    private static int? GpusOf(string[] lines)
    {
        int heading = Array.FindIndex(lines, line => line.StartsWith("(total)", StringComparison.Ordinal));
        if (heading < 0 || heading + 1 == lines.Length) return null;
        string[] numbers = lines[heading + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length == 5 && int.TryParse(numbers[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int gpus)
            ? gpus
            : null;
    }

    private static IEnumerable<string> Findings(string[] lines)
    {
        bool isFinding = false;
        for (int i = 0; i < lines.Length; i++)
        {
            if (i + 1 < lines.Length && lines[i + 1].StartsWith("===", StringComparison.Ordinal))
            {
                isFinding = lines[i] is "Errors" or "Warnings";
                i++;
                continue;
            }

            if (isFinding && lines[i].Length > 0) yield return lines[i];
        }
    }
}
