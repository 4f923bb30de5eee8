namespace Nperf.Hostile;

/// <summary>What was asserted, and how much of it held.</summary>
internal sealed class Checks
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public void That(bool holds, string what)
    {
        if (holds) Passed++;
        else Failed++;
        if (!holds) Console.WriteLine($"FAILED: {what}");
    }
}
