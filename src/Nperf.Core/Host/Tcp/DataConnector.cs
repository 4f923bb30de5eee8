using System.Net;
using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>Makes the data connections from this process to one other (or to itself).</summary>
internal sealed class DataConnector
{
    /// <summary>How long one address may take to answer; a packet or two may be lost meanwhile.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private const int Rounds = 2;

    /// <summary>The rounds where one was dropped in its handshake: strangers at that port may have pushed it out.</summary>
    private const int RoundsOfDropped = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ProcessInfo _self;
    private readonly ProcessInfo _peer;
    private readonly List<IPEndPoint>[] _candidates;
    private readonly IPAddress?[] _sources;
    private readonly DataHandshake _handshake;
    private readonly string? _congestionControl;

    /// <summary>
    /// To <paramref name="endpoints"/> of <paramref name="peer"/>, from <paramref name="sources"/>, each where it is not null:
    /// the streams of a pair go over both in turn.
    /// </summary>
    public DataConnector(
        ProcessInfo self, ProcessInfo peer, DataEndpoint[] endpoints, IPAddress?[] sources, DataHandshake handshake,
        string? congestionControl = null)
    {
        _self = self;
        _peer = peer;
        _candidates = [.. endpoints.Select(endpoint => endpoint.Candidates(self, peer).ToList())];
        _sources = sources;
        _handshake = handshake;
        _congestionControl = congestionControl;
    }

    /// <summary>Connects <paramref name="stream"/> of a rank here with a rank there.</summary>
    /// <exception cref="RunException">The run was given up, or no address answered as it should.</exception>
    public Socket Connect(DataStream stream, AbortSignal abortSignal, long deadline)
    {
        List<IPEndPoint> candidates = _candidates[stream.Stream % _candidates.Length];
        var problems = new Dictionary<IPEndPoint, string>();
        bool wasDropped = false;
        for (int round = 0; round < (wasDropped ? RoundsOfDropped : Rounds); round++)
        {
            if (round >= Rounds) Thread.Sleep(Pause);
            wasDropped = false;
            foreach (IPEndPoint candidate in candidates)
            {
                abortSignal.ThrowIfSet();
                try
                {
                    Socket socket = Connect(candidate, stream, deadline);
                    // The next rank begins with the address that worked.
                    candidates.Remove(candidate);
                    candidates.Insert(0, candidate);
                    return socket;
                }
                catch (SocketException problem)
                {
                    problems[candidate] = problem.Message;
                    wasDropped |= problem.SocketErrorCode == SocketError.ConnectionReset;
                }
            }
        }

        abortSignal.ThrowIfSet();
        string tried = string.Join(", ", problems.Select(problem => $"{problem.Key} ({problem.Value})"));
        throw new RunException(new Failure(
            FailureKind.Error,
            $"rank {stream.From} ({_self.Host}) cannot make its data connection to rank {stream.To} ({_peer.Host}): {tried}; "
            + "open that port in the firewall or choose the network with --interface")
        {
            Rank = stream.From,
            Host = _self.Host,
        });
    }

    private Socket Connect(IPEndPoint candidate, DataStream stream, long deadline)
    {
        Socket socket = BoundedSocket.Connect(
            candidate, _sources[stream.Stream % _sources.Length], BoundedSocket.Earlier(deadline, BoundedSocket.After(ConnectLimit)),
            _congestionControl);
        try
        {
            _handshake.Connect(socket, stream, BoundedSocket.Earlier(deadline, BoundedSocket.After(DataHandshake.Limit)));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
