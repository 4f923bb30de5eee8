// Written by a test, AbiTests, from the bindings in src/Nperf.Native: do not edit. Where they agree with the
// headers of NCCL, the CUDA driver and NVML, it compiles; -DWITHOUT_NCCL and the like leave one out:
//     gcc -fsyntax-only -w -I /usr/local/cuda/include tests/native-abi/abi.c
#include <limits.h>
#include <stddef.h>

#ifndef WITHOUT_NCCL
// Newer headers ask for it.
#define NCCL_OS_LINUX
#include <nccl.h>
_Static_assert(ncclSuccess == 0, "ncclSuccess");
_Static_assert(ncclUnhandledCudaError == 1, "ncclUnhandledCudaError");
_Static_assert(ncclSystemError == 2, "ncclSystemError");
_Static_assert(ncclInternalError == 3, "ncclInternalError");
_Static_assert(ncclInvalidArgument == 4, "ncclInvalidArgument");
_Static_assert(ncclInvalidUsage == 5, "ncclInvalidUsage");
#if NCCL_VERSION_CODE >= 21300
_Static_assert(ncclRemoteError == 6, "ncclRemoteError");
#endif
#if NCCL_VERSION_CODE >= 21400
_Static_assert(ncclInProgress == 7, "ncclInProgress");
#endif
#if NCCL_VERSION_CODE >= 23000
_Static_assert(ncclTimeout == 8, "ncclTimeout");
#endif
_Static_assert(ncclInt8 == 0, "ncclInt8");
_Static_assert(ncclUint8 == 1, "ncclUint8");
_Static_assert(ncclInt32 == 2, "ncclInt32");
_Static_assert(ncclUint32 == 3, "ncclUint32");
_Static_assert(ncclInt64 == 4, "ncclInt64");
_Static_assert(ncclUint64 == 5, "ncclUint64");
_Static_assert(ncclFloat16 == 6, "ncclFloat16");
_Static_assert(ncclFloat32 == 7, "ncclFloat32");
_Static_assert(ncclFloat64 == 8, "ncclFloat64");
#if NCCL_VERSION_CODE >= 22400
_Static_assert(ncclBfloat16 == 9, "ncclBfloat16");
#endif
#if NCCL_VERSION_CODE >= 22400
_Static_assert(ncclFloat8e4m3 == 10, "ncclFloat8e4m3");
#endif
#if NCCL_VERSION_CODE >= 22400
_Static_assert(ncclFloat8e5m2 == 11, "ncclFloat8e5m2");
#endif
_Static_assert(ncclSum == 0, "ncclSum");
_Static_assert(ncclProd == 1, "ncclProd");
_Static_assert(ncclMax == 2, "ncclMax");
_Static_assert(ncclMin == 3, "ncclMin");
_Static_assert(ncclAvg == 4, "ncclAvg");
_Static_assert(sizeof(ncclUniqueId) == 128, "sizeof(ncclUniqueId)");
#if NCCL_VERSION_CODE >= 21700
_Static_assert(NCCL_CONFIG_UNDEF_INT == INT_MIN, "NCCL_CONFIG_UNDEF_INT");
#endif
#if NCCL_VERSION_CODE >= 22900
_Static_assert(NCCL_API_MAGIC == 3405692655, "NCCL_API_MAGIC");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(NCCL_WIN_COLL_SYMMETRIC == 1, "NCCL_WIN_COLL_SYMMETRIC");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(NCCL_CTA_POLICY_DEFAULT == 0, "NCCL_CTA_POLICY_DEFAULT");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(NCCL_CTA_POLICY_EFFICIENCY == 1, "NCCL_CTA_POLICY_EFFICIENCY");
#endif
#if NCCL_VERSION_CODE >= 22800
_Static_assert(NCCL_CTA_POLICY_ZERO == 2, "NCCL_CTA_POLICY_ZERO");
#endif
#if NCCL_VERSION_CODE >= 21400
_Static_assert(offsetof(ncclConfig_t, size) == 0, "offsetof(ncclConfig_t, size)");
#endif
#if NCCL_VERSION_CODE >= 21400
_Static_assert(offsetof(ncclConfig_t, magic) == 8, "offsetof(ncclConfig_t, magic)");
#endif
#if NCCL_VERSION_CODE >= 21400
_Static_assert(offsetof(ncclConfig_t, version) == 12, "offsetof(ncclConfig_t, version)");
#endif
#if NCCL_VERSION_CODE >= 21400
_Static_assert(offsetof(ncclConfig_t, blocking) == 16, "offsetof(ncclConfig_t, blocking)");
#endif
#if NCCL_VERSION_CODE >= 21700
_Static_assert(offsetof(ncclConfig_t, cgaClusterSize) == 20, "offsetof(ncclConfig_t, cgaClusterSize)");
#endif
#if NCCL_VERSION_CODE >= 21700
_Static_assert(offsetof(ncclConfig_t, minCTAs) == 24, "offsetof(ncclConfig_t, minCTAs)");
#endif
#if NCCL_VERSION_CODE >= 21700
_Static_assert(offsetof(ncclConfig_t, maxCTAs) == 28, "offsetof(ncclConfig_t, maxCTAs)");
#endif
#if NCCL_VERSION_CODE >= 21700
_Static_assert(offsetof(ncclConfig_t, netName) == 32, "offsetof(ncclConfig_t, netName)");
#endif
#if NCCL_VERSION_CODE >= 21800
_Static_assert(offsetof(ncclConfig_t, splitShare) == 40, "offsetof(ncclConfig_t, splitShare)");
#endif
#if NCCL_VERSION_CODE >= 22600
_Static_assert(offsetof(ncclConfig_t, trafficClass) == 44, "offsetof(ncclConfig_t, trafficClass)");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(offsetof(ncclConfig_t, commName) == 48, "offsetof(ncclConfig_t, commName)");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(offsetof(ncclConfig_t, collnetEnable) == 56, "offsetof(ncclConfig_t, collnetEnable)");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(offsetof(ncclConfig_t, CTAPolicy) == 60, "offsetof(ncclConfig_t, CTAPolicy)");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(offsetof(ncclConfig_t, shrinkShare) == 64, "offsetof(ncclConfig_t, shrinkShare)");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(offsetof(ncclConfig_t, nvlsCTAs) == 68, "offsetof(ncclConfig_t, nvlsCTAs)");
#endif
#if NCCL_VERSION_CODE >= 22800
_Static_assert(offsetof(ncclConfig_t, nChannelsPerNetPeer) == 72, "offsetof(ncclConfig_t, nChannelsPerNetPeer)");
#endif
#if NCCL_VERSION_CODE >= 22800
_Static_assert(offsetof(ncclConfig_t, nvlinkCentricSched) == 76, "offsetof(ncclConfig_t, nvlinkCentricSched)");
#endif
#if NCCL_VERSION_CODE >= 22900
_Static_assert(offsetof(ncclConfig_t, graphUsageMode) == 80, "offsetof(ncclConfig_t, graphUsageMode)");
#endif
#if NCCL_VERSION_CODE >= 22900
_Static_assert(offsetof(ncclConfig_t, numRmaCtx) == 84, "offsetof(ncclConfig_t, numRmaCtx)");
#endif
#if NCCL_VERSION_CODE >= 23000
_Static_assert(offsetof(ncclConfig_t, maxP2pPeers) == 88, "offsetof(ncclConfig_t, maxP2pPeers)");
#endif
#if NCCL_VERSION_CODE >= 23005
_Static_assert(offsetof(ncclConfig_t, graphStreamOrdering) == 92, "offsetof(ncclConfig_t, graphStreamOrdering)");
#endif
#if NCCL_VERSION_CODE >= 23000
_Static_assert(sizeof(ncclConfig_t) >= 96, "its size");
#endif
#if NCCL_VERSION_CODE >= 22900 && NCCL_VERSION_CODE < 23000
_Static_assert(sizeof(ncclConfig_t) == 88, "sizeof(ncclConfig_t)");
#endif
#if NCCL_VERSION_CODE >= 22800 && NCCL_VERSION_CODE < 22900
_Static_assert(sizeof(ncclConfig_t) == 80, "sizeof(ncclConfig_t)");
#endif
#if NCCL_VERSION_CODE >= 22700 && NCCL_VERSION_CODE < 22800
_Static_assert(sizeof(ncclConfig_t) == 72, "sizeof(ncclConfig_t)");
#endif
#if NCCL_VERSION_CODE >= 21800 && NCCL_VERSION_CODE < 22700
_Static_assert(sizeof(ncclConfig_t) == 48, "sizeof(ncclConfig_t)");
#endif
#if NCCL_VERSION_CODE >= 21700 && NCCL_VERSION_CODE < 21800
_Static_assert(sizeof(ncclConfig_t) == 40, "sizeof(ncclConfig_t)");
#endif
#if NCCL_VERSION_CODE >= 21400 && NCCL_VERSION_CODE < 21700
_Static_assert(sizeof(ncclConfig_t) == 24, "sizeof(ncclConfig_t)");
#endif
_Static_assert(_Generic(&ncclGetVersion, ncclResult_t (*)(int *): 1, default: 0), "ncclGetVersion");
_Static_assert(sizeof(int *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclGetVersion");
_Static_assert(_Generic(&ncclGetErrorString, const char * (*)(ncclResult_t): 1, default: 0), "ncclGetErrorString");
_Static_assert(sizeof(ncclResult_t) == 4 && sizeof(const char *) == 8, "sizes of ncclGetErrorString");
#if NCCL_VERSION_CODE >= 21300
_Static_assert(_Generic(&ncclGetLastError, const char * (*)(ncclComm_t): 1, default: 0), "ncclGetLastError");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(const char *) == 8, "sizes of ncclGetLastError");
#endif
#if NCCL_VERSION_CODE >= 22400
_Static_assert(_Generic(&ncclResetDebugInit, void (*)(void): 1, default: 0), "ncclResetDebugInit");
#endif
_Static_assert(_Generic(&ncclGetUniqueId, ncclResult_t (*)(ncclUniqueId *): 1, default: 0), "ncclGetUniqueId");
_Static_assert(sizeof(ncclUniqueId *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclGetUniqueId");
_Static_assert(_Generic(&ncclCommInitRankConfig, ncclResult_t (*)(ncclComm_t *, int, ncclUniqueId, int, ncclConfig_t *): 1, default: 0), "ncclCommInitRankConfig");
_Static_assert(sizeof(ncclComm_t *) == 8 && sizeof(int) == 4 && sizeof(ncclUniqueId) == 128 && sizeof(ncclConfig_t *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommInitRankConfig");
_Static_assert(_Generic(&ncclCommFinalize, ncclResult_t (*)(ncclComm_t): 1, default: 0), "ncclCommFinalize");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommFinalize");
_Static_assert(_Generic(&ncclCommDestroy, ncclResult_t (*)(ncclComm_t): 1, default: 0), "ncclCommDestroy");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommDestroy");
_Static_assert(_Generic(&ncclCommAbort, ncclResult_t (*)(ncclComm_t): 1, default: 0), "ncclCommAbort");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommAbort");
_Static_assert(_Generic(&ncclCommGetAsyncError, ncclResult_t (*)(ncclComm_t, ncclResult_t *): 1, default: 0), "ncclCommGetAsyncError");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(ncclResult_t *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommGetAsyncError");
_Static_assert(_Generic(&ncclAllReduce, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, ncclRedOp_t, ncclComm_t, cudaStream_t): 1, default: 0), "ncclAllReduce");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(ncclRedOp_t) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclAllReduce");
_Static_assert(_Generic(&ncclAllGather, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, ncclComm_t, cudaStream_t): 1, default: 0), "ncclAllGather");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclAllGather");
_Static_assert(_Generic(&ncclBroadcast, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclBroadcast");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclBroadcast");
_Static_assert(_Generic(&ncclReduce, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, ncclRedOp_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclReduce");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(ncclRedOp_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclReduce");
_Static_assert(_Generic(&ncclReduceScatter, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, ncclRedOp_t, ncclComm_t, cudaStream_t): 1, default: 0), "ncclReduceScatter");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(ncclRedOp_t) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclReduceScatter");
_Static_assert(_Generic(&ncclSend, ncclResult_t (*)(const void *, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclSend");
_Static_assert(sizeof(const void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclSend");
_Static_assert(_Generic(&ncclRecv, ncclResult_t (*)(void *, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclRecv");
_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclRecv");
#if NCCL_VERSION_CODE >= 22800
_Static_assert(_Generic(&ncclAlltoAll, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, ncclComm_t, cudaStream_t): 1, default: 0), "ncclAlltoAll");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclAlltoAll");
#endif
#if NCCL_VERSION_CODE >= 22800
_Static_assert(_Generic(&ncclGather, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclGather");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclGather");
#endif
#if NCCL_VERSION_CODE >= 22800
_Static_assert(_Generic(&ncclScatter, ncclResult_t (*)(const void *, void *, size_t, ncclDataType_t, int, ncclComm_t, cudaStream_t): 1, default: 0), "ncclScatter");
_Static_assert(sizeof(const void *) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclDataType_t) == 4 && sizeof(int) == 4 && sizeof(ncclComm_t) == 8 && sizeof(cudaStream_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclScatter");
#endif
_Static_assert(_Generic(&ncclGroupStart, ncclResult_t (*)(void): 1, default: 0), "ncclGroupStart");
_Static_assert(sizeof(ncclResult_t) == 4, "sizes of ncclGroupStart");
_Static_assert(_Generic(&ncclGroupEnd, ncclResult_t (*)(void): 1, default: 0), "ncclGroupEnd");
_Static_assert(sizeof(ncclResult_t) == 4, "sizes of ncclGroupEnd");
#if NCCL_VERSION_CODE >= 21900
_Static_assert(_Generic(&ncclMemAlloc, ncclResult_t (*)(void **, size_t): 1, default: 0), "ncclMemAlloc");
_Static_assert(sizeof(void **) == 8 && sizeof(size_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclMemAlloc");
#endif
#if NCCL_VERSION_CODE >= 21900
_Static_assert(_Generic(&ncclMemFree, ncclResult_t (*)(void *): 1, default: 0), "ncclMemFree");
_Static_assert(sizeof(void *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclMemFree");
#endif
#if NCCL_VERSION_CODE >= 21900
_Static_assert(_Generic(&ncclCommRegister, ncclResult_t (*)(ncclComm_t, void *, size_t, void **): 1, default: 0), "ncclCommRegister");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(void **) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommRegister");
#endif
#if NCCL_VERSION_CODE >= 21900
_Static_assert(_Generic(&ncclCommDeregister, ncclResult_t (*)(ncclComm_t, void *): 1, default: 0), "ncclCommDeregister");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(void *) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommDeregister");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(_Generic(&ncclCommWindowRegister, ncclResult_t (*)(ncclComm_t, void *, size_t, ncclWindow_t *, int): 1, default: 0), "ncclCommWindowRegister");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(void *) == 8 && sizeof(size_t) == 8 && sizeof(ncclWindow_t *) == 8 && sizeof(int) == 4 && sizeof(ncclResult_t) == 4, "sizes of ncclCommWindowRegister");
#endif
#if NCCL_VERSION_CODE >= 22700
_Static_assert(_Generic(&ncclCommWindowDeregister, ncclResult_t (*)(ncclComm_t, ncclWindow_t): 1, default: 0), "ncclCommWindowDeregister");
_Static_assert(sizeof(ncclComm_t) == 8 && sizeof(ncclWindow_t) == 8 && sizeof(ncclResult_t) == 4, "sizes of ncclCommWindowDeregister");
#endif
#endif

#ifndef WITHOUT_CUDA
#include <cuda.h>
_Static_assert(CUDA_SUCCESS == 0, "CUDA_SUCCESS");
_Static_assert(CUDA_ERROR_NOT_READY == 600, "CUDA_ERROR_NOT_READY");
_Static_assert(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT == 16, "CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT");
_Static_assert(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR == 75, "CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR");
_Static_assert(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR == 76, "CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR");
_Static_assert(CU_STREAM_NON_BLOCKING == 1, "CU_STREAM_NON_BLOCKING");
_Static_assert(CU_EVENT_DEFAULT == 0, "CU_EVENT_DEFAULT");
_Static_assert(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL == 1, "CU_STREAM_CAPTURE_MODE_THREAD_LOCAL");
_Static_assert(CU_JIT_ERROR_LOG_BUFFER == 5, "CU_JIT_ERROR_LOG_BUFFER");
_Static_assert(CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES == 6, "CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES");
_Static_assert(sizeof(CUjit_option) == 4, "sizeof(CUjit_option)");
_Static_assert(sizeof(CUuuid) == 16, "sizeof(CUuuid)");
_Static_assert(_Generic(&cuInit, CUresult (*)(unsigned int): 1, default: 0), "cuInit");
_Static_assert(sizeof(unsigned int) == 4 && sizeof(CUresult) == 4, "sizes of cuInit");
_Static_assert(_Generic(&cuDriverGetVersion, CUresult (*)(int *): 1, default: 0), "cuDriverGetVersion");
_Static_assert(sizeof(int *) == 8 && sizeof(CUresult) == 4, "sizes of cuDriverGetVersion");
_Static_assert(_Generic(&cuDeviceGetCount, CUresult (*)(int *): 1, default: 0), "cuDeviceGetCount");
_Static_assert(sizeof(int *) == 8 && sizeof(CUresult) == 4, "sizes of cuDeviceGetCount");
_Static_assert(_Generic(&cuDeviceGet, CUresult (*)(CUdevice *, int): 1, default: 0), "cuDeviceGet");
_Static_assert(sizeof(CUdevice *) == 8 && sizeof(int) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceGet");
_Static_assert(_Generic(&cuDeviceGetName, CUresult (*)(char *, int, CUdevice): 1, default: 0), "cuDeviceGetName");
_Static_assert(sizeof(char *) == 8 && sizeof(int) == 4 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceGetName");
_Static_assert(_Generic(&cuDeviceTotalMem_v2, CUresult (*)(size_t *, CUdevice): 1, default: 0), "cuDeviceTotalMem_v2");
_Static_assert(sizeof(size_t *) == 8 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceTotalMem_v2");
_Static_assert(_Generic(&cuDeviceGetPCIBusId, CUresult (*)(char *, int, CUdevice): 1, default: 0), "cuDeviceGetPCIBusId");
_Static_assert(sizeof(char *) == 8 && sizeof(int) == 4 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceGetPCIBusId");
_Static_assert(_Generic(&cuDeviceGetUuid, CUresult (*)(CUuuid *, CUdevice): 1, default: 0), "cuDeviceGetUuid");
_Static_assert(sizeof(CUuuid *) == 8 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceGetUuid");
_Static_assert(_Generic(&cuGetErrorName, CUresult (*)(CUresult, const char **): 1, default: 0), "cuGetErrorName");
_Static_assert(sizeof(CUresult) == 4 && sizeof(const char **) == 8, "sizes of cuGetErrorName");
_Static_assert(_Generic(&cuGetErrorString, CUresult (*)(CUresult, const char **): 1, default: 0), "cuGetErrorString");
_Static_assert(sizeof(CUresult) == 4 && sizeof(const char **) == 8, "sizes of cuGetErrorString");
_Static_assert(_Generic(&cuDeviceGetAttribute, CUresult (*)(int *, CUdevice_attribute, CUdevice): 1, default: 0), "cuDeviceGetAttribute");
_Static_assert(sizeof(int *) == 8 && sizeof(CUdevice_attribute) == 4 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDeviceGetAttribute");
_Static_assert(_Generic(&cuDevicePrimaryCtxRetain, CUresult (*)(CUcontext *, CUdevice): 1, default: 0), "cuDevicePrimaryCtxRetain");
_Static_assert(sizeof(CUcontext *) == 8 && sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDevicePrimaryCtxRetain");
_Static_assert(_Generic(&cuDevicePrimaryCtxRelease_v2, CUresult (*)(CUdevice): 1, default: 0), "cuDevicePrimaryCtxRelease_v2");
_Static_assert(sizeof(CUdevice) == 4 && sizeof(CUresult) == 4, "sizes of cuDevicePrimaryCtxRelease_v2");
_Static_assert(_Generic(&cuCtxSetCurrent, CUresult (*)(CUcontext): 1, default: 0), "cuCtxSetCurrent");
_Static_assert(sizeof(CUcontext) == 8 && sizeof(CUresult) == 4, "sizes of cuCtxSetCurrent");
_Static_assert(_Generic(&cuMemGetInfo_v2, CUresult (*)(size_t *, size_t *): 1, default: 0), "cuMemGetInfo_v2");
_Static_assert(sizeof(size_t *) == 8 && sizeof(CUresult) == 4, "sizes of cuMemGetInfo_v2");
_Static_assert(_Generic(&cuMemAlloc_v2, CUresult (*)(CUdeviceptr *, size_t): 1, default: 0), "cuMemAlloc_v2");
_Static_assert(sizeof(CUdeviceptr *) == 8 && sizeof(size_t) == 8 && sizeof(CUresult) == 4, "sizes of cuMemAlloc_v2");
_Static_assert(_Generic(&cuMemFree_v2, CUresult (*)(CUdeviceptr): 1, default: 0), "cuMemFree_v2");
_Static_assert(sizeof(CUdeviceptr) == 8 && sizeof(CUresult) == 4, "sizes of cuMemFree_v2");
_Static_assert(_Generic(&cuMemsetD8Async, CUresult (*)(CUdeviceptr, unsigned char, size_t, CUstream): 1, default: 0), "cuMemsetD8Async");
_Static_assert(sizeof(CUdeviceptr) == 8 && sizeof(unsigned char) == 1 && sizeof(size_t) == 8 && sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuMemsetD8Async");
_Static_assert(_Generic(&cuMemcpyHtoD_v2, CUresult (*)(CUdeviceptr, const void *, size_t): 1, default: 0), "cuMemcpyHtoD_v2");
_Static_assert(sizeof(CUdeviceptr) == 8 && sizeof(const void *) == 8 && sizeof(size_t) == 8 && sizeof(CUresult) == 4, "sizes of cuMemcpyHtoD_v2");
_Static_assert(_Generic(&cuMemcpyDtoH_v2, CUresult (*)(void *, CUdeviceptr, size_t): 1, default: 0), "cuMemcpyDtoH_v2");
_Static_assert(sizeof(void *) == 8 && sizeof(CUdeviceptr) == 8 && sizeof(size_t) == 8 && sizeof(CUresult) == 4, "sizes of cuMemcpyDtoH_v2");
_Static_assert(_Generic(&cuMemcpyDtoDAsync_v2, CUresult (*)(CUdeviceptr, CUdeviceptr, size_t, CUstream): 1, default: 0), "cuMemcpyDtoDAsync_v2");
_Static_assert(sizeof(CUdeviceptr) == 8 && sizeof(size_t) == 8 && sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuMemcpyDtoDAsync_v2");
_Static_assert(_Generic(&cuStreamCreate, CUresult (*)(CUstream *, unsigned int): 1, default: 0), "cuStreamCreate");
_Static_assert(sizeof(CUstream *) == 8 && sizeof(unsigned int) == 4 && sizeof(CUresult) == 4, "sizes of cuStreamCreate");
_Static_assert(_Generic(&cuStreamDestroy_v2, CUresult (*)(CUstream): 1, default: 0), "cuStreamDestroy_v2");
_Static_assert(sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuStreamDestroy_v2");
_Static_assert(_Generic(&cuStreamQuery, CUresult (*)(CUstream): 1, default: 0), "cuStreamQuery");
_Static_assert(sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuStreamQuery");
_Static_assert(_Generic(&cuStreamSynchronize, CUresult (*)(CUstream): 1, default: 0), "cuStreamSynchronize");
_Static_assert(sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuStreamSynchronize");
_Static_assert(_Generic(&cuEventCreate, CUresult (*)(CUevent *, unsigned int): 1, default: 0), "cuEventCreate");
_Static_assert(sizeof(CUevent *) == 8 && sizeof(unsigned int) == 4 && sizeof(CUresult) == 4, "sizes of cuEventCreate");
_Static_assert(_Generic(&cuEventDestroy_v2, CUresult (*)(CUevent): 1, default: 0), "cuEventDestroy_v2");
_Static_assert(sizeof(CUevent) == 8 && sizeof(CUresult) == 4, "sizes of cuEventDestroy_v2");
_Static_assert(_Generic(&cuEventRecord, CUresult (*)(CUevent, CUstream): 1, default: 0), "cuEventRecord");
_Static_assert(sizeof(CUevent) == 8 && sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuEventRecord");
_Static_assert(_Generic(&cuEventRecordWithFlags, CUresult (*)(CUevent, CUstream, unsigned int): 1, default: 0), "cuEventRecordWithFlags");
_Static_assert(sizeof(CUevent) == 8 && sizeof(CUstream) == 8 && sizeof(unsigned int) == 4 && sizeof(CUresult) == 4, "sizes of cuEventRecordWithFlags");
_Static_assert(_Generic(&cuEventQuery, CUresult (*)(CUevent): 1, default: 0), "cuEventQuery");
_Static_assert(sizeof(CUevent) == 8 && sizeof(CUresult) == 4, "sizes of cuEventQuery");
_Static_assert(_Generic(&cuEventElapsedTime, CUresult (*)(float *, CUevent, CUevent): 1, default: 0), "cuEventElapsedTime");
_Static_assert(sizeof(float *) == 8 && sizeof(CUevent) == 8 && sizeof(CUresult) == 4, "sizes of cuEventElapsedTime");
_Static_assert(_Generic(&cuStreamBeginCapture_v2, CUresult (*)(CUstream, CUstreamCaptureMode): 1, default: 0), "cuStreamBeginCapture_v2");
_Static_assert(sizeof(CUstream) == 8 && sizeof(CUstreamCaptureMode) == 4 && sizeof(CUresult) == 4, "sizes of cuStreamBeginCapture_v2");
_Static_assert(_Generic(&cuStreamEndCapture, CUresult (*)(CUstream, CUgraph *): 1, default: 0), "cuStreamEndCapture");
_Static_assert(sizeof(CUstream) == 8 && sizeof(CUgraph *) == 8 && sizeof(CUresult) == 4, "sizes of cuStreamEndCapture");
_Static_assert(_Generic(&cuGraphInstantiateWithFlags, CUresult (*)(CUgraphExec *, CUgraph, unsigned long long): 1, default: 0), "cuGraphInstantiateWithFlags");
_Static_assert(sizeof(CUgraphExec *) == 8 && sizeof(CUgraph) == 8 && sizeof(unsigned long long) == 8 && sizeof(CUresult) == 4, "sizes of cuGraphInstantiateWithFlags");
_Static_assert(_Generic(&cuGraphUpload, CUresult (*)(CUgraphExec, CUstream): 1, default: 0), "cuGraphUpload");
_Static_assert(sizeof(CUgraphExec) == 8 && sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuGraphUpload");
_Static_assert(_Generic(&cuGraphLaunch, CUresult (*)(CUgraphExec, CUstream): 1, default: 0), "cuGraphLaunch");
_Static_assert(sizeof(CUgraphExec) == 8 && sizeof(CUstream) == 8 && sizeof(CUresult) == 4, "sizes of cuGraphLaunch");
_Static_assert(_Generic(&cuGraphDestroy, CUresult (*)(CUgraph): 1, default: 0), "cuGraphDestroy");
_Static_assert(sizeof(CUgraph) == 8 && sizeof(CUresult) == 4, "sizes of cuGraphDestroy");
_Static_assert(_Generic(&cuGraphExecDestroy, CUresult (*)(CUgraphExec): 1, default: 0), "cuGraphExecDestroy");
_Static_assert(sizeof(CUgraphExec) == 8 && sizeof(CUresult) == 4, "sizes of cuGraphExecDestroy");
_Static_assert(_Generic(&cuModuleLoadDataEx, CUresult (*)(CUmodule *, const void *, unsigned int, CUjit_option *, void **): 1, default: 0), "cuModuleLoadDataEx");
_Static_assert(sizeof(CUmodule *) == 8 && sizeof(const void *) == 8 && sizeof(unsigned int) == 4 && sizeof(CUjit_option *) == 8 && sizeof(void **) == 8 && sizeof(CUresult) == 4, "sizes of cuModuleLoadDataEx");
_Static_assert(_Generic(&cuModuleUnload, CUresult (*)(CUmodule): 1, default: 0), "cuModuleUnload");
_Static_assert(sizeof(CUmodule) == 8 && sizeof(CUresult) == 4, "sizes of cuModuleUnload");
_Static_assert(_Generic(&cuModuleGetFunction, CUresult (*)(CUfunction *, CUmodule, const char *): 1, default: 0), "cuModuleGetFunction");
_Static_assert(sizeof(CUfunction *) == 8 && sizeof(CUmodule) == 8 && sizeof(const char *) == 8 && sizeof(CUresult) == 4, "sizes of cuModuleGetFunction");
_Static_assert(_Generic(&cuLaunchKernel, CUresult (*)(CUfunction, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, unsigned int, CUstream, void **, void **): 1, default: 0), "cuLaunchKernel");
_Static_assert(sizeof(CUfunction) == 8 && sizeof(unsigned int) == 4 && sizeof(CUstream) == 8 && sizeof(void **) == 8 && sizeof(CUresult) == 4, "sizes of cuLaunchKernel");
#endif

#ifndef WITHOUT_NVML
#include <nvml.h>
_Static_assert(NVML_SUCCESS == 0, "NVML_SUCCESS");
_Static_assert(NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE == 80, "NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE");
_Static_assert(_Generic(&nvmlInit_v2, nvmlReturn_t (*)(void): 1, default: 0), "nvmlInit_v2");
_Static_assert(sizeof(nvmlReturn_t) == 4, "sizes of nvmlInit_v2");
_Static_assert(_Generic(&nvmlShutdown, nvmlReturn_t (*)(void): 1, default: 0), "nvmlShutdown");
_Static_assert(sizeof(nvmlReturn_t) == 4, "sizes of nvmlShutdown");
_Static_assert(_Generic(&nvmlSystemGetDriverVersion, nvmlReturn_t (*)(char *, unsigned int): 1, default: 0), "nvmlSystemGetDriverVersion");
_Static_assert(sizeof(char *) == 8 && sizeof(unsigned int) == 4 && sizeof(nvmlReturn_t) == 4, "sizes of nvmlSystemGetDriverVersion");
_Static_assert(_Generic(&nvmlErrorString, const char * (*)(nvmlReturn_t): 1, default: 0), "nvmlErrorString");
_Static_assert(sizeof(nvmlReturn_t) == 4 && sizeof(const char *) == 8, "sizes of nvmlErrorString");
#endif
