namespace Nperf.Core;

/// <summary>
/// By when what has to be done, counted from the moment at which a process knows that the run is given up. Each part goes on
/// without what does not end in time; after the last the process ends by force.
/// </summary>
internal static class LeaveTimes
{
    /// <summary>The ranks' threads have ended.</summary>
    public static readonly TimeSpan Ranks = TimeSpan.FromSeconds(2);

    /// <summary>The communicators are released.</summary>
    public static readonly TimeSpan Communicators = TimeSpan.FromSeconds(3);

    /// <summary>Member processes have ended by themselves.</summary>
    public static readonly TimeSpan Members = TimeSpan.FromSeconds(4);

    /// <summary>The process has ended.</summary>
    public static readonly TimeSpan Process = TimeSpan.FromSeconds(5);

    /// <summary>What is left of <paramref name="time"/> once the run was given up; all of it where it was not.</summary>
    public static TimeSpan Left(AbortSignal abort, TimeSpan time)
    {
        TimeSpan left = time - abort.Age;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
