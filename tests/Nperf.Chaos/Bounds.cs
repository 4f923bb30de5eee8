namespace Nperf.Chaos;

/// <summary>By when a run is to be given up, as docs/reliability.md has it.</summary>
/// <param name="options">The timeout of the runs, and what a busy machine may add.</param>
internal sealed class Bounds(ChaosOptions options)
{
    /// <summary>Silence alone is no loss before.</summary>
    private const double LeastSilence = 15;

    /// <summary>What was promised for leaving.</summary>
    public static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _slack = TimeSpan.FromSeconds(options.Slack);

    /// <summary>How long one waits for another that does not come: clients a quarter longer than the server.</summary>
    public TimeSpan Waiting => TimeSpan.FromSeconds(options.Timeout + Math.Min(options.Timeout / 4, 5)) + _slack;

    /// <summary>When the deed is known to all that it concerns, at the latest.</summary>
    public TimeSpan Until(RunPlan plan) => plan.Deed switch
    {
        Deed.Stop or Deed.Cut => TimeSpan.FromSeconds(Math.Max(options.Timeout * 1.25, LeastSilence) + 1) + _slack,
        _ => Waiting,
    };

    /// <summary>When all have left where a kernel tells at once what has happened.</summary>
    public TimeSpan AtOnce => LeaveTime + _slack;
}
