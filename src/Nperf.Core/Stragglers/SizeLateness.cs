using Nperf.Core.Benchmarking;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Stragglers;

/// <summary>
/// Finds the ranks that held up the others in blocks of a size. In a collective all ranks end nearly together, so a
/// rank's time tells little. What tells is how much of it the rank did not wait for others: who is late makes them wait and
/// hardly waits itself. Source: Böhme, Geimer, Wolf, Arnold, "Identifying the Root Causes of Wait States in Large-Scale
/// Parallel Applications" (2010). A rank is late by the median and the median absolute deviation of the ranks with the same
/// work: Iglewicz, Hoaglin, "How to Detect and Handle Outliers" (1993).
/// </summary>
internal static class SizeLateness
{
    /// <summary>The shortest block: some slices of time that a scheduler gives. Microseconds.</summary>
    public const double BlockUs = 10_000;

    /// <summary>The most blocks of a size: in a long run what comes and goes is evened out within one.</summary>
    public const int MostBlocks = 20;

    /// <summary>Late is who is busy for so much longer than the others, as a part of the time.</summary>
    public const double LeastShare = 0.1;

    /// <summary>And so many deviations away from their median.</summary>
    private const double LeastScore = 3.5;

    /// <summary>With two ranks the median says nothing of who is off.</summary>
    private const int FewestRanks = 3;

    /// <summary>From a median absolute deviation to a standard deviation of a normal distribution: 0.6745.</summary>
    private const double ToDeviation = 0.6745;

    /// <summary>
    /// Of every rank's blocks, by rank, and the number of its <paramref name="peers"/>: ranks with the same have the same work. Null where
    /// nothing can be said: no blocks, or not the same on all ranks.
    /// </summary>
    public static LatenessSection? Of(IReadOnlyList<WaitBlock[]> ranks, IReadOnlyList<int> peers)
    {
        int count = ranks.Min(one => one.Length);
        if (ranks.Count < FewestRanks || count == 0 || ranks.Max(one => one.Length) != count) return null;
        int[][] groups = [.. Enumerable.Range(0, ranks.Count).GroupBy(rank => peers[rank]).Select(group => group.ToArray())];
        var late = new SortedDictionary<int, LateRank>();
        (int blocks, int heldUp, double us) = (0, 0, 0);
        double least = Math.Max(BlockUs, ranks.Average(one => one.Sum(block => block.Time)) / MostBlocks);
        for (int from = 0, to = 1; to <= count; to++)
        {
            WaitBlock[] block = [.. ranks.Select(one => Sum(one, from, to))];
            double time = block.Average(one => one.Time);
            if (time < least) continue;
            blocks++;
            us += time;
            if (AddLate(block, groups, time, late)) heldUp++;
            from = to;
        }

        return new LatenessSection { Blocks = blocks, HeldUp = heldUp, Seconds = us / 1e6, Ranks = [.. late.Values] };
    }

    private static WaitBlock Sum(WaitBlock[] blocks, int from, int to)
    {
        var sum = default(WaitBlock);
        for (int i = from; i < to; i++) sum = sum.Plus(blocks[i]);
        return sum;
    }

    /// <summary>Adds who is late in a block by itself, or where nobody is, in sending; true where anybody is.</summary>
    private static bool AddLate(WaitBlock[] block, int[][] groups, double time, SortedDictionary<int, LateRank> late)
    {
        (int Rank, double Excess)[] found = Late([.. block.Select(one => one.Busy)], groups, LeastShare * time);
        bool sending = found.Length == 0;
        if (sending) found = Late([.. block.Select(one => one.Sending)], groups, LeastShare * time);
        foreach ((int rank, double excess) in found)
        {
            LateRank before = late.GetValueOrDefault(rank) ?? new LateRank { Rank = rank, Blocks = 0, Sending = 0, LostSeconds = 0 };
            late[rank] = before with
            {
                Blocks = before.Blocks + 1,
                Sending = before.Sending + (sending ? 1 : 0),
                LostSeconds = before.LostSeconds + (excess / 1e6),
            };
        }

        return found.Length > 0;
    }

    /// <summary>The ranks whose value is far above those of their peers, as deviations from peers go among all ranks; and by how much.</summary>
    private static (int Rank, double Excess)[] Late(double[] values, int[][] groups, double least)
    {
        double[] deviations = new double[values.Length], excess = new double[values.Length];
        foreach (int[] group in groups)
        {
            double median = MedianPolish.Median(group.Select(rank => values[rank]));
            foreach (int rank in group)
            {
                deviations[rank] = values[rank] - median;
                if (group.Length > 1) excess[rank] = values[rank] - MedianPolish.Median(group.Where(other => other != rank).Select(other => values[other]));
            }
        }

        double typical = MedianPolish.Median(deviations.Select(Math.Abs));
        return [.. Enumerable.Range(0, values.Length)
            .Where(rank => excess[rank] > least && ToDeviation * deviations[rank] > LeastScore * typical)
            .Select(rank => (rank, excess[rank]))];
    }
}
