namespace Nperf.Core.Results;

/// <summary>What the pairs of ranks do by themselves (<c>--pattern pairs</c>, <c>find-slow</c>).</summary>
public sealed record PairsSection
{
    /// <summary>The size of a transfer for bandwidth, bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The size of a message for latency, bytes.</summary>
    public required long LatencyBytes { get; init; }

    /// <summary>In how many rounds of disjoint pairs all of them are measured.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many of those are in <see cref="Links"/>: fewer where the run ended early.</summary>
    public required int RoundsDone { get; init; }

    /// <summary>Each pair in each direction, by sender and then receiver.</summary>
    public required IReadOnlyList<PairLink> Links { get; init; }

    /// <summary>What is typical of pairs that are alike.</summary>
    public required IReadOnlyList<PairClass> Classes { get; init; }

    /// <summary>What is slower than pairs alike by more than they differ among themselves; empty where nothing is.</summary>
    public required IReadOnlyList<OutlierSection> Outliers { get; init; }
}

/// <summary>One direction of a pair of ranks.</summary>
public sealed record PairLink
{
    /// <summary>The rank that sends.</summary>
    public required int From { get; init; }

    /// <summary>The rank that receives.</summary>
    public required int To { get; init; }

    /// <summary>
    /// What lies between them: <c>process</c>, <c>host</c> (the same), <c>nvlink</c> (GPUs of one host that NVLinks connect)
    /// or <c>network</c>. Pairs are compared with those of their class.
    /// </summary>
    public required string Class { get; init; }

    /// <summary>Bytes over time in this direction, while nothing goes the other way between the two, GB/s (10^9).</summary>
    public required double Bandwidth { get; init; }

    /// <summary>The time of a transfer, microseconds: back-to-back transfers over their number, of the slower of the two ranks.</summary>
    public required double TimeUs { get; init; }

    /// <summary>
    /// Half of the time that a message takes there and back, microseconds. Clocks of two machines cannot tell the halves
    /// apart, so both directions of a pair have the same.
    /// </summary>
    public required double LatencyUs { get; init; }

    /// <summary>Wrong elements that the receiver found; null where nothing was checked.</summary>
    public required long? Wrong { get; init; }
}

/// <summary>What is typical of a class of pairs.</summary>
public sealed record PairClass
{
    /// <summary>Its name (<see cref="PairLink.Class"/>).</summary>
    public required string Class { get; init; }

    /// <summary>How many directions of pairs are of it.</summary>
    public required int Links { get; init; }

    /// <summary>The median of their bandwidths, GB/s.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>The median of their latencies, microseconds.</summary>
    public required double LatencyUs { get; init; }
}

/// <summary>Something that is slower than what is alike.</summary>
public sealed record OutlierSection
{
    /// <summary><c>rank</c>, <c>host</c> (all ranks of one) or <c>pair</c> (of two ranks that are fine with others).</summary>
    public required string Kind { get; init; }

    /// <summary>The rank, the host's ranks, or sender and receiver of the pair.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>The host of the first of them.</summary>
    public required string Host { get; init; }

    /// <summary>The GPU of the first of them, for people: <c>GPU 3 (GPU-8f3a…)</c>; null without one.</summary>
    public required string? Gpu { get; init; }

    /// <summary>
    /// The network adapter or interface that it uses over the network, as far as that is known: the one named by
    /// <c>--interface</c>, or with NCCL the nearest to the GPU; else null.
    /// </summary>
    public required string? Nic { get; init; }

    /// <summary><c>send</c>, <c>receive</c> or <c>both</c>: which way it is slow.</summary>
    public required string Direction { get; init; }

    /// <summary><c>bandwidth</c> or <c>latency</c>: what shows it.</summary>
    public required string Metric { get; init; }

    /// <summary>Its speed over what is typical, below 1: 0.5 is half the bandwidth, or twice the latency.</summary>
    public required double Ratio { get; init; }

    /// <summary>The figures behind it, one sentence.</summary>
    public required string Evidence { get; init; }
}
