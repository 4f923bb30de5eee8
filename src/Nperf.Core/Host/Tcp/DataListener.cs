using System.Net;
using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>
/// Takes the data connections of one process. Each handshake has a thread of its own, so that a stranger who connects
/// and says nothing, or the wrong thing, delays nobody; of too many at once one of the address that has most is dropped.
/// </summary>
internal sealed class DataListener : IDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);
    private const int MostStrangers = 64;
    private const int HandshakeStackBytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly Socket _listener;
    private readonly DataHandshake _handshake;
    private readonly HashSet<(int From, int To)> _expected;
    private readonly Dictionary<(int From, int To), Socket> _connections = [];
    private readonly HandshakeRoom _room = new();
    private readonly ManualResetEventSlim _complete = new();
    private bool _closed;

    /// <summary>Listens on a port of the system's choice at <paramref name="address"/> for the <paramref name="expected"/> pairs of ranks.</summary>
    public DataListener(IPAddress address, DataHandshake handshake, IEnumerable<(int From, int To)> expected)
    {
        _handshake = handshake;
        _expected = [.. expected];
        if (_expected.Count == 0) _complete.Set();
        _listener = Listen(address);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(AcceptAll) { IsBackground = true, Name = "data listener" }.Start();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Returns when every expected pair is connected.</summary>
    /// <exception cref="RunException">The run was given up, or a rank did not connect until <paramref name="deadline"/>.</exception>
    public void Wait(World world, AbortSignal abortSignal, long deadline)
    {
        try
        {
            if (_complete.Wait(BoundedSocket.Left(deadline), abortSignal.Token)) return;
        }
        catch (OperationCanceledException)
        {
            abortSignal.ThrowIfSet();
        }

        (int from, int to) = Missing();
        throw new RunException(new Failure(
            FailureKind.Timeout,
            $"rank {to} ({world.ProcessOf(to).Host}) waited for the data connection of rank {from} "
            + $"({world.ProcessOf(from).Host}) on port {Port} in vain; open that port in the firewall or choose the network with --interface")
        {
            Rank = to,
            Host = world.ProcessOf(to).Host,
        });
    }

    /// <summary>Hands over the connection of <paramref name="from"/> to <paramref name="to"/>.</summary>
    public Socket Take(int from, int to)
    {
        lock (_lock)
        {
            _connections.Remove((from, to), out Socket? socket);
            return socket!;
        }
    }

    /// <summary>Stops listening and drops what has not been taken.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            _listener.Dispose();
            _room.Close();
            foreach (Socket socket in _connections.Values) socket.Dispose();
            _connections.Clear();
        }
    }

    /// <summary>Any means both families, where the machine has both.</summary>
    private static Socket Listen(IPAddress address)
    {
        if (address.Equals(IPAddress.Any) && Socket.OSSupportsIPv6)
        {
            try
            {
                return Bind(IPAddress.IPv6Any);
            }
            catch (SocketException)
            {
                // IPv6 is built in but switched off.
            }
        }

        try
        {
            return Bind(address);
        }
        catch (SocketException cause)
        {
            throw new RunException(FailureKind.Error, $"cannot listen for data on {address}: {cause.Message}", cause);
        }
    }

    private static Socket Bind(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, 0));
            socket.Listen(int.MaxValue); // The system cuts it to its most.
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void AcceptAll()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException) when (!Volatile.Read(ref _closed))
            {
                // One connection that broke before it was accepted, or no descriptors for a moment.
                Thread.Sleep(AcceptPause);
                continue;
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            Begin(socket);
        }
    }

    private void Begin(Socket socket)
    {
        if (_room.Enter(socket, _expected.Count + MostStrangers) is not { } place) return;
        new Thread(() => Handshake(place), HandshakeStackBytes) { IsBackground = true, Name = "data handshake" }.Start();
    }

    private void Handshake(LinkedListNode<HandshakeRoom.Waiting> place)
    {
        Socket socket = place.Value.Socket;
        bool placed = false;
        try
        {
            socket.Blocking = false;
            long deadline = BoundedSocket.After(DataHandshake.Limit);
            bool proven = _handshake.Accept(socket, (from, to) => _expected.Contains((from, to)), deadline, out int from, out int to);

            // Out of reach of what closes handshakes before it can be taken.
            if (proven && _room.Leave(place)) placed = Place(socket, from, to, deadline);
        }
        catch (Exception stranger) when (stranger is SocketException or ObjectDisposedException)
        {
            // Not one of the run, or it went away: a peer tries again.
        }
        finally
        {
            _room.Leave(place);
            if (!placed) socket.Dispose();
        }
    }

    /// <summary>A pair that connects again takes the place of its earlier connection, of which it has lost the answer.</summary>
    private bool Place(Socket socket, int from, int to, long deadline)
    {
        lock (_lock)
        {
            if (_closed) return false;
            DataHandshake.Confirm(socket, deadline);
            if (_connections.Remove((from, to), out Socket? earlier)) earlier.Dispose();
            _connections[(from, to)] = socket;
            if (_connections.Count == _expected.Count) _complete.Set();
            return true;
        }
    }

    private (int From, int To) Missing()
    {
        lock (_lock) return _expected.Where(pair => !_connections.ContainsKey(pair)).Order().First();
    }
}
