/* Modules: the kernels that PTX names, run by their host build where the library has one. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cuda_parts.h"

enum { MAX_PARAMETERS = 24, MAX_NAME = 128, JIT_ERROR_LOG = 5, JIT_ERROR_LOG_BYTES = 6 };

/* The kernels compiled for the host: returns 0, or not where it has none of that name. */
__attribute__((weak)) int nperf_host_launch(const char *name, unsigned blocks, unsigned threads, void **parameters);

struct Function {
    struct Function *next;
    char name[MAX_NAME];
    int parameters;
    size_t sizes[MAX_PARAMETERS];
};

struct Module { struct Function *functions; };

typedef struct {
    Operation head;
    CUfunction function;
    unsigned blocks, threads;
    _Alignas(16) char values[];
} Launch;

/* A parameter's bytes: ".param .u64 name" or ".param .align 8 .b8 name[48]". */
static size_t size_of_parameter(const char *text, const char *end) {
    size_t element = 0, length = 1;
    for (const char *at = text; at < end; at++) {
        bool type = *at == '.' && strchr("bufs", at[1]) && isdigit((unsigned char)at[2]);
        if (type) element = strtoul(at + 2, NULL, 10) / 8;
        if (*at == '[') length = strtoul(at + 1, NULL, 10);
    }
    return element * length;
}

/* Reads "NAME(.param …, .param …)"; returns null where it is not that. */
static struct Function *read_entry(const char *text) {
    while (isspace((unsigned char)*text)) text++;
    size_t length = strcspn(text, "( \t\n");
    const char *open = text + length + strspn(text + length, " \t\n"), *close = strchr(open, ')');
    if (length == 0 || length >= MAX_NAME || *open != '(' || !close) return NULL;

    struct Function *function = calloc(1, sizeof *function);
    memcpy(function->name, text, length);
    for (const char *at = strstr(open, ".param"); at && at < close; at = strstr(at, ".param")) {
        const char *comma = strchr(at, ','), *end = comma && comma < close ? comma : close;
        if (function->parameters == MAX_PARAMETERS) break;
        function->sizes[function->parameters++] = size_of_parameter(at + strlen(".param"), end);
        at = end;
    }
    return function;
}

static int load(CUmodule *module, const char *image) {
    int status = context_status();
    if (status) return status;
    if (!strstr(image, ".version") || !strstr(image, ".target")) return CUDA_ERROR_INVALID_IMAGE;
    *module = calloc(1, sizeof **module);
    for (const char *at = strstr(image, ".entry"); at; at = strstr(at, ".entry")) {
        at += strlen(".entry");
        struct Function *function = read_entry(at);
        if (!function) return CUDA_ERROR_INVALID_PTX;
        function->next = (*module)->functions;
        (*module)->functions = function;
    }
    return 0;
}

EXPORT int cuModuleLoadData(CUmodule *module, const void *image) {
    CALL();
    return load(module, image);
}

EXPORT int cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned count, int *options, void **values) {
    CALL();
    int status = load(module, image);
    char *log = NULL;
    size_t room = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == JIT_ERROR_LOG) log = values[i];
        if (options[i] == JIT_ERROR_LOG_BYTES) room = (uintptr_t)values[i];
    }
    if (status && log) snprintf(log, room, "stand-in: this is not PTX");
    return status;
}

/* Launches that are still to run keep their functions. */
EXPORT int cuModuleUnload(CUmodule module) {
    CALL();
    return module ? driver_status() : CUDA_ERROR_INVALID_HANDLE;
}

EXPORT int cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    CALL();
    for (*function = module->functions; *function; *function = (*function)->next)
        if (strcmp((*function)->name, name) == 0) return driver_status();
    return CUDA_ERROR_NOT_FOUND;
}

static bool launch(Operation *operation) {
    Launch *this = (Launch *)operation;
    void *parameters[MAX_PARAMETERS];
    char *value = this->values;
    for (int i = 0; i < this->function->parameters; i++) {
        parameters[i] = value;
        value += (this->function->sizes[i] + 15) / 16 * 16;
    }
    if (nperf_host_launch(this->function->name, this->blocks, this->threads, parameters) != 0)
        device_error(CUDA_ERROR_LAUNCH_FAILED);
    return true;
}

EXPORT int cuLaunchKernel(
    CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, CUstream stream, void **parameters, void **extra) {
    CALL();
    (void)sharedBytes;
    int status = context_status();
    if (status) return status;
    if (!nperf_host_launch) return CUDA_ERROR_NOT_SUPPORTED;
    bool valid = gridX > 0 && gridY == 1 && gridZ == 1 && blockX > 0 && blockX <= 1024 && blockY == 1 && blockZ == 1;
    if (!function || extra || !valid || (function->parameters > 0 && !parameters)) return CUDA_ERROR_INVALID_VALUE;

    /* The values are taken now: the caller's may be gone when the stream comes to the launch. */
    size_t bytes = 0;
    for (int i = 0; i < function->parameters; i++) bytes += (function->sizes[i] + 15) / 16 * 16;
    Launch *operation = operation_new(sizeof *operation + bytes, launch);
    operation->function = function;
    operation->blocks = gridX;
    operation->threads = blockX;
    char *value = operation->values;
    for (int i = 0; i < function->parameters; i++) {
        memcpy(value, parameters[i], function->sizes[i]);
        value += (function->sizes[i] + 15) / 16 * 16;
    }
    return stream_add(stream, &operation->head);
}
