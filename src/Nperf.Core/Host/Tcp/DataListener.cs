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
    private readonly List<Socket> _listeners = [];
    private readonly DataHandshake _handshake;
    private readonly HashSet<DataStream> _expected;
    private readonly Dictionary<DataStream, Socket> _connections = [];
    private readonly HandshakeRoom<Socket> _room = new();
    private readonly ManualResetEventSlim _complete = new();
    private bool _closed;

    /// <summary>
    /// Listens on a port of the system's choice at each of <paramref name="addresses"/> for the <paramref name="expected"/>
    /// streams, which have <paramref name="congestionControl"/> where it is not null.
    /// </summary>
    /// <exception cref="RunException">An address is not to be had, or the kernel refuses the congestion control.</exception>
    public DataListener(
        IEnumerable<IPAddress> addresses, DataHandshake handshake, IEnumerable<DataStream> expected, string? congestionControl = null)
    {
        _handshake = handshake;
        _expected = [.. expected];
        if (_expected.Count == 0) _complete.Set();
        try
        {
            foreach (IPAddress address in addresses) _listeners.Add(Listen(address, congestionControl));
        }
        catch
        {
            foreach (Socket listener in _listeners) listener.Dispose();
            throw;
        }

        Ports = [.. _listeners.Select(listener => ((IPEndPoint)listener.LocalEndPoint!).Port)];
        foreach (Socket listener in _listeners)
            new Thread(() => AcceptAll(listener)) { IsBackground = true, Name = "data listener" }.Start();
    }

    /// <summary>The ports it listens on, in the order of the addresses.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>Returns when every expected stream is connected.</summary>
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

        (int from, int to, int stream) = Missing();
        throw new RunException(new Failure(
            FailureKind.Timeout,
            $"rank {to} ({world.ProcessOf(to).Host}) waited for the data connection of rank {from} "
            + $"({world.ProcessOf(from).Host}) on port {Ports[stream % Ports.Count]} in vain; open that port in the firewall or choose the network with --interface")
        {
            Rank = to,
            Host = world.ProcessOf(to).Host,
        });
    }

    /// <summary>Hands over the connection that is <paramref name="stream"/>.</summary>
    public Socket Take(DataStream stream)
    {
        lock (_lock)
        {
            _connections.Remove(stream, out Socket? socket);
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
            foreach (Socket listener in _listeners) listener.Dispose();
            _room.Close();
            foreach (Socket socket in _connections.Values) socket.Dispose();
            _connections.Clear();
        }
    }

    /// <summary>Any means both families, where the machine has both.</summary>
    private static Socket Listen(IPAddress address, string? congestionControl)
    {
        if (address.Equals(IPAddress.Any) && Socket.OSSupportsIPv6)
        {
            try
            {
                return Bind(IPAddress.IPv6Any, congestionControl);
            }
            catch (SocketException)
            {
                // IPv6 is built in but switched off.
            }
        }

        try
        {
            return Bind(address, congestionControl);
        }
        catch (SocketException cause)
        {
            throw new RunException(FailureKind.Error, $"cannot listen for data on {address}: {cause.Message}", cause);
        }
    }

    private static Socket Bind(IPAddress address, string? congestionControl)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            CongestionControl.Set(socket, congestionControl);
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

    private void AcceptAll(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
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
        if (_room.Enter(socket, Connection.RemoteOf(socket), _expected.Count + MostStrangers) is not { } place) return;
        new Thread(() => Handshake(place), HandshakeStackBytes) { IsBackground = true, Name = "data handshake" }.Start();
    }

    private void Handshake(LinkedListNode<HandshakeRoom<Socket>.Waiting> place)
    {
        Socket socket = place.Value.Connection;
        bool placed = false;
        try
        {
            socket.Blocking = false;
            long deadline = BoundedSocket.After(DataHandshake.Limit);
            bool proven = _handshake.Accept(socket, _expected.Contains, deadline, out DataStream stream);

            // Out of reach of what closes handshakes before it can be taken.
            if (proven && _room.Leave(place)) placed = Place(socket, stream, deadline);
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

    /// <summary>A stream that connects again takes the place of its earlier connection, of which it has lost the answer.</summary>
    private bool Place(Socket socket, DataStream stream, long deadline)
    {
        lock (_lock)
        {
            if (_closed) return false;
            DataHandshake.Confirm(socket, deadline);
            if (_connections.Remove(stream, out Socket? earlier)) earlier.Dispose();
            _connections[stream] = socket;
            if (_connections.Count == _expected.Count) _complete.Set();
            return true;
        }
    }

    private DataStream Missing()
    {
        lock (_lock)
        {
            return _expected.Where(stream => !_connections.ContainsKey(stream))
                .OrderBy(stream => (stream.From, stream.To, stream.Stream)).First();
        }
    }
}
