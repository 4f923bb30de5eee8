using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>What a communicator takes for each call.</summary>
internal sealed class ChosenAlgorithm : Algorithm
{
    public static readonly ChosenAlgorithm Instance = new();

    public override string Name => "the chosen one";

    public override void Run(RankLinks links, in CollectiveCall call) =>
        (HierarchicalTable.For(call, links.Hierarchy?.Layout) ?? AlgorithmTable.For(call, links.WorldSize, links.Reach)).Run(links, call);
}
