using System.Diagnostics;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// The ranks of this process, a thread each, and what they agree on with all other ranks of the world. The first local
/// rank speaks on the control connection for all; the others wait for it.
/// </summary>
internal sealed class RankTeam : IDisposable
{
    private readonly Control _control;
    private readonly System.Threading.Barrier _local;
    private readonly byte[][] _parts;
    private readonly TimeSpan _limit;

    // How often each rank has come to meet the others of the process.
    private readonly int[] _meetings;
    private byte[] _shared = [];
    private Exception? _cause;

    public RankTeam(Control control)
    {
        _control = control;
        _local = new System.Threading.Barrier(control.Self.RankCount);
        _parts = new byte[control.Self.RankCount][];
        _meetings = new int[control.Self.RankCount];
        // On a client, who speaks for all waits for the server, and knows more: its word comes first.
        TimeSpan timeout = control.Options.Timeout;
        _limit = control.Self.Index == 0 ? timeout : ControlLimits.ClientWait(ControlLimits.ClientWait(timeout));
    }

    /// <summary>Every process and rank of the run.</summary>
    public World World => _control.World;

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
        for (int i = 0; HasLeft && i < threads.Length; i++) MarkOf(i).GoOn();
        if (_control.AbortSignal.Failure is { } failure) throw new RunException(failure, _cause);
    }

    /// <summary>Returns when every rank of the world has called it.</summary>
    public void Barrier(int local, string step)
    {
        MeetLocally(local, step);
        if (local == 0) _control.Barrier(step);
        MeetLocally(local, step);
    }

    /// <summary>Returns rank 0's <paramref name="payload"/> on every rank; the other ranks' is not looked at.</summary>
    public byte[] FromRankZero(int local, byte[] payload, string step)
    {
        if (local == 0) _shared = _control.Broadcast(0, payload, step);
        MeetLocally(local, step);
        byte[] result = _shared;
        MeetLocally(local, step);
        return result;
    }

    /// <summary>Returns every rank's <paramref name="payload"/>, by rank, on rank 0; null on the others.</summary>
    public byte[][]? ToRankZero(int local, byte[] payload, string step)
    {
        _parts[local] = payload;
        MeetLocally(local, step);
        if (local != 0) return null;
        byte[][]? processes = _control.Gather(PayloadList.Pack(_parts), step);
        return processes?.SelectMany(PayloadList.Unpack).ToArray();
    }

    public void Dispose() => _local.Dispose();

    /// <summary>The mark of a rank of this process.</summary>
    public RankMark MarkOf(int local) => _control.Marks.Of(_control.Self.FirstRank + local);

    private void MeetLocally(int local, string step)
    {
        int own = Volatile.Read(ref _meetings[local]) + 1;
        Volatile.Write(ref _meetings[local], own);
        MarkOf(local).WaitAt(step);
        long since = Stopwatch.GetTimestamp();
        try
        {
            TimeSpan wait = _limit;
            while (!_local.SignalAndWait(wait, _control.AbortSignal.Token))
            {
                wait = _control.Watch?.Left(since, _limit) ?? TimeSpan.Zero;
                if (wait == TimeSpan.Zero) throw Late(own, step);
            }

            MarkOf(local).GoOn();
        }
        catch (OperationCanceledException)
        {
            _control.AbortSignal.ThrowIfSet();
            throw;
        }
    }

    private RunException Late(int own, string step)
    {
        int late = _control.Self.FirstRank + Math.Max(0, Array.FindIndex(_meetings, meetings => meetings < own));
        return new RunException(new Failure(
            FailureKind.Timeout,
            $"rank {late} on {_control.Self.Host} did not reach {step} within {_control.Options.TimeoutSeconds:0.###} s")
        { Rank = late });
    }

    private void RunRank(Action<int> body, Func<int, Exception, Failure> failureOf, int local)
    {
        try
        {
            body(local);
            MarkOf(local).WaitAt("the end of its process's ranks");
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
        if (failure.Kind is FailureKind.Timeout or FailureKind.PeerLost && !_control.AbortSignal.IsSet) failure = _control.Explain(failure);
        _control.Abort(failure.IsOfAll ? failure : failure with
        {
            Rank = failure.Rank ?? _control.Self.FirstRank + local,
            Host = failure.Host ?? _control.Self.Host,
        });
        return true;
    }

    /// <summary>False where a thread did not end in time after the run had been given up.</summary>
    private bool JoinUnlessAborted(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            while (!thread.Join(TimeSpan.FromMilliseconds(50)))
                if (_control.AbortSignal.Age > LeaveTimes.Ranks) return false;
        }
        return true;
    }
}
