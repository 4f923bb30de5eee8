using Nperf.Core;

namespace Nperf.Output;

/// <summary>
/// Says how far a long run has come: on a terminal in one line that is drawn anew, elsewhere in a line of its own
/// whenever nothing was printed for an interval, which doubles as long as nothing else is: a log is not filled.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const string EraseLine = "\r\e[K", Green = "\e[32m", Plain = "\e[39m";

    /// <summary>Elsewhere than on a terminal: the most intervals from one line to the next.</summary>
    private const int MostIntervals = 64;

    private const int BarWidth = 20, WidthForBar = 60;

    private readonly Lock _lock = new();
    private readonly TextWriter _writer;
    private readonly RunProgress _progress;
    private readonly TimeSpan _interval;
    private readonly bool _live;
    private readonly Func<int> _width;
    private readonly Timer? _timer;
    private readonly TimeProvider _clock;
    private int _intervals = 1;
    private long _lastPrinted;
    private bool _drawn;
    private bool _ended;

    /// <summary>
    /// Reports on <paramref name="writer"/> every <paramref name="interval"/>; zero is never. A live line is cut to
    /// <paramref name="width"/>. The <paramref name="clock"/> is the system's unless a test has its own.
    /// </summary>
    public ProgressLine(TextWriter writer, RunProgress progress, TimeSpan interval, bool live, Func<int> width, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _lastPrinted = _clock.GetTimestamp();
        _writer = writer;
        _progress = progress;
        _interval = interval;
        _live = live;
        _width = width;
        if (interval > TimeSpan.Zero) _timer = new Timer(_ => Tick(), null, interval, interval);
    }

    /// <summary>Whether a live line may have colours.</summary>
    public bool Colours { get; init; }

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
            _lastPrinted = _clock.GetTimestamp();
            _intervals = 1;
        }
    }

    /// <summary>Reports now, if it is time to; false when it is not.</summary>
    public bool Tick()
    {
        lock (_lock)
        {
            bool isTime = _live || _clock.GetElapsedTime(_lastPrinted) >= (_intervals - 0.1) * _interval;
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
        int width = Math.Max(1, _width() - 1);
        string bar = width >= WidthForBar ? Bar() : "";
        if (bar.Length > 0) width -= bar.Length + 1;
        string text = ProgressText.Of(_progress, width);
        if (text.Length > width) text = text[..width];
        if (bar.Length > 0) text = $"{(Colours ? Green + bar + Plain : bar)} {text}";
        _writer.Write(EraseLine + text);
        _writer.Flush();
        _drawn = true;
    }

    private void Print()
    {
        _writer.WriteLine($"progress: {ProgressText.Of(_progress)}");
        _lastPrinted = _clock.GetTimestamp();
        _intervals = Math.Min(2 * _intervals, MostIntervals);
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

    private string Bar()
    {
        if (_progress.SizesTotal <= 1) return "";
        int full = (int)(BarWidth * Math.Min(_progress.SizesDone, _progress.SizesTotal) / _progress.SizesTotal);
        return $"[{new string('#', full)}{new string('.', BarWidth - full)}]";
    }
}
