using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net.Sockets;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// One thread that waits for all connections it is given (epoll(7)) and has each go on that something happened to. With thousands of
/// connections that takes two thirds of the processor time that the class library's sockets take, which hand each event to a pool of threads.
/// </summary>
internal sealed class Poller : IDisposable
{
    private const int MostEvents = 512, LongestWaitMs = 1000;
    private const uint Readable = 0x1, Writable = 0x4, Failed = 0x8, HungUp = 0x10, EndOfStream = 0x2000, EdgeTriggered = 0x80000000;

    private static readonly Lock Gate = new();
    private static Poller? _ofThisProcess;

    private readonly int _epoll;
    private readonly ConcurrentDictionary<int, PolledStream> _streams = [];
    private volatile bool _over;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">What the system calls it.</param>
    /// <exception cref="SocketException">There is no descriptor left, or no memory.</exception>
    public Poller(string name)
    {
        try
        {
            _epoll = LibC.NewEpoll();
        }
        catch (Win32Exception e)
        {
            throw Refused(e);
        }

        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>That of the control connections; it stays until the process ends.</summary>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public static Poller OfThisProcess
    {
        get
        {
            lock (Gate) return _ofThisProcess ??= new Poller("control");
        }
    }

    /// <summary>From here on <paramref name="stream"/> is told what happens at its <paramref name="descriptor"/>.</summary>
    /// <exception cref="SocketException">The system watches too many already.</exception>
    public void Watch(int descriptor, PolledStream stream)
    {
        _streams[descriptor] = stream;
        try
        {
            LibC.AddToEpoll(_epoll, descriptor, Readable | Writable | EndOfStream | EdgeTriggered);
        }
        catch (Win32Exception e)
        {
            _streams.TryRemove(descriptor, out _);
            throw Refused(e);
        }
    }

    /// <summary>No more; before the descriptor is closed.</summary>
    public void Forget(int descriptor)
    {
        LibC.RemoveFromEpoll(_epoll, descriptor);
        _streams.TryRemove(descriptor, out _);
    }

    /// <summary>Ends the thread, which may be the caller's own; the connections stay.</summary>
    public void Dispose() => _over = true;

    private void Run()
    {
        Span<(int Descriptor, uint Events)> ready = stackalloc (int, uint)[MostEvents];
        while (!_over)
        {
            int count = LibC.WaitAtEpoll(_epoll, ready, LongestWaitMs);
            foreach ((int descriptor, uint events) in ready[..count])
            {
                if (!_streams.TryGetValue(descriptor, out PolledStream? stream)) continue;
                bool ended = (events & (EndOfStream | Failed | HungUp)) != 0;
                if (ended || (events & Writable) != 0) stream.RoomCame();
                if (ended || (events & Readable) != 0) stream.BytesCame(ended);
            }
        }

        _ = LibC.Close(_epoll);
    }

    private static SocketException Refused(Win32Exception cause) => new((int)SocketError.TooManyOpenSockets, cause.Message);
}
