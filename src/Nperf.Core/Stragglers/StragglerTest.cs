using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Stragglers;

/// <summary>
/// Names the ranks that held up the others throughout a run: those that were late in most of the blocks in which any was, by
/// much, and in more than chance would have it. Chance is a sign test (Dixon and Mood, 1946): where nobody is off, each rank
/// is as likely to be the late one as any other.
/// </summary>
internal static class StragglerTest
{
    /// <summary>The chance that a rank of a run in which nobody is off is named, all ranks together, were blocks independent.</summary>
    public const double FalseAlarms = 1e-3;

    /// <summary>It was late in at least so many of the blocks in which any rank was.</summary>
    public const double LeastOfHeldUp = 0.75;

    /// <summary>
    /// The stragglers of <paramref name="results"/>, by rank. Null where it cannot be said who is: backend and operations do not tell, or the
    /// single iterations were too few.
    /// </summary>
    public static IReadOnlyList<StragglerSection>? Of(IReadOnlyList<SizeResult> results, World? world)
    {
        ArgumentNullException.ThrowIfNull(results);
        LatenessSection[] judged = [.. results.Select(result => result.Lateness).OfType<LatenessSection>()];
        int blocks = judged.Sum(one => one.Blocks), heldUp = judged.Sum(one => one.HeldUp);
        if (world is null || Chance(blocks, blocks, world.Size) > FalseAlarms) return null;
        double seconds = judged.Sum(one => one.Seconds);
        var stragglers = new List<StragglerSection>();
        foreach (var rank in judged.SelectMany(one => one.Ranks).GroupBy(late => late.Rank).OrderBy(group => group.Key))
        {
            int late = rank.Sum(one => one.Blocks);
            double lost = rank.Sum(one => one.LostSeconds) / seconds;
            if (late < LeastOfHeldUp * heldUp || lost < SizeLateness.LeastShare || Chance(late, heldUp, world.Size) > FalseAlarms) continue;
            stragglers.Add(new StragglerSection
            {
                Rank = rank.Key,
                Host = world.ProcessOf(rank.Key).Host,
                Lost = Math.Round(lost, 3),
                Blocks = blocks,
                Late = late,
                Sending = 2 * rank.Sum(one => one.Sending) > late,
            });
        }

        return stragglers;
    }

    /// <summary>The chance that any of <paramref name="ranks"/> is the late one in <paramref name="late"/> or more of so many blocks.</summary>
    private static double Chance(int late, int blocks, int ranks)
    {
        // Terms of the binomial distribution from the last one down, in logarithms: blocks may be thousands.
        double log = -blocks * Math.Log(ranks), sum = 0;
        for (int k = blocks; k >= late; k--)
        {
            sum += Math.Exp(log);
            log += Math.Log(k) - Math.Log(blocks - k + 1) + Math.Log(ranks - 1);
        }

        return ranks * sum;
    }
}
