/* The configuration of a communicator: as many of its fields as caller and library both know. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "nccl_parts.h"

/* Bytes of the structure since a version. */
static size_t size_since(int code) {
    static const struct { int code; size_t size; } versions[] = {
        {23000, sizeof(Config)}, {22900, 88}, {22800, 80}, {22700, 72}, {21800, 48}, {21700, 40}, {0, 24},
    };
    size_t i = 0;
    while (code < versions[i].code) i++;
    return versions[i].size;
}

typedef struct {
    const char *name;
    size_t offset;
    int least, most;
} Field;

#define FIELD(NAME, LEAST, MOST) {#NAME, offsetof(Config, NAME), LEAST, MOST}

static const Field fields[] = {
    FIELD(blocking, 0, 1), FIELD(cgaClusterSize, 0, 8), FIELD(minCTAs, 1, INT_MAX), FIELD(maxCTAs, 1, INT_MAX),
    FIELD(splitShare, 0, 1), FIELD(trafficClass, 0, INT_MAX), FIELD(collnetEnable, 0, 1), FIELD(CTAPolicy, 0, 3),
    FIELD(shrinkShare, 0, 1), FIELD(nvlsCTAs, 1, INT_MAX), FIELD(nChannelsPerNetPeer, 1, INT_MAX),
    FIELD(nvlinkCentricSched, 0, 1), FIELD(graphUsageMode, 0, 2), FIELD(numRmaCtx, 0, INT_MAX),
    FIELD(maxP2pPeers, 1, INT_MAX), FIELD(graphStreamOrdering, 0, 1),
};

int config_read(const Config *config, bool *blocking) {
    if (!config) REFUSE(NCCL_INVALID_ARGUMENT, "the configuration is null");
    if (config->magic != 0xcafebeef) REFUSE(NCCL_INVALID_ARGUMENT, "the configuration was not initialised");
    size_t size = config->size, own = size_since(settings()->nccl), callers = size_since((int)config->version);
    if (size < 24) REFUSE(NCCL_INVALID_ARGUMENT, "the configuration has %zu bytes", size);
    if (size > own) size = own;
    if (size > callers) size = callers;

    *blocking = true;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const Field *field = &fields[i];
        int value;
        if (field->offset + sizeof value > size) continue;
        memcpy(&value, (const char *)config + field->offset, sizeof value);
        if (value == INT_MIN) continue;
        if (value < field->least || value > field->most)
            REFUSE(NCCL_INVALID_ARGUMENT, "%s of the configuration may not be %d", field->name, value);
        char name[64];
        snprintf(name, sizeof name, "config.%s", field->name);
        report(name, "%d", value);
        if (field->offset == offsetof(Config, blocking)) *blocking = value != 0;
    }
    if (size >= 40 && config->netName) report("config.netName", "%s", config->netName);
    /* As NCCL does, before what is undefined, the least of numbers, is filled in. */
    if (size >= 40 && config->minCTAs > config->maxCTAs)
        REFUSE(NCCL_INVALID_ARGUMENT, "minCTAs %d is more than maxCTAs %d", config->minCTAs, config->maxCTAs);
    return NCCL_SUCCESS;
}
