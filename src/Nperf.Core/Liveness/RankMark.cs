using System.Runtime.InteropServices;

namespace Nperf.Core.Liveness;

/// <summary>
/// How far one rank has come: written by the rank's thread as it goes on, read by the one that sends heartbeats. What is
/// written while the clock runs is one number, without a lock, on cache lines of its own.
/// </summary>
/// <remarks>A reader may see a step with the iteration of the one before: it is for a report, and moves on with the next.</remarks>
internal sealed class RankMark(int rank)
{
    private static readonly Place Start = new(RankStep.Joining, "", 0, 0);

    private Counters _counters;
    private Place _place = Start;
    private long _waitsFor;
    private long _waitedAt = -1;
    private string? _meeting;
    private double _allowance;

    /// <summary>The rank in the world.</summary>
    public int Rank => rank;

    /// <summary>
    /// A step begins. Every rank goes through the same ones in the same order, so that who has begun fewer is behind.
    /// </summary>
    public void Enter(RankStep step, string operation = "", long bytes = 0)
    {
        Volatile.Write(ref _counters.Iterations, 0);
        Volatile.Write(ref _place, new Place(step, operation, bytes, _place.Number + 1));
        Move();
    }

    /// <summary>Something else within the step.</summary>
    public void Note(RankStep step)
    {
        Volatile.Write(ref _place, _place with { Step = step });
        Move();
    }

    /// <summary>Something was done: a piece of data moved, a block was filled.</summary>
    public void Move() => Volatile.Write(ref _counters.Moves, _counters.Moves + 1);

    /// <summary>So many iterations of the batch under way are done.</summary>
    public void Did(long iterations) => Volatile.Write(ref _counters.Iterations, iterations);

    /// <summary>The rank has come to where it waits for others to come too; until <see cref="GoOn"/>.</summary>
    public void WaitAt(string meeting)
    {
        Volatile.Write(ref _meeting, meeting);
        Move();
    }

    /// <summary>They have come.</summary>
    public void GoOn()
    {
        Volatile.Write(ref _meeting, null);
        Move();
    }

    /// <summary>Within an operation: it waits for another rank, until something moves.</summary>
    public void WaitFor(int other)
    {
        Volatile.Write(ref _waitsFor, other);
        Volatile.Write(ref _waitedAt, _counters.Moves);
    }

    /// <summary>What follows is known to take so long without a sign, in seconds; 0 takes that back.</summary>
    public void Allow(double seconds)
    {
        Volatile.Write(ref _allowance, seconds);
        Move();
    }

    /// <summary>Where the rank is now.</summary>
    public RankPosition Read()
    {
        Place place = Volatile.Read(ref _place);
        long moves = Volatile.Read(ref _counters.Moves);
        return new RankPosition
        {
            Step = place.Step,
            Operation = place.Operation,
            Bytes = place.Bytes,
            Number = place.Number,
            Iterations = Volatile.Read(ref _counters.Iterations),
            Moves = moves,
            Meeting = Volatile.Read(ref _meeting) ?? "",
            WaitsFor = Volatile.Read(ref _waitedAt) == moves ? (int)Volatile.Read(ref _waitsFor) : RankPosition.Nobody,
            Allowance = TimeSpan.FromSeconds(Volatile.Read(ref _allowance)),
        };
    }

    private sealed record Place(RankStep Step, string Operation, long Bytes, int Number);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Counters
    {
        [FieldOffset(128)]
        public long Moves;

        [FieldOffset(136)]
        public long Iterations;
    }
}
