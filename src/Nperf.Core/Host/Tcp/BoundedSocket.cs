using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nperf.Core.Host.Tcp;

/// <summary>
/// Connecting, sending and receiving within a deadline (a <see cref="Stopwatch"/> timestamp) on sockets that never
/// block. A <see cref="SocketException"/> says what went wrong; TimedOut is the deadline.
/// </summary>
internal static class BoundedSocket
{
    /// <summary>The deadline that is <paramref name="span"/> from now.</summary>
    public static long After(TimeSpan span) => Stopwatch.GetTimestamp() + (long)(span.TotalSeconds * Stopwatch.Frequency);

    /// <summary>The earlier of two deadlines.</summary>
    public static long Earlier(long left, long right) => Math.Min(left, right);

    /// <summary>What is left until <paramref name="deadline"/>, not negative.</summary>
    public static TimeSpan Left(long deadline)
    {
        long ticks = deadline - Stopwatch.GetTimestamp();
        return ticks > 0 ? TimeSpan.FromSeconds(ticks / (double)Stopwatch.Frequency) : TimeSpan.Zero;
    }

    /// <summary>
    /// Connects to <paramref name="endpoint"/>, from <paramref name="source"/> and by <paramref name="congestionControl"/>, each
    /// where it is not null.
    /// </summary>
    public static Socket Connect(IPEndPoint endpoint, IPAddress? source, long deadline, string? congestionControl = null)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            CongestionControl.Set(socket, congestionControl);
            if (source is not null && source.AddressFamily == endpoint.AddressFamily) socket.Bind(new IPEndPoint(source, 0));
            try
            {
                socket.Connect(endpoint);
            }
            catch (SocketException begun) when (begun.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                Await(socket, SelectMode.SelectWrite, deadline);
                var outcome = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (outcome != SocketError.Success) throw new SocketException((int)outcome);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all of <paramref name="data"/>.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> data, long deadline)
    {
        while (!data.IsEmpty)
        {
            int sent = socket.Send(data, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success) data = data[sent..];
            else if (error == SocketError.WouldBlock) Await(socket, SelectMode.SelectWrite, deadline);
            else throw new SocketException((int)error);
        }
    }

    /// <summary>Fills <paramref name="data"/>.</summary>
    public static void Receive(Socket socket, Span<byte> data, long deadline)
    {
        while (!data.IsEmpty)
        {
            int received = ReceiveSome(socket, data, deadline);
            if (received == 0) throw new SocketException((int)SocketError.ConnectionReset);
            data = data[received..];
        }
    }

    /// <summary>Waits for anything to come; returns how many bytes, 0 at the end of the stream.</summary>
    public static int ReceiveSome(Socket socket, Span<byte> data, long deadline)
    {
        while (true)
        {
            int received = socket.Receive(data, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success) return received;
            if (error != SocketError.WouldBlock) throw new SocketException((int)error);
            Await(socket, SelectMode.SelectRead, deadline);
        }
    }

    private static void Await(Socket socket, SelectMode mode, long deadline)
    {
        if (!socket.Poll(Left(deadline), mode)) throw new SocketException((int)SocketError.TimedOut);
    }
}
