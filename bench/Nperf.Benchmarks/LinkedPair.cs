using Nperf.Core;
using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Benchmarks;

/// <summary>
/// Two ranks over one kind of link, each bound to its processor: the thread that calls is rank 0, rank 1 has one of its own
/// and does as it is told over that link.
/// </summary>
internal sealed unsafe class LinkedPair : IDisposable
{
    private const int Other = 1;

    /// <summary>What sending and receiving buffers have room for, bytes.</summary>
    private const int BufferBytes = 1 << 20;

    private readonly AbortSignal _abort = new();
    private readonly Control _control;
    private readonly HostCommunicator[] _ranks;
    private readonly RankBuffers _buffers;
    private readonly Thread _thread;

    /// <summary>Connects them.</summary>
    public LinkedPair(Transport transport)
    {
        // Between two measurements rank 1 waits, for as long as that takes.
        var options = new RunOptions { Transport = transport, TimeoutSeconds = TimeSpan.FromDays(1).TotalSeconds };
        _control = Rendezvous.Local(options, new ProcessOptions { RanksPerProcess = 2 }, _abort, new Silent());
        _ranks = HostFabric.Connect(_control, interfaces: []);
        _buffers = _ranks[0].Allocate(BufferBytes, BufferBytes);
        _ranks[0].EnterThread();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Rank 0 sends a message of <paramref name="bytes"/> and gets it back, <paramref name="count"/> times.</summary>
    public void Echo(int bytes, int count)
    {
        Tell(new Order(OrderKind.Echo, bytes, count));
        for (int i = 0; i < count; i++)
        {
            Send(_ranks[0], Other, _buffers, bytes);
            Receive(_ranks[0], Other, _buffers, bytes);
        }
    }

    /// <summary>Rank 0 sends <paramref name="bytes"/>, and returns once rank 1 says that it has them.</summary>
    public void Stream(int bytes)
    {
        Tell(new Order(OrderKind.Take, bytes, 1));
        Send(_ranks[0], Other, _buffers, bytes);
        Receive(_ranks[0], Other, _buffers, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tell(new Order(OrderKind.End, 0, 0));
        _thread.Join();
        _buffers.Dispose();
        foreach (HostCommunicator rank in _ranks) rank.Dispose();
        _control.Dispose();
        _abort.Dispose();
    }

    private void Tell(Order order) => _ranks[0].Links.Exchange(Other, (byte*)&order, sizeof(Order), Other, null, 0);

    private void Serve()
    {
        try
        {
            HostCommunicator self = _ranks[Other];
            self.EnterThread();
            using RankBuffers buffers = self.Allocate(BufferBytes, BufferBytes);
            while (true)
            {
                Order order;
                self.Links.Exchange(0, null, 0, 0, (byte*)&order, sizeof(Order));
                if (order.Kind == OrderKind.End) return;
                for (int i = 0; i < order.Count; i++)
                {
                    Receive(self, 0, buffers, order.Bytes);
                    Send(self, 0, buffers, order.Kind == OrderKind.Echo ? order.Bytes : 1);
                }
            }
        }
        catch (RunException ended)
        {
            // Rank 0 waits for this one, and shall say why in vain.
            _abort.Set(ended.Failure);
        }
    }

    private static void Send(HostCommunicator rank, int to, RankBuffers buffers, int bytes)
    {
        for (int left = bytes; left > 0; left -= BufferBytes)
            rank.Links.Exchange(to, (byte*)buffers.Send, Math.Min(left, BufferBytes), to, null, 0);
    }

    private static void Receive(HostCommunicator rank, int from, RankBuffers buffers, int bytes)
    {
        for (int left = bytes; left > 0; left -= BufferBytes)
            rank.Links.Exchange(from, null, 0, from, (byte*)buffers.Receive, Math.Min(left, BufferBytes));
    }

    private enum OrderKind
    {
        Echo,
        Take,
        End,
    }

    private readonly record struct Order(OrderKind Kind, int Bytes, int Count);

    private sealed class Silent : RunObserver;
}
