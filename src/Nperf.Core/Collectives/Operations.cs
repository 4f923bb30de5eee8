namespace Nperf.Core.Collectives;

/// <summary>The collectives nperf knows.</summary>
public static class Operations
{
    /// <summary>Every collective, in the order in which <c>--op all</c> runs them.</summary>
    public static IReadOnlyList<Collective> All { get; } =
    [
        new AllReduce(), new AllGather(), new Broadcast(), new Reduce(), new ReduceScatter(),
        new AllToAll(), new Gather(), new Scatter(), new SendRecv(), new Barrier(),
    ];

    /// <summary>The collective called <paramref name="name"/>, or null.</summary>
    public static Collective? Find(string name) => All.FirstOrDefault(collective => collective.Name == name);
}
