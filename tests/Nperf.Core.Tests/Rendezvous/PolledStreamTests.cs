using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>A connection that a poller watches, with a plain socket at the other end.</summary>
public sealed class PolledStreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Poller _poller = new("test");
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly PolledStream _near;
    private readonly byte[] _buffer = new byte[16];

    public PolledStreamTests()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _far.Connect(listener.LocalEndPoint!);
        _near = new PolledStream(listener.Accept(), _poller);
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
        _poller.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_is_read_before_and_while_it_is_waited_for(bool inline)
    {
        if (inline) _near.ReadInline();
        for (byte i = 0; i < 50; i++)
        {
            Task<int> reading = i % 2 == 0 ? Read() : Task.FromResult(0);
            _far.Send([i]);
            Assert.Equal(1, await (i % 2 == 0 ? reading : Read()).WaitAsync(Patience));
            Assert.Equal(i, _buffer[0]);
        }
    }

    [Fact]
    public async Task The_end_is_told_behind_the_last_bytes_and_again()
    {
        Task<int> reading = Read();
        _far.Send([7, 8, 9]);
        _far.Shutdown(SocketShutdown.Send);
        int read = await reading.WaitAsync(Patience);
        while (read < 3) read += await Read().WaitAsync(Patience);
        Assert.Equal(3, read);
        Assert.Equal(0, await Read().WaitAsync(Patience));
        Assert.Equal(0, await Read().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reset_is_told_with_its_reason()
    {
        Task<int> reading = Read();
        _far.LingerState = new LingerOption(true, 0);
        _far.Close();
        IOException reset = await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Patience));
        Assert.Equal(SocketError.ConnectionReset, Wording.SocketErrorOf(reset));
    }

    [Fact]
    public async Task A_read_that_is_given_up_leaves_what_comes_to_the_next()
    {
        using CancellationTokenSource over = new();
        Task<int> reading = _near.ReadAsync(_buffer, over.Token).AsTask();
        over.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
        await Assert.ThrowsAsync<OperationCanceledException>(() => _near.ReadAsync(_buffer, over.Token).AsTask().WaitAsync(Patience));
        _far.Send([5]);
        Assert.Equal(1, await Read().WaitAsync(Patience));
        Assert.Equal(5, _buffer[0]);
    }

    [Fact]
    public async Task What_the_kernel_does_not_take_at_once_is_sent_as_the_other_side_reads()
    {
        byte[] sent = RandomNumberGenerator.GetBytes(32 << 20);
        Task writing = _near.WriteAsync(sent).AsTask();
        Assert.False(writing.IsCompleted);
        byte[] received = new byte[sent.Length];
        int have = 0;
        while (have < received.Length) have += _far.Receive(received.AsSpan(have));
        await writing.WaitAsync(Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Closing_ends_who_reads_and_who_writes()
    {
        Task<int> reading = Read();
        Task writing = _near.WriteAsync(new byte[32 << 20]).AsTask();
        _near.Dispose();
        Assert.True(Connection.IsEnd(await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Patience))));
        Assert.True(Connection.IsEnd(await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(Patience))));
        Assert.Throws<ObjectDisposedException>(() => { _ = Read(); });
    }

    private Task<int> Read() => _near.ReadAsync(_buffer).AsTask();
}
