using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>Calls into the C library.</summary>
internal static partial class LibC
{
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

    /// <summary>getrandom(2).</summary>
    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(Span<byte> buffer, nuint bytes, uint flags);
}
