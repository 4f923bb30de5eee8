using System.Diagnostics.CodeAnalysis;

namespace Nperf.Native;

/// <summary>
/// Calls into the CUDA driver (cuda.h). Each throws <see cref="LibraryException"/> where its status is an error. What is
/// in this file needs no more than the constructor; the rest wants <see cref="RequireAll"/> first.
/// </summary>
internal sealed unsafe partial class Cuda
{
    /// <summary>CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT.</summary>
    public const int MultiprocessorCount = 16;

    /// <summary>CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR.</summary>
    public const int ComputeCapabilityMajor = 75;

    /// <summary>CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR.</summary>
    public const int ComputeCapabilityMinor = 76;

    /// <summary>CUDA_ERROR_NOT_READY: what was asked about still runs, which is no error.</summary>
    internal const int NotReady = 600;

    private const int NameBytes = 256;
    private const int BusIdBytes = 32;
    internal const int UuidBytes = 16;

    private readonly DynamicLibrary _library;
    private readonly delegate* unmanaged<uint, int> _init;
    private readonly delegate* unmanaged<int*, int> _driverGetVersion;
    private readonly delegate* unmanaged<int*, int> _deviceGetCount;
    private readonly delegate* unmanaged<int*, int, int> _deviceGet;
    private readonly delegate* unmanaged<byte*, int, int, int> _deviceGetName;
    private readonly delegate* unmanaged<nuint*, int, int> _deviceTotalMem;
    private readonly delegate* unmanaged<byte*, int, int, int> _deviceGetPciBusId;
    private readonly delegate* unmanaged<byte*, int, int> _deviceGetUuid;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorString;
    private delegate* unmanaged<int*, int, int, int> _deviceGetAttribute;

    /// <summary>Looks up what tells of devices in <paramref name="library"/>.</summary>
    /// <exception cref="LibraryException">A symbol is missing.</exception>
    public Cuda(DynamicLibrary library)
    {
        _library = library;
        _init = (delegate* unmanaged<uint, int>)library.Symbol("cuInit");
        _driverGetVersion = (delegate* unmanaged<int*, int>)library.Symbol("cuDriverGetVersion");
        _deviceGetCount = (delegate* unmanaged<int*, int>)library.Symbol("cuDeviceGetCount");
        _deviceGet = (delegate* unmanaged<int*, int, int>)library.Symbol("cuDeviceGet");
        _deviceGetName = (delegate* unmanaged<byte*, int, int, int>)library.Symbol("cuDeviceGetName");
        _deviceTotalMem = (delegate* unmanaged<nuint*, int, int>)library.Symbol("cuDeviceTotalMem_v2");
        _deviceGetPciBusId = (delegate* unmanaged<byte*, int, int, int>)library.Symbol("cuDeviceGetPCIBusId");
        _deviceGetUuid = (delegate* unmanaged<byte*, int, int>)library.Symbol("cuDeviceGetUuid");
        _getErrorName = (delegate* unmanaged<int, byte**, int>)library.Symbol("cuGetErrorName");
        _getErrorString = (delegate* unmanaged<int, byte**, int>)library.Symbol("cuGetErrorString");
    }

    /// <summary>The driver's library: the one that NPERF_CUDA_LIB names, else as the system's loader finds it.</summary>
    public static string DefaultLibrary => DynamicLibrary.NameFrom("NPERF_CUDA_LIB") ?? "libcuda.so.1";

    /// <summary>Looks up the symbols of everything that runs on a GPU; must come before such a call.</summary>
    /// <exception cref="LibraryException">One is missing.</exception>
    public void RequireAll()
    {
        _deviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)_library.Symbol("cuDeviceGetAttribute");
        RequireContexts();
        RequireMemory();
        RequireStreams();
        RequireGraphs();
        RequireModules();
    }

    /// <summary>Must come before the other calls.</summary>
    public void Init() => Check(_init(0), "cuInit");

    /// <summary>The newest CUDA that the driver serves: 1000 times major plus 10 times minor.</summary>
    public int DriverVersion()
    {
        int version;
        Check(_driverGetVersion(&version), "cuDriverGetVersion");
        return version;
    }

    /// <summary>How many GPUs this process may use.</summary>
    public int DeviceCount()
    {
        int count;
        Check(_deviceGetCount(&count), "cuDeviceGetCount");
        return count;
    }

    /// <summary>The handle of the GPU numbered <paramref name="index"/>, for the calls below.</summary>
    public int Device(int index)
    {
        int device;
        Check(_deviceGet(&device, index), "cuDeviceGet");
        return device;
    }

    /// <summary>What the GPU is sold as.</summary>
    public string DeviceName(int device)
    {
        byte* name = stackalloc byte[NameBytes];
        Check(_deviceGetName(name, NameBytes, device), "cuDeviceGetName");
        return DynamicLibrary.Text(new ReadOnlySpan<byte>(name, NameBytes));
    }

    /// <summary>Bytes of the GPU's memory, used or not.</summary>
    public long DeviceMemory(int device)
    {
        nuint bytes;
        Check(_deviceTotalMem(&bytes, device), "cuDeviceTotalMem_v2");
        return checked((long)bytes);
    }

    /// <summary>Domain, bus, device and function: <c>0000:1B:00.0</c>.</summary>
    public string DevicePciBusId(int device)
    {
        byte* id = stackalloc byte[BusIdBytes];
        Check(_deviceGetPciBusId(id, BusIdBytes, device), "cuDeviceGetPCIBusId");
        return DynamicLibrary.Text(new ReadOnlySpan<byte>(id, BusIdBytes));
    }

    /// <summary>What identifies the GPU everywhere: 16 bytes, the first written first.</summary>
    public Guid DeviceUuid(int device)
    {
        byte* uuid = stackalloc byte[UuidBytes];
        Check(_deviceGetUuid(uuid, device), "cuDeviceGetUuid");
        return new Guid(new ReadOnlySpan<byte>(uuid, UuidBytes), bigEndian: true);
    }

    /// <summary>The number that <paramref name="attribute"/>, a constant of this class, is on the GPU.</summary>
    public int Attribute(int device, int attribute)
    {
        int value;
        Check(_deviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute");
        return value;
    }

    /// <summary>What <paramref name="status"/> means, in the driver's words, with its name and number.</summary>
    public string ErrorText(int status)
    {
        byte* name = null, text = null;
        // Where a status is unknown to the driver it gives no text, and the number has to do.
        bool known = _getErrorString(status, &text) == 0 && _getErrorName(status, &name) == 0;
        return known ? $"{DynamicLibrary.Text(text)} ({DynamicLibrary.Text(name)}, {status})" : $"status {status}";
    }

    // Small, to be compiled into each call; what is rare stands apart.
    private void Check(int status, string call)
    {
        if (status != 0) Fail(status, call);
    }

    [DoesNotReturn]
    private void Fail(int status, string call) => throw new LibraryException($"{call} failed: {ErrorText(status)}");
}
