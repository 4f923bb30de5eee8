using Nperf.Native;

namespace Nperf.Core.Topology;

/// <summary>The NVLinks of a GPU that are up, by where they end.</summary>
internal sealed class GpuNvLinks
{
    private readonly Dictionary<string, int> _toGpus = [];
    private readonly HashSet<string> _switches = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them end in an NVSwitch.</summary>
    public int ToSwitches { get; private set; }

    /// <summary>The PCI addresses of those switches, as far as the driver tells them.</summary>
    public IReadOnlySet<string> Switches => _switches;

    /// <summary>GB/s of data that the slowest of them carries a direction, or null.</summary>
    public double? Rate { get; private set; }

    /// <summary>How many of them end in the GPU at <paramref name="pciBusId"/>.</summary>
    public int To(string? pciBusId) => pciBusId is null ? 0 : _toGpus.GetValueOrDefault(pciBusId);

    /// <summary>Asks NVML for those of <paramref name="device"/>.</summary>
    /// <param name="nvml">NVML, initialised.</param>
    /// <param name="device">The GPU's handle.</param>
    /// <param name="isGpu">Whether a GPU is at a PCI address.</param>
    /// <param name="pci">What the kernel knows of the rest.</param>
    /// <exception cref="LibraryException">NVML does not tell.</exception>
    public static GpuNvLinks Read(Nvml nvml, nint device, Func<string, bool> isGpu, PciDevices pci)
    {
        var links = new GpuNvLinks();
        for (int link = 0; link < Nvml.MostNvLinks; link++)
            if (nvml.NvLinkIsUp(device, link)) links.Add(nvml, device, link, isGpu, pci);
        return links;
    }

    private void Add(Nvml nvml, nint device, int link, Func<string, bool> isGpu, PciDevices pci)
    {
        Count++;
        if (NvLinkRate.Of(nvml.NvLinkVersion(device, link), nvml.NvLinkSpeed(device, link)) is { } rate)
            Rate = Math.Min(Rate ?? rate, rate);
        // What is not of this machine, such as a switch that a virtual machine does not see, has all ones or nothing.
        string? peer = PciAddress.Normalize(nvml.NvLinkPeerPciBusId(device, link));
        switch (nvml.NvLinkPeerKind(device, link))
        {
            case NvLinkPeer.Gpu:
            case NvLinkPeer.Unknown when peer is not null && isGpu(peer):
                if (peer is not null) _toGpus[peer] = To(peer) + 1;
                break;
            case NvLinkPeer.Switch:
            // A driver before it could tell: a switch, unless the kernel shows another device there.
            case NvLinkPeer.Unknown when peer is null || pci.IsSwitch(peer) != false:
                ToSwitches++;
                _switches.Add(peer ?? "");
                break;
        }
    }
}
