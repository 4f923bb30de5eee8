/* What NCCL's log says of a communicator once its ranks have met. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "nccl_parts.h"

enum { CHANNELS = 2 };

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && strcmp(value, "1") == 0;
}

/* "0[0]": the rank, and its GPU; before 2.18 that was the GPU's bus. */
static const char *name_of(const struct Comm *comm, int rank, char *text) {
    int physical = comm->shared->members[rank].physical;
    if (settings()->nccl >= 21800) sprintf(text, "%d[%d]", rank, physical);
    else sprintf(text, "%d[%x000]", rank, physical_bus(physical));
    return text;
}

static void log_link(const struct Comm *comm, int channel, int from, int to) {
    const Member *source = &comm->shared->members[from], *target = &comm->shared->members[to];
    char first[32], second[32];
    name_of(comm, from, first);
    name_of(comm, to, second);
    bool sends = from == comm->rank;
    if (source->host != target->host) {
        nccl_log(LOG_INIT | LOG_NET, "Channel %02d/0 : %s -> %s [%s] via NET/Socket/0", channel, first, second,
                 sends ? "send" : "receive");
        return;
    }
    if (!sends) return;
    const char *way = source->process == target->process ? "direct pointer"
        : settings()->nccl >= 21800                      ? "CUMEM"
                                                         : "IPC";
    if (is_set("NCCL_P2P_DISABLE"))
        nccl_log(LOG_INIT, "Channel %02d : %s -> %s via SHM/direct/direct", channel, first, second);
    else nccl_log(LOG_INIT | LOG_P2P, "Channel %02d/0 : %s -> %s via P2P/%s", channel, first, second, way);
}

static int count_hosts(const struct Comm *comm, int *of_this_host) {
    const Member *members = comm->shared->members;
    int hosts = 0;
    *of_this_host = 0;
    for (int rank = 0; rank < comm->ranks; rank++) {
        bool seen = false;
        for (int before = 0; before < rank; before++) seen |= members[before].host == members[rank].host;
        hosts += !seen;
        *of_this_host += members[rank].host == members[comm->rank].host;
    }
    return hosts;
}

static void log_channel_counts(void) {
    if (settings()->nccl < 21800)
        nccl_log(LOG_INIT, "%d coll channels, %d p2p channels, %d p2p channels per peer", CHANNELS, CHANNELS, CHANNELS);
    else
        nccl_log(LOG_INIT,
                 "%d coll channels, 0 collnet channels, 0 nvls channels, %d p2p channels, %d p2p channels per peer",
                 CHANNELS, CHANNELS, CHANNELS);
}

static void log_complete(const struct Comm *comm) {
    int physical = physical_index(comm->device);
    unsigned bus = physical_bus(physical);
    if (settings()->nccl < 21800)
        nccl_log(LOG_INIT, "comm %p rank %d nranks %d cudaDev %d busId %x000 - Init COMPLETE", (const void *)comm,
                 comm->rank, comm->ranks, comm->device, bus);
    else
        nccl_log(LOG_INIT, "ncclCommInitRankConfig comm %p rank %d nranks %d cudaDev %d nvmlDev %d busId %x000 commId"
                 " 0x5eed - Init COMPLETE", (const void *)comm, comm->rank, comm->ranks, comm->device, physical, bus);
}

void log_channels(const struct Comm *comm) {
    int local, hosts = count_hosts(comm, &local);
    char ring[512] = "";
    for (int rank = 0, length = 0; rank < comm->ranks; rank++)
        length += snprintf(ring + length, sizeof ring - (size_t)length, " %d", rank);

    nccl_log(LOG_INIT, "Using network Socket");
    if (settings()->nccl >= 22000)
        nccl_log(LOG_INIT, "comm %p rank %d nRanks %d nNodes %d localRanks %d localRank %d MNNVL 0", (const void *)comm,
                 comm->rank, comm->ranks, hosts, local, comm->rank % local);
    for (int channel = 0; channel < CHANNELS && comm->rank == 0; channel++)
        nccl_log(LOG_INIT, "Channel %02d/%02d :%s", channel, CHANNELS, ring);
    for (int channel = 0; channel < CHANNELS && comm->ranks > 1; channel++) {
        log_link(comm, channel, (comm->rank + comm->ranks - 1) % comm->ranks, comm->rank);
        log_link(comm, channel, comm->rank, (comm->rank + 1) % comm->ranks);
    }
    nccl_log(LOG_INIT, "Connected all rings, use ring PXN 0 GDR 0");
    log_channel_counts();
    log_complete(comm);
    if (settings()->nccl >= 22000)
        nccl_log(LOG_INIT, "Init timings - ncclCommInitRankConfig: rank %d nranks %d total 0.02 (kernels 0.00, alloc"
                 " 0.00, bootstrap 0.01, allgathers 0.00, topo 0.00, graphs 0.00, connections 0.00, rest 0.01)",
                 comm->rank, comm->ranks);
}
