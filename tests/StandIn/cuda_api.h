/* The part of the CUDA driver's interface that the stand-in has: prototypes, and the numbers they use. */
#ifndef CUDA_API_H
#define CUDA_API_H

#include <stddef.h>
#include <stdint.h>

enum {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_NO_DEVICE = 100,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_IMAGE = 200,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_INVALID_PTX = 218,
    CUDA_ERROR_INVALID_HANDLE = 400,
    CUDA_ERROR_NOT_FOUND = 500,
    CUDA_ERROR_NOT_READY = 600,
    CUDA_ERROR_ILLEGAL_ADDRESS = 700,
    CUDA_ERROR_LAUNCH_FAILED = 719,
    CUDA_ERROR_NOT_SUPPORTED = 801,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    CUDA_ERROR_ILLEGAL_STATE = 401,
};

enum { CU_EVENT_DISABLE_TIMING = 2, CU_EVENT_RECORD_EXTERNAL = 1 };

typedef int CUdevice;
typedef uint64_t CUdeviceptr;
typedef struct Context *CUcontext;
typedef struct Stream *CUstream;
typedef struct Event *CUevent;
typedef struct Graph *CUgraph;
typedef struct Graph *CUgraphExec;
typedef struct Module *CUmodule;
typedef struct Function *CUfunction;

int cuInit(unsigned flags);
int cuDriverGetVersion(int *version);
int cuGetErrorName(int status, const char **name);
int cuGetErrorString(int status, const char **text);

int cuDeviceGetCount(int *count);
int cuDeviceGet(CUdevice *device, int index);
int cuDeviceGetName(char *name, int length, CUdevice device);
int cuDeviceTotalMem_v2(size_t *bytes, CUdevice device);
int cuDeviceGetPCIBusId(char *id, int length, CUdevice device);
int cuDeviceGetByPCIBusId(CUdevice *device, const char *id);
int cuDeviceGetUuid(unsigned char *uuid, CUdevice device);
int cuDeviceGetUuid_v2(unsigned char *uuid, CUdevice device);
int cuDeviceGetAttribute(int *value, int attribute, CUdevice device);
int cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer);

int cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
int cuDevicePrimaryCtxRelease_v2(CUdevice device);
int cuCtxSetCurrent(CUcontext context);
int cuCtxGetCurrent(CUcontext *context);
int cuCtxGetDevice(CUdevice *device);
int cuCtxSynchronize(void);

int cuMemGetInfo_v2(size_t *available, size_t *total);
int cuMemAlloc_v2(CUdeviceptr *pointer, size_t bytes);
int cuMemFree_v2(CUdeviceptr pointer);
int cuMemHostAlloc(void **pointer, size_t bytes, unsigned flags);
int cuMemAllocHost_v2(void **pointer, size_t bytes);
int cuMemFreeHost(void *pointer);
int cuMemsetD8_v2(CUdeviceptr pointer, unsigned char value, size_t bytes);
int cuMemsetD8Async(CUdeviceptr pointer, unsigned char value, size_t bytes, CUstream stream);
int cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes);
int cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes);
int cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes);
int cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream);
int cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream);
int cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream);

int cuStreamCreate(CUstream *stream, unsigned flags);
int cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority);
int cuStreamDestroy_v2(CUstream stream);
int cuStreamQuery(CUstream stream);
int cuStreamSynchronize(CUstream stream);
int cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags);

int cuEventCreate(CUevent *event, unsigned flags);
int cuEventDestroy_v2(CUevent event);
int cuEventRecord(CUevent event, CUstream stream);
int cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags);
int cuEventQuery(CUevent event);
int cuEventSynchronize(CUevent event);
int cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end);
int cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end);

int cuStreamBeginCapture_v2(CUstream stream, int mode);
int cuStreamEndCapture(CUstream stream, CUgraph *graph);
int cuStreamIsCapturing(CUstream stream, int *status);
int cuThreadExchangeStreamCaptureMode(int *mode);
int cuGraphGetNodes(CUgraph graph, void **nodes, size_t *count);
int cuGraphInstantiateWithFlags(CUgraphExec *runnable, CUgraph graph, unsigned long long flags);
int cuGraphUpload(CUgraphExec runnable, CUstream stream);
int cuGraphLaunch(CUgraphExec runnable, CUstream stream);
int cuGraphExecDestroy(CUgraphExec runnable);
int cuGraphDestroy(CUgraph graph);

int cuModuleLoadData(CUmodule *module, const void *image);
int cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned count, int *options, void **values);
int cuModuleUnload(CUmodule module);
int cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name);
int cuLaunchKernel(
    CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, CUstream stream, void **parameters, void **extra);

#endif
