using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Nperf.Hostile;

/// <summary>What a stranger does with its connection.</summary>
internal enum Manner
{
    /// <summary>A scan: connects and closes.</summary>
    Scan,

    /// <summary>Sends a little and resets.</summary>
    Reset,

    Http,

    TlsHello,

    Ssh,

    /// <summary>Connects and says nothing.</summary>
    Silent,

    /// <summary>A right greeting, a byte a second.</summary>
    SlowBytes,

    /// <summary>A right greeting, and nothing after it.</summary>
    HalfHandshake,

    /// <summary>A right greeting and a message of 4 GiB.</summary>
    GiantLength,

    /// <summary>A right greeting and a message within the limit that comes a byte a second.</summary>
    SlowMessage,

    /// <summary>The hello of a data connection, and nothing or nonsense after it.</summary>
    DataHello,

    /// <summary>Random bytes.</summary>
    Noise,
}

/// <summary>Connections that are nobody's of a run, side by side, each in a manner of its own; held until the end.</summary>
internal sealed class Strangers(IPEndPoint target, bool withToken, int seed) : IAsyncDisposable
{
    private static readonly byte[] ClientHello =
        [0x16, 0x03, 0x01, 0x00, 0x2f, 0x01, 0x00, 0x00, 0x2b, 0x03, 0x03, .. new byte[32], 0, 0, 2, 0x13, 0x01, 1, 0];

    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private int _connected, _acted;

    /// <summary>How many connected.</summary>
    public int Connected => _connected;

    /// <summary>How many did what they came for, or were closed before.</summary>
    public int Acted => _acted;

    /// <summary>Begins so many more, spread over <paramref name="span"/>.</summary>
    public async Task AddAsync(int count, TimeSpan span)
    {
        for (int i = 0; i < count; i++)
        {
            int number = _tasks.Count;
            _tasks.Add(Task.Run(() => LiveAsync(number)));
            if (span > TimeSpan.Zero && i % 10 == 9) await Task.Delay(span / count * 10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_tasks);
        _end.Dispose();
    }

    private async Task LiveAsync(int number)
    {
        // Not HashCode.Combine, which differs from process to process.
        var random = new Random(unchecked((seed * 1_000_003) + number));
        Manner[] manners = Enum.GetValues<Manner>();
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        bool acted = false;
        try
        {
            await socket.ConnectAsync(target, _end.Token);
            Interlocked.Increment(ref _connected);
            await ActAsync(socket, manners[number % manners.Length], random, () => acted = Note(acted));
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // Closed by who was called, or by the end.
        }

        Note(acted);
    }

    private bool Note(bool acted)
    {
        if (!acted) Interlocked.Increment(ref _acted);
        return true;
    }

    private async Task ActAsync(Socket socket, Manner manner, Random random, Action done)
    {
        byte[] greeting = [.. "NPERF>"u8, 1, (byte)(withToken ? 1 : 0)];
        switch (manner)
        {
            case Manner.Scan:
                return;
            case Manner.Reset:
                await SendAsync(socket, greeting.AsMemory(0, random.Next(1, 8)));
                socket.LingerState = new LingerOption(true, 0);
                return;
            case Manner.Http:
                await SendAsync(socket, "GET / HTTP/1.1\r\nHost: node1\r\n\r\n"u8.ToArray());
                break;
            case Manner.TlsHello:
                await SendAsync(socket, ClientHello);
                break;
            case Manner.Ssh:
                await SendAsync(socket, "SSH-2.0-scanner\r\n"u8.ToArray());
                break;
            case Manner.SlowBytes:
                done();
                await SendSlowlyAsync(socket, greeting);
                break;
            case Manner.HalfHandshake:
                await SendAsync(socket, greeting);
                if (withToken) await SendAsync(socket, new byte[40]);
                break;
            case Manner.GiantLength:
                await SendAsync(socket, greeting);
                await SendAsync(socket, Announced(uint.MaxValue));
                break;
            case Manner.SlowMessage:
                await SendAsync(socket, greeting);
                done();
                await SendSlowlyAsync(socket, [.. Announced(60_000), .. new byte[100]]);
                break;
            case Manner.DataHello:
                byte[] hello = [.. "NPERFDT2"u8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. new byte[32]];
                await SendAsync(socket, hello);
                if (random.Next(2) == 0) await SendAsync(socket, new byte[32]);
                break;
            case Manner.Noise:
                byte[] noise = new byte[random.Next(1, 4096)];
                random.NextBytes(noise);
                await SendAsync(socket, noise);
                break;
        }

        done();
        byte[] scrap = new byte[4096];
        while (await socket.ReceiveAsync(scrap, _end.Token) > 0)
        {
        }
    }

    private static byte[] Announced(uint length)
    {
        byte[] header = [0x01, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(1), length);
        return header;
    }

    private async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes) => await socket.SendAsync(bytes, _end.Token);

    private async Task SendSlowlyAsync(Socket socket, byte[] bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            await SendAsync(socket, bytes.AsMemory(i, 1));
            await Task.Delay(1000, _end.Token);
        }
    }
}
