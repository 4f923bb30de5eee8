using System.ComponentModel;
using Nperf.Core.Benchmarking;
using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>What this machine has for the host backend, apart from its network.</summary>
internal sealed record SystemFacts
{
    private const string SharedMemoryPath = "/dev/shm";

    /// <summary>What the processor is called, where the kernel says it.</summary>
    public string? Processor { get; private init; }

    /// <summary>Processors that are there; numbered from 0.</summary>
    public int Processors { get; private init; }

    /// <summary>The numbers of those that nperf may run on; empty where the system does not tell.</summary>
    public IReadOnlyList<int> AllowedProcessors { get; private init; } = [];

    /// <summary>Bytes of memory that can be had without swapping, within this process's limit.</summary>
    public long FreeMemory { get; private init; }

    /// <summary>Bytes of memory, where the kernel says it.</summary>
    public long? TotalMemory { get; private init; }

    /// <summary>Bytes free in <c>/dev/shm</c>; null where there is none.</summary>
    public long? FreeSharedMemory { get; private init; }

    /// <summary>Bytes that <c>/dev/shm</c> can hold; null where there is none.</summary>
    public long? TotalSharedMemory { get; private init; }

    /// <summary>TCP's congestion control, where the kernel says it.</summary>
    public string? CongestionControl { get; private init; }

    /// <summary>The version of the NVIDIA kernel module, or null where it is not loaded.</summary>
    public string? NvidiaModule { get; private init; }

    /// <summary>Those of this machine.</summary>
    public static SystemFacts Read()
    {
        (long? free, long? total) = SharedMemory();
        return new SystemFacts
        {
            Processor = ProcFile.Text("/proc/cpuinfo", "model name"),
            Processors = OnlineProcessors(),
            AllowedProcessors = Allowed(),
            FreeMemory = MemoryCheck.Available(),
            TotalMemory = ProcFile.KiB("/proc/meminfo", "MemTotal") * 1024,
            FreeSharedMemory = free,
            TotalSharedMemory = total,
            CongestionControl = TextFile.ReadOrNull("/proc/sys/net/ipv4/tcp_congestion_control"),
            NvidiaModule = NvidiaModuleVersion(),
        };
    }

    /// <summary>The version of the NVIDIA kernel module, or null where it is not loaded.</summary>
    public static string? NvidiaModuleVersion() =>
        TextFile.ReadOrNull("/proc/driver/nvidia/version") is { } text ? ModuleVersion(text) : null;

    /// <summary>
    /// The version in <c>/proc/driver/nvidia/version</c>, whose first line is that of the kernel module: its first word of
    /// digits and dots. The line itself where there is none.
    /// </summary>
    internal static string ModuleVersion(string text)
    {
        string line = text.Split('\n')[0];
        return line.Split(' ').FirstOrDefault(word => word.Contains('.') && word.All(IsDigitOrDot)) ?? line;
    }

    private static bool IsDigitOrDot(char character) => char.IsAsciiDigit(character) || character == '.';

    private static int OnlineProcessors() =>
        (TextFile.ReadOrNull("/proc/cpuinfo") ?? "").Split('\n').Count(line => line.StartsWith("processor", StringComparison.Ordinal));

    private static IReadOnlyList<int> Allowed()
    {
        try
        {
            return LibC.AllowedProcessors();
        }
        catch (Win32Exception)
        {
            return [];
        }
    }

    private static (long? Free, long? Total) SharedMemory()
    {
        try
        {
            if (!Directory.Exists(SharedMemoryPath)) return (null, null);
            var drive = new DriveInfo(SharedMemoryPath);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return (null, null);
        }
    }
}
