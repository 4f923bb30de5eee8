using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Keeps what it is told, for tests to wait for and to look at.</summary>
internal sealed class RecordingObserver : RunObserver
{
    private readonly TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<int> _joins = Channel.CreateUnbounded<int>();
    private readonly Channel<string> _drops = Channel.CreateUnbounded<string>();

    public Task<IPEndPoint> ListeningAt => _listening.Task.WaitAsync(Star.Patience);

    public bool IsListening => _listening.Task.IsCompleted;

    public Task<string> FirstWait => _waiting.Task.WaitAsync(Star.Patience);

    public ConcurrentQueue<(int Joined, int Expected, ProcessInfo? Client)> Joins { get; } = new();

    public ConcurrentQueue<string> Strangers { get; } = new();

    public ConcurrentQueue<string> Waits { get; } = new();

    public int Worlds { get; private set; }

    public Task<int> NextJoin() => _joins.Reader.ReadAsync().AsTask().WaitAsync(Star.Patience);

    public Task<string> NextStranger() => _drops.Reader.ReadAsync().AsTask().WaitAsync(Star.Patience);

    public override void Listening(IPEndPoint endpoint, int expectedClients) => _listening.TrySetResult(endpoint);

    public override void ClientJoined(int joined, int expected, ProcessInfo? client)
    {
        Joins.Enqueue((joined, expected, client));
        _joins.Writer.TryWrite(joined);
    }

    public override void StrangerDropped(EndPoint? remote, string guess)
    {
        Strangers.Enqueue(guess);
        _drops.Writer.TryWrite(guess);
    }

    public override void WaitingForServer(string reason)
    {
        Waits.Enqueue(reason);
        _waiting.TrySetResult(reason);
    }

    public ConcurrentQueue<(int Rank, string Line)> Said { get; } = new();

    public override void MemberSaid(int rank, string line) => Said.Enqueue((rank, line));

    public override void WorldComplete(Control control) => Worlds++;
}
