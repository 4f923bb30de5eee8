using Nperf.Core.Benchmarking;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Tests.Benchmarking;

/// <summary>When a size has run for long enough, over series of times that are planned: nothing is run.</summary>
public class PrecisionRuleTests
{
    private const double Microseconds = 1e-6;
    private const double Pace = 100 * Microseconds;

    [Fact]
    public void Times_that_never_differ_take_the_fewest_batches()
    {
        Run run = Measure(0.01, () => Pace);

        Assert.Equal(BatchMeans.Fewest, run.Precision.Batches);
        Assert.Equal(0, run.Precision.Reached!.Value, 1e-9);
        Assert.InRange(run.Counted, 0.9 * BatchMeans.Fewest * PrecisionRule.BatchSeconds, 1.1 * BatchMeans.Fewest * PrecisionRule.BatchSeconds);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.01)]
    [InlineData(0.002)]
    public void Noise_is_averaged_until_the_mean_lies_within_the_interval_as_often_as_promised(double wanted) =>
        Assert.InRange(Covered(wanted, random => () => Pace * (1 + (0.05 * Normal(random)))), 0.90, 1);

    [Fact]
    public void So_is_noise_of_which_some_batches_take_much_longer() =>
        Assert.InRange(
            Covered(0.02, random => () => Pace * (random.NextDouble() < 0.3 ? 1.5 : 1), mean: 1.15 * Pace), 0.88, 1);

    [Theory]
    [InlineData(0.3, 0.85)]
    [InlineData(0.6, 0.75)]
    public void So_is_noise_in_which_neighbours_are_alike_if_less_often(double alike, double least) =>
        Assert.InRange(
            Covered(0.02, random =>
            {
                double state = Normal(random), fresh = Math.Sqrt(1 - (alike * alike));
                return () =>
                {
                    state = (alike * state) + (fresh * Normal(random));
                    return Pace * (1 + (0.05 * state));
                };
            }),
            least, 1);

    [Fact]
    public void What_drifts_is_not_called_precise()
    {
        double pace = Pace;
        Run run = Measure(0.01, () => pace *= 1.01);

        Assert.False(run.Precision.IsReached);
        Assert.InRange(run.Counted, PrecisionRule.MostSeconds, 1.2 * PrecisionRule.MostSeconds);
    }

    [Theory]
    [InlineData(0, PrecisionRule.MostSeconds)]
    [InlineData(2.5, 2.5)]
    public void What_never_becomes_precise_ends_with_the_time(double seconds, double bound)
    {
        var random = new Random(1);
        Run run = Measure(0.0001, () => Pace * (0.5 + random.NextDouble()), seconds);

        Assert.False(run.Precision.IsReached);
        Assert.InRange(run.Counted, bound, bound + (2 * BatchPlanner.BatchSeconds));
    }

    [Fact]
    public void An_iteration_that_is_longer_than_the_time_is_run_once_and_nothing_is_known_of_it()
    {
        Run run = Measure(0.01, () => 60, seconds: 1, warmUp: 60);

        Assert.Equal(new PrecisionSection(0.01, null, 1), run.Precision);
        Assert.Equal(0, run.Omitted);
    }

    [Fact]
    public void A_pace_that_nobody_knows_is_learnt_before_batches_count()
    {
        Run run = Measure(0.01, () => Pace, warmUp: 0);

        Assert.Equal(BatchMeans.Fewest, run.Precision.Batches);
        Assert.InRange(run.Omitted, PrecisionRule.BatchSeconds, 2 * PrecisionRule.BatchSeconds);
    }

    [Fact]
    public void What_takes_longer_gets_longer_batches_to_a_quarter_of_a_second()
    {
        var random = new Random(1);
        IReadOnlyList<long> iterations = Measure(0.0001, () => Pace * (0.9 + (0.2 * random.NextDouble()))).Iterations;

        Assert.Equal(iterations.Order(), iterations);
        Assert.InRange(iterations[^1] * Pace, BatchPlanner.BatchSeconds / 2, BatchPlanner.BatchSeconds);
    }

    [Fact]
    public void A_warm_up_that_was_held_up_does_not_make_a_few_iterations_enough()
    {
        Run run = Measure(0.01, () => Pace, warmUp: 1);

        Assert.True(run.Precision.IsReached);
        Assert.InRange(run.Counted, BatchMeans.Fewest * PrecisionRule.BatchSeconds, 1);
    }

    [Fact]
    public void What_a_graph_can_hold_bounds_its_batches()
    {
        var random = new Random(1);
        Run run = Measure(0.0001, () => Pace * (0.9 + (0.2 * random.NextDouble())), mostIterations: 300);

        Assert.InRange(run.Iterations.Max(), 100, 300);
    }

    private static double Covered(double wanted, Func<Random, Func<double>> series, double mean = Pace)
    {
        const int Runs = 400;
        int covered = 0;
        for (int i = 0; i < Runs; i++)
        {
            Run run = Measure(wanted, series(new Random(i)), seconds: 10_000);
            Assert.True(run.Precision.IsReached);
            if (Math.Abs(run.Mean - mean) <= run.Precision.Reached * run.Mean) covered++;
        }

        return covered / (double)Runs;
    }

    /// <summary>Plans a size whose iterations take what <paramref name="pace"/> says, which changes every 20 ms.</summary>
    private static Run Measure(
        double wanted, Func<double> pace, double seconds = 0, double warmUp = Pace, long mostIterations = long.MaxValue)
    {
        var planner = new BatchPlanner(20, seconds, omitSeconds: 0, warmUp, shortestSampled: 10e-6, mostIterations, wanted);
        long perPace = (long)(PrecisionRule.BatchSeconds / Pace), left = 0;
        double now = 0;
        var iterations = new List<long>();
        double omitted = 0, counted = 0;
        for (Batch batch = planner.Next(); batch.Kind is not (BatchKind.Done or BatchKind.Samples); batch = planner.Next())
        {
            double elapsed = 0;
            for (long rest = batch.Iterations; rest > 0;)
            {
                if (left == 0) (now, left) = (pace(), perPace);
                long some = Math.Min(rest, left);
                elapsed += some * now;
                rest -= some;
                left -= some;
            }

            planner.Report(batch, elapsed);
            if (batch.CountsForHeadline)
            {
                counted += elapsed;
                iterations.Add(batch.Iterations);
            }
            else
            {
                omitted += elapsed;
            }
        }

        return new Run(planner.Precision!, counted / iterations.Sum(), counted, omitted, iterations);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed record Run(
        PrecisionSection Precision, double Mean, double Counted, double Omitted, IReadOnlyList<long> Iterations);
}
