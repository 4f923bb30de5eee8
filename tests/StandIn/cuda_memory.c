/* Memory of the GPUs: pages of this process, counted, each allocation followed by a page that nothing may touch. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "cuda_parts.h"

enum { PAGE = 4096 };
#define NCCL_GRANULE ((size_t)2 << 20)

typedef struct Allocation {
    struct Allocation *next;
    char *start;
    size_t bytes, mapped, counted;
    int device;
    bool nccl;
} Allocation;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Allocation *allocations;
static size_t used[MAX_GPUS];

static size_t rounded(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

void *device_alloc(size_t bytes, bool nccl) {
    int device = current_device() < 0 ? 0 : current_device();
    if (bytes > settings()->memory) return NULL;
    size_t counted = rounded(bytes, nccl ? NCCL_GRANULE : 512), mapped = rounded(counted, PAGE) + PAGE;
    char *start = NULL;
    pthread_mutex_lock(&lock);
    if (used[device] + counted <= settings()->memory) {
        start = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (start == MAP_FAILED) start = NULL;
    }
    if (start) {
        mprotect(start + mapped - PAGE, PAGE, PROT_NONE);
        used[device] += counted;
        Allocation *allocation = malloc(sizeof *allocation);
        *allocation = (Allocation){allocations, start, bytes, mapped, counted, device, nccl};
        allocations = allocation;
    }
    pthread_mutex_unlock(&lock);
    return start;
}

bool device_free(void *pointer) {
    pthread_mutex_lock(&lock);
    Allocation **link = &allocations, *found;
    while (*link && (*link)->start != pointer) link = &(*link)->next;
    if ((found = *link) != NULL) {
        *link = found->next;
        used[found->device] -= found->counted;
        munmap(found->start, found->mapped);
        free(found);
    }
    pthread_mutex_unlock(&lock);
    return found != NULL;
}

bool device_holds(const void *pointer, size_t bytes, bool *nccl) {
    const char *from = pointer;
    bool holds = false;
    pthread_mutex_lock(&lock);
    for (const Allocation *a = allocations; a && !holds; a = a->next) {
        holds = from >= a->start && from <= a->start + a->bytes && bytes <= (size_t)(a->start + a->bytes - from);
        if (holds && nccl) *nccl = a->nccl;
    }
    pthread_mutex_unlock(&lock);
    return holds;
}

/* What was never given back, told as the process ends in order. */
__attribute__((destructor)) static void report_memory(void) {
    size_t left = 0;
    for (const Allocation *a = allocations; a; a = a->next) left += a->counted;
    report("memory.left", "%zu", left);
}

EXPORT int cuMemGetInfo_v2(size_t *available, size_t *total) {
    CALL();
    int status = context_status();
    if (status) return status;
    *total = settings()->memory;
    pthread_mutex_lock(&lock);
    *available = *total - used[current_device()];
    pthread_mutex_unlock(&lock);
    return 0;
}

EXPORT int cuMemAlloc_v2(CUdeviceptr *pointer, size_t bytes) {
    CALL();
    int status = context_status();
    if (status) return status;
    if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    void *memory = device_alloc(bytes, false);
    *pointer = (uintptr_t)memory;
    return memory ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT int cuMemFree_v2(CUdeviceptr pointer) {
    CALL();
    int status = context_status();
    if (status || pointer == 0) return status;
    return device_free((void *)(uintptr_t)pointer) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

EXPORT int cuMemHostAlloc(void **pointer, size_t bytes, unsigned flags) {
    CALL();
    (void)flags;
    int status = context_status();
    if (status) return status;
    *pointer = calloc(1, bytes);
    return *pointer ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT int cuMemAllocHost_v2(void **pointer, size_t bytes) {
    CALL();
    int status = context_status();
    if (status) return status;
    *pointer = calloc(1, bytes);
    return *pointer ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT int cuMemFreeHost(void *pointer) {
    CALL();
    free(pointer);
    return context_status();
}
