/* The part of NCCL's interface that the stand-in has: prototypes, and the numbers they use. */
#ifndef NCCL_API_H
#define NCCL_API_H

#include <stddef.h>
#include <stdint.h>
#include "cuda_api.h"

/* The newest minor version whose symbols are built in. The version that is told is a setting of its own. */
#ifdef STANDIN_OLD
#define NCCL_MINOR 14
#else
#define NCCL_MINOR 28
#endif

enum {
    NCCL_SUCCESS,
    NCCL_UNHANDLED_CUDA_ERROR,
    NCCL_SYSTEM_ERROR,
    NCCL_INTERNAL_ERROR,
    NCCL_INVALID_ARGUMENT,
    NCCL_INVALID_USAGE,
    NCCL_REMOTE_ERROR,
    NCCL_IN_PROGRESS,
};

enum {
    NCCL_INT8,
    NCCL_UINT8,
    NCCL_INT32,
    NCCL_UINT32,
    NCCL_INT64,
    NCCL_UINT64,
    NCCL_FLOAT16,
    NCCL_FLOAT32,
    NCCL_FLOAT64,
    NCCL_BFLOAT16,
    NCCL_FLOAT8E4M3,
    NCCL_FLOAT8E5M2,
    NCCL_TYPES,
};

enum { NCCL_SUM, NCCL_PROD, NCCL_MAX, NCCL_MIN, NCCL_AVG, NCCL_REDUCTIONS };

typedef struct { char bytes[128]; } UniqueId;

/* All fields up to 2.30; a caller may know fewer. */
typedef struct {
    size_t size;
    unsigned magic, version;
    int blocking, cgaClusterSize, minCTAs, maxCTAs;
    const char *netName;
    int splitShare, trafficClass;
    const char *commName;
    int collnetEnable, CTAPolicy, shrinkShare, nvlsCTAs, nChannelsPerNetPeer, nvlinkCentricSched, graphUsageMode,
        numRmaCtx, maxP2pPeers, graphStreamOrdering;
} Config;

typedef struct Comm *ncclComm_t;

int ncclGetVersion(int *code);
const char *ncclGetErrorString(int status);
const char *ncclGetLastError(ncclComm_t comm);

int ncclGetUniqueId(UniqueId *id);
int ncclCommInitRank(ncclComm_t *comm, int ranks, UniqueId id, int rank);
int ncclCommInitRankConfig(ncclComm_t *comm, int ranks, UniqueId id, int rank, Config *config);
int ncclCommFinalize(ncclComm_t comm);
int ncclCommDestroy(ncclComm_t comm);
int ncclCommAbort(ncclComm_t comm);
int ncclCommGetAsyncError(ncclComm_t comm, int *status);
int ncclCommCount(ncclComm_t comm, int *count);
int ncclCommCuDevice(ncclComm_t comm, int *device);
int ncclCommUserRank(ncclComm_t comm, int *rank);

int ncclGroupStart(void);
int ncclGroupEnd(void);
int ncclAllReduce(
    const void *send, void *receive, size_t count, int type, int reduction, ncclComm_t comm, CUstream stream);
int ncclReduceScatter(
    const void *send, void *receive, size_t count, int type, int reduction, ncclComm_t comm, CUstream stream);
int ncclReduce(
    const void *send, void *receive, size_t count, int type, int reduction, int root, ncclComm_t comm, CUstream stream);
int ncclAllGather(const void *send, void *receive, size_t count, int type, ncclComm_t comm, CUstream stream);
int ncclBroadcast(const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream);
int ncclSend(const void *send, size_t count, int type, int peer, ncclComm_t comm, CUstream stream);
int ncclRecv(void *receive, size_t count, int type, int peer, ncclComm_t comm, CUstream stream);

#if NCCL_MINOR >= 19
int ncclMemAlloc(void **pointer, size_t bytes);
int ncclMemFree(void *pointer);
int ncclCommRegister(ncclComm_t comm, void *buffer, size_t bytes, void **handle);
int ncclCommDeregister(ncclComm_t comm, void *handle);
#endif
#if NCCL_MINOR >= 24
void ncclResetDebugInit(void);
#endif
#if NCCL_MINOR >= 27
int ncclCommWindowRegister(ncclComm_t comm, void *buffer, size_t bytes, void **window, int flags);
int ncclCommWindowDeregister(ncclComm_t comm, void *window);
#endif
#if NCCL_MINOR >= 28
int ncclAlltoAll(const void *send, void *receive, size_t count, int type, ncclComm_t comm, CUstream stream);
int ncclGather(const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream);
int ncclScatter(const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream);
#endif

#endif
