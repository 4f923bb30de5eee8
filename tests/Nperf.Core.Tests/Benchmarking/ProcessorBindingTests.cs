using Nperf.Core.Benchmarking;
using Nperf.Core.Rendezvous;
using Nperf.Core.Tests.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.Tests.Benchmarking;

public class ProcessorBindingTests
{
    [Fact]
    public void Ranks_of_a_machine_take_its_processors_in_order_whatever_their_process()
    {
        World world = new([Process(0, 0, 1, "a", "2,3,6"), Process(1, 1, 2, "b", "2,3"), Process(2, 3, 2, "a", "2,3,6")]);
        Assert.Equal([2, 2, 3, 3, 6], Enumerable.Range(0, 5).Select(rank => ProcessorBinding.ProcessorFor(world, rank)));
    }

    [Fact]
    public void Processes_that_were_given_processors_of_their_own_stay_on_them()
    {
        World world = new([Process(0, 0, 1, "a", "4"), Process(1, 1, 1, "a", "1")]);
        Assert.Equal([4, 1], Enumerable.Range(0, 2).Select(rank => ProcessorBinding.ProcessorFor(world, rank)));
        Assert.Equal(2, world.ProcessorsOnMachineOf(world.Processes[0]));
        Assert.False(world.IsCrowded);
    }

    [Fact]
    public void More_ranks_than_processors_are_left_to_the_scheduler()
    {
        World world = new([Process(0, 0, 2, "a", "5"), Process(1, 2, 1, "b", "5")]);
        Assert.Null(ProcessorBinding.ProcessorFor(world, 0));
        Assert.Equal(5, ProcessorBinding.ProcessorFor(world, 2));
        Assert.True(world.IsCrowded);
    }

    [Fact]
    public void A_bound_thread_may_run_on_its_processor_alone()
    {
        int last = LibC.AllowedProcessors()[^1];
        World world = new([Process(0, 0, 1, "a", last.ToString())]);
        IReadOnlyList<int> after = [];
        var thread = new Thread(() =>
        {
            ProcessorBinding.Bind(world, rank: 0);
            after = LibC.AllowedProcessors();
        });
        thread.Start();
        Assert.True(thread.Join(TimeSpan.FromSeconds(120)));
        Assert.Equal([last], after);
    }

    [Theory]
    [InlineData("0,1,17", new[] { 0, 1, 17 })]
    [InlineData("", new int[0])]
    [InlineData("3,x,-1,,99999999999,8191,8192", new[] { 3, 8191 })]
    public void What_is_no_processor_is_left_out(string text, int[] expected) =>
        Assert.Equal(expected, ProcessorList.Parse(text));

    private static ProcessInfo Process(int index, int firstRank, int ranks, string machine, string processors) =>
        PlannedProcess.Of(index, machine, ranks, firstRank) with { Processors = processors };
}
