using Nperf.Core.Benchmarking;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Benchmarking;

public class ProcessorBindingTests
{
    [Fact]
    public void Ranks_of_a_machine_take_its_processors_in_order_whatever_their_process()
    {
        World world = new([Process(0, 0, 1, "a"), Process(1, 1, 2, "b"), Process(2, 3, 2, "a")]);
        int[] allowed = [2, 3, 6, 7];
        Assert.Equal(
            [2, 2, 3, 3, 6], Enumerable.Range(0, 5).Select(rank => ProcessorBinding.ProcessorFor(world, rank, allowed)));
    }

    [Fact]
    public void More_ranks_than_processors_are_left_to_the_scheduler()
    {
        World world = new([Process(0, 0, 2, "a"), Process(1, 2, 1, "b")]);
        Assert.Null(ProcessorBinding.ProcessorFor(world, 0, [5]));
        Assert.Equal(5, ProcessorBinding.ProcessorFor(world, 2, [5]));
    }

    [Fact]
    public void A_bound_thread_may_run_on_its_processor_alone()
    {
        World world = new([Process(0, 0, 1, "a")]);
        IReadOnlyList<int> before = [], after = [];
        var thread = new Thread(() =>
        {
            before = Native.LibC.AllowedProcessors();
            ProcessorBinding.Bind(world, rank: 0);
            after = Native.LibC.AllowedProcessors();
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)));
        Assert.NotEmpty(before);
        Assert.Equal([before[0]], after);
    }

    private static ProcessInfo Process(int index, int firstRank, int ranks, string machine) => new()
    {
        Index = index, FirstRank = firstRank, RankCount = ranks, Host = machine, MachineId = machine,
        SharedMemoryId = machine, ProcessId = 1, Address = machine,
    };
}
