using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>What cuda.h says of the functions and numbers that <see cref="Cuda"/> uses.</summary>
internal static class CudaDeclarations
{
    public static readonly Declaration[] Functions =
    [
        new("_init", "CUresult cuInit(unsigned int)"),
        new("_driverGetVersion", "CUresult cuDriverGetVersion(int *)"),
        new("_deviceGetCount", "CUresult cuDeviceGetCount(int *)"),
        new("_deviceGet", "CUresult cuDeviceGet(CUdevice *, int)"),
        new("_deviceGetName", "CUresult cuDeviceGetName(char *, int, CUdevice)"),
        new("_deviceTotalMem", "CUresult cuDeviceTotalMem_v2(size_t *, CUdevice)"),
        new("_deviceGetPciBusId", "CUresult cuDeviceGetPCIBusId(char *, int, CUdevice)"),
        new("_deviceGetUuid", "CUresult cuDeviceGetUuid(CUuuid *, CUdevice)"),
        new("_getErrorName", "CUresult cuGetErrorName(CUresult, const char **)"),
        new("_getErrorString", "CUresult cuGetErrorString(CUresult, const char **)"),
        new("_deviceGetAttribute", "CUresult cuDeviceGetAttribute(int *, CUdevice_attribute, CUdevice)"),
        new("_primaryCtxRetain", "CUresult cuDevicePrimaryCtxRetain(CUcontext *, CUdevice)"),
        new("_primaryCtxRelease", "CUresult cuDevicePrimaryCtxRelease_v2(CUdevice)"),
        new("_ctxSetCurrent", "CUresult cuCtxSetCurrent(CUcontext)"),
        new("_memGetInfo", "CUresult cuMemGetInfo_v2(size_t *, size_t *)"),
        new("_memAlloc", "CUresult cuMemAlloc_v2(CUdeviceptr *, size_t)"),
        new("_memFree", "CUresult cuMemFree_v2(CUdeviceptr)"),
        new("_memsetD8Async", "CUresult cuMemsetD8Async(CUdeviceptr, unsigned char, size_t, CUstream)"),
        new("_memcpyHtoD", "CUresult cuMemcpyHtoD_v2(CUdeviceptr, const void *, size_t)"),
        new("_memcpyDtoH", "CUresult cuMemcpyDtoH_v2(void *, CUdeviceptr, size_t)"),
        new("_memcpyDtoDAsync", "CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr, CUdeviceptr, size_t, CUstream)"),
        new("_streamCreate", "CUresult cuStreamCreate(CUstream *, unsigned int)"),
        new("_streamDestroy", "CUresult cuStreamDestroy_v2(CUstream)"),
        new("_streamQuery", "CUresult cuStreamQuery(CUstream)"),
        new("_streamSynchronize", "CUresult cuStreamSynchronize(CUstream)"),
        new("_eventCreate", "CUresult cuEventCreate(CUevent *, unsigned int)"),
        new("_eventDestroy", "CUresult cuEventDestroy_v2(CUevent)"),
        new("_eventRecord", "CUresult cuEventRecord(CUevent, CUstream)"),
        new("_eventQuery", "CUresult cuEventQuery(CUevent)"),
        new("_eventElapsedTime", "CUresult cuEventElapsedTime(float *, CUevent, CUevent)"),
        new("_streamBeginCapture", "CUresult cuStreamBeginCapture_v2(CUstream, CUstreamCaptureMode)"),
        new("_streamEndCapture", "CUresult cuStreamEndCapture(CUstream, CUgraph *)"),
        new("_graphInstantiate", "CUresult cuGraphInstantiateWithFlags(CUgraphExec *, CUgraph, unsigned long long)"),
        new("_graphUpload", "CUresult cuGraphUpload(CUgraphExec, CUstream)"),
        new("_graphLaunch", "CUresult cuGraphLaunch(CUgraphExec, CUstream)"),
        new("_graphDestroy", "CUresult cuGraphDestroy(CUgraph)"),
        new("_graphExecDestroy", "CUresult cuGraphExecDestroy(CUgraphExec)"),
        new(
            "_moduleLoadDataEx",
            "CUresult cuModuleLoadDataEx(CUmodule *, const void *, unsigned int, CUjit_option *, void **)"),
        new("_moduleUnload", "CUresult cuModuleUnload(CUmodule)"),
        new("_moduleGetFunction", "CUresult cuModuleGetFunction(CUfunction *, CUmodule, const char *)"),
        new(
            "_launchKernel",
            "CUresult cuLaunchKernel(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, "
                + "unsigned int, unsigned int, CUstream, void **, void **)"),
    ];

    public static readonly (string Name, long Value)[] Numbers =
    [
        ("CUDA_SUCCESS", 0),
        ("CUDA_ERROR_NOT_READY", Cuda.NotReady),
        ("CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT", Cuda.MultiprocessorCount),
        ("CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR", Cuda.ComputeCapabilityMajor),
        ("CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR", Cuda.ComputeCapabilityMinor),
        ("CU_STREAM_NON_BLOCKING", Cuda.NonBlocking),
        ("CU_EVENT_DEFAULT", Cuda.EventDefault),
        ("CU_STREAM_CAPTURE_MODE_THREAD_LOCAL", Cuda.CaptureThreadLocal),
        ("CU_JIT_ERROR_LOG_BUFFER", Cuda.JitErrorLogBuffer),
        ("CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES", Cuda.JitErrorLogBufferSizeBytes),
        ("sizeof(CUjit_option)", sizeof(int)),
        ("sizeof(CUuuid)", Cuda.UuidBytes),
    ];
}
