using System.Diagnostics;

namespace Nperf.Core.Host;

/// <summary>
/// How long one rank has waited for others, in ticks of the clock, while it is told to look. A wait counts from where it has
/// lasted a microsecond or two: two readings of the clock do not show beside that, and shorter ones tell nothing.
/// </summary>
internal sealed class WaitClock
{
    /// <summary>Whether waits are timed.</summary>
    public bool Runs { get; set; }

    /// <summary>Of all waits for nothing but what another rank sends.</summary>
    public long Receiving { get; private set; }

    /// <summary>Of all waits in which this rank had something to send that another did not take.</summary>
    public long Sending { get; private set; }

    /// <summary>A wait that began at <paramref name="since"/> is over.</summary>
    public void Add(long since, bool sending)
    {
        long ticks = Stopwatch.GetTimestamp() - since;
        if (sending) Sending += ticks;
        else Receiving += ticks;
    }
}
