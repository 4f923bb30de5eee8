using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Nperf.Scale;

/// <summary>
/// One thread that waits for all connections of all simulated clients, by epoll(7), and goes on with each whose bytes came: as
/// little as can be beside the server, whose cost is the one to measure.
/// </summary>
internal sealed unsafe partial class Poller : IDisposable
{
    private const int Add = 1, MostEvents = 1024, WaitMilliseconds = 100;
    private const uint Readable = 0x1, EdgeTriggered = 0x80000000;

    // struct epoll_event is packed on x86-64, and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly int _epoll = Checked(epoll_create1(0));
    private readonly ConcurrentDictionary<int, PolledStream> _streams = [];
    private volatile bool _over;

    public Poller() => new Thread(Run) { IsBackground = true, Name = "clients" }.Start();

    /// <summary>From here on it is told when bytes came.</summary>
    public void Watch(PolledStream stream)
    {
        _streams[stream.Descriptor] = stream;
        byte* one = stackalloc byte[16];
        *(uint*)one = Readable | EdgeTriggered;
        *(long*)(one + DataAt) = stream.Descriptor;
        Checked(epoll_ctl(_epoll, Add, stream.Descriptor, one));
    }

    /// <summary>Ends the thread, which may be the caller's own; the connections stay.</summary>
    public void Dispose() => _over = true;

    private void Run()
    {
        int size = DataAt + sizeof(long);
        byte* events = stackalloc byte[MostEvents * size];
        while (!_over)
        {
            int count = epoll_wait(_epoll, events, MostEvents, WaitMilliseconds);
            for (int i = 0; i < count; i++)
            {
                if (_streams.TryGetValue((int)*(long*)(events + (i * size) + DataAt), out PolledStream? stream)) stream.BytesCame();
            }
        }

        _ = close(_epoll);
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* one);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
