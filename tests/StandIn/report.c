/* The report: what reached native code, for a test to read. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include "standin.h"

void report(const char *name, const char *format, ...) {
    const char *path = settings()->report;
    if (!path) return;
    char line[1024];
    int length = snprintf(line, sizeof line, "%d %s=", (int)getpid(), name);
    va_list values;
    va_start(values, format);
    length += vsnprintf(line + length, sizeof line - (size_t)length, format, values);
    va_end(values);
    if (length > (int)sizeof line - 2) length = sizeof line - 2;
    line[length++] = '\n';

    /* One write a line, so that lines of several processes stay whole. */
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || write(file, line, (size_t)length) != length)
        fprintf(stderr, "stand-in: cannot write to %s\n", path);
    if (file >= 0) close(file);
}
