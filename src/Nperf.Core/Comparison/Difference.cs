namespace Nperf.Core.Comparison;

/// <summary>How two sides differ in time, and by how much runs of the same differ.</summary>
/// <param name="Log">The logarithm of the ratio of the new time to the base's.</param>
/// <param name="Noise">Up to here, to either side, a logarithm says nothing.</param>
internal readonly record struct Difference(double Log, double Noise)
{
    /// <summary>Runs that differ by e^10 say nothing, and their noise stays a number.</summary>
    private const double LargestNoise = 10;

    /// <summary>The new time over the base's.</summary>
    public double Ratio => Math.Exp(Log);

    /// <summary>The noise as a part of the time.</summary>
    public double NoisePart => Math.Exp(Math.Min(Noise, LargestNoise)) - 1;

    /// <summary>What can be said.</summary>
    public Verdict Verdict => Log > Noise ? Verdict.Slower : Log < -Noise ? Verdict.Faster : Verdict.Equal;

    /// <summary>True where the new side is slower by more than noise and more than <paramref name="allowed"/>, a part of the time.</summary>
    public bool IsWorse(double allowed) => Verdict == Verdict.Slower && Ratio > 1 + allowed;
}

/// <summary>What can be said of two sides.</summary>
internal enum Verdict
{
    /// <summary>They differ by no more than noise.</summary>
    Equal,

    /// <summary>The new side takes longer.</summary>
    Slower,

    /// <summary>The new side takes less time.</summary>
    Faster,
}
