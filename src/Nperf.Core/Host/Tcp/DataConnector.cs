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
    private readonly List<IPEndPoint> _candidates;
    private readonly IPAddress? _source;
    private readonly DataHandshake _handshake;

    /// <summary>To <paramref name="endpoint"/> of <paramref name="peer"/>, from <paramref name="source"/> where it is not null.</summary>
    public DataConnector(
        ProcessInfo self, ProcessInfo peer, DataEndpoint endpoint, IPAddress? source, DataHandshake handshake)
    {
        _self = self;
        _peer = peer;
        _candidates = [.. endpoint.Candidates(self, peer)];
        _source = source;
        _handshake = handshake;
    }

    /// <summary>Connects <paramref name="from"/>, a rank here, to <paramref name="to"/>, a rank there.</summary>
    /// <exception cref="RunException">The run was given up, or no address answered as it should.</exception>
    public Socket Connect(int from, int to, AbortSignal abortSignal, long deadline)
    {
        var problems = new Dictionary<IPEndPoint, string>();
        bool wasDropped = false;
        for (int round = 0; round < (wasDropped ? RoundsOfDropped : Rounds); round++)
        {
            if (round >= Rounds) Thread.Sleep(Pause);
            wasDropped = false;
            foreach (IPEndPoint candidate in _candidates)
            {
                abortSignal.ThrowIfSet();
                try
                {
                    Socket socket = Connect(candidate, from, to, deadline);
                    // The next rank begins with the address that worked.
                    _candidates.Remove(candidate);
                    _candidates.Insert(0, candidate);
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
            $"rank {from} ({_self.Host}) cannot make its data connection to rank {to} ({_peer.Host}): {tried}; "
            + "open that port in the firewall or choose the network with --interface")
        {
            Rank = from,
            Host = _self.Host,
        });
    }

    private Socket Connect(IPEndPoint candidate, int from, int to, long deadline)
    {
        Socket socket = BoundedSocket.Connect(
            candidate, _source, BoundedSocket.Earlier(deadline, BoundedSocket.After(ConnectLimit)));
        try
        {
            _handshake.Connect(socket, from, to, BoundedSocket.Earlier(deadline, BoundedSocket.After(DataHandshake.Limit)));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
