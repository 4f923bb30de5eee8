using System.Net;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// A client's part of a rendezvous: reach the server, say hello, start members, wait for the world. A member's part is the
/// same, but that it says whose member it is.
/// </summary>
internal sealed class ClientRendezvous(
    ProcessOptions process, RunOptions options, IReadOnlySet<string> given, AbortSignal abort, RunObserver observer)
{
    private const int Server = 0;

    /// <summary>What is started as a member; tests have another program do it.</summary>
    public Func<MemberProgram> Program { get; init; } = MemberProgram.ThisOne;

    private readonly Deadline _deadline = Deadline.AfterSeconds(process.JoinTimeoutSeconds);

    public Control Run()
    {
        string host = process.ServerHost ?? throw new ArgumentException("a client needs a server", nameof(process));
        Dialer dialer = new(host, process, _deadline, abort, observer) { NameMayCome = process.Assigned is not null };
        Connection connection = dialer.ConnectAsync().GetAwaiter().GetResult();
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

        Peers server = new(abort, welcome.Self.FirstRank, welcome.Self.RankCount, welcome.Options.Timeout);
        Members? members = null;
        try
        {
            server.Add(connection, welcome.Server);
            RequireSameVersion(server, welcome);
            members = StartMembers(connection, welcome);
            return WaitForWorld(server, connection, welcome, members);
        }
        catch (Exception exception)
        {
            // Also what an observer throws: the server is told before the connection closes.
            abort.Set(Failure.Of(exception));
            server.Dispose();
            members?.Dispose();
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
            connection.Post(Payloads.Json(MessageType.Hello, Hello.From(process, options, given), ProtocolJson.Default.Hello));
            Message message = await connection.ReadHandshakeAsync(Message.WelcomeCap, limit.Token);
            if (message.Type == MessageType.Abort) throw new RunException(Payloads.Abort(message));
            if (message.Type != MessageType.Welcome)
            {
                throw new ProtocolException($"sent {message.Type} where Welcome was expected");
            }

            return WelcomeCheck.Checked(Payloads.Json(message, ProtocolJson.Default.Welcome), process);
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

    private static void RequireSameVersion(Peers server, Welcome welcome)
    {
        if (welcome.Version == ThisProcess.Version) return;
        throw server.Fail(Refusals.VersionsDiffer(
            "server", welcome.Version, $"client {ThisProcess.Host}", ThisProcess.Version));
    }

    private Members? StartMembers(Connection connection, Welcome welcome) => process.Processes == 1
        ? null
        : new Members(
            Program(),
            welcome.Self.FirstRank,
            Members.Places(
                connection.RemoteAddress.ToString(), connection.Remote.Port, welcome.Self.Index, process.Processes - 1,
                welcome.Secret!, process.Token),
            abort,
            observer);

    private ClientControl WaitForWorld(Peers server, Connection connection, Welcome welcome, Members? members)
    {
        observer.ClientJoined(welcome.Joined, welcome.Expected, welcome.Self with { RankCount = process.RanksPerProcess });
        TimeSpan wait = ControlLimits.ClientWait(TimeSpan.FromSeconds(welcome.JoinTimeoutSeconds));
        int told = welcome.Joined;
        Message message;
        while ((message = server.TakeWithin(wait, Server, MessageType.World, MessageType.Joined)).Type == MessageType.Joined)
        {
            (int joined, int expected) = server.Decode(Server, () => Payloads.Joined(message));
            if (joined > told) observer.ClientJoined(joined, expected, null);
            told = joined;
        }

        World world = server.Decode(Server, () => WelcomeCheck.CheckedWorld(
            Payloads.World(message), welcome.Self));
        if (told < welcome.Expected) observer.ClientJoined(welcome.Expected, welcome.Expected, null);
        byte[] runId = server.TakeWithin(wait, Server, MessageType.Id).Payload.ToArray();
        if (connection.Session is { } session)
            server.Decode(Server, () => WelcomeCheck.RequireRun(session, runId, welcome.Options));
        ProcessInfo self = world.Processes[welcome.Self.Index];
        members?.Joined();
        ClientControl control = new(
            server, world, self, welcome.Options, runId, LocalAddress(connection, self), process.Token, members);
        control.Barrier("rendezvous");
        observer.WorldComplete(control);
        return control;
    }

    /// <summary>
    /// This process's address on the network of the run. The server's own members reach it over loopback, and are where it
    /// is: at its address, or at none in a local run.
    /// </summary>
    private IPAddress? LocalAddress(Connection connection, ProcessInfo self)
    {
        if (process.Place is not { MemberOf: Server }) return connection.LocalAddress;
        return IPAddress.TryParse(self.Address, out IPAddress? address) ? address : null;
    }

    private static RunException Fail(FailureKind kind, string message) =>
        new(new Failure(kind, message) { Host = ThisProcess.Host, Step = "rendezvous" });
}
