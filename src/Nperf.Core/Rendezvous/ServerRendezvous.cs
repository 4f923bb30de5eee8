using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The server's part of a rendezvous: listen, start its own members, take clients and members in side by side, tell them
/// the world. Also of a local run of several processes, which has no clients and listens on loopback alone.
/// </summary>
internal sealed partial class ServerRendezvous : IDisposable
{
    /// <summary>The longest a handshake may take, from accept to Hello.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Clients that wait hear of those that come at most so often: if each of thousands heard of each, that would be millions of
    /// messages.
    /// </summary>
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(0.1);

    private readonly Lock _gate = new();
    private readonly RunOptions _options;
    private readonly ProcessOptions _process;
    private readonly AbortSignal _abort;
    private readonly RunObserver _observer;
    private readonly Peers _clients;
    private readonly Roster _roster = new();
    private readonly Head _self;
    private readonly List<Task> _refusals = [];
    private readonly SemaphoreSlim _joins = new(0);
    private readonly CancellationToken _abortToken;
    private readonly int _expected;
    private readonly byte[] _runId = ControlLimits.NewRunId();
    private Deadline _deadline;
    private Deadline _nextTelling;
    private int _told;
    private IPAddress? _localAddress;
    private bool _over;

    public ServerRendezvous(RunOptions options, ProcessOptions process, AbortSignal abort, RunObserver observer)
    {
        (_options, _process, _abort, _observer) = (options, process, abort, observer);
        _abortToken = abort.Token;
        _clients = new Peers(abort, rank: 0, process.OwnRanks, options.Timeout);
        _expected = process.Mode == Mode.Local ? 0 : process.Assigned?.WorldSize - 1 ?? process.ExpectedClients;
        _self = _roster.Add(process.RanksPerProcess, process.Processes);
        _self.Processes[0] = ThisProcess.Describe(0, 0, process.OwnRanks, ThisProcess.NoAddress);
    }

    /// <summary>What is started as a member; tests have another program do it.</summary>
    public Func<MemberProgram> Program { get; init; } = MemberProgram.ThisOne;

    public Control Run()
    {
        Socket listener = _process.Mode == Mode.Local
            ? Listener.OpenLoopback()
            : Listener.Open(_process.Port, _process.Bind, _process.Assigned);
        Members? members = null;
        try
        {
            IPEndPoint endpoint = (IPEndPoint)listener.LocalEndPoint!;
            if (_expected > 0) _observer.Listening(endpoint, _expected);
            _deadline = Deadline.AfterSeconds(_process.JoinTimeoutSeconds);
            _ = AcceptAllAsync(listener);
            members = StartMembers(endpoint);
            WaitForAll();
            return Complete(listener, members);
        }
        catch (Exception exception)
        {
            // Also what an observer throws: the clients are told before their connections close.
            listener.Dispose();
            _abort.Set(Failure.Of(exception));
            Close();
            members?.Dispose();
            throw;
        }
    }

    /// <summary>The connections are the control's by now, or closed.</summary>
    public void Dispose() => _joins.Dispose();

    private Members? StartMembers(IPEndPoint endpoint)
    {
        if (_self.Secret is null) return null;
        string host = (_process.Bind ?? IPAddress.Loopback).ToString();
        MemberPlace[] places = Members.Places(
            host, endpoint.Port, _self.Index, _process.Processes - 1, _self.Secret, _process.Token);
        return new Members(Program(), _self.FirstRank, places, _abort, _observer);
    }

    private void WaitForAll()
    {
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                _over = _roster.ClientCount == _expected && !_roster.Incomplete.Any();
                if (_over) return;
                if (_deadline.Passed) throw _clients.Fail(WithStrangers(TooFew()));
                TellJoined();
                wait = _deadline.Remaining;
                if (_told < _roster.ClientCount && _nextTelling.Remaining < wait) wait = _nextTelling.Remaining;
            }

            try
            {
                _joins.Wait(wait, _abortToken);
            }
            catch (OperationCanceledException)
            {
                // Thrown as what it is below.
            }

