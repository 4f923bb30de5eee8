using System.Net;
using System.Net.Sockets;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Reaches the server: every address of its name in turn, again and again until the deadline, so that the order in
/// which processes are started does not matter.
/// </summary>
/// <param name="host">The server's name or address.</param>
/// <param name="port">Its port.</param>
/// <param name="whatToStart">What a user may have forgotten to start there.</param>
/// <param name="deadline">When to give up.</param>
/// <param name="abort">Gives up at once.</param>
/// <param name="observer">Told why the server cannot be reached yet.</param>
internal sealed class Dialer(
    string host, int port, string whatToStart, Deadline deadline, AbortSignal abort, RunObserver observer)
{
    private const double FirstPause = 0.05;
    private const double LongestPause = 0.5;

    /// <summary>How long one address may take to answer before the next is tried.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>With less time left than this another try would only find that there was none.</summary>
    private static readonly TimeSpan ShortestTry = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// True where the name is of a host that starts at the same time as this process: a pod's name is known some seconds later.
    /// </summary>
    public bool NameMayCome { get; init; }

    private readonly double _waited = deadline.Remaining.TotalSeconds;

    /// <summary>A connection whose other side greeted as a server of this protocol.</summary>
    /// <exception cref="RunException">The name is unknown, the deadline passed, or something else answers there.</exception>
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
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using (CancellationTokenSource limit = Limit(ConnectLimit))
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
            }

            // A client that dials a free port of its own machine can reach itself (TCP's simultaneous open).
            if (!Equals(socket.LocalEndPoint, socket.RemoteEndPoint)) return await GreetAsync(socket, reasons);
            reasons.Add($"{address}: {Wording.Reason(SocketError.ConnectionRefused)}");
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

        socket?.Dispose();
        return null;
    }

    private async Task<Connection?> GreetAsync(Socket socket, List<string> reasons)
    {
        Connection connection = new(socket);
        using CancellationTokenSource limit = Limit(ServerRendezvous.HandshakeLimit);
        await connection.Stream.WriteAsync(Greeting.FromClient, limit.Token);
        Greeted greeted = await Greeting.ReceiveAsync(connection.Stream, Greeting.FromServer, limit.Token);
        if (greeted.Guess is null && greeted.Version == Greeting.Version) return connection;

        connection.Dispose();
        abort.ThrowIfSet();
        if (greeted.Guess is null)
        {
            throw Fail(
                FailureKind.Error,
                $"protocol versions differ: server {host} speaks {greeted.Version}, this client {Greeting.Version}: "
                + "run one version of nperf on every host");
        }

        if (greeted.Answered)
        {
            throw Fail(FailureKind.Error, $"{host} port {port} ({connection.RemoteAddress}) is no nperf server: it {greeted.Guess}");
        }

        reasons.Add($"{connection.RemoteAddress}: connected, but it {greeted.Guess}");
        return null;
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
        $"no server at {host} port {port} within {Wording.Seconds(_waited)}: {reason}: "
        + $"is it running ({whatToStart}), and does a firewall let port {port} through?");

    private static RunException Fail(FailureKind kind, string message) =>
        new(new Failure(kind, message) { Host = ThisProcess.Host, Step = "rendezvous" });
}
