using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>The server's part of a rendezvous: listen, take clients in side by side, tell them the world.</summary>
internal sealed class ServerRendezvous(RunOptions options, ProcessOptions process, AbortSignal abort, RunObserver observer)
    : IDisposable
{
    /// <summary>The longest a handshake may take, from accept to Hello.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Peers _clients = new(abort, rank: 0);
    private readonly List<ProcessInfo> _joined = [];
    private readonly List<Task> _refusals = [];
    private readonly SemaphoreSlim _joins = new(0);
    private readonly CancellationToken _abortToken = abort.Token;
    private IPAddress? _localAddress;
    private bool _over;

    public Control Run()
    {
        Socket listener = Listener.Open(process.Port);
        try
        {
            observer.Listening((IPEndPoint)listener.LocalEndPoint!, process.ExpectedClients);
            _ = AcceptAllAsync(listener);
            WaitForClients();
            return Complete(listener);
        }
        catch (Exception exception)
        {
            // Also what an observer throws: the clients are told before their connections close.
            listener.Dispose();
            abort.Set(Failure.Of(exception));
            Close();
            throw;
        }
    }

    /// <summary>The connections are the control's by now, or closed.</summary>
    public void Dispose() => _joins.Dispose();

    private void WaitForClients()
    {
        for (int joined = 0; joined < process.ExpectedClients; joined++)
        {
            bool came;
            try
            {
                came = _joins.Wait(Deadline.AfterSeconds(process.JoinTimeoutSeconds).Remaining, _abortToken);
            }
            catch (OperationCanceledException)
            {
                came = false;
            }

            abort.ThrowIfSet();
            if (!came) throw _clients.Fail(TooFew());
        }

        lock (_gate) _over = true;
    }

    /// <summary>From here on the listener tells who comes late that the run is full; it closes with the control.</summary>
    private ServerControl Complete(Socket listener)
    {
        World world = new([Self(), .. _joined]);
        byte[] runId = ControlLimits.NewRunId();
        _clients.Post(Payloads.Json(MessageType.World, [.. world.Processes], ProtocolJson.Default.ProcessInfoArray));
        _clients.Post(new Message(MessageType.Id, runId));
        ServerControl control = new(_clients, world, options, runId, _localAddress, listener);
        control.Barrier("rendezvous");
        observer.WorldComplete(control);
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

    private async Task AcceptAllAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                _ = HandshakeAsync(await listener.AcceptAsync());
            }
            catch (Exception e) when (e is ObjectDisposedException
                || Wording.SocketErrorOf(e) is SocketError.OperationAborted or SocketError.InvalidArgument)
            {
                return;
            }
            catch (SocketException)
            {
                // A connection that ended before it was accepted, or no descriptor left: others may be luckier.
                await Task.Delay(20);
            }
        }
    }

    private async Task HandshakeAsync(Socket socket)
    {
        EndPoint? remote = null;
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_abortToken);
            double seconds = Math.Min(HandshakeLimit.TotalSeconds, process.JoinTimeoutSeconds);
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
            remote = socket.RemoteEndPoint;
            Connection connection = new(socket);
            if (!await AdmitAsync(connection, limit.Token)) connection.Dispose();
        }
        catch (ProtocolException e)
        {
            socket.Dispose();
            Dropped(remote, $"greeted like nperf, then {e.Message}");
        }
        catch (RunException e)
        {
            // An observer that cannot say what happened: a closed pipe, a full disk.
            socket.Dispose();
            _clients.Fail(e.Failure);
        }
        catch (Exception e) when (Connection.IsEnd(e))
        {
            socket.Dispose();
            Dropped(remote, e is OperationCanceledException ? "did not finish its handshake" : "closed in its handshake");
        }
    }

    private async Task<bool> AdmitAsync(Connection connection, CancellationToken limit)
    {
        Greeted greeted = await Greeting.ReceiveAsync(connection.Stream, Greeting.FromClient, limit);
        if (greeted.Guess is not null)
        {
            Dropped(connection.Remote, greeted.Guess);
            return false;
        }

        await connection.Stream.WriteAsync(Greeting.FromServer, limit);
        if (greeted.Version != Greeting.Version)
        {
            return Refuse(connection, Refusals.OtherProtocol(connection, greeted.Version), tell: false);
        }

        Message message = await connection.ReadHandshakeAsync(Message.HandshakeCap, limit);
        if (message.Type != MessageType.Hello) throw new ProtocolException($"sent {message.Type} where Hello was expected");
        Hello hello = Payloads.Json(message, ProtocolJson.Default.Hello);
        hello = hello with { Host = PrintableText.From(hello.Host), Version = PrintableText.From(hello.Version) };
        if (hello.Ranks is < 1 or > Refusals.MostRanks) throw new ProtocolException($"brought {hello.Ranks} ranks");
        Failure? refusal = Refusals.OtherVersion(connection, hello) ?? Refusals.OtherOptions(options, hello);
        return refusal is null ? Join(connection, hello) : Refuse(connection, refusal, tell: true);
    }

    private bool Join(Connection connection, Hello hello)
    {
        lock (_gate)
        {
            if (!_over && _joined.Count < process.ExpectedClients)
            {
                ProcessInfo client = new()
                {
                    Index = _joined.Count + 1,
                    FirstRank = process.RanksPerProcess + _joined.Sum(other => other.RankCount),
                    RankCount = hello.Ranks,
                    Host = hello.Host,
                    MachineId = hello.MachineId,
                    SharedMemoryId = hello.SharedMemoryId,
                    Processors = hello.Processors,
                    ProcessId = hello.ProcessId,
                    Address = connection.RemoteAddress.ToString(),
                };
                _joined.Add(client);
                _localAddress ??= connection.LocalAddress;
                _clients.Post(Payloads.Joined(_joined.Count, process.ExpectedClients));
                connection.Post(Payloads.Json(MessageType.Welcome, WelcomeFor(client), ProtocolJson.Default.Welcome));
                _clients.Add(connection, client, options.Timeout);
                observer.ClientJoined(_joined.Count, process.ExpectedClients, client);
                _joins.Release();
                return true;
            }
        }

        connection.Post(Payloads.Abort(_clients.Here(Refusals.Full(process.ExpectedClients))));
        _ = connection.CloseAsync();
        return true;
    }

    /// <summary>Ends the run: with this client it cannot be the one that was asked for.</summary>
    private bool Refuse(Connection connection, Failure refusal, bool tell)
    {
        lock (_gate)
        {
            if (_over) refusal = Refusals.Full(process.ExpectedClients);
            if (tell) connection.Post(Payloads.Abort(_clients.Here(refusal)));
            Task closing = connection.CloseAsync();
            if (_over) return true;
            _refusals.Add(closing);
            _clients.Fail(refusal);
        }

        return true;
    }

    private Welcome WelcomeFor(ProcessInfo client) => new()
    {
        Version = ThisProcess.Version,
        Self = client,
        Server = Self(),
        Joined = _joined.Count,
        Expected = process.ExpectedClients,
        JoinTimeoutSeconds = process.JoinTimeoutSeconds,
        Options = options,
    };

    private ProcessInfo Self() =>
        ThisProcess.Describe(0, 0, process.RanksPerProcess, _localAddress?.ToString() ?? "local");

    private Failure TooFew()
    {
        lock (_gate)
        {
            string who = _joined.Count == 0 ? "" : ": " + string.Join(", ", _joined.Select(client => $"{client.Host} ({client.Address})"));
            return new Failure(
                FailureKind.Timeout,
                $"{_joined.Count} of {process.ExpectedClients} clients joined within "
                + Wording.Seconds(process.JoinTimeoutSeconds) + who);
        }
    }

    private void Dropped(EndPoint? remote, string guess)
    {
        // Once the world is complete the observer is the run's, which has no interest in strangers.
        lock (_gate)
        {
            if (_over) return;
            try
            {
                observer.StrangerDropped(remote, guess);
            }
            catch (RunException e)
            {
                _clients.Fail(e.Failure);
            }
        }
    }
}
