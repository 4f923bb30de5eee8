using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>Descriptors that one thread waits for at once: epoll(7), told of each change once (edge-triggered).</summary>
internal sealed unsafe partial class EventPoll
{
    private const int Add = 1, CloseOnExec = 0x80000, MostEvents = 1024, WithoutEnd = -1, Interrupted = 4;
    private const uint Readable = 0x1, Failed = 0x8, HungUp = 0x10, EndOfSending = 0x2000, EdgeTriggered = 0x80000000;

    // struct epoll_event is packed on x86-64, and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly int _descriptor = Checked(EpollCreate(CloseOnExec), "epoll_create1");

    /// <summary>From here on <see cref="WaitForEver"/> tells of bytes to read from it, until it is closed.</summary>
    /// <exception cref="Win32Exception">The call failed (epoll_ctl(2)).</exception>
    public void Watch(int descriptor)
    {
        byte* one = stackalloc byte[16];
        *(uint*)one = Readable | EndOfSending | EdgeTriggered;
        *(long*)(one + DataAt) = descriptor;
        Checked(EpollControl(_descriptor, Add, descriptor, one), "epoll_ctl");
    }

    /// <summary>Calls <paramref name="came"/> with each descriptor that has bytes, and whether its end is near. Never returns.</summary>
    /// <exception cref="Win32Exception">The call failed (epoll_wait(2)).</exception>
    public void WaitForEver(Action<int, bool> came)
    {
        int size = DataAt + sizeof(long);
        byte* events = stackalloc byte[MostEvents * size];
        while (true)
        {
            int count = EpollWait(_descriptor, events, MostEvents, WithoutEnd);
            if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted) Checked(count, "epoll_wait");
            for (int i = 0; i < count; i++)
            {
                byte* one = events + (i * size);
                came((int)*(long*)(one + DataAt), (*(uint*)one & (EndOfSending | HungUp | Failed)) != 0);
            }
        }
    }

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, byte* one);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, byte* events, int most, int milliseconds);
}
