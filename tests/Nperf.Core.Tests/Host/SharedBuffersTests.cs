using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class SharedBuffersTests
{
    [Fact]
    public void Registered_buffers_are_mapped_by_the_other_ranks_and_hold_the_right_sums()
    {
        const int Count = 100_003;
        using TestHub hub = TestWorld.Hub(
            [1, 2, 1], new RunOptions { Transport = Transport.Shm, Register = Registration.Symmetric });
        TestWorld.Run(hub, communicator =>
        {
            Assert.Equal(MemoryReach.Copies, communicator.Links.Reach);
            RankBuffers buffers = communicator.Allocate(Count * sizeof(int), Count * sizeof(int));
            Assert.Equal(MemoryReach.Maps, communicator.Links.Reach);
            var send = new Span<int>((void*)buffers.Send, Count);
            for (int i = 0; i < Count; i++) send[i] = i + communicator.Rank;
            var call = new CollectiveCall(
                Operations.Find("allreduce")!, DataType.Int32, Reduction.Sum, 0, Count, buffers.Send, buffers.Receive);
            communicator.Execute(call);
            Assert.Equal("single-copy", communicator.ChoiceFor(call).Algorithm);
            var result = new ReadOnlySpan<int>((void*)buffers.Receive, Count);
            for (int i = 0; i < Count; i++) Assert.Equal(4 * i + 6, result[i]);
            communicator.LineUp();
        });
        Assert.Empty(Directory.GetFiles("/dev/shm", $"{SegmentName.Of(new TestControl(hub, 0, null))}*"));
    }

    [Fact]
    public void A_rank_that_finds_no_room_ends_the_run_and_leaves_no_file()
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1], new RunOptions { Transport = Transport.Shm, Register = Registration.Symmetric });
        var refused = Assert.Throws<RunException>(() => TestWorld.Run(hub, communicator =>
            communicator.Allocate((long)1 << 45, (long)1 << 45)));
        Assert.Contains("for the buffers of rank", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--register symmetric", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles("/dev/shm", $"{SegmentName.Of(new TestControl(hub, 0, null))}*"));
    }

    [Fact]
    public void The_memory_of_a_process_that_is_not_of_the_run_is_out_of_reach()
    {
        int[] ranks = [0, 1];
        string name = $"nperf-test-{Guid.NewGuid():N}";
        SharedRings rings = SharedRings.Create(name, ranks, 8192);
        try
        {
            rings.LeaveMark(0);
            Assert.True(rings.Reaches(0, Environment.ProcessId));
            using var other = System.Diagnostics.Process.Start("sleep", "60");
            Assert.False(rings.Reaches(0, other.Id));
            Assert.False(rings.Reaches(1, Environment.ProcessId));
            other.Kill();
            other.WaitForExit();
        }
        finally
        {
            SharedSegment.Unlink(name);
            rings.Free();
        }
    }
}
