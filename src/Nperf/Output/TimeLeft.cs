namespace Nperf.Output;

/// <summary>How long a run still takes, from what its sizes took so far.</summary>
internal static class TimeLeft
{
    /// <summary>A size that is so many times as large as any before may take anything.</summary>
    private const double MostLarger = 4;

    /// <summary>The estimate, seconds; null while there is nothing to tell it from.</summary>
    /// <param name="plan">Every size, in the order in which they run, bytes.</param>
    /// <param name="took">How long each of the first ones took, seconds.</param>
    /// <param name="secondsEach">How long each is to run; 0 where iterations are counted.</param>
    /// <param name="secondsDone">How long the size under way has run, where that is so.</param>
    public static double? Of(IReadOnlyList<long> plan, IReadOnlyList<double> took, double secondsEach, double secondsDone)
    {
        int done = Math.Min(took.Count, plan.Count);
        if (done == plan.Count) return null;
        if (secondsEach > 0)
        {
            // What checks, warm-up and single iterations take beside it is known once a size is done.
            double each = done > 0 ? Math.Max(secondsEach, took.Average()) : secondsEach;
            return ((plan.Count - done) * each) - Math.Min(secondsDone, secondsEach);
        }

        double left = 0;
        for (int i = done; i < plan.Count; i++)
        {
            if (Estimate(plan, took, done, plan[i]) is not { } seconds) return null;
            left += seconds;
        }

        return left;
    }

    /// <summary>
    /// What a size takes: as the nearest one that is not larger, and at the most longer by as many times as it is larger: so it
    /// is where bandwidth limits; below that nearest sizes take the same.
    /// </summary>
    private static double? Estimate(IReadOnlyList<long> plan, IReadOnlyList<double> took, int done, long bytes)
    {
        int nearest = -1, smallest = -1;
        for (int i = 0; i < done; i++)
        {
            // Of equal sizes the newest.
            if (plan[i] <= bytes && (nearest < 0 || plan[i] >= plan[nearest])) nearest = i;
            if (smallest < 0 || plan[i] <= plan[smallest]) smallest = i;
        }

        if (smallest < 0) return null;
        if (nearest < 0) return took[smallest];
        if (bytes > MostLarger * plan[nearest]) return null;
        return took[nearest] * Math.Max(1, (double)bytes / Math.Max(1, plan[nearest]));
    }
}
