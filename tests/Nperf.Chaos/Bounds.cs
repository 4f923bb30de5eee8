namespace Nperf.Chaos;

/// <summary>By when a run is to be given up, as docs/reliability.md has it.</summary>
/// <param name="slack">What a busy machine may add.</param>
internal readonly struct Bounds(TimeSpan slack)
{
    /// <summary>Silence alone is no loss before.</summary>
    private const double LeastSilence = 15;

    /// <summary>How long one waits for another that does not come: clients a quarter longer than the server.</summary>
    public TimeSpan Waiting => TimeSpan.FromSeconds(Job.Timeout * 1.25) + slack;

    /// <summary>When the deed is known to all that it concerns, at the latest.</summary>
    public TimeSpan Until(RunPlan plan) => plan.Deed switch
    {
        Deed.Stop or Deed.Cut => TimeSpan.FromSeconds(Math.Max(Job.Timeout, LeastSilence) + 1) + slack,
        _ => Waiting,
    };

    /// <summary>The same for what a kernel tells at once.</summary>
    public TimeSpan AtOnce => slack;
}
