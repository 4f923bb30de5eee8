/* The driver: its start, its GPUs and their contexts. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "cuda_parts.h"

struct Context { int device; };

static struct Context contexts[MAX_GPUS];
static _Thread_local struct Context *current;
static int visible[MAX_GPUS], visible_count;
static atomic_int state;
static atomic_int sticky;

/* CUDA_VISIBLE_DEVICES ends at the first entry that names no GPU, as the driver has it. */
static void find_visible(void) {
    int gpus = settings()->gpus;
    const char *list = getenv("CUDA_VISIBLE_DEVICES");
    if (!list) {
        for (int i = 0; i < gpus; i++) visible[visible_count++] = i;
        return;
    }
    report("CUDA_VISIBLE_DEVICES", "%s", list);
    while (visible_count < MAX_GPUS) {
        char *end;
        long index = strtol(list, &end, 10);
        if (end == list || index < 0 || index >= gpus) return;
        visible[visible_count++] = (int)index;
        if (*end != ',') return;
        list = end + 1;
    }
}

EXPORT int cuInit(unsigned flags) {
    CALL();
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    int expected = 0;
    if (atomic_compare_exchange_strong(&state, &expected, 1)) {
        find_visible();
        for (int i = 0; i < MAX_GPUS; i++) contexts[i].device = i;
        atomic_store(&state, 2);
    }
    while (atomic_load(&state) != 2) sched_yield();
    return visible_count > 0 ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}

EXPORT int cuDriverGetVersion(int *version) {
    CALL();
    *version = 13000;
    return 0;
}

int driver_status(void) {
    if (atomic_load(&state) != 2) return CUDA_ERROR_NOT_INITIALIZED;
    return atomic_load(&sticky);
}

void device_error(int status) { atomic_store(&sticky, status); }

int device_error_status(void) { return atomic_load(&sticky); }

static int device_status(CUdevice device) {
    int status = driver_status();
    if (status) return status;
    return device >= 0 && device < visible_count ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

int physical_index(int device) { return device >= 0 && device < visible_count ? visible[device] : device; }

unsigned physical_bus(int index) { return 0x0B + 0x0F * (unsigned)index; }

void physical_uuid(int index, unsigned char *uuid) {
    memcpy(uuid, "nperf stand-in ", 15);
    uuid[15] = (unsigned char)index;
}

void bus_id_of(int device, char *id, size_t length) {
    snprintf(id, length, "0000:%02X:00.0", physical_bus(physical_index(device)));
}

EXPORT int cuDeviceGetCount(int *count) {
    CALL();
    *count = visible_count;
    return driver_status();
}

EXPORT int cuDeviceGet(CUdevice *device, int index) {
    CALL();
    *device = index;
    return device_status(index);
}

EXPORT int cuDeviceGetName(char *name, int length, CUdevice device) {
    CALL();
    snprintf(name, (size_t)length, "Stand-in GPU");
    return device_status(device);
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
    CALL();
    *bytes = settings()->memory;
    return device_status(device);
}

EXPORT int cuDeviceGetPCIBusId(char *id, int length, CUdevice device) {
    CALL();
    bus_id_of(device, id, (size_t)length);
    return device_status(device);
}

EXPORT int cuDeviceGetByPCIBusId(CUdevice *device, const char *id) {
    CALL();
    for (int i = 0; i < visible_count; i++) {
        char own[32];
        bus_id_of(i, own, sizeof own);
        *device = i;
        if (strcasecmp(own, id) == 0) return driver_status();
    }
    return CUDA_ERROR_INVALID_VALUE;
}

EXPORT int cuDeviceGetUuid(unsigned char *uuid, CUdevice device) {
    CALL();
    physical_uuid(physical_index(device), uuid);
    return device_status(device);
}

EXPORT int cuDeviceGetUuid_v2(unsigned char *uuid, CUdevice device) {
    CALL();
    physical_uuid(physical_index(device), uuid);
    return device_status(device);
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
    CALL();
    switch (attribute) {
        case 1: *value = 1024; break;                                  /* threads a block */
        case 10: *value = 32; break;                                   /* threads a warp */
        case 16: *value = 4; break;                                    /* multiprocessors: a small grid is run faster */
        case 33: *value = (int)physical_bus(physical_index(device)); break; /* PCI bus */
        case 39: *value = 2048; break;                                 /* threads a multiprocessor */
        case 41: *value = 1; break;                                    /* unified addressing */
        case 75: *value = 9; break;                                    /* compute capability */
        case 115: *value = 1; break;                                   /* memory pools */
        default: *value = 0; break;
    }
    return device_status(device);
}

EXPORT int cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
    CALL();
    *can = device != peer;
    int status = device_status(device);
    return status ? status : device_status(peer);
}

EXPORT int cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    CALL();
    int status = device_status(device);
    if (!status) *context = &contexts[device];
    return status;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    CALL();
    return device_status(device);
}

EXPORT int cuCtxSetCurrent(CUcontext context) {
    CALL();
    current = context;
    return driver_status();
}

EXPORT int cuCtxGetCurrent(CUcontext *context) {
    CALL();
    *context = current;
    return driver_status();
}

int current_device(void) { return current ? current->device : -1; }

void use_device(int device) { current = &contexts[device]; }

int context_status(void) {
    int status = driver_status();
    if (status) return status;
    return current ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

EXPORT int cuCtxGetDevice(CUdevice *device) {
    CALL();
    *device = current_device();
    return context_status();
}
