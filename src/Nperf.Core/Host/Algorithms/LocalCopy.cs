using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>One rank alone: every collective leaves a copy of what it sends. No steps, no bytes on a link.</summary>
internal sealed unsafe class LocalCopy : Algorithm
{
    public override string Name => "copy";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        long elements = call.Collective.ReceiveCount(call.Count, worldSize: 1, rank: 0, root: 0);
        Steps.Copy((byte*)call.Receive, (byte*)call.Send, (nint)elements * call.DataType.Size());
    }
}
