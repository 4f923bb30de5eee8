using Nperf.Core.Machine;
using Nperf.Core.Results;
using Nperf.Native;

namespace Nperf.Core.Topology;

/// <summary>Puts together what CUDA, NVML and the kernel tell of this host.</summary>
internal static class HostTopologyReader
{
    private const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    /// <summary>This host's, called <paramref name="host"/>.</summary>
    public static HostTopology Read(string host) => Read(host, Cuda.DefaultLibrary, Nvml.DefaultLibrary, "/sys");

    /// <summary>The same, by other libraries of the CUDA driver and NVML and another place than /sys.</summary>
    public static HostTopology Read(string host, string cudaLibrary, string nvmlLibrary, string sysfs)
    {
        var pci = new PciDevices(sysfs);
        CudaDriver driver = CudaDriver.Look(cudaLibrary);
        GpuFabric fabric = GpuFabric.Read(nvmlLibrary, driver.Gpus, pci);
        IReadOnlyList<GpuSection> gpus =
            [.. driver.Gpus.Select((gpu, index) => Section(host, gpu, fabric.Links(index)?.Count, pci))];
        IReadOnlyList<NicSection> nics = NetworkAdapters.Read(sysfs, pci);
        IReadOnlyList<NumaNodeSection> nodes = NumaNodes.Read(sysfs);
        return new HostTopology
        {
            Host = host,
            Cpus = TextFile.ReadOrNull($"{sysfs}/devices/system/cpu/online"),
            NumaNodes = nodes,
            Gpus = gpus,
            Nics = nics,
            Links = Links(host, gpus, fabric),
            NvSwitches = fabric.Switches,
            Devices = [.. gpus.Select(gpu => $"GPU{gpu.Id}"), .. nics.Select((_, index) => $"NIC{index}")],
            Matrix = Matrix(gpus, nics, fabric, nodes.Count),
            Notes = [.. GpuNotes(driver, cudaLibrary), .. fabric.Notes],
        };
    }

    private static GpuSection Section(string host, Gpu gpu, int? nvLinks, PciDevices pci) => new()
    {
        Host = host,
        Id = gpu.Index,
        Name = gpu.Name,
        Uuid = gpu.Uuid,
        PciBusId = PciAddress.Normalize(gpu.PciBusId) ?? gpu.PciBusId,
        PciPath = pci.PathOf(gpu.PciBusId),
        NumaNode = pci.NumaNodeOf(gpu.PciBusId),
        CpuAffinity = pci.ProcessorListNear(gpu.PciBusId),
        NvLinks = nvLinks,
    };

    private static List<LinkSection> Links(string host, IReadOnlyList<GpuSection> gpus, GpuFabric fabric)
    {
        var links = new List<LinkSection>();
        for (int one = 0; one < gpus.Count; one++)
        {
            for (int other = one + 1; other < gpus.Count; other++)
            {
                (int count, bool viaSwitch) = fabric.LinksBetween(one, other);
                if (count == 0) continue;
                double? rate = fabric.Links(one)!.Rate is { } here && fabric.Links(other)!.Rate is { } there
                    ? Math.Min(here, there)
                    : null;
                links.Add(new LinkSection
                {
                    Host = host,
                    From = gpus[one].Id,
                    To = gpus[other].Id,
                    Type = "NVLink",
                    Count = count,
                    Bandwidth = rate is { } each ? Math.Round(count * each, 3) : null,
                    ViaSwitch = viaSwitch,
                });
            }
        }

        return links;
    }

    private static string[][] Matrix(
        IReadOnlyList<GpuSection> gpus, IReadOnlyList<NicSection> nics, GpuFabric fabric, int numaNodes)
    {
        PciPlace[] places =
        [
            .. gpus.Select(gpu => new PciPlace(gpu.PciPath, gpu.NumaNode)),
            .. nics.Select(nic => new PciPlace(nic.PciPath, nic.NumaNode)),
        ];
        return [.. places.Select((_, row) => places.Select((_, column) => Cell(row, column)).ToArray())];

        string Cell(int row, int column)
        {
            if (row == column) return "X";
            PciRelation? told = null;
            if (row < gpus.Count && column < gpus.Count)
            {
                if (fabric.LinksBetween(row, column).Count is > 0 and var count) return $"NV{count}";
                told = fabric.Between(row, column);
            }

            return (told ?? places[row].To(places[column], numaNodes)).Letters();
        }
    }

    private static IEnumerable<string> GpuNotes(CudaDriver driver, string library)
    {
        string? visible = Environment.GetEnvironmentVariable(VisibleDevices);
        string hidden = visible is null ? "" : $" ({VisibleDevices} is '{visible}')";
        if (driver.Problem is { } problem)
        {
            string what = driver.Gpus.Count == 0 ? "no GPU" : $"no GPU after GPU{driver.Gpus[^1].Index}";
            yield return $"{what}: {library}: {problem}{hidden}";
        }
        else if (driver.Gpus.Count == 0)
        {
            yield return $"no GPU: the CUDA driver gives this process none{hidden}";
        }
    }
}
