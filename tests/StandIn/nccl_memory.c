/* Memory that NCCL allocates, and buffers that are registered with it. */
#include <stdlib.h>
#include "nccl_parts.h"

#if NCCL_MINOR >= 19
EXPORT int ncclMemAlloc(void **pointer, size_t bytes) {
    NCCL_CALL(-1);
    if (context_status()) REFUSE(NCCL_UNHANDLED_CUDA_ERROR, "stand-in: no CUDA context");
    if (bytes == 0) REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: 0 bytes");
    *pointer = device_alloc(bytes, true);
    if (!*pointer) REFUSE(NCCL_UNHANDLED_CUDA_ERROR, "Cuda failure 2 'out of memory'");
    return NCCL_SUCCESS;
}

EXPORT int ncclMemFree(void *pointer) {
    NCCL_CALL(-1);
    if (!pointer || device_free(pointer)) return NCCL_SUCCESS;
    REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: ncclMemFree of what is not allocated");
}

EXPORT int ncclCommRegister(ncclComm_t comm, void *buffer, size_t bytes, void **handle) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (status) return status;
    if (!device_holds(buffer, bytes, NULL)) REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: no memory of a GPU");
    *handle = malloc(1);
    return NCCL_SUCCESS;
}

EXPORT int ncclCommDeregister(ncclComm_t comm, void *handle) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (!status) free(handle);
    return status;
}
#endif

#if NCCL_MINOR >= 27
/* As NCCL does, it succeeds without a window where the memory is not ncclMemAlloc's. */
EXPORT int ncclCommWindowRegister(ncclComm_t comm, void *buffer, size_t bytes, void **window, int flags) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (status) return status;
    bool nccl = false;
    if (!device_holds(buffer, bytes, &nccl)) REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: no memory of a GPU");
    *window = nccl ? malloc(1) : NULL;
    report("window", "%s flags %d", nccl ? "yes" : "no", flags);
    return comm_done(comm);
}

EXPORT int ncclCommWindowDeregister(ncclComm_t comm, void *window) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (!status) free(window);
    return status;
}
#endif
