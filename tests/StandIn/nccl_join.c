/*
 * How ranks meet: the unique id names a file that whoever comes first makes and all map, and that is unlinked as soon
 * as all have.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "nccl_parts.h"

static const char id_magic[8] = "STAND-IN";

/* With the zero at its end: the address of NCCL_COMM_ID follows. */
enum { LONGEST_PATH = 96 };

static uint64_t hash_of(const char *text) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

/* What makes ranks be of one host: its name, or what NCCL_HOSTID says. */
static uint64_t host_hash(void) {
    char name[256] = "";
    const char *id = getenv("NCCL_HOSTID");
    gethostname(name, sizeof name - 1);
    return hash_of(id && id[0] ? id : name);
}

/* Whether all who make an id from NCCL_COMM_ID make the same: until 2.15 and from 2.22 on. */
static bool makes_equal_ids(void) { return settings()->nccl < 21600 || settings()->nccl >= 22200; }

EXPORT int ncclGetUniqueId(UniqueId *id) {
    NCCL_CALL(-1);
    uint64_t random;
    const char *folder = getenv("STANDIN_FOLDER");
    if (!folder && access("/dev/shm", W_OK) == 0) folder = "/dev/shm";
    if (!folder || strlen(folder) > 60) folder = "/tmp";

    memset(id, 0, sizeof *id);
    if (bootstrap_is_set()) {
        int status = bootstrap_name(id);
        if (status) return status;
    }
    if (bootstrap_is_set() && makes_equal_ids()) random = hash_of(getenv("NCCL_COMM_ID"));
    else if (getrandom(&random, sizeof random, 0) != sizeof random) return NCCL_SYSTEM_ERROR;
    memcpy(id->bytes, id_magic, sizeof id_magic);
    snprintf(
        id->bytes + sizeof id_magic, LONGEST_PATH, "%s/nperf-stand-in-%016llx", folder, (unsigned long long)random);
    return NCCL_SUCCESS;
}

static const char *path_of(ncclComm_t comm) { return comm->id.bytes + sizeof id_magic; }

static size_t aligned(size_t bytes) { return (bytes + 4095) / 4096 * 4096; }

static int map(ncclComm_t comm) {
    size_t ranks = (size_t)comm->ranks, boards = aligned(sizeof(Shared));
    size_t lanes = boards + aligned(ranks * SLOTS * sizeof(Board));
    comm->mapped = lanes + aligned(ranks * ranks * sizeof(Lane));
    if (memcmp(comm->id.bytes, id_magic, sizeof id_magic) != 0)
        REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: the unique id is not one of ncclGetUniqueId");

    int file = open(path_of(comm), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) REFUSE(NCCL_SYSTEM_ERROR, "stand-in: %s: %s", path_of(comm), strerror(errno));
    char *start = MAP_FAILED;
    if (ftruncate(file, (off_t)comm->mapped) == 0)
        start = mmap(NULL, comm->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (start == MAP_FAILED) REFUSE(NCCL_SYSTEM_ERROR, "stand-in: cannot map %s: %s", path_of(comm), strerror(errno));
    comm->shared = (Shared *)start;
    comm->boards = (Board *)(start + boards);
    comm->lanes = (Lane *)(start + lanes);
    return NCCL_SUCCESS;
}

static int enter(ncclComm_t comm) {
    Shared *shared = comm->shared;
    int ranks = 0, untaken = 0;
    if (!atomic_compare_exchange_strong(&shared->ranks, &ranks, comm->ranks) && ranks != comm->ranks)
        REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: one rank says %d ranks, another %d", ranks, comm->ranks);
    Member *member = &shared->members[comm->rank];
    if (!atomic_compare_exchange_strong(&member->taken, &untaken, 1))
        REFUSE(NCCL_INVALID_USAGE, "stand-in: rank %d joins twice", comm->rank);
    member->process = (int)getpid();
    member->device = comm->device;
    member->physical = physical_index(comm->device);
    member->host = host_hash();
    if (atomic_fetch_add(&shared->joined, 1) == comm->ranks - 1) {
        unlink(path_of(comm));
        atomic_store(&shared->complete, true);
    }
    return NCCL_SUCCESS;
}

static int await_others(ncclComm_t comm) {
    int64_t end = now() + (int64_t)(settings()->timeout * 1e9);
    for (int tries = 0; !atomic_load(&comm->shared->complete); tries++) {
        if (atomic_load(&comm->aborted)) return NCCL_INTERNAL_ERROR;
        if (now() > end) {
            unlink(path_of(comm));
            REFUSE(NCCL_SYSTEM_ERROR, "stand-in: %d of %d ranks came in %g s", atomic_load(&comm->shared->joined),
                   comm->ranks, settings()->timeout);
        }
        if (tries < 1000) sched_yield();
        else nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    return NCCL_SUCCESS;
}

static int check_gpus(ncclComm_t comm) {
    const Member *own = &comm->shared->members[comm->rank];
    for (int rank = 0; rank < comm->ranks; rank++) {
        const Member *other = &comm->shared->members[rank];
        if (rank == comm->rank || other->host != own->host || other->physical != own->physical) continue;
        char id[32];
        bus_id_of(comm->device, id, sizeof id);
        REFUSE(NCCL_INVALID_USAGE, "Duplicate GPU detected: ranks %d and %d are both on %s", comm->rank, rank, id);
    }
    return NCCL_SUCCESS;
}

int comm_join(ncclComm_t comm) {
    int status = map(comm);
    if (!status) status = enter(comm);
    if (!status) status = await_others(comm);
    if (!status) status = check_gpus(comm);
    if (comm->root >= 0) close(comm->root);
    if (status) return status;
    log_channels(comm);
    if (settings()->async_error && fault_due(settings()->async_error, 0, comm->rank, &status)) {
        nccl_say("stand-in: told to fail");
        comm_fail(comm, status);
    }
    return NCCL_SUCCESS;
}

void comm_leave(ncclComm_t comm) {
    if (comm->shared) munmap(comm->shared, comm->mapped);
    comm->shared = NULL;
}
