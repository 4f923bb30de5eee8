using System.Diagnostics;
using Nperf.Core;

namespace Nperf.Output;

/// <summary>
/// Says how far a long run has come: on a terminal in one line that is drawn anew, elsewhere in a line of its own
/// whenever nothing was printed for an interval.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const string EraseLine = "\r\e[K";

    private readonly Lock _lock = new();
    private readonly TextWriter _writer;
    private readonly RunProgress _progress;
    private readonly TimeSpan _interval;
    private readonly bool _live;
    private readonly Func<int> _width;
    private readonly Timer? _timer;
    private long _lastPrinted = Stopwatch.GetTimestamp();
    private bool _drawn;
    private bool _ended;

    /// <summary>
    /// Reports on <paramref name="writer"/> every <paramref name="interval"/>; zero is never. A live line is cut to
    /// <paramref name="width"/>.
    /// </summary>
    public ProgressLine(TextWriter writer, RunProgress progress, TimeSpan interval, bool live, Func<int> width)
    {
        _writer = writer;
        _progress = progress;
        _interval = interval;
        _live = live;
        _width = width;
        if (interval > TimeSpan.Zero) _timer = new Timer(_ => Tick(), null, interval, interval);
    }

    /// <summary>What nobody sees while it is written, a file: lines that go there say nothing of how far the run has come.</summary>
    public TextWriter? Unseen { get; init; }

    /// <summary>Writes <paramref name="line"/> to <paramref name="writer"/>; the live line makes room for it.</summary>
    public void WriteAround(TextWriter writer, string line)
    {
        lock (_lock)
        {
            if (ReferenceEquals(writer, Unseen))
            {
                writer.WriteLine(line);
                return;
            }

            Erase();
            writer.WriteLine(line);
            _lastPrinted = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Reports now, if it is time to; false when it is not.</summary>
    public bool Tick()
    {
        lock (_lock)
        {
            bool isTime = _live || Stopwatch.GetElapsedTime(_lastPrinted) >= 0.9 * _interval;
            if (_ended || !isTime || _progress.Step.Length == 0) return false;
            try
            {
                if (_live) Draw();
                else Print();
            }
            catch (RunException)
            {
                // Where progress cannot be shown the run goes on without.
                _ended = true;
            }

            return true;
        }
    }

    /// <summary>Takes the live line away and reports no more.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            Erase();
            _ended = true;
        }
    }

    private void Draw()
    {
        string text = Text();
        int width = Math.Max(1, _width() - 1);
        _writer.Write(EraseLine + (text.Length > width ? text[..width] : text));
        _writer.Flush();
        _drawn = true;
    }

    private void Print()
    {
        _writer.WriteLine($"progress: {Text()}");
        _lastPrinted = Stopwatch.GetTimestamp();
    }

    private void Erase()
    {
        if (!_drawn) return;
        _drawn = false;
        try
        {
            _writer.Write(EraseLine);
            _writer.Flush();
        }
        catch (RunException)
        {
            _ended = true;
        }
    }

    private string Text()
    {
        if (_progress.Iterations == 0) return _progress.Step;
        string iterations = _progress.SecondsTotal > 0
            ? $"{_progress.SecondsDone:F1} of {_progress.SecondsTotal:0.##} s"
            : $"{_progress.Iteration} of {_progress.Iterations} iterations";
        string sizes = _progress.SizesTotal > 0 ? $", {_progress.SizesDone} of {_progress.SizesTotal} sizes done" : "";
        return $"{_progress.Step}, {_progress.Bytes} B, {iterations}{sizes}";
    }
}
