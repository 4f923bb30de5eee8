namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// One way of running a collective over <see cref="RankLinks"/>. Every rank of the group runs the same algorithm with
/// the same arguments but for its buffers. Takes two ranks or more, unless it says otherwise, and, of a collective that can
/// be, calls in place (<see cref="Collectives.Collective.InPlaceOf"/>).
/// </summary>
/// <remarks>In the comments of the algorithms n is the number of ranks and S the size of the call in bytes.</remarks>
internal abstract class Algorithm
{
    /// <summary>What the field calls it, as results name it.</summary>
    public abstract string Name { get; }

    /// <summary>True where every rank has to reach every other's memory (<see cref="RankLinks.Reach"/>).</summary>
    public virtual bool ReachesMemory => false;

    /// <summary>Takes ranks on several hosts, as many on each (<see cref="HostLayout.IsEven"/>).</summary>
    public virtual bool NeedsEvenHosts => false;

    /// <summary>True where each of <paramref name="ranks"/> ranks has as much to do as any with its place on another host.</summary>
    public virtual bool TreatsRanksAlike(int ranks) => true;

    /// <summary>Runs this rank's part of <paramref name="call"/>.</summary>
    public abstract void Run(RankLinks links, in CollectiveCall call);
}
