/*
 * exercise RANKS processes|threads blocking|polling NAME…: runs the exercises named on all ranks and exits with 0
 * where all went well. STANDIN_ variables plant faults, as for anyone. With EXERCISE_HOSTS each process is a host of
 * its own to NCCL;
 * with EXERCISE_OWN_IDS each rank makes the id itself.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "exercise.h"

World *world;

static char **names;
static bool blocking;
static int ranks;

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int settled(Rank *rank, int status) {
    double end = seconds() + PATIENCE_SECONDS;
    if (status == NCCL_IN_PROGRESS && rank->blocking) FAIL("a blocking communicator is in progress");
    while (status == NCCL_IN_PROGRESS) {
        if (seconds() > end) FAIL("in progress for too long");
        sched_yield();
        int failed = ncclCommGetAsyncError(rank->comm, &status);
        if (failed) return failed;
    }
    return status;
}

void finish(Rank *rank) {
    double end = seconds() + PATIENCE_SECONDS;
    int status;
    while ((status = cuStreamQuery(rank->stream)) == CUDA_ERROR_NOT_READY) {
        if (seconds() > end) FAIL("rank %d: the stream is not done", rank->rank);
        sched_yield();
    }
    if (status) FAIL("the stream: %d", status);
}

void meet(Rank *rank, int number) {
    double end = seconds() + PATIENCE_SECONDS;
    atomic_fetch_add(&world->passed[number], 1);
    while (atomic_load(&world->passed[number]) < rank->ranks) {
        if (seconds() > end) FAIL("rank %d waits for the others", rank->rank);
        sched_yield();
    }
}

void *device_memory(size_t bytes) {
    CUdeviceptr pointer;
    CUDA(cuMemAlloc_v2(&pointer, bytes));
    CUDA(cuMemsetD8_v2(pointer, 0xA5, bytes));
    return (void *)(uintptr_t)pointer;
}

static void run_exercise(const char *name, Rank *rank) {
    static const struct { const char *name; void (*run)(Rank *); } all[] = {
        {"reductions", exercise_reductions}, {"moves", exercise_moves}, {"messages", exercise_messages},
        {"graph", exercise_graph}, {"async", exercise_async}, {"abort", exercise_abort}, {"compare", exercise_compare},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].name, name) == 0) {
            all[i].run(rank);
            return;
        }
    FAIL("there is no exercise %s", name);
}

static void *run_rank(void *argument) {
    Rank rank = {.rank = *(int *)argument, .ranks = ranks, .blocking = blocking};
    CUcontext context;
    CUdevice device;
    CUDA(cuInit(0));
    CUDA(cuDeviceGet(&device, rank.rank));
    CUDA(cuDevicePrimaryCtxRetain(&context, device));
    CUDA(cuCtxSetCurrent(context));
    CUDA(cuStreamCreate(&rank.stream, 1));

    if (rank.rank == 0) {
        if (ncclGetUniqueId(&world->id)) FAIL("no id");
        atomic_store(&world->id_ready, true);
    }
    while (!atomic_load(&world->id_ready)) sched_yield();
    UniqueId id = world->id;
    if (getenv("EXERCISE_OWN_IDS") && ncclGetUniqueId(&id)) FAIL("no id of its own");
    Config config;
    memset(&config, 0x80, sizeof config);
    config.size = 24;
    config.magic = 0xcafebeef;
    config.version = 21400;
    config.blocking = rank.blocking;
    config.cgaClusterSize = INT32_MIN;
    NCCL(&rank, ncclCommInitRankConfig(&rank.comm, ranks, id, rank.rank, &config));

    for (char **name = names; *name; name++) run_exercise(*name, &rank);
    if (rank.comm) NCCL(&rank, ncclCommFinalize(rank.comm));
    if (rank.comm) NCCL(&rank, ncclCommDestroy(rank.comm));
    CUDA(cuStreamDestroy_v2(rank.stream));
    CUDA(cuDevicePrimaryCtxRelease_v2(device));
    return NULL;
}

static int run_threads(int *numbers) {
    pthread_t threads[MAX_WORLD];
    for (int i = 0; i < ranks; i++)
        if (pthread_create(&threads[i], NULL, run_rank, &numbers[i]) != 0) return 1;
    for (int i = 0; i < ranks; i++) pthread_join(threads[i], NULL);
    return 0;
}

static int run_processes(int *numbers) {
    int failed = 0;
    for (int i = 0; i < ranks; i++) {
        pid_t child = fork();
        if (child < 0) return 1;
        if (child == 0) {
            char host[16];
            sprintf(host, "host %d", i);
            if (getenv("EXERCISE_HOSTS")) setenv("NCCL_HOSTID", host, 1);
            run_rank(&numbers[i]);
            exit(0);
        }
    }
    for (int i = 0, status; i < ranks; i++) {
        if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) failed = 1;
    }
    return failed;
}

int main(int count, char **arguments) {
    int numbers[MAX_WORLD];
    if (count < 5 || (ranks = atoi(arguments[1])) < 1 || ranks > MAX_WORLD)
        FAIL("RANKS processes|threads blocking|polling NAME…");
    for (int i = 0; i < ranks; i++) numbers[i] = i;
    blocking = strcmp(arguments[3], "blocking") == 0;
    names = arguments + 4;
    world = mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (world == MAP_FAILED) FAIL("no memory");
    return strcmp(arguments[2], "threads") == 0 ? run_threads(numbers) : run_processes(numbers);
}
