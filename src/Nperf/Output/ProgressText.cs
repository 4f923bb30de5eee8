using Nperf.Core;

namespace Nperf.Output;

/// <summary>How far a run has come, in words.</summary>
internal static class ProgressText
{
    /// <summary>What there is to say; where that is longer than <paramref name="width"/>, without what matters less.</summary>
    public static string Of(RunProgress progress, int width = int.MaxValue)
    {
        // With each part, how soon it is left out.
        List<(string Text, int LeftOut)> parts = [(progress.Step, 4)];
        if (progress.Iterations > 0)
        {
            parts.Add(($"{progress.Bytes} B", 3));
            parts.Add((progress.SecondsTotal > 0
                ? $"{Math.Min(progress.SecondsDone, progress.SecondsTotal):F1} of {progress.SecondsTotal:0.##} s"
                : $"{progress.Iteration} of {progress.Iterations} iterations", 5));
            if (progress.SizesTotal > 0) parts.Add(($"{progress.SizesDone} of {progress.SizesTotal} sizes done", 0));
        }

        if (progress.Last is { } last)
        {
            string figure = last.BusBandwidth > 0 ? $"{NumberFormat.Bandwidth(last.BusBandwidth)} GB/s" : $"{NumberFormat.Time(last.TimeUs.Avg)} us";
            parts.Add(($"last {figure}", 2));
        }

        if (TimeLeft.Of(progress.Plan, progress.Took, progress.SecondsTotal, progress.SecondsDone) is > 0 and { } left)
            parts.Add(($"{Whole(left)} left", 1));
        while (parts.Count > 1 && parts.Sum(part => part.Text.Length + 2) - 2 > width) parts.Remove(parts.MaxBy(part => part.LeftOut));
        return string.Join(", ", parts.Select(part => part.Text));
    }

    /// <summary>In seconds as long as there are few; nothing shorter is worth reading.</summary>
    private static string Whole(double seconds) =>
        seconds < 99.5 ? FormattableString.Invariant($"{Math.Ceiling(seconds):0} s") : NumberFormat.Duration(TimeSpan.FromSeconds(seconds));
}
