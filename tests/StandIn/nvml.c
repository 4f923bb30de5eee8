/* NVML: as much of it as nperf asks for. Every GPU has 18 NVLinks (NVLink 4), through four switches. */
#include <stdio.h>
#include <string.h>
#include "cuda_parts.h"

enum { NVML_SUCCESS = 0, NVML_UNINITIALIZED = 1, NVML_INVALID_ARGUMENT = 2, NVML_NOT_SUPPORTED = 3 };
enum { LINKS = 18, SWITCHES = 4, NVLINK_4 = 6, REMOTE_IS_SWITCH = 2, WITHIN_MACHINE = 50, MEGABYTES_A_SECOND = 26562 };
enum { FIELD_SPEED_OF_ALL = 90, FIELD_SPEED = 164, FIELD_STATE = 165, UNSIGNED_INT = 1 };

typedef struct {
    char legacy_id[16];
    unsigned domain, bus, device, device_id, subsystem_id;
    char id[32];
} PciInfo;

typedef struct {
    unsigned field, scope;
    long long timestamp, latency;
    int type, status;
    union {
        unsigned number;
        unsigned long long eight_bytes;
    } value;
} FieldValue;

int nvmlInit_v2(void);
int nvmlShutdown(void);
const char *nvmlErrorString(int status);
int nvmlSystemGetDriverVersion(char *version, unsigned length);
int nvmlDeviceGetCount_v2(unsigned *count);
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle);
int nvmlDeviceGetUUID(void *handle, char *uuid, unsigned length);
int nvmlDeviceGetPciInfo_v3(void *handle, PciInfo *info);
int nvmlDeviceGetTopologyCommonAncestor(void *one, void *other, int *level);
int nvmlDeviceGetNvLinkState(void *handle, unsigned link, int *up);
int nvmlDeviceGetNvLinkVersion(void *handle, unsigned link, unsigned *version);
int nvmlDeviceGetNvLinkRemoteDeviceType(void *handle, unsigned link, int *kind);
int nvmlDeviceGetNvLinkRemotePciInfo_v2(void *handle, unsigned link, PciInfo *info);
int nvmlDeviceGetFieldValues(void *handle, int count, FieldValue *values);

static atomic_int users;
/* A handle is the place of a GPU in this. */
static char devices[MAX_GPUS];

static int status_of(const void *handle) {
    if (atomic_load(&users) == 0) return NVML_UNINITIALIZED;
    const char *device = handle;
    bool known = device >= devices && device < devices + settings()->gpus;
    return known ? NVML_SUCCESS : NVML_INVALID_ARGUMENT;
}

static int link_status(const void *handle, unsigned link) {
    int status = status_of(handle);
    return status ? status : link < LINKS ? NVML_SUCCESS : NVML_INVALID_ARGUMENT;
}

EXPORT int nvmlInit_v2(void) {
    CALL();
    atomic_fetch_add(&users, 1);
    return NVML_SUCCESS;
}

EXPORT int nvmlShutdown(void) {
    CALL();
    if (atomic_load(&users) == 0) return NVML_UNINITIALIZED;
    atomic_fetch_sub(&users, 1);
    return NVML_SUCCESS;
}

EXPORT const char *nvmlErrorString(int status) {
    switch (status) {
        case NVML_SUCCESS: return "Success";
        case NVML_UNINITIALIZED: return "Uninitialized";
        case NVML_INVALID_ARGUMENT: return "Invalid Argument";
        case NVML_NOT_SUPPORTED: return "Not Supported";
        default: return "Unknown Error";
    }
}

EXPORT int nvmlSystemGetDriverVersion(char *version, unsigned length) {
    CALL();
    snprintf(version, length, "580.95.05");
    return status_of(devices);
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
    CALL();
    *count = (unsigned)settings()->gpus;
    return atomic_load(&users) ? NVML_SUCCESS : NVML_UNINITIALIZED;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
    CALL();
    if (index >= MAX_GPUS) return NVML_INVALID_ARGUMENT;
    *handle = devices + index;
    return status_of(*handle);
}

EXPORT int nvmlDeviceGetUUID(void *handle, char *text, unsigned length) {
    CALL();
    unsigned char uuid[16];
    physical_uuid((int)((char *)handle - devices), uuid);
    unsigned at = (unsigned)snprintf(text, length, "GPU-");
    for (int i = 0; i < 16 && at < length; i++) {
        bool dash = i == 4 || i == 6 || i == 8 || i == 10;
        at += (unsigned)snprintf(text + at, length - at, dash ? "-%02x" : "%02x", uuid[i]);
    }
    return status_of(handle);
}

EXPORT int nvmlDeviceGetPciInfo_v3(void *handle, PciInfo *info) {
    CALL();
    memset(info, 0, sizeof *info);
    info->bus = physical_bus((int)((char *)handle - devices));
    snprintf(info->legacy_id, sizeof info->legacy_id, "0000:%02X:00.0", info->bus & 0xFF);
    snprintf(info->id, sizeof info->id, "00000000:%02X:00.0", info->bus & 0xFF);
    return status_of(handle);
}

EXPORT int nvmlDeviceGetTopologyCommonAncestor(void *one, void *other, int *level) {
    CALL();
    *level = one == other ? 0 : WITHIN_MACHINE;
    int status = status_of(one);
    return status ? status : status_of(other);
}

EXPORT int nvmlDeviceGetNvLinkState(void *handle, unsigned link, int *up) {
    CALL();
    *up = 1;
    return link_status(handle, link);
}

EXPORT int nvmlDeviceGetNvLinkVersion(void *handle, unsigned link, unsigned *version) {
    CALL();
    *version = NVLINK_4;
    return link_status(handle, link);
}

EXPORT int nvmlDeviceGetNvLinkRemoteDeviceType(void *handle, unsigned link, int *kind) {
    CALL();
    *kind = REMOTE_IS_SWITCH;
    return link_status(handle, link);
}

EXPORT int nvmlDeviceGetNvLinkRemotePciInfo_v2(void *handle, unsigned link, PciInfo *info) {
    CALL();
    memset(info, 0, sizeof *info);
    info->bus = 5 + link % SWITCHES;
    snprintf(info->id, sizeof info->id, "00000000:%02X:00.0", info->bus & 0xFF);
    return link_status(handle, link);
}

EXPORT int nvmlDeviceGetFieldValues(void *handle, int count, FieldValue *values) {
    CALL();
    for (FieldValue *value = values; value < values + count; value++) {
        value->type = UNSIGNED_INT;
        value->status = NVML_SUCCESS;
        if (value->field == FIELD_STATE) value->value.number = value->scope < LINKS;
        else if (value->field == FIELD_SPEED || value->field == FIELD_SPEED_OF_ALL)
            value->value.number = MEGABYTES_A_SECOND;
        else value->status = NVML_NOT_SUPPORTED;
    }
    return status_of(handle);
}
