using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>Calls into the C library.</summary>
internal static partial class LibC
{
    /// <summary>Room for 8192 processors, the most that Linux can be built for.</summary>
    private const int ProcessorMaskWords = 8192 / 64;

    private const int SetParentDeathSignal = 1;
    private const int LimitOfOpenFiles = 7;
    private const nuint SigKill = 9;
    private const int ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000; // As O_ and as EFD_.
    private const uint OwnerOnly = 0x180; // 0600
    private const int EpollAdd = 1, EpollDelete = 2, LargestEpollEntry = 16;

    // struct epoll_event is packed on x86-64, and nowhere else.
    private static readonly int EpollDataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Lets another thread that is ready run on this processor. Never fails on Linux (sched_yield(2)).</summary>
    [LibraryImport("libc", EntryPoint = "sched_yield")]
    internal static partial int SchedYield();

    /// <summary>Fills <paramref name="buffer"/> (up to 256 bytes, which come whole) with random bytes fit for secrets.</summary>
    internal static void FillRandom(Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, 256);
        nint count = GetRandom(buffer, (nuint)buffer.Length, 0);
        if (count != buffer.Length) throw new Win32Exception(Marshal.GetLastPInvokeError(), "getrandom failed");
    }

    /// <summary>The processors that the calling thread may run on, in ascending order.</summary>
    /// <exception cref="Win32Exception">The call failed (sched_getaffinity(2)).</exception>
    internal static IReadOnlyList<int> AllowedProcessors()
    {
        Span<ulong> mask = stackalloc ulong[ProcessorMaskWords];
        if (SchedGetAffinity(0, MaskBytes(mask), mask) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "sched_getaffinity failed");
        var processors = new List<int>();
        for (int processor = 0; processor < mask.Length * 64; processor++)
            if ((mask[processor / 64] >> (processor % 64) & 1) != 0) processors.Add(processor);
        return processors;
    }

    /// <summary>Lets the calling thread run on <paramref name="processor"/> alone; false where the system refuses.</summary>
    internal static bool TryRunOn(int processor) => TryRunOn([processor]);

    /// <summary>Lets the calling thread run on <paramref name="processors"/> alone; false where the system refuses.</summary>
    internal static bool TryRunOn(IReadOnlyList<int> processors)
    {
        Span<ulong> mask = stackalloc ulong[ProcessorMaskWords];
        foreach (int processor in processors) mask[processor / 64] |= 1UL << (processor % 64);
        return SchedSetAffinity(0, MaskBytes(mask), mask) == 0;
    }

    /// <summary>
    /// Sets what native code reads as <paramref name="name"/>, or removes it where <paramref name="value"/> is null; the
    /// class library's own call does not reach native code. To be called while no other thread reads the environment.
    /// </summary>
    /// <exception cref="Win32Exception">The call failed (setenv(3), unsetenv(3)).</exception>
    internal static void SetEnvironmentVariable(string name, string? value)
    {
        int result = value is null ? UnsetEnv(name) : SetEnv(name, value, overwrite: 1);
        if (result != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{name} cannot be set");
    }

    /// <summary>
    /// Ends the process at once: no library's destructors run, which could wait for what hangs (_exit(2)).
    /// </summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    /// <summary>The process that started this one, or that took it over when that one ended.</summary>
    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int ParentProcess();

    /// <summary>
    /// Has the kernel end this process by SIGKILL when the thread that started it ends, whatever ends that
    /// (PR_SET_PDEATHSIG(2const)).
    /// </summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static void DieWithStarter()
    {
        if (PrCtl(SetParentDeathSignal, SigKill, 0, 0, 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "prctl failed");
    }

    /// <summary>Sends <paramref name="signal"/> to <paramref name="process"/>; one that has ended is none of it (kill(2)).</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    /// <summary>
    /// Takes this process out of reach of a terminal's signals: a session of its own. Fails, and changes nothing, where
    /// it leads one already (setsid(2)).
    /// </summary>
    [LibraryImport("libc", EntryPoint = "setsid")]
    internal static partial int StartSession();

    /// <summary>Raises this process's limit of open files to the most that the user may have; false where the system refuses.</summary>
    internal static bool TryRaiseOpenFiles()
    {
        if (GetLimit(LimitOfOpenFiles, out ResourceLimit limit) != 0) return false;
        limit.Soft = limit.Hard;
        return SetLimit(LimitOfOpenFiles, limit) == 0;
    }

    /// <summary>
    /// Copies <paramref name="bytes"/> bytes at <paramref name="source"/> in <paramref name="process"/> to this one's
    /// <paramref name="destination"/>; false where the system refuses or the process has them no longer.
    /// </summary>
    internal static unsafe bool TryReadProcess(int process, byte* destination, nint source, nint bytes)
    {
        while (bytes > 0)
        {
            var local = new Segment { Address = (nint)destination, Bytes = bytes };
            var remote = new Segment { Address = source, Bytes = bytes };
            nint moved = ReadProcess(process, &local, 1, &remote, 1, 0);
            if (moved <= 0) return false;
            destination += moved;
            source += moved;
            bytes -= moved;
        }

        return true;
    }

    /// <summary>
    /// Copies <paramref name="bytes"/> bytes at this process's <paramref name="source"/> to <paramref name="destination"/> in
    /// <paramref name="process"/>; false where the system refuses or the process has no such memory any longer.
    /// </summary>
    internal static unsafe bool TryWriteProcess(int process, nint destination, byte* source, nint bytes)
    {
        while (bytes > 0)
        {
            var local = new Segment { Address = (nint)source, Bytes = bytes };
            var remote = new Segment { Address = destination, Bytes = bytes };
            nint moved = WriteProcess(process, &local, 1, &remote, 1, 0);
            if (moved <= 0) return false;
            source += moved;
            destination += moved;
            bytes -= moved;
        }

        return true;
    }

    /// <summary>A counter to poll: readable where it is not 0, never blocking, not passed on to programs that are started (eventfd(2)).</summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static int NewEvent()
    {
        int descriptor = EventFd(0, CloseOnExec | NonBlocking);
        return descriptor >= 0 ? descriptor : throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd failed");
    }

    /// <summary>Makes a FIFO that this user alone may open (mkfifo(3)).</summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static void MakeFifo(string path)
    {
        if (MkFifo(path, OwnerOnly) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Opens a FIFO both ways, never blocking, not passed on to programs that are started (open(2)).</summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static int OpenFifo(string path)
    {
        int descriptor = Open(path, ReadWrite | CloseOnExec | NonBlocking);
        return descriptor >= 0 ? descriptor : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// Returns when one of <paramref name="count"/> descriptors is ready, after so many milliseconds, or where a signal came
    /// (poll(2)).
    /// </summary>
    [LibraryImport("libc", EntryPoint = "poll")]
    internal static unsafe partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    /// <summary>A descriptor that many others are waited for at, not passed on to programs that are started (epoll_create1(2)).</summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static int NewEpoll()
    {
        int descriptor = EpollCreate(CloseOnExec);
        return descriptor >= 0 ? descriptor : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// From here on <see cref="WaitAtEpoll"/> tells by <paramref name="descriptor"/> when one of <paramref name="events"/> comes (epoll_ctl(2)).
    /// </summary>
    /// <exception cref="Win32Exception">The call failed.</exception>
    internal static unsafe void AddToEpoll(int epoll, int descriptor, uint events)
    {
        byte* entry = stackalloc byte[LargestEpollEntry];
        *(uint*)entry = events;
        *(long*)(entry + EpollDataAt) = descriptor;
        if (EpollControl(epoll, EpollAdd, descriptor, entry) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Nothing more is told of <paramref name="descriptor"/>; nothing happens where nothing was.</summary>
    internal static unsafe void RemoveFromEpoll(int epoll, int descriptor) =>
        _ = EpollControl(epoll, EpollDelete, descriptor, null);

    /// <summary>
    /// Returns which descriptors something happened to, and what, as many as <paramref name="ready"/> has room for; none after so many
    /// milliseconds, or where a signal came (epoll_wait(2)).
    /// </summary>
    [SkipLocalsInit]
    internal static unsafe int WaitAtEpoll(int epoll, Span<(int Descriptor, uint Events)> ready, int milliseconds)
    {
        int size = EpollDataAt + sizeof(long);
        byte* entries = stackalloc byte[ready.Length * size];
        int count = EpollWait(epoll, entries, ready.Length, milliseconds);
        for (int i = 0; i < count; i++)
        {
            byte* entry = entries + (i * size);
            ready[i] = ((int)*(long*)(entry + EpollDataAt), *(uint*)entry);
        }

        return Math.Max(count, 0);
    }

    /// <summary>read(2).</summary>
    [LibraryImport("libc", EntryPoint = "read")]
    internal static unsafe partial nint Read(int descriptor, void* buffer, nuint bytes);

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write")]
    internal static unsafe partial nint Write(int descriptor, void* buffer, nuint bytes);

    /// <summary>close(2).</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int descriptor);

    private static nuint MaskBytes(Span<ulong> mask) => (nuint)mask.Length * sizeof(ulong);

    /// <summary>sched_getaffinity(2), of the calling thread where <paramref name="thread"/> is 0.</summary>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int SchedGetAffinity(int thread, nuint bytes, Span<ulong> mask);

    /// <summary>sched_setaffinity(2), of the calling thread where <paramref name="thread"/> is 0.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint bytes, ReadOnlySpan<ulong> mask);

    /// <summary>getrlimit(2).</summary>
    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    /// <summary>setrlimit(2).</summary>
    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    /// <summary>setenv(3).</summary>
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    /// <summary>unsetenv(3).</summary>
    [LibraryImport("libc", EntryPoint = "unsetenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnv(string name);

    /// <summary>prctl(2).</summary>
    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int PrCtl(int operation, nuint second, nuint third, nuint fourth, nuint fifth);

    /// <summary>getrandom(2).</summary>
    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(Span<byte> buffer, nuint bytes, uint flags);

    /// <summary>process_vm_readv(2).</summary>
    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static unsafe partial nint ReadProcess(
        int process, Segment* local, nuint locals, Segment* remote, nuint remotes, nuint flags);

    /// <summary>process_vm_writev(2).</summary>
    [LibraryImport("libc", EntryPoint = "process_vm_writev")]
    private static unsafe partial nint WriteProcess(
        int process, Segment* local, nuint locals, Segment* remote, nuint remotes, nuint flags);

    /// <summary>struct iovec.</summary>
    private struct Segment
    {
        public nint Address, Bytes;
    }

    /// <summary>eventfd(2).</summary>
    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint first, int flags);

    /// <summary>mkfifo(3).</summary>
    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifo(string path, uint mode);

    /// <summary>open(2).</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    /// <summary>epoll_create1(2).</summary>
    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    /// <summary>epoll_ctl(2).</summary>
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static unsafe partial int EpollControl(int epoll, int operation, int descriptor, byte* entry);

    /// <summary>epoll_wait(2).</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static unsafe partial int EpollWait(int epoll, byte* entries, int most, int milliseconds);

    /// <summary>struct pollfd.</summary>
    internal struct PollEntry
    {
        /// <summary>Whose readiness is asked for.</summary>
        public int Descriptor;

        /// <summary>What is asked for, and what there is.</summary>
        public short Events, Returned;
    }

    /// <summary>struct rlimit.</summary>
    private struct ResourceLimit
    {
        public nuint Soft, Hard;
    }
}
