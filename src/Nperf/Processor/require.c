/*
 * Refuses a processor that the native binary is not compiled for, before .NET's runtime starts: that would only abort, and
 * say neither what is missing nor what to do. The instructions are those of x86-64-v3 (System V ABI, x86-64 psABI, table 3.1);
 * where their bits are: Intel's Software Developer's Manual, CPUID and XGETBV. This file itself is compiled for any x86-64.
 */
#include <cpuid.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FEATURES = 1, MORE_FEATURES = 7, AVX = 28, SAVES_SSE_AND_AVX = 6, NAME_BYTES = 48 };

#define OF_AMD 0x80000001u
#define NAME 0x80000002u

static const struct {
    unsigned leaf;
    char in; /* the register: b or c */
    int bit;
    const char *name;
} needed[] = {
    {FEATURES, 'c', 0, "SSE3"},
    {FEATURES, 'c', 9, "SSSE3"},
    {FEATURES, 'c', 19, "SSE4.1"},
    {FEATURES, 'c', 20, "SSE4.2"},
    {FEATURES, 'c', 13, "CMPXCHG16B"},
    {FEATURES, 'c', 23, "POPCNT"},
    {FEATURES, 'c', 22, "MOVBE"},
    {FEATURES, 'c', 27, "XSAVE"},
    {FEATURES, 'c', AVX, "AVX"},
    {MORE_FEATURES, 'b', 5, "AVX2"},
    {FEATURES, 'c', 12, "FMA"},
    {FEATURES, 'c', 29, "F16C"},
    {MORE_FEATURES, 'b', 3, "BMI1"},
    {MORE_FEATURES, 'b', 8, "BMI2"},
    {OF_AMD, 'c', 5, "LZCNT"},
};

static bool has(unsigned leaf, char in, int bit) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(leaf, 0, &a, &b, &c, &d)) return false;
    return ((in == 'b' ? b : c) >> bit & 1) != 0;
}

/* Whether the system keeps the registers of AVX for each thread; to be asked where there is AVX alone. */
static bool system_saves_avx(void) {
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (low & SAVES_SSE_AND_AVX) == SAVES_SSE_AND_AVX;
}

/* The processor's name as it gives it, with or without spaces before it; empty where it does not. */
static void read_name(char name[NAME_BYTES + 1]) {
    unsigned parts[NAME_BYTES / sizeof(unsigned)] = {0};
    for (unsigned i = 0; i < 3; i++)
        __get_cpuid(NAME + i, &parts[4 * i], &parts[4 * i + 1], &parts[4 * i + 2], &parts[4 * i + 3]);
    memcpy(name, parts, NAME_BYTES);
    name[NAME_BYTES] = '\0';
}

static void add(char list[256], const char *name) {
    if (*list) strcat(list, ", ");
    strcat(list, name);
}

__attribute__((constructor)) static void require_processor(void) {
    char missing[256] = "", line[512], name[NAME_BYTES + 1];
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!has(needed[i].leaf, needed[i].in, needed[i].bit)) add(missing, needed[i].name);
    if (has(FEATURES, 'c', AVX) && !system_saves_avx()) add(missing, "AVX's registers (the system does not keep them)");
    if (!*missing) return;

    read_name(name);
    int length = snprintf(
        line, sizeof line,
        "nperf: error: this program is compiled for x86-64-v3 (2013 and newer), and the processor %s lacks %s; "
        "docs/troubleshooting.md says how to build one for it\n",
        name + strspn(name, " "), missing);
    if (write(STDERR_FILENO, line, (size_t)length) < 0) _exit(1); /* There is nobody to tell. */
    _exit(1);
}
