using System.Diagnostics;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.MpiBackend;

/// <summary>
/// Gives the run up where a call of MPI does not return and nothing moves anywhere for the timeout: it waits for other ranks,
/// and nothing that happens to them ends it. The process is then left by force, and MPI ends the others.
/// </summary>
internal sealed class MpiWatch : IDisposable
{
    private readonly Control _control;
    private readonly ManualResetEventSlim _ended = new();

    // Odd while the rank's thread, which alone writes it, is within a call.
    private long _calls;

    /// <summary>Watches this process's rank.</summary>
    public MpiWatch(Control control)
    {
        _control = control;
        new Thread(Watch) { IsBackground = true, Name = "watch over MPI" }.Start();
    }

    /// <summary>What the calls are for, for people.</summary>
    public string Step { get; set; } = "connecting the ranks";

    /// <summary>A call begins.</summary>
    public void Enter() => Volatile.Write(ref _calls, _calls + 1);

    /// <summary>It has returned.</summary>
    public void Leave() => Volatile.Write(ref _calls, _calls + 1);

    /// <inheritdoc/>
    public void Dispose() => _ended.Set();

    private void Watch()
    {
        TimeSpan timeout = _control.Options.Timeout;
        TimeSpan glance = TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 20, 10, 1000));
        long seen = 0, since = 0;
        while (!_ended.Wait(glance))
        {
            long calls = Volatile.Read(ref _calls);
            bool isWithin = (calls & 1) != 0;
            if (!isWithin || calls != seen) (seen, since) = (calls, Stopwatch.GetTimestamp());
            else if (_control.Watch?.IsOver(since) ?? Stopwatch.GetElapsedTime(since) > timeout)
            {
                _control.Abort(_control.Explain(Late(timeout)));
                return;
            }
        }
    }

    private Failure Late(TimeSpan timeout) => new(
        FailureKind.Timeout,
        $"waited {timeout.TotalSeconds:0.###} s within MPI for {Step}, which did not end (a rank hangs, the network broke, or it "
        + "takes longer than --timeout)")
    {
        Step = Step,
        IsOfAll = true,
    };
}
