using System.ComponentModel;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The member processes of this process: further processes of the same program, a rank each. They start side by side
/// while this process waits for the world, one that ends before that ends the run, and none outlives this object.
/// </summary>
internal sealed class Members : IDisposable
{
    /// <summary>How a member's own command begins the line that says why it gave up.</summary>
    private const string ErrorPrefix = "nperf: error: ";

    /// <summary>How long members get to end after their part in a run that went well.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    /// <summary>How long the kernel may take to end those that are ended by force.</summary>
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How long an ended member is no failure yet: why it ended may be on its way here over the control connection.
    /// </summary>
    private static readonly TimeSpan WordLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>The most characters of a line that are passed on.</summary>
    private const int LongestLine = 1000;

    private readonly AbortSignal _abort;
    private readonly CancellationToken _abortToken;
    private readonly RunObserver _observer;
    private readonly Lock _gate = new();
    private readonly List<(MemberProcess Process, Task Watch)> _members = [];
    private readonly ManualResetEventSlim _started = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly Thread _thread;
    private volatile bool _joined;
    private volatile bool _leaving;
    private volatile bool _killed;
    private bool _silent;

    /// <summary>Starts a member for each of <paramref name="places"/>, which follow each other from 1 on.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="firstRank">The rank of this process.</param>
    /// <param name="places">Where they are to go.</param>
    /// <param name="abort">Set when a member cannot be started or ends too soon.</param>
    /// <param name="observer">Told what members say.</param>
    public Members(
        MemberProgram program, int firstRank, IReadOnlyList<MemberPlace> places, AbortSignal abort, RunObserver observer)
    {
        _abort = abort;
        _abortToken = abort.Token;
        _observer = observer;

        // The kernel ends a member when the thread that started it ends: this one stays until they have ended.
        _thread = new Thread(() =>
        {
            StartAll(program, firstRank, places);
            _started.Set();
            _over.Wait();
        })
        {
            IsBackground = true,
            Name = "members",
        };
        _thread.Start();
    }

    /// <summary>The places of the members of a process of index <paramref name="head"/>, for a server at this address.</summary>
    public static MemberPlace[] Places(string host, int port, int head, int members, string secret, Token? token) =>
    [
        .. Enumerable.Range(1, members).Select(member => new MemberPlace
        {
            Host = host,
            Port = port,
            MemberOf = head,
            Member = member,
            Secret = secret,
            TokenText = token?.Reveal(),
        }),
    ];

    /// <summary>All have joined: from here on their control connections say what becomes of them.</summary>
    public void Joined() => _joined = true;

    /// <summary>Waits for the members to end; those that never joined, or do not end in time, are ended.</summary>
    public void Dispose()
    {
        _leaving = true;

        // A member that still cannot be started, from a file system that hangs, goes with this process.
        if (!_started.Wait(Left)) return;
        Task ends = Task.WhenAll(_members.Select(member => member.Watch));
        if (!_joined || !ends.Wait(Left))
        {
            _killed = true;
            foreach ((MemberProcess process, _) in _members) process.Kill();
            ends.Wait(KillTime);
        }

        lock (_gate) _silent = true;
        _over.Set();
        _thread.Join();
        foreach ((MemberProcess process, _) in _members) process.Dispose();
        _started.Dispose();
        _over.Dispose();
    }

    private TimeSpan Left => _abort.IsSet ? LeaveTimes.Left(_abort, LeaveTimes.Members) : LeaveTime;

    private void StartAll(MemberProgram program, int firstRank, IReadOnlyList<MemberPlace> places)
    {
        foreach (MemberPlace place in places)
        {
            if (_leaving || _abort.IsSet) return;
            int rank = firstRank + place.Member;
            try
            {
                MemberProcess process = MemberProcess.Start(program, rank, place, Said);
                _members.Add((process, WatchAsync(process)));
            }
            catch (Win32Exception e)
            {
                Fail(rank, FailureKind.Error, $"cannot start the process of rank {rank} on {ThisProcess.Host}: {e.Message}");
                return;
            }
        }
    }

    private async Task WatchAsync(MemberProcess process)
    {
        await process.WaitForEndAsync();
        if (_joined)
        {
            if (process.EndedBySignal && !_killed) Said(process.Rank, $"process {process.Id} was ended by {process.End}");
            return;
        }

        if (_leaving) return;
        await Task.Delay(WordLimit, _abortToken).ContinueWith(_ => { }, TaskScheduler.Default);
        if (_leaving || _joined) return;
        string? line = process.LastLine;
        string why = line is null ? process.End
            : line.StartsWith(ErrorPrefix, StringComparison.Ordinal) ? line[ErrorPrefix.Length..]
            : $"{process.End}, {line}";
        Fail(
            process.Rank,
            FailureKind.PeerLost,
            $"rank {process.Rank} on {ThisProcess.Host} (process {process.Id}) ended before it joined: {PrintableText.From(why, LongestLine)}");
    }

    /// <summary>Passes on what a member wrote, but not why it gave up: that is told as a failure, once.</summary>
    private void Said(int rank, string line)
    {
        if (line.StartsWith(ErrorPrefix, StringComparison.Ordinal)) return;
        try
        {
            lock (_gate)
            {
                if (!_silent) _observer.MemberSaid(rank, PrintableText.From(line, LongestLine));
            }
        }
        catch (RunException e)
        {
            // An observer that cannot say it: a closed pipe, a full disk.
            _abort.Set(e.Failure);
        }
    }

    private void Fail(int rank, FailureKind kind, string message) =>
        _abort.Set(new Failure(kind, message) { Rank = rank, Host = ThisProcess.Host, Step = "rendezvous" });
}
