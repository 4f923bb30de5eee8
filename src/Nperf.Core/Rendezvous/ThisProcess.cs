using System.Net;
using System.Reflection;

namespace Nperf.Core.Rendezvous;

/// <summary>What a process tells the others about itself.</summary>
internal static class ThisProcess
{
    /// <summary>The address of a process that no other host has reached: of a local run, and of a server until then.</summary>
    public const string NoAddress = "local";

    private const string SharedMemoryPath = "/dev/shm";

    /// <summary>The version of nperf.</summary>
    public static string Version { get; } =
        typeof(ThisProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Host { get; } = PrintableText.From(Dns.GetHostName());

    public static string MachineId { get; } = TextFile.ReadOrNull("/proc/sys/kernel/random/boot_id") ?? Host;

    public static string SharedMemoryId { get; } =
        SharedMemoryDevice(TextFile.ReadOrNull("/proc/self/mountinfo") ?? "") is { } device && Directory.Exists(SharedMemoryPath)
            ? $"{MachineId}/{Host}/{device}"
            : $"none-{MachineId}-{Environment.ProcessId}";

    public static string Processors { get; } = ProcessorList.OfThisProcess();

    public static ProcessInfo Describe(int index, int firstRank, int rankCount, string address) => new()
    {
        Index = index,
        FirstRank = firstRank,
        RankCount = rankCount,
        Host = Host,
        MachineId = MachineId,
        SharedMemoryId = SharedMemoryId,
        Processors = Processors,
        ProcessId = Environment.ProcessId,
        Address = address,
    };

    /// <summary>
    /// The device number (<c>major:minor</c>) of the file system that holds <c>/dev/shm</c>: that of the longest mount
    /// point above it; of two mounted on each other, the later (proc_pid_mountinfo(5): fields 3 and 5).
    /// </summary>
    internal static string? SharedMemoryDevice(string mountInfo)
    {
        string? device = null;
        int longest = 0;
        foreach (string line in mountInfo.Split('\n'))
        {
            string[] fields = line.Split(' ');
            if (fields.Length < 5) continue;
            string mount = fields[4];
            bool holds = mount == "/" || mount == SharedMemoryPath || SharedMemoryPath.StartsWith(mount + "/", StringComparison.Ordinal);
            if (!holds || mount.Length < longest) continue;
            (device, longest) = (fields[2], mount.Length);
        }

        return device;
    }
}
