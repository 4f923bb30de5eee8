using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>Calls into the C library.</summary>
internal static partial class LibC
{
    /// <summary>Lets another thread that is ready run on this processor. Never fails on Linux (sched_yield(2)).</summary>
    [LibraryImport("libc", EntryPoint = "sched_yield")]
    internal static partial int SchedYield();
}
