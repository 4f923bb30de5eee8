/* NVML: as much of it as nperf asks for. */
#include <stdio.h>
#include <string.h>
#include "cuda_parts.h"

enum { NVML_SUCCESS = 0, NVML_ERROR_UNINITIALIZED = 1, NVML_ERROR_INVALID_ARGUMENT = 2, NVML_ERROR_NOT_SUPPORTED = 3 };

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlSystemGetDriverVersion(char *version, unsigned length);
const char *nvmlErrorString(int status);

static atomic_int users;

EXPORT int nvmlInit_v2(void) {
    CALL();
    atomic_fetch_add(&users, 1);
    return NVML_SUCCESS;
}

EXPORT int nvmlShutdown(void) {
    CALL();
    if (atomic_load(&users) == 0) return NVML_ERROR_UNINITIALIZED;
    atomic_fetch_sub(&users, 1);
    return NVML_SUCCESS;
}

EXPORT int nvmlSystemGetDriverVersion(char *version, unsigned length) {
    CALL();
    if (atomic_load(&users) == 0) return NVML_ERROR_UNINITIALIZED;
    snprintf(version, length, "580.95.05");
    return NVML_SUCCESS;
}

EXPORT const char *nvmlErrorString(int status) {
    switch (status) {
        case NVML_SUCCESS: return "Success";
        case NVML_ERROR_UNINITIALIZED: return "Uninitialized";
        case NVML_ERROR_INVALID_ARGUMENT: return "Invalid Argument";
        case NVML_ERROR_NOT_SUPPORTED: return "Not Supported";
        default: return "Unknown Error";
    }
}
