using System.Runtime.InteropServices;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

/// <summary>What must not happen while the clock runs, as each rank's own thread counts it.</summary>
public sealed partial class HostLoopTests
{
    /// <summary>How ranks are linked: by one transport, by shared memory with registered buffers, or two on each of two hosts.</summary>
    public enum Linked
    {
        Memory,
        Shm,
        Registered,
        Tcp,
        Hosts,
    }

    [Theory]
    [InlineData(Linked.Memory, 2)]
    [InlineData(Linked.Memory, 4)]
    [InlineData(Linked.Shm, 2)]
    [InlineData(Linked.Shm, 4)]
    [InlineData(Linked.Registered, 2)]
    [InlineData(Linked.Tcp, 2)]
    [InlineData(Linked.Tcp, 4)]
    [InlineData(Linked.Hosts, 4)]
    [InlineData(Linked.Memory, 2, WaitMode.Block)]
    [InlineData(Linked.Shm, 2, WaitMode.Block)]
    [InlineData(Linked.Tcp, 2, WaitMode.Block)]
    public void No_operation_allocates_managed_memory(Linked linked, int ranks, WaitMode wait = WaitMode.Auto) => RunLoops(
        linked, ranks, wait, Operations.All, [DataType.Float32], [Reduction.Sum], [8, 4 << 10, 64 << 10, 1 << 20],
        AllocatesNothing);

    [Fact]
    public void No_type_and_no_reduction_allocates_managed_memory() => RunLoops(
        Linked.Memory, 2, WaitMode.Auto, [new AllReduce()], DataTypes.All, Reductions.All, [4 << 10], AllocatesNothing);

    [Theory]
    [InlineData(Linked.Memory)]
    [InlineData(Linked.Shm)]
    [InlineData(Linked.Registered)]
    [InlineData(Linked.Tcp)]
    public void No_operation_touches_new_pages_with_each_iteration(Linked linked) => RunLoops(
        linked, 2, WaitMode.Auto, Operations.All, [DataType.Float32], [Reduction.Sum], [4 << 20],
        (loop, call) =>
        {
            const int Iterations = 10;
            long faults = Least(PageFaults, () =>
                loop.Run(call, SlotLayout.Single, new Batch(BatchKind.Headline, Iterations)));
            Assert.True(faults < Iterations, $"{call.Collective.Name}: {faults} page faults in {Iterations} iterations");
        });

    private static void AllocatesNothing(TimedLoop loop, CollectiveCall call)
    {
        long bytes = Least(GC.GetAllocatedBytesForCurrentThread, () =>
            loop.Run(call, SlotLayout.Single, new Batch(BatchKind.HeadlineWithSamples, 3)));
        Assert.True(bytes == 0, $"{call.Collective.Name}, {call.Count} elements: {bytes} bytes in 3 iterations");
    }

    /// <summary>
    /// How far <paramref name="counter"/> moves on meanwhile, in the least of a few runs: the runtime compiles a method and looks a native
    /// function up when it is first called, which takes memory too, but once, and only timing decides when a rank first has to
    /// sleep for its peer. Every rank makes each of the runs, whatever it has seen: the others need it.
    /// </summary>
    private static long Least(Func<long> counter, Action run)
    {
        const int Runs = 3;
        long least = long.MaxValue;
        for (int i = 0; i < Runs; i++)
        {
            long before = counter();
            run();
            least = Math.Min(least, counter() - before);
        }

        return least;
    }

    /// <summary>
    /// Has every rank run each call once, as the warm-up does, and <paramref name="measure"/> look at what follows.
    /// </summary>
    private static void RunLoops(
        Linked linked, int ranks, WaitMode wait, IReadOnlyList<Collective> collectives, IReadOnlyList<DataType> types,
        IReadOnlyList<Reduction> reductions, long[] sizes, Action<TimedLoop, CollectiveCall> measure)
    {
        using TestHub hub = TestWorld.Hub(
            linked == Linked.Memory ? [ranks] : [.. Enumerable.Repeat(1, ranks)],
            new RunOptions
            {
                Transport = linked switch
                {
                    Linked.Memory => Transport.Memory,
                    Linked.Tcp => Transport.Tcp,
                    Linked.Hosts => Transport.Auto,
                    _ => Transport.Shm,
                },
                Register = linked == Linked.Registered ? Registration.Symmetric : Registration.None,
                Wait = wait,
            },
            linked == Linked.Hosts ? index => $"host{index / 2}" : null);
        (Collective, DataType, Reduction, long)[] cases =
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
                hub.Options, new SampleRecorder(100), new WaitRecorder(), abort, new RunProgress(), () => { }, new RankMark(communicator.Rank)));
            PageFaults();
            (int n, int rank) = (communicator.WorldSize, communicator.Rank);
            long most = 2 * sizes.Max();
            using RankBuffers buffers = communicator.Allocate(most, most);
            foreach ((Collective collective, DataType type, Reduction reduction, long bytes) in cases)
            {
                long count = collective.CountFor(bytes, type.Size(), n);
                Assert.InRange(collective.SendCount(count, n, rank, root: 0) * type.Size(), 0, most);
                Assert.InRange(collective.ReceiveCount(count, n, rank, root: 0) * type.Size(), 0, most);
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
