using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nperf.Core;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// A line of JSON for each thing that happens, as it happens, in the form of iperf3's <c>--json-stream</c>:
/// <c>{"event":NAME,"data":…}</c>. A run that fails says <c>error</c>, with the message alone as iperf3 has it; <c>end</c> is
/// the last line of every run.
/// </summary>
internal sealed class JsonStream : RunObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly TextWriter _writer;
    private readonly ProcessOptions _process;
    private readonly RunProgress _progress;
    private readonly TimeSpan _interval;
    private readonly MpiFacts? _mpi;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private Control? _control;
    private Timer? _timer;
    private long _connected;
    private double _lastSeconds;
    private long _lastBytes;
    private bool _ended;

    /// <summary>Writes to <paramref name="writer"/>, an interval every <paramref name="interval"/>; zero is never.</summary>
    public JsonStream(TextWriter writer, ProcessOptions process, RunProgress progress, TimeSpan interval, MpiFacts? mpi)
    {
        _writer = writer;
        _process = process;
        _progress = progress;
        _interval = interval;
        _mpi = mpi;
    }

    /// <inheritdoc/>
    public override void WorldComplete(Control control) => _control = control;

    /// <inheritdoc/>
    public override void RanksConnected(FabricFacts facts)
    {
        ResultsDocument head = DocumentBuilder.Build(
            _startedAt, _process, _control!.Options, _control.World, _control.Self, facts, nccl: null, [], failure: null, _mpi);
        Write("start", new StreamStart(
            head.SchemaVersion, head.Version, head.StartedAt, head.Config, head.Transports, head.Processes, head.Topology,
            head.Environment), StreamJson.Default.StreamStart);
        _connected = Stopwatch.GetTimestamp();
        if (_interval > TimeSpan.Zero) _timer = new Timer(_ => Tick(), null, _interval, _interval);
    }

    /// <inheritdoc/>
    public override void SizeFinished(SizeResult result) => Write("result", result, StreamJson.Default.SizeResult);

    /// <summary>Says what was measured since the interval before.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            if (_ended) return;
            double seconds = Seconds();
            long bytes = BytesMoved();
            var sum = new StreamFlow(_lastSeconds, seconds, bytes - _lastBytes);
            var interval = new StreamInterval
            {
                Streams = [sum with { Socket = CountedRank }],
                Sum = sum,
                Step = _progress.Step,
                Bytes = _progress.Bytes,
                Iteration = _progress.Iteration,
                Iterations = _progress.Iterations,
                SizesDone = _progress.SizesDone,
                SizesTotal = _progress.SizesTotal,
            };
            (_lastSeconds, _lastBytes) = (seconds, bytes);
            try
            {
                Write("interval", interval, StreamJson.Default.StreamInterval);
            }
            catch (RunException)
            {
                // The next result, which the run waits for, fails in the same way.
                _ended = true;
            }
        }
    }

    /// <summary>Ends the stream with what <paramref name="document"/> says of the whole run.</summary>
    /// <exception cref="RunException">It cannot be written.</exception>
    public void End(ResultsDocument document)
    {
        Dispose();
        if (document.Error is { } error) Write("error", error.Message, StreamJson.Default.String);
        var sum = new StreamFlow(0, Seconds(), BytesMoved());
        StreamFlow stream = sum with { Socket = CountedRank };
        Write("end", new StreamEnd
        {
            Streams = [new StreamSides(stream, stream)],
            SumSent = sum,
            Results = document.Results.Count,
            Seconds = sum.Seconds,
            Nccl = document.Nccl,
            Notes = document.Notes,
            Pairs = document.Pairs,
            FindSlow = document.FindSlow,
            Expectations = document.Expectations,
            Error = document.Error,
        }, StreamJson.Default.StreamEnd);
    }

    /// <summary>No more intervals.</summary>
    public void Dispose()
    {
        lock (_lock) _ended = true;
        _timer?.Dispose();
    }

    /// <summary>The rank whose operations <see cref="RunProgress"/> counts: the first of this process.</summary>
    private int CountedRank => _control?.Self.FirstRank ?? 0;

    // Read without a lock, between two sizes it may be behind what was read before.
    private long BytesMoved() => Math.Max(_lastBytes, _progress.BytesMoved);

    private double Seconds() => _connected == 0 ? 0 : Stopwatch.GetElapsedTime(_connected).TotalSeconds;

    private void Write<T>(string name, T data, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WritePropertyName("data");
            try
            {
                JsonSerializer.Serialize(json, data, type);
            }
            catch (ArgumentException exception)
            {
                throw DocumentWriter.NotJson(exception);
            }

            json.WriteEndObject();
        }

        lock (_lock) _writer.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n");
    }
}
