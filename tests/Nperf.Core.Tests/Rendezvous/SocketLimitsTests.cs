using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class SocketLimitsTests
{
    [Fact]
    public void The_kernel_gives_a_connection_up_after_the_timeout()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketLimits.Apply(socket, TimeSpan.FromSeconds(30));
        byte[] userTimeout = new byte[4];
        socket.GetRawSocketOption(6, 18, userTimeout);
        Assert.Equal(30_000, BitConverter.ToInt32(userTimeout));
        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(7, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        Assert.Equal(7, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval));
        Assert.Equal(3, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(1e7)]
    public void Any_timeout_is_taken(double seconds)
    {
        using Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        SocketLimits.Apply(socket, TimeSpan.FromSeconds(seconds));
    }
}
