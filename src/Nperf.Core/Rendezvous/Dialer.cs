using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Reaches the server: every address of its name in turn, again and again until the deadline, so that the order in
/// which processes are started does not matter.
/// </summary>
internal sealed class Dialer(
    string host, ProcessOptions process, Deadline deadline, AbortSignal abort, RunObserver observer)
{
    private const double FirstPause = 0.05;
    private const double LongestPause = 0.5;

    /// <summary>How long one address may take to answer before the next is tried.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>With less time left than this another try would only find that there was none.</summary>
    private static readonly TimeSpan ShortestTry = TimeSpan.FromMilliseconds(20);

    private readonly int _port = process.Port;

    /// <summary>
    /// True where the name is of a host that starts at the same time as this process: a pod's name is known some seconds later.
    /// </summary>
    public bool NameMayCome { get; init; }

    private readonly double _waited = process.JoinTimeoutSeconds;

    /// <summary>True where the last try reached something that did not answer as a server does.</summary>
    private bool _isSilent;

    /// <summary>A connection whose other side greeted as a server of this protocol, and where there is a token proved it.</summary>
    /// <exception cref="RunException">
    /// The name is unknown, the deadline passed, something else answers there, or one side's token is not the other's.
    /// </exception>
    public async Task<Connection> ConnectAsync()
    {
        string? told = null;
        for (double pause = FirstPause; ; pause = Math.Min(pause * 1.5, LongestPause))
        {
            List<string> reasons = [];
            foreach (IPAddress address in await ResolveAsync(reasons))
            {
                if (await TryAsync(address, reasons) is { } connection) return connection;
            }

            // A round that the deadline cut short knows less than the one before it.
            string reason = deadline.Remaining < ShortestTry && told is not null ? told : string.Join("; ", reasons);
            if (reason != told) observer.WaitingForServer(reason);
            told = reason;

            // Jitter keeps clients that were started together from knocking together.
            double jittered = pause * (0.75 + (Random.Shared.NextDouble() / 2));
            await PauseAsync(Math.Min(jittered, deadline.Remaining.TotalSeconds));
            if (deadline.Remaining < ShortestTry) throw Unreachable(reason);
        }
    }

    private async Task<IEnumerable<IPAddress>> ResolveAsync(List<string> reasons)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal)) return [literal];
        using CancellationTokenSource limit = Limit(deadline.Remaining);
        try
        {
            return (await Dns.GetHostAddressesAsync(host, limit.Token).WaitAsync(limit.Token)).Distinct();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TryAgain)
        {
            reasons.Add($"{host}: {Wording.Reason(e.SocketErrorCode)}");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            if (NameMayCome)
            {
                reasons.Add($"unknown host {host}");
                return [];
            }

            throw Fail(FailureKind.Error, $"unknown host {host}: check the name, or give its address");
        }
        catch (SocketException e)
        {
            throw Fail(FailureKind.Error, $"cannot look up host {host}: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            abort.ThrowIfSet();
            reasons.Add($"{host}: the name server did not answer");
        }

        return [];
    }

    private async Task<Connection?> TryAsync(IPAddress address, List<string> reasons)
    {
        if (process.Bind is { } own && own.AddressFamily != address.AddressFamily)
        {
            reasons.Add($"{address}: not reached from {own} (--bind)");
            return null;
        }

        _isSilent = false;
        Socket? socket = null;
        PolledStream? stream = null;
        Connection? connection = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (process.Bind is not null) socket.Bind(new IPEndPoint(process.Bind, 0));
            using (CancellationTokenSource limit = Limit(ConnectLimit))
            {
                await socket.ConnectAsync(new IPEndPoint(address, _port), limit.Token);
            }

            // A client that dials a free port of its own machine can reach itself (TCP's simultaneous open).
            if (Equals(socket.LocalEndPoint, socket.RemoteEndPoint))
            {
                reasons.Add($"{address}: {Wording.Reason(SocketError.ConnectionRefused)}");
                return null;
            }

            stream = new PolledStream(socket, Poller.OfThisProcess);
            connection = await GreetAsync(stream, address, reasons);
        }
        catch (OperationCanceledException)
        {
            abort.ThrowIfSet();
            reasons.Add($"{address}: {Wording.Reason(SocketError.TimedOut)}");
        }
        catch (Exception e) when (Wording.SocketErrorOf(e) is { } error)
        {
            reasons.Add($"{address}: {Wording.Reason(error)}");
        }
        catch (EndOfStreamException)
        {
            _isSilent = true;
            reasons.Add($"{address}: connected, but it closed in its handshake");
        }
        finally
        {
            if (connection is null)
            {
                stream?.Dispose();
                socket?.Dispose();
            }
        }

        return connection;
    }

    private async Task<Connection?> GreetAsync(PolledStream stream, IPAddress address, List<string> reasons)
    {
        using CancellationTokenSource limit = Limit(ServerRendezvous.HandshakeLimit);
        await stream.WriteAsync(Greeting.FromClient(process.Token is not null), limit.Token);
        Greeted greeted = await Greeting.ReceiveFromServerAsync(stream, limit.Token);
        if (greeted.Guess is null)
        {
            RequireAgreement(greeted, address);
            Session? session = process.Token is null ? null : await ProveAsync(stream, process.Token, address, limit.Token);
            return new Connection(stream, session);
        }

        abort.ThrowIfSet();
        if (greeted.Answered)
            throw Fail(FailureKind.Error, $"{host} port {_port} ({address}) is no nperf server: it {greeted.Guess}");
        _isSilent = true;
        reasons.Add($"{address}: connected, but it {greeted.Guess}");
        return null;
    }

    private void RequireAgreement(Greeted greeted, IPAddress address)
    {
        string? problem = greeted.Version != Greeting.Version
            ? $"protocol versions differ: server {host} speaks {greeted.Version}, this client {Greeting.Version}: "
                + "run one version of nperf on every host"
            : (greeted.HasToken, process.Token) switch
            {
                (true, null) => $"server {host} ({address}) asks for a token, and this client has none: give it the server's "
                    + $"(--token-file FILE, or {Token.Variable})",
                (false, not null) => $"server {host} ({address}) has no token, and this client has one: give it to the server "
                    + $"too (--token-file FILE, or {Token.Variable}), or run without",
                _ => null,
            };
        if (problem is not null) throw Fail(FailureKind.Error, problem);
    }

    private async Task<Session> ProveAsync(Stream stream, Token token, IPAddress address, CancellationToken cancellation)
    {
        try
        {
            return await TokenProof.ProveAsync(stream, token, cancellation);
        }
        catch (ProtocolException e)
        {
            throw Fail(FailureKind.Error, $"server {host} ({address}) {e.Message}");
        }
    }

    private async Task PauseAsync(double seconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), abort.Token);
        }
        catch (OperationCanceledException)
        {
            abort.ThrowIfSet();
        }
    }

    private CancellationTokenSource Limit(TimeSpan most)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(abort.Token);
        source.CancelAfter(deadline.Remaining < most ? deadline.Remaining : most);
        return source;
    }

    private RunException Unreachable(string reason) => Fail(
        FailureKind.Timeout,
        $"no server at {host} port {_port} within {Wording.Seconds(_waited)}: {reason}: " + (_isSilent
            ? $"is port {_port} nperf's, or another program's?"
            : $"is it running ({(process.Assigned is null ? $"nperf -s -p {_port}" : "rank 0")}), and does a firewall let port {_port} through?"));

    private static RunException Fail(FailureKind kind, string message) =>
        new(new Failure(kind, message) { Host = ThisProcess.Host, Step = "rendezvous" });
}
