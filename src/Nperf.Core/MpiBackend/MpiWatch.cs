using Nperf.Core.Rendezvous;

namespace Nperf.Core.MpiBackend;

/// <summary>
/// Gives the run up where a call of MPI does not return within the timeout: it waits for other ranks, and nothing that
/// happens to them ends it. The process is then left by force, and MPI ends the others.
/// </summary>
internal sealed class MpiWatch : IDisposable
{
    private readonly Control _control;
    private readonly int _rank;
    private readonly ManualResetEventSlim _ended = new();

    // Odd while the rank's thread, which alone writes it, is within a call.
    private long _calls;

    /// <summary>Watches the rank <paramref name="rank"/>, which is this process's.</summary>
    public MpiWatch(Control control, int rank)
    {
        (_control, _rank) = (control, rank);
        new Thread(Watch) { IsBackground = true, Name = $"watch over rank {rank}" }.Start();
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
        long seen = 0;
        var limit = Deadline.After(timeout);
        while (!_ended.Wait(glance))
        {
            long calls = Volatile.Read(ref _calls);
            bool isWithin = (calls & 1) != 0;
            if (!isWithin || calls != seen) (seen, limit) = (calls, Deadline.After(timeout));
            else if (limit.Passed)
            {
                _control.Abort(Late(timeout));
                return;
            }
        }
    }

    private Failure Late(TimeSpan timeout) => new(
        FailureKind.Timeout,
        $"rank {_rank} ({_control.Self.Host}) waited {timeout.TotalSeconds:0.###} s within MPI for {Step} and it did not end: "
        + "a rank hangs, the network broke, or it takes so long (--timeout)")
    {
        Rank = _rank,
        Host = _control.Self.Host,
        Step = Step,
    };
}
