using System.Runtime.InteropServices;

namespace Nperf.Core.Verification;

/// <summary>What kernels write that check, laid out as they have it.</summary>
/// <param name="Wrong">The number of wrong elements.</param>
/// <param name="First">The lowest index of one, where there is one.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct GpuCheckResult(long Wrong, long First);
