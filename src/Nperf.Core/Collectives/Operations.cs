using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Collectives;

/// <summary>The collectives nperf knows.</summary>
internal static class Operations
{
    /// <summary>What <c>--spread</c> is where nobody says; nccl-tests' too.</summary>
    public const double DefaultSpread = 1;

    /// <summary>Every collective, in the order in which <c>--op all</c> runs them.</summary>
    public static IReadOnlyList<Collective> All { get; } =
    [
        new AllReduce(), new AllGather(), new Broadcast(), new Reduce(), new ReduceScatter(),
        new AllToAll(), new AllToAllV(new SpreadTraffic(DefaultSpread, elementSize: 4)), new Gather(), new Scatter(),
        new SendRecv(), new Hypercube(), new Barrier(),
    ];

    /// <summary>The collective called <paramref name="name"/>, or null.</summary>
    public static Collective? Find(string name) => All.FirstOrDefault(collective => collective.Name == name);

    /// <summary>
    /// The collective called <paramref name="name"/> as <paramref name="options"/> want it among
    /// <paramref name="worldSize"/> ranks: an alltoallv has its traffic from them.
    /// </summary>
    /// <exception cref="RunException">There is none, or it cannot be run so.</exception>
    public static Collective For(string name, RunOptions options, DataType type, int worldSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        Collective collective = Find(name)
            ?? throw new RunException(FailureKind.Error, $"--op: {name} is not an operation this version has");
        if (collective.Refusal(worldSize) is { } refusal) throw new RunException(FailureKind.Usage, $"--op: {refusal}");
        if (collective is not AllToAllV) return collective;
        return new AllToAllV(options.Traffic is { } matrix
            ? new MatrixTraffic(matrix, worldSize, type.Size(), scaled: !options.UnscaledTraffic)
            : new SpreadTraffic(options.Spread, type.Size()));
    }
}
