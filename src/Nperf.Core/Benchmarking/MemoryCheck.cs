using System.Globalization;
using Nperf.Core.Options;

namespace Nperf.Core.Benchmarking;

/// <summary>Refuses, before anything is allocated, sizes that this machine cannot hold.</summary>
internal static class MemoryCheck
{
    /// <param name="bytes">What is needed.</param>
    /// <param name="largestSize">The largest size asked for, bytes.</param>
    /// <param name="ranks">Whose buffers these are, for people.</param>
    /// <param name="host">The host.</param>
    /// <param name="available">What there is, bytes.</param>
    /// <param name="memory">What that is, for people.</param>
    /// <exception cref="RunException">More is needed than there is.</exception>
    public static void Require(
        double bytes, long largestSize, string ranks, string host, long available, string memory)
    {
        if (bytes <= available) return;
        double scale = available / bytes;
        throw new RunException(new Failure(FailureKind.Error,
            $"the buffers of {ranks}, {Text(bytes)}, do not fit into {Text(available)} of free " +
            $"{memory}; a largest size (-B) of {Fitting(largestSize * scale)} would")
        {
            Host = host,
            Step = "allocating buffers",
        });
    }

    /// <summary>Memory that can be had without swapping: the kernel's estimate, within this process's limit. Bytes.</summary>
    public static long Available()
    {
        long limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long estimate = ProcFile.KiB("/proc/meminfo", "MemAvailable") is { } kib ? kib * 1024 : limit;
        return Math.Min(limit, estimate);
    }

    // Rounded down, and as it is typed; buffers are aligned, which takes a little.
    private static string Fitting(double bytes)
    {
        long unit = bytes >= 4 << 20 ? 1 << 20 : 1 << 10;
        return RunOptionsText.Size(Math.Max(unit, (long)(bytes / unit) * unit));
    }

    private static string Text(double bytes)
    {
        (long unit, string name) = bytes >= 1L << 40 ? (1L << 40, "TiB") : bytes >= 1L << 30 ? (1L << 30, "GiB") : (1L << 20, "MiB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:F1} {name}");
    }
}
