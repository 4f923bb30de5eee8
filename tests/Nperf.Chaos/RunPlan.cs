namespace Nperf.Chaos;

/// <summary>When the deed is done: so long after something has been seen.</summary>
internal enum Trigger
{
    /// <summary>The first process was started.</summary>
    Start,

    /// <summary>A server listens.</summary>
    Listening,

    /// <summary>The ranks are connected.</summary>
    Connected,

    /// <summary>The last size was shown, or is about to be.</summary>
    LastSize,
}

/// <summary>One run and what is done to it: all of it drawn from the seed and the run's number.</summary>
internal sealed record RunPlan
{
    public required int Number { get; init; }

    public required Mode Mode { get; init; }

    public required Deed Deed { get; init; }

    /// <summary>Which of the kinds of process of the mode: its place in <see cref="Mode.Roles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Which of the processes of that kind, from 0 to 1.</summary>
    public required double Which { get; init; }

    public required Trigger Trigger { get; init; }

    public required TimeSpan Delay { get; init; }

    /// <summary>With <see cref="Deed.Stop"/>: goes on once the others have left.</summary>
    public required bool GoesOn { get; init; }

    /// <summary>What draws the rest: options, the order of starting.</summary>
    public required Random Random { get; init; }

    public override string ToString() =>
        $"run {Number}: {Mode.Name}, {Deed} of {Role} {Which:0.00}{(Deed == Deed.Stop && GoesOn ? ", which goes on" : "")}, "
        + $"{Delay.TotalMilliseconds:0} ms after {Trigger}";

    public static RunPlan Draw(int seed, int number, IReadOnlyList<Mode> modes)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        Mode mode = modes[number % modes.Count];
        Deed[] deeds = [Deed.Kill, Deed.Terminate, Deed.Interrupt, Deed.Stop];
        Deed deed = mode.HasNetwork && random.Next(4) > 0 ? Deed.Cut : deeds[random.Next(deeds.Length)];
        Trigger trigger = (Trigger)random.Next(4);
        int most = trigger switch
        {
            Trigger.Start => 250,
            Trigger.Listening => 100,
            Trigger.Connected => 1000,
            _ => 150,
        };
        return new RunPlan
        {
            Number = number,
            Mode = mode,
            Deed = deed,
            Role = mode.Roles[random.Next(mode.Roles.Count)],
            Which = random.NextDouble(),
            Trigger = trigger,
            Delay = TimeSpan.FromMilliseconds(random.NextDouble() * most),
            GoesOn = random.Next(2) == 0,
            Random = random,
        };
    }
}
