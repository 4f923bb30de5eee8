using System.Net;
using Nperf.Core;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Tests.Output;

/// <summary>A world that stands still: what the writers look at and no more.</summary>
internal sealed class FakeControl(RunOptions options, int self, params ProcessInfo[] processes) : Control
{
    public override World World { get; } = new(processes);

    public override ProcessInfo Self => World.Processes[self];

    public override RunOptions Options => options;

    public override ReadOnlyMemory<byte> RunId => default;

    public override AbortSignal AbortSignal => throw new NotSupportedException();

    public override IPAddress? LocalAddress => null;

    public static ProcessInfo Process(int index, int firstRank, int ranks, string host, string address) => new()
    {
        Index = index,
        FirstRank = firstRank,
        RankCount = ranks,
        Host = host,
        MachineId = host,
        SharedMemoryId = host,
        Processors = "0,1,2,3,4,5,6,7",
        ProcessId = 100 + index,
        Address = address,
    };

    public override void Barrier(string step) => throw new NotSupportedException();

    public override byte[] Broadcast(int root, byte[] payload, string step) => throw new NotSupportedException();

    public override double[] AllReduce(double[] values, ControlReduction reduction, string step) =>
        throw new NotSupportedException();

    public override byte[][]? Gather(byte[] payload, string step) => throw new NotSupportedException();

    public override void Abort(Failure failure) => throw new NotSupportedException();

    public override void Leave() => throw new NotSupportedException();

    public override void Dispose()
    {
    }
}