            _abort.ThrowIfSet();
        }
    }

    /// <summary>Tells those who wait how many have come, where they were not told just before. Under the gate.</summary>
    private void TellJoined()
    {
        if (_told == _roster.ClientCount || !_nextTelling.Passed) return;
        _told = _roster.ClientCount;
        _nextTelling = Deadline.After(BetweenTellings);
        _clients.Post(Payloads.Joined(_told, _expected));
    }

    private Failure TooFew() => _process.Assigned is { } place && _roster.ClientCount < _expected
        ? PlaceRefusals.NotFilled(_roster, place.WorldSize, _process.JoinTimeoutSeconds)
        : Refusals.TooFew(_roster, _expected, _process.JoinTimeoutSeconds);

    /// <summary>From here on the listener tells who comes late that the run is full; it closes with the control.</summary>
    private ServerControl Complete(Socket listener, Members? members)
    {
        members?.Joined();
        World world = new([.. _roster.Processes.Select(WithAddress)]);
        _clients.Post(Payloads.World([.. world.Processes]));
        _clients.Post(new Message(MessageType.Id, _runId));
        ServerControl control = new(_clients, world, _options, _runId, _localAddress, _process.Token, listener, members);
        control.Barrier("rendezvous");
        _observer.WorldComplete(control);
        return control;
    }

    private void Close()
    {
        Task[] refusals;
        lock (_gate)
        {
            _over = true;
            refusals = [.. _refusals];
        }

        _clients.Dispose();
        Task.WaitAll(refusals);
    }

    private async Task<bool> AdmitAsync(
        Connection connection, LinkedListNode<HandshakeRoom<PolledStream>.Waiting> place, CancellationToken limit)
    {
        Message message = await connection.ReadHandshakeAsync(Message.HandshakeCap, limit);
        if (message.Type != MessageType.Hello) throw new ProtocolException($"sent {message.Type} where Hello was expected");
        Hello hello = HelloCheck.Checked(Payloads.Json(message, ProtocolJson.Default.Hello));

        // From here on it has its end here, and gives way to nobody.
        if (!_room.Leave(place)) return false;

        // A stranger to the run learns nothing of it and ends nothing, whatever else does not fit.
        if (hello.MemberOf is not null) return JoinMember(connection, hello);
        Failure? refusal = Refusals.OtherVersion(connection, hello)
            ?? PlaceRefusals.NoPlaceFor(_process.Assigned, _self, Refusals.Name(connection, hello), hello)
            ?? Refusals.OtherOptions(_options, hello);
        return refusal is null ? Join(connection, hello) : Refuse(connection, refusal, tell: true);
    }

    private bool Join(Connection connection, Hello hello)
    {
        Failure? refusal = null;
        lock (_gate)
        {
            bool isOpen = !_over && _roster.ClientCount < _expected;
            if (hello.Assigned is { } place && _roster.At(place.Rank) is { } taken)
            {
                refusal = PlaceRefusals.Taken(place, taken, Refusals.Name(connection, hello));
                if (isOpen) return End(connection, refusal, tell: true);
            }

            if (isOpen)
            {
                Head head = hello.Assigned is { Rank: var number }
                    ? _roster.AddAt(number, hello.Ranks, hello.Processes ?? 1)
                    : _roster.Add(hello.Ranks, hello.Processes ?? 1);
                ProcessInfo client = head.Seat(0, hello, connection.RemoteAddress.ToString());
                if (_localAddress is null || IPAddress.IsLoopback(_localAddress)) _localAddress = connection.LocalAddress;
                _deadline = Deadline.AfterSeconds(_process.JoinTimeoutSeconds);
                TellJoined();
                TakeIn(connection, client, head.Secret);
                _observer.ClientJoined(_roster.ClientCount, _expected, head.AsWhole);
                _joins.Release();
                return true;
            }
        }

        Send(connection, refusal ?? Refusals.Full(_expected));
        return true;
    }

    private bool JoinMember(Connection connection, Hello hello)
    {
        lock (_gate)
        {
            if (!_over && _roster.HeadOf(hello) is { } head)
            {
                if (Refusals.OtherVersion(connection, hello) is { } refusal) return End(connection, refusal, tell: true);

                // The server's own members come over loopback, which is an address to nobody else.
                string address = head == _self ? ThisProcess.NoAddress : connection.RemoteAddress.ToString();
                TakeIn(connection, head.Seat(hello.Member!.Value, hello, address), secret: null);
                _joins.Release();
                return true;
            }
        }

        Send(connection, Refusals.NoPlace);
        Dropped(connection.Remote, "asked for the place of a member process that is not its own");
        return true;
    }

    private void TakeIn(Connection connection, ProcessInfo client, string? secret)
    {
        Welcome welcome = new()
        {
            Version = ThisProcess.Version,
            Self = client,
            Server = WithAddress(_self.Processes[0]!),
            Joined = _roster.ClientCount,
            Expected = _expected,
            JoinTimeoutSeconds = _process.JoinTimeoutSeconds,
            Options = _options,
            Secret = secret,
        };
        connection.Post(Payloads.Json(MessageType.Welcome, welcome, ProtocolJson.Default.Welcome));
        _clients.Add(connection, client);
    }

    private void Send(Connection connection, Failure refusal)
    {
        connection.Post(Payloads.Abort(_clients.Here(refusal)));
        _ = connection.CloseAsync();
    }

    /// <summary>Ends the run, where it still waits for clients: with this one it cannot be the one that was asked for.</summary>
    private bool Refuse(Connection connection, Failure refusal, bool tell)
    {
        lock (_gate)
        {
            if (!_over && _roster.ClientCount < _expected) return End(connection, refusal, tell);
        }

        if (tell) Send(connection, Refusals.Full(_expected));
        else _ = connection.CloseAsync();
        return true;
    }

    private bool End(Connection connection, Failure refusal, bool tell)
    {
        if (tell) connection.Post(Payloads.Abort(_clients.Here(refusal)));
        _refusals.Add(connection.CloseAsync());
        _clients.Fail(refusal);
        return true;
    }

    /// <summary>The server and its members with the address at which clients reached them.</summary>
    private ProcessInfo WithAddress(ProcessInfo process) =>
        process.Address == ThisProcess.NoAddress && _localAddress is { } address
            ? process with { Address = address.ToString() }
            : process;
}
