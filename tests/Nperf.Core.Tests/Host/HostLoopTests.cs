using System.Runtime.InteropServices;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

/// <summary>What must not happen while the clock runs, as each rank's own thread counts it.</summary>
public sealed partial class HostLoopTests
{
    private static readonly Collective[] AllReduceAlone = [new AllReduce()];

    [Theory]
    [InlineData(Transport.Memory, 2)]
    [InlineData(Transport.Memory, 4)]
    [InlineData(Transport.Shm, 2)]
    [InlineData(Transport.Shm, 4)]
    [InlineData(Transport.Tcp, 2)]
    [InlineData(Transport.Tcp, 4)]
    public void No_operation_allocates_managed_memory(Transport transport, int ranks) => RunLoops(
        transport, ranks, Operations.All, [DataType.Float32], [Reduction.Sum], [8, 32 << 10, 1 << 20],
        (loop, call) =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run(call, SlotLayout.Single, new Batch(BatchKind.HeadlineWithSamples, 3));
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });

    [Fact]
    public void No_type_and_no_reduction_allocates_managed_memory() => RunLoops(
        Transport.Memory, 2, AllReduceAlone, DataTypes.All, Reductions.All, [4 << 10],
        (loop, call) =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            loop.Run(call, SlotLayout.Single, new Batch(BatchKind.Headline, 3));
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        });

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Shm)]
    [InlineData(Transport.Tcp)]
    public void No_operation_touches_new_pages_with_each_iteration(Transport transport) => RunLoops(
        transport, 2, Operations.All, [DataType.Float32], [Reduction.Sum], [4 << 20],
        (loop, call) =>
        {
            const int Iterations = 10;
            const int Tries = 3;

            // Code that was compiled meanwhile lies on new pages too, but not each time.
            long least = long.MaxValue;
            for (int i = 0; i < Tries; i++)
            {
                long before = PageFaults();
                loop.Run(call, SlotLayout.Single, new Batch(BatchKind.Headline, Iterations));
                least = Math.Min(least, PageFaults() - before);
            }

            Assert.True(least < Iterations, $"{call.Collective.Name}: {least} page faults in {Iterations} iterations");
        });

    /// <summary>
    /// Has every rank run each call once, as the warm-up does, and <paramref name="measure"/> look at what follows.
    /// </summary>
    private static void RunLoops(
        Transport transport, int ranks, IEnumerable<Collective> collectives, IReadOnlyList<DataType> types,
        IReadOnlyList<Reduction> reductions, long[] sizes, Action<TimedLoop, CollectiveCall> measure)
    {
        int[] processes = transport == Transport.Memory ? [ranks] : [.. Enumerable.Repeat(1, ranks)];
        using TestHub hub = TestWorld.Hub(processes, new RunOptions { Transport = transport });
        (Collective Collective, DataType Type, Reduction Reduction, long Bytes)[] cases =
        [
            .. from collective in collectives
               from type in types
               from reduction in reductions
               from bytes in sizes
               select (collective, type, reduction, bytes),
        ];
        TestWorld.Run(hub, communicator =>
        {
            using var abort = new AbortSignal();
            using TimedLoop loop = communicator.CreateLoop(new LoopSettings(
                hub.Options, new SampleRecorder(100), abort, new RunProgress(), () => { }, new RankMark(communicator.Rank)));
            PageFaults();
            foreach ((Collective collective, DataType type, Reduction reduction, long bytes) in cases)
            {
                (int n, int rank, int element) = (communicator.WorldSize, communicator.Rank, type.Size());
                long count = collective.CountFor(bytes, element, n);
                using RankBuffers buffers = communicator.Allocate(
                    collective.SendCount(count, n, rank, root: 0) * element,
                    collective.ReceiveCount(count, n, rank, root: 0) * element);
                var call = new CollectiveCall(collective, type, reduction, 0, count, buffers.Send, buffers.Receive);
                loop.Run(call, SlotLayout.Single, new Batch(BatchKind.Omitted, 1));
                communicator.LineUp();
                measure(loop, call);
            }
        });
    }

    /// <summary>How many pages this thread has touched that were not there (getrusage(2): ru_minflt of RUSAGE_THREAD).</summary>
    private static long PageFaults()
    {
        const int OfThread = 1;
        const int MinorFaults = 8;
        Span<long> usage = stackalloc long[18];
        Assert.Equal(0, GetUsage(OfThread, usage));
        return usage[MinorFaults];
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, Span<long> usage);
}
