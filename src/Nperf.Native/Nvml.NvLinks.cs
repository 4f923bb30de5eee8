using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>What is at the other end of an NVLink (nvmlIntNvLinkDeviceType_t).</summary>
internal enum NvLinkPeer
{
    Gpu = 0,
    Processor = 1,
    Switch = 2,
    Unknown = 255,
}

/// <summary>The NVLinks of a GPU, each with a number from 0 on.</summary>
internal sealed unsafe partial class Nvml
{
    /// <summary>NVML_NVLINK_MAX_LINKS.</summary>
    public const int MostNvLinks = 36;

    private const int InvalidArgument = 2;
    private const int NotSupported = 3;

    private const uint FieldSpeedOfAll = 90;
    private const uint FieldSpeed = 164;
    private const uint FieldState = 165;

    /// <summary>True where the link is there and up.</summary>
    public bool NvLinkIsUp(nint device, int link)
    {
        const string Call = "nvmlDeviceGetNvLinkState";
        int enabled;
        int status = ((delegate* unmanaged<nint, uint, int*, int>)Further(Call))(device, (uint)link, &enabled);
        // A GPU without such a link says that it does not support the question or does not know the number.
        if (status is not (InvalidArgument or NotSupported)) Check(status, Call);
        // NCCL trusts the field rather than the call from Hopper on; older GPUs do not have it.
        return status == 0 && enabled == 1 || Field(device, FieldState, link) == 1;
    }

    /// <summary>What is at the other end; unknown where the driver cannot tell.</summary>
    public NvLinkPeer NvLinkPeerKind(nint device, int link)
    {
        if (!TryFurther("nvmlDeviceGetNvLinkRemoteDeviceType", out nint call)) return NvLinkPeer.Unknown;
        int kind;
        int status = ((delegate* unmanaged<nint, uint, int*, int>)call)(device, (uint)link, &kind);
        return status == 0 && Enum.IsDefined((NvLinkPeer)kind) ? (NvLinkPeer)kind : NvLinkPeer.Unknown;
    }

    /// <summary>The PCI bus id of the other end; empty or all ones where that is not of this machine.</summary>
    public string NvLinkPeerPciBusId(nint device, int link)
    {
        const string Call = "nvmlDeviceGetNvLinkRemotePciInfo_v2";
        PciInfo info;
        Check(((delegate* unmanaged<nint, uint, PciInfo*, int>)Further(Call))(device, (uint)link, &info), Call);
        return info.BusIdText();
    }

    /// <summary>NVML's number of the link's version (nvmlNvlinkVersion_t: 6 is NVLink 4), or null.</summary>
    public int? NvLinkVersion(nint device, int link)
    {
        if (!TryFurther("nvmlDeviceGetNvLinkVersion", out nint call)) return null;
        uint version;
        int status = ((delegate* unmanaged<nint, uint, uint*, int>)call)(device, (uint)link, &version);
        return status == 0 ? (int)version : null;
    }

    /// <summary>The link's rate a direction in MB/s (10^6 bytes), as signalled, or null.</summary>
    public double? NvLinkSpeed(nint device, int link) =>
        Field(device, FieldSpeed, link) is > 0 and var speed ? speed
        : Field(device, FieldSpeedOfAll, link) is > 0 and var common ? common
        : null;

    /// <summary>A whole number among the values that NVML names by number, or null.</summary>
    private ulong? Field(nint device, uint field, int link)
    {
        if (!TryFurther("nvmlDeviceGetFieldValues", out nint call)) return null;
        var value = new FieldValue { Field = field, Scope = (uint)link };
        int status = ((delegate* unmanaged<nint, int, FieldValue*, int>)call)(device, 1, &value);
        if (status != 0 || value.Status != 0) return null;
        return value.Type switch
        {
            1 => (uint)value.Value,
            2 or 3 => value.Value,
            _ => null,
        };
    }

    /// <summary><c>nvmlFieldValue_t</c>; the value is a union of eight bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FieldValue
    {
        public uint Field;
        public uint Scope;
        public long Timestamp;
        public long Latency;
        public int Type;
        public int Status;
        public ulong Value;
    }
}
