/* The algorithm and protocol that NCCL would say it chose. It has tree and ring; tree for all-reduce alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "nccl_parts.h"

enum { NAMES_SINCE = 22400, NUMBERS_SINCE = 22000 };
enum { TREE = 0, RING = 1, ALGORITHMS = 7, LL = 0, SIMPLE = 2, PROTOCOLS = 3 };

static const char *const algorithms[] = {"Tree", "Ring", "CollNetDirect", "CollNetChain", "NVLS", "NVLSTree", "PAT"};
static const char *const algorithm_names[] = {
    "TREE", "RING", "COLLNET_DIRECT", "COLLNET_CHAIN", "NVLS", "NVLS_TREE", "PAT"};
static const char *const protocols[] = {"LL", "LL128", "Simple"}, *const protocol_names[] = {"LL", "LL128", "SIMPLE"};
static const char *const functions[] = {"AllReduce", "ReduceScatter", "Reduce", "AllGather", "Broadcast"};

/*
 * Which of the names a variable such as "Ring,Tree;allreduce:^Tree" leaves to a function, as bits; all where it says
 * nothing. BAD is set where it has a word that is no name.
 */
static unsigned allowed(const char *variable, const char *function, const char *const *names, int count, bool *bad) {
    unsigned all = (1u << count) - 1, result = all;
    const char *text = getenv(variable);
    while (text && *text) {
        size_t length = strcspn(text, ";");
        const char *end = text + length, *colon = memchr(text, ':', length);
        bool applies = !colon;
        if (colon && function)
            applies = strlen(function) == (size_t)(colon - text) && strncasecmp(text, function, strlen(function)) == 0;
        const char *at = colon ? colon + 1 : text;
        bool all_but = *at == '^';
        if (all_but) at++;
        unsigned listed = 0;
        while (at < end) {
            size_t word = strcspn(at, ",;");
            int i = 0;
            while (i < count && (strlen(names[i]) != word || strncasecmp(at, names[i], word) != 0)) i++;
            if (i == count) *bad = true;
            else listed |= 1u << i;
            at += word + (at[word] == ',');
        }
        if (applies) result = all_but ? all & ~listed : listed;
        text = end + (*end == ';');
    }
    return result;
}

int choice_check_variables(void) {
    bool bad_algorithm = false, bad_protocol = false;
    allowed("NCCL_ALGO", NULL, algorithms, ALGORITHMS, &bad_algorithm);
    allowed("NCCL_PROTO", NULL, protocols, PROTOCOLS, &bad_protocol);
    if (settings()->nccl < NAMES_SINCE || !(bad_algorithm || bad_protocol)) return NCCL_SUCCESS;
    const char *variable = bad_algorithm ? "NCCL_ALGO" : "NCCL_PROTO";
    REFUSE(NCCL_INVALID_USAGE, "Unrecognized element token when parsing %s=\"%s\"", variable, getenv(variable));
}

int choose(const Task *task) {
    if (task->kind > BROADCAST) return NCCL_SUCCESS;
    const char *function = functions[task->kind];
    bool bad = false;
    unsigned may = allowed("NCCL_ALGO", function, algorithms, ALGORITHMS, &bad);
    unsigned protocol_may = allowed("NCCL_PROTO", function, protocols, PROTOCOLS, &bad);
    unsigned has = task->kind == ALL_REDUCE ? 1u << TREE | 1u << RING : 1u << RING;
    if (settings()->nccl < NAMES_SINCE && !(may & has)) may = has;
    if (!(may & has) || !protocol_may)
        REFUSE(NCCL_INVALID_USAGE, "no algorithm/protocol available for function %s", function);

    size_t bytes = task->count * type_size(task->type);
    int algorithm = may & has & 1u << RING ? RING : TREE, protocol = bytes <= 65536 ? LL : SIMPLE;
    while (!(protocol_may & 1u << protocol)) protocol = (protocol + 1) % PROTOCOLS;
    if (task->comm->rank != 0) return NCCL_SUCCESS;
    if (settings()->nccl >= NAMES_SINCE)
        nccl_log(LOG_TUNING, "%s: %zu Bytes -> Algo %s proto %s channel{Lo..Hi}={0..%d}", function, bytes,
                 algorithm_names[algorithm], protocol_names[protocol], protocol == LL ? 0 : 1);
    else if (settings()->nccl >= NUMBERS_SINCE)
        nccl_log(LOG_TUNING, "%zu Bytes -> Algo %d proto %d time %f", bytes, algorithm, protocol, 8.5);
    return NCCL_SUCCESS;
}
