using System.Diagnostics;

namespace Nperf.Core.Rendezvous;

/// <summary>A point in time that a wait ends at, on the monotonic clock.</summary>
internal readonly struct Deadline
{
    private readonly long _start;
    private readonly TimeSpan _length;

    private Deadline(TimeSpan length) => (_start, _length) = (Stopwatch.GetTimestamp(), length);

    /// <summary>The time left, never below zero nor above what a timer takes.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _length - Stopwatch.GetElapsedTime(_start);
            return TimeSpan.FromMilliseconds(Math.Clamp(left.TotalMilliseconds, 0, int.MaxValue));
        }
    }

    public bool Passed => Remaining == TimeSpan.Zero;

    public static Deadline After(TimeSpan length) => new(length);

    public static Deadline AfterSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));
}
