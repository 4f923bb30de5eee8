using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class ControlTests
{
    [Fact]
    public async Task A_barrier_holds_everyone_until_the_last_one_comes()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1, 1);
        Task[] early = [.. new[] { 0, 2 }.Select(i => Star.OnThread(() => star.Controls[i].Barrier("meet")))];
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(early, task => task.IsCompleted);
        star.Controls[1].Barrier("meet");
        await Task.WhenAll(early);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_broadcast_brings_the_roots_bytes_to_everyone(int root)
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1, 1, 1);
        foreach (int length in new[] { 0, 1, 4091, 4092, 100_000, 3 << 20 })
        {
            byte[] expected = Bytes(length, root);
            byte[][] got = await star.OnAll(control =>
                control.Broadcast(root, control.Self.Index == root ? expected : [], "broadcast"));
            Assert.All(got, bytes => Assert.True(expected.AsSpan().SequenceEqual(bytes)));
        }
    }

    [Theory]
    [InlineData(nameof(ControlReduction.Sum), new[] { 6.0, 60.5, -6.0 })]
    [InlineData(nameof(ControlReduction.Min), new[] { 0.0, 0.5, -3.0 })]
    [InlineData(nameof(ControlReduction.Max), new[] { 3.0, 30.0, 0.0 })]
    public async Task An_allreduce_gives_everyone_the_reduced_values(string name, double[] expected)
    {
        ControlReduction reduction = Enum.Parse<ControlReduction>(name);
        await using Star star = await Star.Of(new RunOptions(), 1, 1, 1, 1);
        double[][] got = await star.OnAll(control =>
        {
            int i = control.Self.Index;
            return control.AllReduce([i, i == 0 ? 0.5 : 10 * i, -i], reduction, "reduce");
        });
        Assert.All(got, values => Assert.Equal(expected, values));
    }

    [Fact]
    public async Task A_gather_gives_the_server_everyones_bytes_by_index()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 2, 1);
        byte[][]?[] got = await star.OnAll(control => control.Gather(Bytes(70_000 * control.Self.Index, 5), "gather"));
        Assert.Null(got[1]);
        Assert.Null(got[2]);
        Assert.Equal([0, 70_000, 140_000], got[0]!.Select(bytes => bytes.Length));
        Assert.Equal(Bytes(140_000, 5), got[0]![2]);
    }

    [Fact]
    public async Task Processes_may_run_ahead_of_each_other()
    {
        const int Calls = 300;
        await using Star star = await Star.Of(new RunOptions(), 1, 1);
        Task<int[]> ahead = star.OnAll(control =>
        {
            int sum = 0;
            for (int i = 0; i < Calls; i++)
            {
                control.Gather([(byte)i], "many gathers");
                sum += control.Broadcast(0, [(byte)i], "many broadcasts")[0];
            }

            control.Barrier("end");
            return sum;
        });
        int[] sums = await ahead;
        Assert.Equal(Enumerable.Range(0, Calls).Sum(i => (byte)i), sums[1]);
        Assert.Equal(sums[0], sums[1]);
    }

    [Fact]
    public async Task After_leaving_a_closed_connection_is_no_failure()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1, 1);
        await star.OnAll(control => control.Leave());
        star.Controls[1].Dispose();
        star.Controls[0].Dispose();
        star.Controls[2].Dispose();
        Assert.All(star.Controls, control => Assert.False(control.AbortSignal.IsSet));
    }

    [Fact]
    public async Task A_root_that_is_no_process_is_refused()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => star.Controls[1].Broadcast(2, [], "wrong"));
        Assert.Throws<ArgumentOutOfRangeException>(() => star.Controls[0].Broadcast(-1, [], "wrong"));
    }

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
