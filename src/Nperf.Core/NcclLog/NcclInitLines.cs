using System.Globalization;

namespace Nperf.Core.NcclLog;

/// <summary>Gathers what the lines of NCCL's initialisation tell.</summary>
internal sealed class NcclInitLines
{
    private readonly Dictionary<string, IReadOnlyList<string>> _devices = new(StringComparer.OrdinalIgnoreCase);
    private NcclActivity _known = new();

    /// <summary>The CUDA device of rank 0, where a line told.</summary>
    public int? DeviceOfRankZero { get; private set; }

    /// <summary>What is known by now.</summary>
    public NcclActivity Known => _known with
    {
        NetworkDevices = _known.Network is { } network && _devices.TryGetValue(network, out var devices) ? devices : [],
    };

    /// <summary>Reads a message that a thread with <paramref name="device"/> wrote.</summary>
    public void Add(ReadOnlySpan<char> message, int device)
    {
        var scanner = new SpanScanner(message);
        if (scanner.Take("NCCL version ")) _known = _known with { Version = scanner.Rest.Trim().ToString() };
        else if (scanner.Take("Using network ")) _known = _known with { Network = scanner.Rest.Trim().ToString() };
        else if (scanner.Take("NET/")) AddDevices(scanner);
        else if (scanner.Take("Init timings")) AddTimings(scanner);
        else if (scanner.TakeThrough("comm 0x")) AddCommunicator(scanner, device);
        else AddChannels(scanner);
    }

    // IB : Using [0]mlx5_0:1/IB [1]mlx5_1:1/RoCE [RO]; OOB eth0:10.0.0.1<0>, merged ports: [0]={[0] mlx5_0:1/IB, [1] ...}.
    private void AddDevices(SpanScanner scanner)
    {
        if (!scanner.TakeUntil(" : Using", out ReadOnlySpan<char> network)) return;
        ReadOnlySpan<char> list = scanner.Rest;
        if (list.IndexOf("; OOB", StringComparison.Ordinal) is >= 0 and var end) list = list[..end];
        var devices = new List<string>();
        var entries = new SpanScanner(list);
        while (entries.TakeThrough("["))
        {
            if (!entries.TakeNumber(out _) || !entries.Take("]")) continue;
            entries.Take(" ");
            int length = entries.Rest.IndexOfAny(" ,}");
            ReadOnlySpan<char> name = length < 0 ? entries.Rest : entries.Rest[..length];
            if (!name.IsEmpty && name[0] != '=') devices.Add(name.ToString());
        }

        _devices[network.ToString()] = devices;
    }

    // ": rank 0 ... total 0.44 (", since 2.23 " - ncclCommInitRank: rank 0 ...": seconds.
    private void AddTimings(SpanScanner scanner)
    {
        if (!scanner.TakeThrough(" total ") || !scanner.TakeUntil(" (", out ReadOnlySpan<char> total)) return;
        if (!double.TryParse(total, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)) return;
        if (!double.IsFinite(seconds)) return;
        double milliseconds = Math.Round(seconds * 1000);
        _known = _known with { InitMilliseconds = Math.Max(milliseconds, _known.InitMilliseconds ?? 0) };
    }

    // 55d0 rank 0 nranks 2 cudaDev 0 ..., 55d0 rank 0 nRanks 2 nNodes 1 localRanks 2 ...
    private void AddCommunicator(SpanScanner scanner, int device)
    {
        if (!scanner.TakeThrough(" rank ") || !scanner.TakeNumber(out int rank)) return;
        if ((!scanner.Take(" nranks ") && !scanner.Take(" nRanks ")) || !scanner.TakeNumber(out int ranks)) return;
        if (rank == 0) DeviceOfRankZero = device;
        _known = _known with { Ranks = ranks };
        if (scanner.Take(" nNodes ") && scanner.TakeNumber(out int nodes)) _known = _known with { Nodes = nodes };
    }

    // 24 coll channels, 24 collnet channels, 16 nvls channels, 32 p2p channels, 16 p2p channels per peer.
    private void AddChannels(SpanScanner scanner)
    {
        if (!scanner.TakeNumber(out int collective) || !scanner.Take(" coll channels")) return;
        _known = _known with { CollectiveChannels = collective };
        while (scanner.Take(", ") && scanner.TakeNumber(out int channels))
        {
            if (scanner.Take(" nvls channels")) _known = _known with { NvlsChannels = channels };
            else if (scanner.Take(" p2p channels per peer")) return;
            else if (scanner.Take(" p2p channels")) _known = _known with { SendRecvChannels = channels };
            else if (!scanner.Take(" collnet channels")) return;
        }
    }
}
