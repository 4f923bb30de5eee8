using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>nperf as a library: runs collectives between the ranks of this process, and of others, and measures them.</summary>
public static class Benchmark
{
    private static int _running;

    /// <summary>
    /// Runs what <paramref name="options"/> say and returns the results document, which is that of <c>nperf -J</c>. Wrong
    /// results are no exception: <see cref="ResultsDocument.Error"/> says so, and <see cref="SizeResult.Wrong"/> of each size.
    /// </summary>
    /// <remarks>
    /// The call returns at once: ranks have threads of their own. They are threads of this process also on NCCL. One
    /// benchmark runs in a process at a time, for two would share what they measure. Nothing is printed, no signal is
    /// answered; NCCL's environment variables are set where the options ask for it, and NCCL reads them once a process.
    /// </remarks>
    /// <param name="options">What to run, and how this process takes part.</param>
    /// <param name="progress">
    /// Told of each size as it is finished, by a thread of the run that waits for it, or null. What it throws ends the run.
    /// </param>
    /// <param name="cancellation">
    /// Gives the run up, on every process of it; the task ends within five seconds.
    /// </param>
    /// <returns>Everything the run says.</returns>
    /// <exception cref="ArgumentException">An option is out of its bounds, or is not for a library.</exception>
    /// <exception cref="InvalidOperationException">
    /// A benchmark runs in this process already; or one that was given up has left a thread within a library that does not
    /// return, and what came after it would be measured beside it.
    /// </exception>
    /// <exception cref="RunException">
    /// The run failed, here or elsewhere; <see cref="RunException.Document"/> has the sizes that were finished.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled; the inner exception is the <see cref="RunException"/> with the sizes that were finished, where it had begun.
    /// </exception>
    public static Task<ResultsDocument> RunAsync(
        BenchmarkOptions options, IProgress<BenchmarkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<ResultsDocument>(cancellation);
        if (NativeCall.HasLeftThreads)
            throw new InvalidOperationException("a benchmark left a thread in a library that does not return: a new process can run the next");
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("a benchmark runs in this process already: one at a time");
        return ExecuteAsync(options, progress, cancellation);
    }

    private static async Task<ResultsDocument> ExecuteAsync(
        BenchmarkOptions options, IProgress<BenchmarkProgress>? progress, CancellationToken cancellation)
    {
        // Not disposed of: a thread that was left behind may look at it.
        var abort = new AbortSignal();
        RunOutcome outcome;
        try
        {
            var cancelled = new Failure(FailureKind.Interrupted, $"cancelled on {ThisProcess.Host}") { Host = ThisProcess.Host };
            using CancellationTokenRegistration registration = cancellation.Register(() => abort.Set(cancelled));
            outcome = await Task.Factory.StartNew(
                () => Execute(options, abort, progress), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }

        if (outcome.Failure is not { } failure) return outcome.Document;
        var ended = new RunException(failure, outcome.Cause) { Document = outcome.Document };
        throw failure.Kind == FailureKind.Interrupted && cancellation.IsCancellationRequested
            ? new OperationCanceledException(failure.Message, ended, cancellation)
            : ended;
    }

    private static RunOutcome Execute(BenchmarkOptions options, AbortSignal abort, IProgress<BenchmarkProgress>? progress)
    {
        var counted = new RunProgress();
        // Members are processes of the program that runs, and that is not nperf here.
        ProcessOptions process = options.Process with { RanksIn = RanksIn.Threads };
        RunOutcome outcome = Run.Execute(
            options.Run, new HashSet<string>(), process, abort, new BenchmarkObserver(progress, counted), counted);
        if (!outcome.HasStopped) NativeCall.HasLeftThreads = true;
        return outcome;
    }
}
