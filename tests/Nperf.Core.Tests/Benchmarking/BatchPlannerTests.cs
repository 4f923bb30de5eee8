using CsCheck;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Tests.Benchmarking;

/// <summary>The rule for stopping, without running anything.</summary>
public class BatchPlannerTests
{
    private const double ShortestSampled = 10e-6;

    [Fact]
    public void A_fixed_count_of_long_iterations_is_one_batch_with_samples()
    {
        var planner = new BatchPlanner(20, seconds: 0, omitSeconds: 0, perIteration: 1e-3, ShortestSampled);
        Batch batch = planner.Next();
        Assert.Equal(new Batch(BatchKind.HeadlineWithSamples, 20), batch);
        planner.Report(batch, 0.02);
        Assert.Equal(BatchKind.Done, planner.Next().Kind);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0)]
    public void Short_or_unknown_iterations_get_their_samples_in_a_batch_of_their_own(double perIteration)
    {
        var planner = new BatchPlanner(20, seconds: 0, omitSeconds: 0, perIteration, ShortestSampled);
        Batch headline = planner.Next();
        Assert.Equal(new Batch(BatchKind.Headline, 20), headline);
        planner.Report(headline, 20e-6);
        Batch samples = planner.Next();
        Assert.Equal(new Batch(BatchKind.Samples, 20), samples);
        planner.Report(samples, 25e-6);
        Assert.Equal(BatchKind.Done, planner.Next().Kind);
    }

    [Fact]
    public void Iterations_timed_singly_anyway_need_no_second_batch()
    {
        var planner = new BatchPlanner(7, seconds: 0, omitSeconds: 0, perIteration: 1e-9, shortestSampled: 0);
        Assert.Equal(new Batch(BatchKind.HeadlineWithSamples, 7), planner.Next());
    }

    [Fact]
    public void The_batch_of_samples_is_bounded()
    {
        var planner = new BatchPlanner(50_000_000, seconds: 0, omitSeconds: 0, perIteration: 1e-7, ShortestSampled);
        planner.Report(planner.Next(), 5);
        Assert.Equal(new Batch(BatchKind.Samples, BatchPlanner.MostSamples), planner.Next());
    }

    [Fact]
    public void What_a_graph_can_hold_bounds_batches_of_timed_runs_and_of_samples_but_no_count_that_was_asked_for()
    {
        var timed = new BatchPlanner(20, seconds: 1, omitSeconds: 1, perIteration: 1e-6, ShortestSampled, mostIterations: 1000);
        Assert.Equal(new Batch(BatchKind.Omitted, 1000), timed.Next());
        timed.Report(timed.Next(), 1);
        Assert.Equal(250, timed.Next().Iterations); // At 1 ms an iteration a quarter of a second.

        var counted = new BatchPlanner(5000, seconds: 0, omitSeconds: 0, perIteration: 1e-6, ShortestSampled, mostIterations: 1000);
        Batch headline = counted.Next();
        Assert.Equal(new Batch(BatchKind.Headline, 5000), headline);
        counted.Report(headline, 5e-3);
        Assert.Equal(new Batch(BatchKind.Samples, 1000), counted.Next());
    }

    [Fact]
    public void A_timed_run_of_unknown_pace_starts_with_one_iteration()
    {
        var planner = new BatchPlanner(20, seconds: 1, omitSeconds: 0, perIteration: 0, ShortestSampled);
        Assert.Equal(1, planner.Next().Iterations);
    }

    [Fact]
    public void A_timed_run_has_one_iteration_even_where_that_is_longer_than_the_time()
    {
        var planner = new BatchPlanner(20, seconds: 1, omitSeconds: 0, perIteration: 60, ShortestSampled);
        Batch batch = planner.Next();
        Assert.Equal(new Batch(BatchKind.HeadlineWithSamples, 1), batch);
        planner.Report(batch, 60);
        Assert.Equal(BatchKind.Done, planner.Next().Kind);
    }

    [Fact]
    public void A_timed_run_fills_its_time_and_what_is_omitted_comes_before_it()
    {
        Gen.Select(Gen.Double[0.1, 20], Gen.Double[0, 5], Gen.Double[1e-7, 2], Gen.Double[0.5, 2]).Sample(
            (seconds, omit, estimate, paceFactor) =>
            {
                double pace = estimate * paceFactor, omitted = 0, counted = 0;
                var planner = new BatchPlanner(20, seconds, omit, estimate, ShortestSampled);
                for (Batch batch = planner.Next(); batch.Kind != BatchKind.Done; batch = planner.Next())
                {
                    Assert.True(batch.Iterations >= 1);
                    double elapsed = batch.Iterations * pace;
                    if (batch.Kind == BatchKind.Omitted)
                    {
                        Assert.Equal(0, counted);
                        omitted += elapsed;
                    }
                    if (batch.CountsForHeadline) counted += elapsed;
                    planner.Report(batch, elapsed);
                }
                Assert.True(omitted >= omit);
                Assert.True(counted >= seconds);
                // Overshoot: at most the last batch, whose pace was known but for the first.
                double longestBatch = Math.Max(2 * BatchPlanner.BatchSeconds, 0) + 2 * pace;
                Assert.True(counted <= seconds + longestBatch, $"{counted} of {seconds} s");
                Assert.True(omitted <= omit + longestBatch, $"{omitted} of {omit} s omitted");
            });
    }
}
