/* Copies and fills. What is not asynchronous happens at once and waits for no stream. */
#include <string.h>
#include "cuda_parts.h"

typedef struct {
    Operation head;
    void *to;
    const void *from;
    size_t bytes;
    unsigned char value;
} Move;

static bool copy(Operation *operation) {
    Move *move = (Move *)operation;
    memmove(move->to, move->from, move->bytes);
    return true;
}

static bool fill(Operation *operation) {
    Move *move = (Move *)operation;
    memset(move->to, move->value, move->bytes);
    return true;
}

static void *host(CUdeviceptr pointer) { return (void *)(uintptr_t)pointer; }

/* Where a side is memory of a GPU, it must be allocated. */
static int check(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    int status = context_status();
    if (status) return status;
    bool valid = (!to || device_holds(host(to), bytes, NULL)) && (!from || device_holds(host(from), bytes, NULL));
    return valid ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

static int enqueue(CUstream stream, bool (*advance)(Operation *), Move what) {
    Move *move = operation_new(sizeof *move, advance);
    what.head = move->head;
    *move = what;
    return stream_add(stream, &move->head);
}

EXPORT int cuMemsetD8_v2(CUdeviceptr pointer, unsigned char value, size_t bytes) {
    CALL();
    int status = check(pointer, 0, bytes);
    if (!status) memset(host(pointer), value, bytes);
    return status;
}

EXPORT int cuMemsetD8Async(CUdeviceptr pointer, unsigned char value, size_t bytes, CUstream stream) {
    CALL();
    int status = check(pointer, 0, bytes);
    return status ? status : enqueue(stream, fill, (Move){.to = host(pointer), .bytes = bytes, .value = value});
}

EXPORT int cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes) {
    CALL();
    int status = check(to, 0, bytes);
    if (!status) memcpy(host(to), from, bytes);
    return status;
}

EXPORT int cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes) {
    CALL();
    int status = check(0, from, bytes);
    if (!status) memcpy(to, host(from), bytes);
    return status;
}

EXPORT int cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    CALL();
    int status = check(to, from, bytes);
    if (!status) memmove(host(to), host(from), bytes);
    return status;
}

EXPORT int cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    CALL();
    int status = check(to, 0, bytes);
    return status ? status : enqueue(stream, copy, (Move){.to = host(to), .from = from, .bytes = bytes});
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    CALL();
    int status = check(0, from, bytes);
    return status ? status : enqueue(stream, copy, (Move){.to = to, .from = host(from), .bytes = bytes});
}

EXPORT int cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    CALL();
    int status = check(to, from, bytes);
    return status ? status : enqueue(stream, copy, (Move){.to = host(to), .from = host(from), .bytes = bytes});
}
