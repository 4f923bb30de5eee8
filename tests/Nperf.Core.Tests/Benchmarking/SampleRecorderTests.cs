using System.Diagnostics;
using CsCheck;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Tests.Benchmarking;

public class SampleRecorderTests
{
    [Fact]
    public void Everything_is_kept_while_there_is_room()
    {
        var recorder = new SampleRecorder(8);
        for (int i = 0; i < 8; i++) recorder.Add(i);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], recorder.Ticks.ToArray());
    }

    [Fact]
    public void Beyond_that_what_is_kept_is_spread_evenly_over_all()
    {
        Gen.Select(Gen.Int[2, 50], Gen.Int[1, 5000]).Sample((capacity, count) =>
        {
            var recorder = new SampleRecorder(capacity);
            for (int i = 0; i < count; i++) recorder.Add(i);
            long[] held = recorder.Ticks.ToArray();
            Assert.InRange(held.Length, Math.Min(count, capacity / 2), capacity);
            long stride = held.Length > 1 ? held[1] - held[0] : 1;
            Assert.Equal(Enumerable.Range(0, held.Length).Select(i => i * stride), held);
            Assert.True(held[^1] + stride >= count);
        });
    }

    [Fact]
    public void Clear_forgets_the_times_and_the_stride()
    {
        var recorder = new SampleRecorder(2);
        for (int i = 0; i < 9; i++) recorder.Add(i);
        recorder.Clear();
        recorder.Add(5);
        recorder.Add(6);
        Assert.Equal([5, 6], recorder.Ticks.ToArray());
    }

    [Fact]
    public void Ticks_become_microseconds()
    {
        var recorder = new SampleRecorder(2);
        recorder.Add(Stopwatch.Frequency);
        Assert.Equal([1e6], recorder.ToMicroseconds());
    }
}
