using System.Globalization;

namespace Nperf.Core.Benchmarking;

/// <summary>Refuses, before anything is allocated, sizes that this machine cannot hold.</summary>
internal static class MemoryCheck
{
    /// <exception cref="RunException">The ranks of this machine need more than it has to give.</exception>
    public static void Require(double bytes, long largestSize, int ranksOnMachine, string host, long available)
    {
        if (bytes <= available) return;
        double scale = available / bytes;
        throw new RunException(new Failure(FailureKind.Error,
            $"{host}: the buffers of {ranksOnMachine} rank(s), {Text(bytes)}, do not fit into {Text(available)} of free " +
            $"memory; a largest size (-B) of {Text(largestSize * scale)} would")
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

    private static string Text(double bytes) => bytes >= 1L << 30
        ? (bytes / (1L << 30)).ToString("F1", CultureInfo.InvariantCulture) + " GiB"
        : (bytes / (1L << 20)).ToString("F1", CultureInfo.InvariantCulture) + " MiB";
}
