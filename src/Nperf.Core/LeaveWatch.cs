namespace Nperf.Core;

/// <summary>
/// Sees to it that a process leaves within five seconds of knowing that the run is given up: by force where a call into a
/// library, or anything else, does not come back. What was measured is written first.
/// </summary>
internal sealed class LeaveWatch
{
    /// <summary>How long writing may take on top: of a pipe whose reader has stopped, a file system that is gone.</summary>
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(30);

    private readonly AbortSignal _abort;
    private readonly Func<Failure, int> _code;
    private readonly TaskCompletionSource _written = new();

    /// <summary>Watches this process from the moment at which <paramref name="abort"/> is set.</summary>
    /// <param name="abort">The run's.</param>
    /// <param name="code">The exit code for what ended the run.</param>
    public LeaveWatch(AbortSignal abort, Func<Failure, int> code)
    {
        ArgumentNullException.ThrowIfNull(abort);
        (_abort, _code) = (abort, code);
        abort.Token.Register(() => new Thread(Watch) { IsBackground = true, Name = "leaving" }.Start());
    }

    /// <summary>Everything is written: from here on nothing is lost when the process ends.</summary>
    public void Written() => _written.TrySetResult();

    private void Watch()
    {
        Thread.Sleep(LeaveTimes.Process);
        _written.Task.Wait(WriteTime);
        ProcessEnd.Now(_code(_abort.Failure!));
    }
}
