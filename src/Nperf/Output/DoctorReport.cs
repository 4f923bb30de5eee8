using System.Globalization;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Machine;

namespace Nperf.Output;

/// <summary>The text of <c>nperf doctor</c>.</summary>
internal static class DoctorReport
{
    private const string NotTold = "the system does not tell";

    /// <summary>Looks at everything and says it; ends with a line feed.</summary>
    public static string Build(DoctorOptions options)
    {
        var sections = new Sections();
        SystemFacts system = SystemFacts.Read();
        CudaDriver driver = CudaDriver.Look();
        NcclLibrary nccl = NcclLibrary.Look(options.NcclLibrary);
        AddMachine(sections, system, Limits.OfThisProcess());
        AddNetwork(sections);
        AddDriver(sections, driver, system.NvidiaModule, NvmlLibrary.Look());
        AddNccl(sections, nccl);
        AddMpi(sections, MpiLibrary.LookForAll());
        AddVerdict(sections, driver, nccl);
        return sections.ToString();
    }

    private static void AddMachine(Sections sections, SystemFacts system, Limits limits)
    {
        sections.Begin("Machine");
        sections.Add("nperf", CommandLine.ProgramVersion);
        sections.Add("processor", system.Processor ?? NotTold);
        sections.Add("allowed processors", system.AllowedProcessors.Count == 0
            ? NotTold
            : $"{system.AllowedProcessors.Count} of {system.Processors}: {Ranges(system.AllowedProcessors)}");
        sections.Add("memory", FreeOf(system.FreeMemory, system.TotalMemory));
        sections.Add("/dev/shm", system.FreeSharedMemory is { } free
            ? FreeOf(free, system.TotalSharedMemory)
            : "not there: ranks of different processes talk by TCP");
        sections.Add("locked memory", $"{Limit(limits.LockedMemory, NumberFormat.Memory)} (ulimit -l)");
        sections.Add("open files", $"{Limit(limits.OpenFiles, NumberFormat.Whole)} (ulimit -n)");
        sections.Add("TCP congestion", system.CongestionControl ?? NotTold);
    }

    private static void AddNetwork(Sections sections)
    {
        sections.Begin("Network interfaces");
        IReadOnlyList<NetworkPort> ports;
        try
        {
            ports = NetworkPort.All();
        }
        catch (RunException cause)
        {
            sections.Add("interfaces", cause.Message);
            return;
        }

        foreach (NetworkPort port in ports)
        {
            string speed = port.SpeedMegabits is { } megabits ? Speed(megabits) : "no speed told";
            string packet = port.MtuBytes is { } bytes ? $"MTU {NumberFormat.Whole(bytes)}" : "no MTU told";
            string addresses = port.Addresses.Count == 0 ? "no address" : string.Join(' ', port.Addresses);
            sections.Add(port.Name, $"{port.State}, {speed}, {packet}, {addresses}");
        }

        if (ports.Count == 0) sections.Add("interfaces", "none");
    }

    private static void AddDriver(Sections sections, CudaDriver driver, string? module, NvmlLibrary nvml)
    {
        sections.Begin("NVIDIA driver");
        sections.Add("kernel module", module ?? "not found: there is no /proc/driver/nvidia/version");
        sections.Add("libcuda.so.1", Library(driver.LibraryPath, driver.Problem));
        if (driver.CudaVersion is { } cuda) sections.Add("CUDA", $"up to {cuda}");
        foreach (Gpu gpu in driver.Gpus)
        {
            sections.Add($"GPU {gpu.Index}",
                $"{gpu.Name}, {NumberFormat.Memory(gpu.MemoryBytes)}, {gpu.PciBusId}, {gpu.Uuid}");
        }

        if (driver.Gpus.Count == 0) sections.Add("GPUs", "none");
        sections.Add("libnvidia-ml.so.1", Library(nvml.LibraryPath, nvml.Problem));
        if (nvml.DriverVersion is { } version) sections.Add("driver by NVML", version);
    }

    private static void AddNccl(Sections sections, NcclLibrary nccl)
    {
        sections.Begin("NCCL");
        sections.Add("libnccl.so.2", nccl.LibraryPath ?? "not found");
        if (nccl.Version is { } version) sections.Add("version", version.ToString());
        for (int i = 0; i < nccl.LookedIn.Count; i++)
        {
            PlaceLookedIn looked = nccl.LookedIn[i];
            string place = looked.Place.Contains('/') ? looked.Place : "the system's loader, with LD_LIBRARY_PATH";
            sections.Add(i == 0 ? "looked in" : "", $"{place}: {looked.Outcome}");
        }
    }

    private static void AddMpi(Sections sections, IReadOnlyList<MpiLibrary> libraries)
    {
        sections.Begin("MPI");
        foreach (MpiLibrary library in libraries)
        {
            sections.Add(library.Name, library.LibraryPath is null
                ? $"not found: {library.Problem}"
                : $"{library.LibraryPath}: {library.Version}");
        }

        sections.Add("--mpi", libraries.FirstOrDefault(library => library.LibraryPath is not null) is { } first
            ? $"takes {first.Version} where no launcher wants another"
            : "no library to take");
    }

    private static void AddVerdict(Sections sections, CudaDriver driver, NcclLibrary nccl)
    {
        IReadOnlyList<string> missing = NcclReadiness.Missing(driver, nccl);
        sections.Begin("What can run");
        sections.Add("host backend", "yes, as on every Linux: CPU memory, between processes and machines");
        sections.Add("NCCL", missing.Count == 0
            ? $"yes: NCCL {nccl.Version} on {driver.Gpus.Count} {(driver.Gpus.Count == 1 ? "GPU" : "GPUs")}"
            : $"no: missing {string.Join(" and ", missing)}");
        sections.Add("by itself", missing.Count == 0
            ? "a run takes NCCL where every process has it, else the host backend; --backend names one"
            : "a run takes the host backend");
    }

    private static string Library(string? path, string? problem) =>
        path is null ? $"not found: {problem}" : problem is null ? path : $"{path}: {problem}";

    private static string FreeOf(long free, long? total) =>
        $"{NumberFormat.Memory(free)} free" + (total is { } all ? $" of {NumberFormat.Memory(all)}" : "");

    private static string Limit(long? limit, Func<long, string> text) =>
        limit is not { } value ? NotTold : value == Limits.Unlimited ? "unlimited" : text(value);

    private static string Speed(long megabits) => megabits >= 1000
        ? (megabits / 1000.0).ToString("0.###", CultureInfo.InvariantCulture) + " Gbit/s"
        : $"{NumberFormat.Whole(megabits)} Mbit/s";

    // 0-3,8: ascending numbers, neighbours joined.
    private static string Ranges(IReadOnlyList<int> numbers)
    {
        var ranges = new List<string>();
        for (int first = 0, i = 0; i < numbers.Count; i++)
        {
            if (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1) continue;
            ranges.Add(first == i ? $"{numbers[i]}" : $"{numbers[first]}-{numbers[i]}");
            first = i + 1;
        }

        return string.Join(',', ranges);
    }
}
