using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>The GPUs of the machine, whatever CUDA_VISIBLE_DEVICES says.</summary>
internal sealed unsafe partial class Nvml
{
    /// <summary>NVML_DEVICE_UUID_V2_BUFFER_SIZE.</summary>
    private const int UuidBytes = 96;

    /// <summary>How many GPUs there are.</summary>
    public int DeviceCount()
    {
        const string Call = "nvmlDeviceGetCount_v2";
        uint count;
        Check(((delegate* unmanaged<uint*, int>)Further(Call))(&count), Call);
        return checked((int)count);
    }

    /// <summary>The handle of the GPU numbered <paramref name="index"/>, in the order of the PCI bus.</summary>
    public nint Device(int index)
    {
        const string Call = "nvmlDeviceGetHandleByIndex_v2";
        nint device;
        Check(((delegate* unmanaged<uint, nint*, int>)Further(Call))((uint)index, &device), Call);
        return device;
    }

    /// <summary>What identifies the GPU everywhere: <c>GPU-</c> and 32 digits with dashes.</summary>
    public string DeviceUuid(nint device)
    {
        const string Call = "nvmlDeviceGetUUID";
        byte* uuid = stackalloc byte[UuidBytes];
        Check(((delegate* unmanaged<nint, byte*, uint, int>)Further(Call))(device, uuid, UuidBytes), Call);
        return DynamicLibrary.Text(new ReadOnlySpan<byte>(uuid, UuidBytes));
    }

    /// <summary>Domain, bus and device, with a domain of eight digits: <c>00000000:1B:00.0</c>.</summary>
    public string DevicePciBusId(nint device)
    {
        const string Call = "nvmlDeviceGetPciInfo_v3";
        PciInfo info;
        Check(((delegate* unmanaged<nint, PciInfo*, int>)Further(Call))(device, &info), Call);
        return info.BusIdText();
    }

    /// <summary>
    /// Where the ways of two GPUs to the processor meet (nvmlGpuTopologyLevel_t): 0 on the board, 10 in one PCIe
    /// switch, 20 in several, 30 in the host bridge, 40 in the NUMA node, 50 in the machine.
    /// </summary>
    public int CommonAncestor(nint one, nint other)
    {
        const string Call = "nvmlDeviceGetTopologyCommonAncestor";
        int level;
        Check(((delegate* unmanaged<nint, nint, int*, int>)Further(Call))(one, other, &level), Call);
        return level;
    }

    /// <summary><c>nvmlPciInfo_t</c> as version 3 of its calls fills it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PciInfo
    {
        public fixed byte BusIdLegacy[16];
        public uint Domain;
        public uint Bus;
        public uint Device;
        public uint DeviceId;
        public uint SubsystemId;
        public fixed byte BusId[32];

        public readonly string BusIdText()
        {
            fixed (byte* text = BusId) return DynamicLibrary.Text(new ReadOnlySpan<byte>(text, 32));
        }
    }
}
