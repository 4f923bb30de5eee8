using System.Text.Json;
using Nperf.Core;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public sealed class JsonStreamTests : IDisposable
{
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly RunProgress _progress = new() { Step = "allreduce float32 sum" };

    public void Dispose() => _text.Dispose();

    [Fact]
    public void Each_event_is_a_line_with_its_name_and_data()
    {
        using JsonStream stream = Started();
        stream.SizeFinished(Documents.Size(2048));
        stream.End(Documents.Complete(Documents.Size(2048)));

        (string Event, JsonElement Data)[] events = Events();
        Assert.Equal(["start", "result", "end"], events.Select(one => one.Event));
        Assert.Equal(2, events[0].Data.GetProperty("config").GetProperty("numGpus").GetInt32());
        Assert.Equal("memory", events[0].Data.GetProperty("transports").GetString());
        Assert.Equal(2048, events[1].Data.GetProperty("bytes").GetInt64());
        Assert.Equal(1, events[2].Data.GetProperty("results").GetInt32());
        Assert.False(events[2].Data.TryGetProperty("error", out _));
    }

    [Fact]
    public void An_interval_has_what_moved_since_the_one_before()
    {
        using JsonStream stream = Started();
        _progress.Begin(1000, 10);
        _progress.Iteration = 4;
        stream.Tick();
        _progress.Iteration = 10;
        _progress.End(10);
        _progress.Begin(500, 10);
        _progress.Iteration = 2;
        stream.Tick();
        stream.Tick();

        JsonElement[] sums = [.. Events().Where(one => one.Event == "interval").Select(one => one.Data.GetProperty("sum"))];
        Assert.Equal([4000, 7000, 0], sums.Select(sum => sum.GetProperty("bytes").GetInt64()));
        Assert.Equal(0, sums[0].GetProperty("start").GetDouble());
        Assert.Equal(sums[0].GetProperty("end").GetDouble(), sums[1].GetProperty("start").GetDouble());
        Assert.Equal(
            8 * 7000 / sums[1].GetProperty("seconds").GetDouble(), sums[1].GetProperty("bits_per_second").GetDouble(), 1.0);
    }

    /// <summary>The paths that readers of iperf3's stream in public code take: by its first stream, or by its sums.</summary>
    [Fact]
    public void Readers_of_iperf3_find_their_fields()
    {
        using JsonStream stream = Started(firstRank: 3);
        _progress.Begin(1000, 10);
        _progress.Iteration = 10;
        stream.Tick();
        _progress.End(10);
        _progress.Begin(500, 2);
        _progress.Iteration = 2;
        stream.End(Documents.Complete());

        (string Event, JsonElement Data)[] events = Events();
        Assert.Equal(["start", "interval", "end"], events.Select(one => one.Event));
        JsonElement interval = events[1].Data, end = events[2].Data;
        Assert.Equal(
            [10000, 10000],
            ((JsonElement[])[interval.GetProperty("sum"), interval.GetProperty("streams")[0]]).Select(BytesOf));
        JsonElement ofEnd = end.GetProperty("streams")[0];
        Assert.Equal(
            [11000, 11000, 11000, 11000],
            ((JsonElement[])
            [
                end.GetProperty("sum_sent"), end.GetProperty("sum_received"), ofEnd.GetProperty("sender"), ofEnd.GetProperty("receiver"),
            ]).Select(BytesOf));
        Assert.Equal(
            [3, 3, 3],
            ((JsonElement[])[interval.GetProperty("streams")[0], ofEnd.GetProperty("sender"), ofEnd.GetProperty("receiver")])
                .Select(one => one.GetProperty("socket").GetInt32()));
        Assert.False(interval.GetProperty("sum").TryGetProperty("socket", out _));
        Assert.Equal(end.GetProperty("seconds").GetDouble(), end.GetProperty("sum_sent").GetProperty("end").GetDouble());
    }

    [Fact]
    public void A_run_that_failed_says_the_message_and_ends()
    {
        using var stream = new JsonStream(_text, new ProcessOptions(), _progress, TimeSpan.Zero, mpi: null);
        stream.End(Documents.Complete() with { Error = new ErrorSection { Code = "timeout", Message = "nobody came", Rank = 1 } });

        (string Event, JsonElement Data)[] events = Events();
        Assert.Equal(["error", "end"], events.Select(one => one.Event));
        Assert.Equal("nobody came", events[0].Data.GetString());
        Assert.Equal("timeout", events[1].Data.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, BytesOf(events[1].Data.GetProperty("sum_received")));
    }

    [Fact]
    public void There_is_no_interval_after_the_end()
    {
        using JsonStream stream = Started();
        stream.End(Documents.Complete());
        stream.Tick();

        Assert.Equal("end", Events()[^1].Event);
    }

    [Fact]
    public void Numbers_that_JSON_does_not_have_are_an_error()
    {
        using JsonStream stream = Started();

        Assert.Throws<RunException>(() => stream.SizeFinished(Documents.Size() with { Bandwidth = double.NaN }));
    }

    /// <summary>How many bytes a stream or a sum of iperf3's is about, once its other fields are what they have to be.</summary>
    private static long BytesOf(JsonElement flow)
    {
        double seconds = flow.GetProperty("seconds").GetDouble();
        long bytes = flow.GetProperty("bytes").GetInt64();
        Assert.Equal(flow.GetProperty("end").GetDouble() - flow.GetProperty("start").GetDouble(), seconds, 1e-9);
        Assert.Equal(seconds > 0 ? 8 * bytes / seconds : 0, flow.GetProperty("bits_per_second").GetDouble(), 1.0);
        Assert.False(flow.GetProperty("omitted").GetBoolean());
        Assert.True(flow.GetProperty("sender").GetBoolean());
        return bytes;
    }

    private JsonStream Started(int firstRank = 0)
    {
        var stream = new JsonStream(_text, new ProcessOptions(), _progress, TimeSpan.Zero, mpi: null);
        stream.WorldComplete(new FakeControl(new RunOptions(), 0, FakeControl.Process(0, firstRank, 2, "node1", "192.0.2.1")));
        stream.RanksConnected(Facts.OfHost("memory"));
        return stream;
    }

    private (string Event, JsonElement Data)[] Events() =>
    [
        .. _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement.Clone();
            Assert.Equal(["event", "data"], root.EnumerateObject().Select(property => property.Name));
            return (root.GetProperty("event").GetString()!, root.GetProperty("data"));
        }),
    ];
}
