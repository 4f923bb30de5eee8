using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>A client's part of a rendezvous: reach the server, say hello, wait for the world.</summary>
internal sealed class ClientRendezvous(
    ProcessOptions process, RunOptions options, IReadOnlySet<string> given, AbortSignal abort, RunObserver observer)
{
    private const int Server = 0;

    private readonly Deadline _deadline = Deadline.AfterSeconds(process.JoinTimeoutSeconds);

    public Control Run()
    {
        string host = process.ServerHost ?? throw new ArgumentException("a client needs a server", nameof(process));
        Connection connection = new Dialer(host, process.Port, _deadline, abort, observer).ConnectAsync().GetAwaiter().GetResult();
        Welcome welcome;
        try
        {
            welcome = ShakeHandsAsync(connection, host).GetAwaiter().GetResult();
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        Peers server = new(abort, welcome.Self.FirstRank);
        try
        {
            server.Add(connection, welcome.Server, welcome.Options.Timeout);
            return WaitForWorld(server, connection, welcome);
        }
        catch (Exception exception)
        {
            // Also what an observer throws: the server is told before the connection closes.
            abort.Set(Failure.Of(exception));
            server.Dispose();
            throw;
        }
    }

    private async Task<Welcome> ShakeHandsAsync(Connection connection, string host)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(abort.Token);
        limit.CancelAfter(_deadline.Remaining);
        string where = $"server {host} ({connection.RemoteAddress})";
        try
        {
            connection.Post(Payloads.Json(MessageType.Hello, Introduce(), ProtocolJson.Default.Hello));
            Message message = await connection.ReadHandshakeAsync(Message.WelcomeCap, limit.Token);
            if (message.Type == MessageType.Abort) throw new RunException(Payloads.Abort(message));
            if (message.Type != MessageType.Welcome)
            {
                throw new ProtocolException($"sent {message.Type} where Welcome was expected");
            }

            return WelcomeCheck.Checked(Payloads.Json(message, ProtocolJson.Default.Welcome), process.RanksPerProcess);
        }
        catch (ProtocolException e)
        {
            throw Fail(FailureKind.Error, $"{where} {e.Message}");
        }
        catch (OperationCanceledException)
        {
            abort.ThrowIfSet();
            throw Fail(FailureKind.Timeout, $"{where} did not answer within {Wording.Seconds(process.JoinTimeoutSeconds)}");
        }
        catch (Exception e) when (Connection.IsEnd(e))
        {
            throw Fail(FailureKind.PeerLost, $"{where} was lost in the handshake: it may have its clients already, or have ended");
        }
    }

    private ClientControl WaitForWorld(Peers server, Connection connection, Welcome welcome)
    {
        if (welcome.Version != ThisProcess.Version)
        {
            throw server.Fail(Refusals.VersionsDiffer(welcome.Version, ThisProcess.Host, ThisProcess.Version));
        }

        observer.ClientJoined(welcome.Joined, welcome.Expected, welcome.Self);
        TimeSpan wait = ControlLimits.ClientWait(TimeSpan.FromSeconds(welcome.JoinTimeoutSeconds));
        Message message;
        while ((message = server.Take(Server, wait, MessageType.World, MessageType.Joined)).Type == MessageType.Joined)
        {
            (int joined, int expected) = server.Decode(Server, () => Payloads.Joined(message));
            observer.ClientJoined(joined, expected, null);
        }

        World world = server.Decode(Server, () => WelcomeCheck.CheckedWorld(
            Payloads.Json(message, ProtocolJson.Default.ProcessInfoArray), welcome.Self));
        byte[] runId = server.Take(Server, wait, MessageType.Id).Payload.ToArray();
        ProcessInfo self = world.Processes[welcome.Self.Index];
        ClientControl control = new(server, world, self, welcome.Options, runId, connection.LocalAddress);
        control.Barrier("rendezvous");
        observer.WorldComplete(control);
        return control;
    }

    private Hello Introduce() => new()
    {
        Version = ThisProcess.Version,
        Host = ThisProcess.Host,
        MachineId = ThisProcess.MachineId,
        SharedMemoryId = ThisProcess.SharedMemoryId,
        Processors = ThisProcess.Processors,
        ProcessId = Environment.ProcessId,
        Ranks = process.RanksPerProcess,
        Given = RunOptionsText.Names.Where(given.Contains).ToDictionary(name => name, name => RunOptionsText.Of(options, name)!),
    };

    private static RunException Fail(FailureKind kind, string message) =>
        new(new Failure(kind, message) { Host = ThisProcess.Host, Step = "rendezvous" });
}
