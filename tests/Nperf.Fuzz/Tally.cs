using System.Globalization;

namespace Nperf.Fuzz;

/// <summary>What became of a target's inputs.</summary>
internal sealed class Tally(Target target)
{
    private readonly Lock _lock = new();
    private long _accepted, _refused, _mostBytes;
    private TimeSpan _slowest, _time;

    /// <summary>The first finding, or null.</summary>
    public string? Finding { get; private set; }

    /// <summary>Adds a batch.</summary>
    public void Add(Batch batch)
    {
        lock (_lock)
        {
            _accepted += batch.Accepted;
            _refused += batch.Refused;
            _mostBytes = Math.Max(_mostBytes, batch.MostBytes);
            if (batch.Slowest > _slowest) _slowest = batch.Slowest;
            _time += batch.Time;
            Finding ??= batch.Finding;
        }
    }

    /// <summary>One line.</summary>
    public string Line(ulong seed)
    {
        lock (_lock)
        {
            long inputs = _accepted + _refused;
            string end = Finding is null ? "" : $"\nFAILED {target.Name}: {Finding}";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name,-20} {inputs,9} inputs  {_accepted,9} accepted  {_refused,9} refused  {_mostBytes,9} B at most  "
                + $"{_slowest.TotalMilliseconds,7:0.000} ms at most  {inputs / Math.Max(_time.TotalSeconds, 1e-9),9:0}/s  seed {seed}{end}");
        }
    }
}

/// <summary>The figures of a batch.</summary>
/// <param name="Accepted">Inputs that were decoded.</param>
/// <param name="Refused">Inputs that were refused.</param>
/// <param name="MostBytes">The most that decoding one allocated.</param>
/// <param name="Slowest">The longest that decoding one took.</param>
/// <param name="Time">How long the batch took.</param>
/// <param name="Finding">What is wrong, or null.</param>
internal sealed record Batch(long Accepted, long Refused, long MostBytes, TimeSpan Slowest, TimeSpan Time, string? Finding);
