using System.Globalization;
using Nperf.Core;
using Nperf.Core.Machine;
using Nperf.Core.Rendezvous;
using Nperf.Core.Topology;

namespace Nperf.Fuzz.Targets;

/// <summary>What the kernel and its modules say in text.</summary>
internal static class MachineTargets
{
    public static IEnumerable<Target> All { get; } =
    [
        new Target<IReadOnlyList<int>>(
            "cpu-list", random => Prng.Utf8($"0-{random.Below(64)},{random.From(64, 99)}"), input => CpuList.Parse(Read.Text(input)))
        {
            FixedBytes = 96 << 10,
            BytesPerByte = 128,
            Encode = list => Prng.Utf8(string.Join(',', list)),
            Holds = (list, _) => list.Count <= 8192,
        },
        new Target<IReadOnlyList<int>>(
            "processor-list", random => Prng.Utf8($"0,{random.Below(64)},{random.From(64, 99)}"), input => ProcessorList.Parse(Read.Text(input)))
        {
            BytesPerByte = 128,
            Encode = list => Prng.Utf8(string.Join(',', list)),
            Holds = (list, _) => list.Count <= 8192,
        },
        new Target<string>("pci-address", random => Prng.Utf8($"00000000:{random.Below(256):X2}:00.{random.Below(8)}"), input => PciAddress.Normalize(Read.Text(input)))
        {
            Encode = Prng.Utf8,
        },
        new Target<string>(
            "pci-path", random => Prng.Utf8($"/sys/devices/pci0000:16/0000:16:01.0/0000:17:00.{random.Below(8)}/net/eth0"),
            input => PciDevices.Parse(Read.Text(input)).Path)
        {
            BytesPerByte = 128,
            Encode = Prng.Utf8,
        },
        new Target<Limits>(
            "limits",
            random => Prng.Utf8(
                $"Limit                     Soft Limit           Hard Limit           Units\nMax open files            {random.Below(99999)}      1048576   files\n"
                + "Max locked memory         unlimited            unlimited            bytes\n"),
            input => Limits.Parse(Read.Text(input)))
        {
            BytesPerByte = 128,
        },
        new Target<string>(
            "proc-file", random => Prng.Utf8($"MemTotal: 123 kB\nMemAvailable:   {random.Below(999999)} kB\n"),
            input => ProcFile.Text(Read.Text(input).Split('\n'), "MemAvailable") ?? "none")
        {
            BytesPerByte = 128,
        },
        new Target<string>(
            "mount-info", random => Prng.Utf8($"23 28 0:{random.Below(99)} / / rw - ext4 x rw\n25 23 0:24 / /dev/shm rw,nosuid - tmpfs tmpfs rw\n"),
            input => ThisProcess.SharedMemoryDevice(Read.Text(input)) ?? "none")
        {
            BytesPerByte = 256,
        },
        new Target<string>(
            "nvidia-version", random => Prng.Utf8($"NVRM version: NVIDIA UNIX x86_64 Kernel Module  575.{random.Below(99)}.06  Mon\nGCC version: 12\n"),
            input => SystemFacts.ModuleVersion(Read.Text(input)))
        {
            BytesPerByte = 256,
        },
        new Target<string>(
            "network-flags", random => Prng.Utf8($"0x{random.Below(65536):x}"), input => NetworkPort.IsSwitchedOn(Read.Text(input)) ? "up" : "down"),
        new Target<string>(
            "infiniband-rate", random => Prng.Utf8($"{random.Below(800)} Gb/sec (4X NDR)"),
            input => NetworkAdapters.FirstNumber(Read.Text(input))?.ToString(CultureInfo.InvariantCulture))
        {
            BytesPerByte = 128,
            Holds = (rate, _) => double.IsFinite(double.Parse(rate, CultureInfo.InvariantCulture)),
        },
    ];
}
