using Nperf.Core.Results;
using Nperf.Core.Statistics;
using Nperf.Testing;

namespace Nperf.Core.Tests.Comparison;

/// <summary>
/// Documents of runs that never were: a pace for the whole process, iterations around it of which neighbours are alike, and now
/// and then one that takes much longer.
/// </summary>
internal sealed class Runs(int seed)
{
    private static readonly long[] Sizes = [1 << 10, 1 << 16, 1 << 20, 1 << 24];

    private readonly Random _random = new(seed);

    /// <summary>A run.</summary>
    /// <param name="betweenRuns">The standard deviation of the pace, as a part of the time.</param>
    /// <param name="slower">By which part of the time all takes longer.</param>
    public ResultsDocument Next(double betweenRuns, double slower = 0)
    {
        double pace = (1 + slower) * Math.Exp(betweenRuns * Normal());
        return Of([.. Sizes.Select(bytes => (bytes, Iterations(pace * (5 + (bytes / 1e4)))))]);
    }

    /// <summary>A run of these times, microseconds.</summary>
    public static ResultsDocument Of(params (long Bytes, double[] Times)[] sizes) =>
        SampleRun.Document with { Results = [.. sizes.Select(size => Result(size.Bytes, size.Times))] };

    private static SizeResult Result(long bytes, double[] times) => SampleRun.Size(bytes) with
    {
        Iterations = times.Length,
        TimeUs = TimeSummary.Of(times.Average(), [.. times]),
        BlocksUs = TimeBlocks.Of([times]),
    };

    private double[] Iterations(double pace)
    {
        double[] times = new double[100];
        double drift = 0;
        for (int i = 0; i < times.Length; i++)
        {
            drift = (0.7 * drift) + (0.007 * Normal());
            times[i] = pace * Math.Exp(drift) * (_random.NextDouble() < 0.02 ? 5 : 1);
        }

        return times;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
