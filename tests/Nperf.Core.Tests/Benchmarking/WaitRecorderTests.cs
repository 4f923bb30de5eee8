using System.Diagnostics;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Tests.Benchmarking;

public class WaitRecorderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(10_001)]
    public void Nothing_is_lost_and_no_more_is_held_than_there_is_room_for(int iterations)
    {
        var recorder = new WaitRecorder();
        for (int i = 0; i < iterations; i++) recorder.Add(i, i / 2, i / 4);
        WaitBlock[] blocks = recorder.ToMicroseconds();

        Assert.InRange(blocks.Length, Math.Min(iterations, WaitRecorder.Most / 2), WaitRecorder.Most);
        double us = 1e6 / Stopwatch.Frequency;
        Assert.Equal(Enumerable.Range(0, iterations).Sum(i => (double)i) * us, blocks.Sum(block => block.Time), 1e-3);
        Assert.Equal(Enumerable.Range(0, iterations).Sum(i => (double)(i / 2)) * us, blocks.Sum(block => block.Waited), 1e-3);
        Assert.Equal(Enumerable.Range(0, iterations).Sum(i => (double)(i / 4)) * us, blocks.Sum(block => block.Sending), 1e-3);
    }

    [Fact]
    public void Blocks_follow_each_other()
    {
        var recorder = new WaitRecorder();
        for (int i = 0; i < 1000; i++) recorder.Add(i < 500 ? 1 : 3, 0, 0);
        WaitBlock[] blocks = recorder.ToMicroseconds();

        // The last is not full.
        double[] times = [.. blocks.SkipLast(1).Select(block => block.Time)];
        Assert.Equal(times.Order(), times);
        Assert.Equal(3 * times[0], times[^1], 1e-9);
    }

    [Fact]
    public void Cleared_it_is_as_new()
    {
        var recorder = new WaitRecorder();
        for (int i = 0; i < 100; i++) recorder.Add(1, 1, 0);
        Assert.Equal(1, recorder.WaitingShare);
        recorder.Clear();

        Assert.Empty(recorder.ToMicroseconds());
        Assert.Null(recorder.WaitingShare);
    }
}
