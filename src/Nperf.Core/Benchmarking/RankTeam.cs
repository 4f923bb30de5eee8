using Nperf.Core.Rendezvous;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// The ranks of this process, a thread each, and what they agree on with all other ranks of the world. The first local
/// rank speaks on the control connection for all; the others wait for it.
/// </summary>
internal sealed class RankTeam : IDisposable
{
    /// <summary>How long ranks get to leave once the run has been given up, before the process goes on without them.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(3);

    private readonly Control _control;
    private readonly System.Threading.Barrier _local;
    private readonly byte[][] _parts;
    private byte[] _shared = [];
    private Exception? _cause;

    public RankTeam(Control control)
    {
        _control = control;
        _local = new System.Threading.Barrier(control.Self.RankCount);
        _parts = new byte[control.Self.RankCount][];
    }

    /// <summary>False once a rank's thread had to be left behind.</summary>
    public bool HasLeft { get; private set; } = true;

    /// <summary>
    /// Runs <paramref name="body"/> for each local rank on a thread of its own; throws the run's failure, if any.
    /// <paramref name="failureOf"/> says what an exception of a rank means.
    /// </summary>
    public void Run(Action<int> body, Func<int, Exception, Failure> failureOf)
    {
        var threads = new Thread[_control.Self.RankCount];
        for (int i = 0; i < threads.Length; i++)
        {
            int local = i;
            threads[i] = new Thread(() => RunRank(body, failureOf, local))
            {
                IsBackground = true,
                Name = $"rank {_control.Self.FirstRank + i}",
            };
            threads[i].Start();
        }
        HasLeft = JoinUnlessAborted(threads);
        if (_control.AbortSignal.Failure is { } failure) throw new RunException(failure, _cause);
    }

    /// <summary>Returns when every rank of the world has called it.</summary>
    public void Barrier(int local, string step)
    {
        MeetLocally();
        if (local == 0) _control.Barrier(step);
        MeetLocally();
    }

    /// <summary>Returns rank 0's <paramref name="payload"/> on every rank; the other ranks' is not looked at.</summary>
    public byte[] FromRankZero(int local, byte[] payload, string step)
    {
        if (local == 0) _shared = _control.Broadcast(0, payload, step);
        MeetLocally();
        byte[] result = _shared;
        MeetLocally();
        return result;
    }

    /// <summary>Returns every rank's <paramref name="payload"/>, by rank, on rank 0; null on the others.</summary>
    public byte[][]? ToRankZero(int local, byte[] payload, string step)
    {
        _parts[local] = payload;
        MeetLocally();
        if (local != 0) return null;
        byte[][]? processes = _control.Gather(PayloadList.Pack(_parts), step);
        return processes?.SelectMany(PayloadList.Unpack).ToArray();
    }

    public void Dispose() => _local.Dispose();

    private void MeetLocally()
    {
        try
        {
            _local.SignalAndWait(_control.AbortSignal.Token);
        }
        catch (OperationCanceledException)
        {
            _control.AbortSignal.ThrowIfSet();
            throw;
        }
    }

    private void RunRank(Action<int> body, Func<int, Exception, Failure> failureOf, int local)
    {
        try
        {
            body(local);
        }
        // A rank's thread is the last place that can turn a defect into the end of the run instead of a hang. A filter is
        // asked before anything is disposed of: what is, knows that the run was given up, and hides no reason by its own.
        catch (Exception exception) when (GiveUp(exception, failureOf(local, exception), local))
        {
        }
    }

    private bool GiveUp(Exception exception, Failure failure, int local)
    {
        Interlocked.CompareExchange(ref _cause, exception, null);
        _control.Abort(failure with
        {
            Rank = failure.Rank ?? _control.Self.FirstRank + local,
            Host = failure.Host ?? _control.Self.Host,
        });
        return true;
    }

    /// <summary>False where a thread did not end in time after the run had been given up.</summary>
    private bool JoinUnlessAborted(Thread[] threads)
    {
        long leaveBy = long.MaxValue;
        foreach (Thread thread in threads)
        {
            while (!thread.Join(TimeSpan.FromMilliseconds(50)))
            {
                if (!_control.AbortSignal.IsSet) continue;
                if (leaveBy == long.MaxValue) leaveBy = Environment.TickCount64 + (long)LeaveTime.TotalMilliseconds;
                if (Environment.TickCount64 >= leaveBy) return false;
            }
        }
        return true;
    }
}
