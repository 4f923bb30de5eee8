/* NCCL's version and errors, and what its first call does. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>
#include "nccl_parts.h"

extern char **environ;

static void read_variables(void) {
    for (char **variable = environ; *variable; variable++) {
        const char *equals = strchr(*variable, '=');
        if (strncmp(*variable, "NCCL_", 5) != 0 || !equals) continue;
        char name[64];
        size_t length = (size_t)(equals - *variable);
        if (length >= sizeof name) continue;
        memcpy(name, *variable, length);
        name[length] = '\0';
        report(name, "%s", equals + 1);
        nccl_log(LOG_ENV, "%s set by environment to %s", name, equals + 1);
    }
}

void nccl_first_call(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_variables);
}

/* The one call that reads no variables. */
EXPORT int ncclGetVersion(int *code) {
    static Call call = {.symbol = "ncclGetVersion"};
    int told = call_begin(&call, -1);
    if (told) return told;
    *code = settings()->nccl;
    return NCCL_SUCCESS;
}

EXPORT const char *ncclGetErrorString(int status) {
    static const char *const texts[] = {
        "no error", "unhandled cuda error", "unhandled system error", "internal error", "invalid argument",
        "invalid usage", "remote process exited or there was a network error", "NCCL operation in progress",
    };
    bool known = status >= 0 && status < (int)(sizeof texts / sizeof texts[0]);
    return known ? texts[status] : "unknown result code";
}
