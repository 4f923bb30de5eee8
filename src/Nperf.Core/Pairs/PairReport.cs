using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Pairs;

/// <summary>Makes the document's section of pairs from what was measured.</summary>
internal static class PairReport
{
    public static PairsSection Of(PairFigures figures, PairPlaces places, long bytes, long latencyBytes, int rounds, int roundsDone)
    {
        var outliers = new PairOutliers(figures, places, bytes);
        PairLink[] links =
        [
            .. outliers.Links().Select(pair => new PairLink
            {
                From = pair.From,
                To = pair.To,
                Class = places.ClassOf(pair.From, pair.To),
                Bandwidth = bytes / figures.TimeUs(pair.From, pair.To) / 1e3,
                TimeUs = figures.TimeUs(pair.From, pair.To),
                LatencyUs = figures.LatencyUs(pair.From, pair.To),
                Wrong = figures.Wrong(pair.From, pair.To),
            }),
        ];
        return new PairsSection
        {
            Bytes = bytes,
            LatencyBytes = latencyBytes,
            Rounds = rounds,
            RoundsDone = roundsDone,
            Links = links,
            Classes =
            [
                .. links.GroupBy(link => link.Class).Select(group => new PairClass
                {
                    Class = group.Key,
                    Links = group.Count(),
                    Bandwidth = MedianPolish.Median(group.Select(link => link.Bandwidth)),
                    LatencyUs = MedianPolish.Median(group.Select(link => link.LatencyUs)),
                }),
            ],
            Outliers = roundsDone < rounds ? [] : outliers.Find(),
        };
    }
}
