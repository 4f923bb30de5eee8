using System.Diagnostics;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Liveness;

/// <summary>
/// What this process knows of how the ranks of the run get on: its own by their marks, others by heartbeats. The server
/// hears of all; a client hears from the server since when nothing has moved anywhere. So a wait ends when the run stands
/// still, not when one rank has more to do than others.
/// </summary>
internal sealed class RunWatch
{
    private readonly Lock _gate = new();
    private readonly RankMarks _own;
    private readonly SortedDictionary<int, Heard> _heard = [];
    private Heard _self;
    private long _elsewhere = Stopwatch.GetTimestamp();

    /// <param name="own">This process's marks.</param>
    /// <param name="limit">For how long nothing may move before a wait of this process is over.</param>
    public RunWatch(RankMarks own, TimeSpan limit)
    {
        _own = own;
        Limit = limit;
        _self = new Heard(null, own.Read(), Stopwatch.GetTimestamp());
    }

    /// <summary>For how long nothing may move before a wait of this process is over.</summary>
    public TimeSpan Limit { get; }

    /// <summary>For how long nothing has moved in the run, as far as this process knows; none before what a rank was allowed.</summary>
    public TimeSpan Quiet
    {
        get
        {
            lock (_gate)
            {
                _self = _self.Next(_own.Read());
                TimeSpan quiet = Elapsed(_elsewhere);
                foreach (Heard one in _heard.Values) quiet = Shorter(quiet, one.Quiet);
                return Shorter(quiet, _self.Quiet);
            }
        }
    }

    /// <summary>True where a wait that began at <paramref name="since"/>, a timestamp, has lasted too long and nobody gets on.</summary>
    public bool IsOver(long since) => Left(since) == TimeSpan.Zero;

    /// <summary>How long a wait that began at <paramref name="since"/> may still last if nothing moves.</summary>
    public TimeSpan Left(long since) => Left(since, Limit);

    /// <summary>The same for a wait that may last for <paramref name="limit"/> while nothing moves.</summary>
    public TimeSpan Left(long since, TimeSpan limit)
    {
        TimeSpan waited = Elapsed(since);
        if (waited >= limit) waited = Shorter(waited, Quiet);
        return waited >= limit ? TimeSpan.Zero : limit - waited;
    }

    /// <summary>Takes in what <paramref name="process"/> says of its ranks.</summary>
    public void Hear(ProcessInfo process, Heartbeat heartbeat)
    {
        lock (_gate)
        {
            // What it says of itself is worth a process's word; what the server says goes for the run.
            if (process.Index == 0)
            {
                long since = Stopwatch.GetTimestamp() - (long)(heartbeat.Quiet.TotalSeconds * Stopwatch.Frequency);
                _elsewhere = Math.Max(_elsewhere, since);
            }

            RankPosition[] positions = [.. heartbeat.Positions];
            _heard[process.Index] = _heard.TryGetValue(process.Index, out Heard? before)
                ? before.Next(positions)
                : new Heard(process, positions, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Where each rank is that this process knows of.</summary>
    /// <param name="self">This process.</param>
    public IEnumerable<(ProcessInfo Process, RankPosition[] Positions)> Read(ProcessInfo self)
    {
        lock (_gate) return [(self, _own.Read()), .. _heard.Values.Select(one => (one.Process!, one.Positions))];
    }

    private static TimeSpan Elapsed(long since) => Stopwatch.GetElapsedTime(since);

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>What is known of one process.</summary>
    private sealed record Heard(ProcessInfo? Process, RankPosition[] Positions, long MovedAt)
    {
        /// <summary>For how long none of its ranks has moved, less what they were allowed.</summary>
        public TimeSpan Quiet
        {
            get
            {
                TimeSpan allowance = Positions.Length == 0 ? TimeSpan.Zero : Positions.Max(position => position.Allowance);
                TimeSpan quiet = Elapsed(MovedAt) - allowance;
                return quiet > TimeSpan.Zero ? quiet : TimeSpan.Zero;
            }
        }

        public Heard Next(RankPosition[] positions)
        {
            bool moved = positions.Length != Positions.Length;
            for (int i = 0; !moved && i < positions.Length; i++) moved = positions[i].HasMovedSince(Positions[i]);
            return this with { Positions = positions, MovedAt = moved ? Stopwatch.GetTimestamp() : MovedAt };
        }
    }
}
