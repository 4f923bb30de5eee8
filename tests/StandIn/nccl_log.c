/* NCCL's log, in the form that NCCL writes it, and the text of its last error. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "nccl_parts.h"

enum { UNKNOWN = -1, NONE, VERSION, WARN, INFO, TRACE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int level = UNKNOWN, mask;
static FILE *file;
static char host[256], last_error[512];

static int level_of(const char *text) {
    static const char *const names[] = {"NONE", "VERSION", "WARN", "INFO", "ABORT", "TRACE"};
    static const int levels[] = {NONE, VERSION, WARN, INFO, INFO, TRACE};
    for (int i = 0; text && i < 6; i++)
        if (strcasecmp(text, names[i]) == 0) return levels[i];
    return NONE;
}

static int mask_of(const char *text) {
    static const struct { const char *name; int bit; } systems[] = {
        {"INIT", LOG_INIT}, {"COLL", LOG_COLL}, {"P2P", LOG_P2P}, {"NET", LOG_NET}, {"GRAPH", LOG_GRAPH},
        {"TUNING", LOG_TUNING}, {"ENV", LOG_ENV}, {"ALL", LOG_ANY},
    };
    if (!text) return LOG_INIT | LOG_ENV;
    bool all_but = text[0] == '^';
    if (all_but) text++;
    int found = 0;
    while (*text) {
        size_t length = strcspn(text, ",");
        for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
            if (strlen(systems[i].name) == length && strncasecmp(text, systems[i].name, length) == 0)
                found |= systems[i].bit;
        text += length + (text[length] == ',');
    }
    return all_but ? ~found : found;
}

/* NCCL_DEBUG_FILE with %h for the host and %p for the process. */
static void open_file(const char *pattern) {
    char path[1024];
    size_t length = 0;
    for (; *pattern && length < sizeof path - 300; pattern++) {
        if (*pattern != '%') path[length++] = *pattern;
        else if (*++pattern == 'h') length += (size_t)sprintf(path + length, "%s", host);
        else if (*pattern == 'p') length += (size_t)sprintf(path + length, "%d", (int)getpid());
        else path[length++] = '%';
    }
    path[length] = '\0';
    file = fopen(path, "w");
    if (file) setlinebuf(file);
}

static void prepare(void) {
    if (level != UNKNOWN) return;
    if (file) fclose(file);
    file = NULL;
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = '\0';
    level = level_of(getenv("NCCL_DEBUG"));
    mask = mask_of(getenv("NCCL_DEBUG_SUBSYS"));
    const char *pattern = getenv("NCCL_DEBUG_FILE");
    if (level > VERSION && pattern) open_file(pattern);
}

static void write_line(const char *kind, const char *format, va_list values) {
    FILE *to = file ? file : stdout;
    int device = current_device() < 0 ? 0 : current_device();
    if (kind) fprintf(to, "%s:%d:%d [%d] %s ", host, (int)getpid(), (int)syscall(SYS_gettid), device, kind);
    vfprintf(to, format, values);
    fputc('\n', to);
    if (!file) fflush(to);
}

void nccl_log(int subsystem, const char *format, ...) {
    va_list values;
    va_start(values, format);
    pthread_mutex_lock(&lock);
    prepare();
    if (level >= INFO && (mask & subsystem)) write_line("NCCL INFO", format, values);
    pthread_mutex_unlock(&lock);
    va_end(values);
}

void nccl_say(const char *format, ...) {
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    pthread_mutex_lock(&lock);
    vsnprintf(last_error, sizeof last_error, format, values);
    prepare();
    if (level >= WARN) write_line("stand-in.c:1 NCCL WARN", format, again);
    pthread_mutex_unlock(&lock);
    va_end(again);
    va_end(values);
}

static void write_version(const char *kind, const char *format, ...) {
    va_list values;
    va_start(values, format);
    write_line(kind, format, values);
    va_end(values);
}

void nccl_log_version(void) {
    static bool told;
    int code = settings()->nccl;
    pthread_mutex_lock(&lock);
    prepare();
    if (!told && level >= VERSION)
        write_version(
            level >= INFO ? "NCCL INFO" : NULL, "NCCL version %d.%d.%d+cuda13.0", code / 10000, code / 100 % 100,
            code % 100);
    told = true;
    pthread_mutex_unlock(&lock);
}

EXPORT const char *ncclGetLastError(ncclComm_t comm) {
    (void)comm;
    return last_error;
}

#if NCCL_MINOR >= 24
EXPORT void ncclResetDebugInit(void) {
    static Call call = {.symbol = "ncclResetDebugInit"};
    call_begin(&call, -1);
    pthread_mutex_lock(&lock);
    level = UNKNOWN;
    pthread_mutex_unlock(&lock);
}
#endif
