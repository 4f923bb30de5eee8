namespace Nperf.Core.Machine;

/// <summary>A GPU as the driver describes it.</summary>
/// <param name="Index">Its number in this process, from 0.</param>
/// <param name="Name">What it is sold as.</param>
/// <param name="MemoryBytes">All its memory, used or not.</param>
/// <param name="PciBusId">Domain, bus, device and function, for example <c>0000:1B:00.0</c>.</param>
/// <param name="Uuid">What identifies it everywhere, for example <c>GPU-8a1f…</c>.</param>
internal sealed record Gpu(int Index, string Name, long MemoryBytes, string PciBusId, string Uuid);
