using Nperf.Core.Machine;
using Nperf.Native;

namespace Nperf.Core.Topology;

/// <summary>What NVML tells of the GPUs that CUDA gives this process: NVLinks, and what lies between.</summary>
internal sealed class GpuFabric
{
    private readonly IReadOnlyList<Gpu> _gpus;
    private readonly string?[] _addresses;
    private readonly nint[] _devices;
    private readonly GpuNvLinks?[] _links;
    private readonly Dictionary<(int, int), PciRelation> _relations = [];
    private readonly List<string> _notes = [];

    private GpuFabric(IReadOnlyList<Gpu> gpus)
    {
        _gpus = gpus;
        _addresses = [.. gpus.Select(gpu => PciAddress.Normalize(gpu.PciBusId))];
        _devices = new nint[gpus.Count];
        _links = new GpuNvLinks?[gpus.Count];
    }

    /// <summary>What could not be found out and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>How many NVSwitches the driver tells apart.</summary>
    public int Switches => _links.SelectMany(links => links?.Switches ?? new HashSet<string>()).Distinct().Count();

    /// <summary>Asks the NVML at <paramref name="library"/> about <paramref name="gpus"/>.</summary>
    public static GpuFabric Read(string library, IReadOnlyList<Gpu> gpus, PciDevices pci)
    {
        var fabric = new GpuFabric(gpus);
        if (gpus.Count == 0) return fabric;
        try
        {
            var nvml = new Nvml(DynamicLibrary.Open(library));
            nvml.Init();
            try
            {
                HashSet<string> all = fabric.FindDevices(nvml);
                fabric.ReadLinks(nvml, all, pci);
                fabric.ReadRelations(nvml);
            }
            finally
            {
                nvml.Shutdown();
            }
        }
        catch (LibraryException cause)
        {
            fabric._notes.Add($"NVLinks are not known: {library}: {cause.Message}");
        }

        return fabric;
    }

    /// <summary>The NVLinks of the GPU at <paramref name="index"/> of the list that was asked about, or null.</summary>
    public GpuNvLinks? Links(int index) => _links[index];

    /// <summary>
    /// How many NVLinks are between two GPUs, and whether switches are: there each link of one reaches every link of
    /// the other, and the GPU with fewer decides.
    /// </summary>
    public (int Count, bool ViaSwitch) LinksBetween(int one, int other)
    {
        if (_links[one] is not { } here || _links[other] is not { } there) return (0, false);
        int direct = Math.Max(here.To(_addresses[other]), there.To(_addresses[one]));
        return direct > 0 ? (direct, false) : (Math.Min(here.ToSwitches, there.ToSwitches), true);
    }

    /// <summary>What lies between two GPUs on PCIe, or null where NVML does not tell.</summary>
    public PciRelation? Between(int one, int other) =>
        _relations.TryGetValue((Math.Min(one, other), Math.Max(one, other)), out PciRelation relation)
            ? relation
            : null;

    // NVML numbers all GPUs of the machine, CUDA those that the process may use. Returns the addresses of all.
    private HashSet<string> FindDevices(Nvml nvml)
    {
        var all = new HashSet<string>();
        int count = nvml.DeviceCount();
        for (int index = 0; index < count; index++)
        {
            if (Describe(nvml, index) is not var (device, uuid, address)) continue;
            if (address is not null) all.Add(address);
            int place = Array.FindIndex([.. _gpus], gpu => gpu.Uuid.Equals(uuid, StringComparison.OrdinalIgnoreCase));
            if (place < 0 && address is not null) place = Array.IndexOf(_addresses, address);
            if (place >= 0) _devices[place] = device;
        }

        for (int place = 0; place < _gpus.Count; place++)
            if (_devices[place] == 0) Note(place, "NVLinks are not known: NVML does not show it");
        return all;
    }

    // Null for one that this process may not open: a container's neighbour.
    private static (nint Device, string Uuid, string? Address)? Describe(Nvml nvml, int index)
    {
        nint device;
        try
        {
            device = nvml.Device(index);
        }
        catch (LibraryException)
        {
            return null;
        }

        return (device, nvml.DeviceUuid(device), PciAddress.Normalize(nvml.DevicePciBusId(device)));
    }

    private void ReadLinks(Nvml nvml, HashSet<string> all, PciDevices pci)
    {
        for (int place = 0; place < _gpus.Count; place++)
        {
            if (_devices[place] == 0) continue;
            try
            {
                _links[place] = GpuNvLinks.Read(nvml, _devices[place], all.Contains, pci);
            }
            catch (LibraryException cause)
            {
                Note(place, $"NVLinks are not known: {cause.Message}");
            }

            if (_links[place] is { Count: > 0, Rate: null })
                Note(place, "the bandwidth of NVLinks is not known: NVML does not tell it");
        }
    }

    private void ReadRelations(Nvml nvml)
    {
        for (int one = 0; one < _gpus.Count; one++)
        {
            for (int other = one + 1; other < _gpus.Count; other++)
            {
                if (_devices[one] == 0 || _devices[other] == 0) continue;
                try
                {
                    int level = nvml.CommonAncestor(_devices[one], _devices[other]);
                    _relations[(one, other)] = PciRelations.OfNvmlLevel(level);
                }
                catch (LibraryException)
                {
                    // The kernel's own view, which serves the other devices, is as good.
                    return;
                }
            }
        }
    }

    private void Note(int place, string what) => _notes.Add($"GPU{_gpus[place].Index}: {what}");
}
