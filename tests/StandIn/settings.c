/* The settings, from the environment or from the test itself. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nccl_api.h"
#include "standin.h"

enum { MAX_OVERRIDES = 32 };

static struct { char *name, *value; } overrides[MAX_OVERRIDES];
static int override_count;
static Settings current;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static const char *value_of(const char *name) {
    for (int i = override_count - 1; i >= 0; i--)
        if (strcmp(overrides[i].name, name) == 0) return overrides[i].value[0] ? overrides[i].value : NULL;
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

static double number(const char *name, double otherwise) {
    const char *value = value_of(name);
    return value ? strtod(value, NULL) : otherwise;
}

static char *text(const char *name) {
    const char *value = value_of(name);
    return value ? strdup(value) : NULL;
}

static void load(void) {
    current.gpus = (int)number("STANDIN_GPUS", 2);
    if (current.gpus > MAX_GPUS) current.gpus = MAX_GPUS;
    current.memory = (size_t)number("STANDIN_MEMORY", 4.0 * (1 << 30));
    current.timeout = number("STANDIN_TIMEOUT", 20);
    current.delay = (long)number("STANDIN_DELAY_US", 0);
    current.slow_rank = (int)number("STANDIN_SLOW_RANK", -1);
    current.report = text("STANDIN_REPORT");
    current.fail = text("STANDIN_FAIL");
    current.hang = text("STANDIN_HANG");
    current.wrong = text("STANDIN_WRONG");
    current.async_error = text("STANDIN_ASYNC_ERROR");

    const char *version = value_of("STANDIN_NCCL_VERSION");
    int major = 2, minor = NCCL_MINOR, patch = NCCL_MINOR == 28 ? 9 : 3;
    if (version) sscanf(version, "%d.%d.%d", &major, &minor, &patch);
    current.nccl = major == 2 && minor <= 8 ? major * 1000 + minor * 100 + patch : major * 10000 + minor * 100 + patch;
}

const Settings *settings(void) {
    pthread_once(&once, load);
    return &current;
}

void standin_set(const char *name, const char *value) {
    if (override_count == MAX_OVERRIDES) abort();
    overrides[override_count].name = strdup(name);
    overrides[override_count++].value = strdup(value);
}
