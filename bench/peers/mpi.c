/*
 * Times one collective of an MPI library on float32 for sizes by fours: calls back to back after a warm-up, the time of
 * each rank over the number of calls, averaged over ranks. A line a size: bytes and microseconds.
 *
 *   mpirun ... mpi OPERATION LEAST MOST SECONDS
 *
 * LEAST and MOST are bytes as nperf counts them; SECONDS is how long a size is timed. In the list below a 1 says that
 * the size is that of all ranks' blocks together.
 */
#include <mpi.h>

#include "timing.h"

static float *out, *in;
static int rank, ranks;

static void run_allreduce(int n) { MPI_Allreduce(out, in, n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); }

static void run_allgather(int n) { MPI_Allgather(out, n, MPI_FLOAT, in, n, MPI_FLOAT, MPI_COMM_WORLD); }

static void run_broadcast(int n) { MPI_Bcast(out, n, MPI_FLOAT, 0, MPI_COMM_WORLD); }

static void run_reduce(int n) { MPI_Reduce(out, in, n, MPI_FLOAT, MPI_SUM, 0, MPI_COMM_WORLD); }

static void run_reducescatter(int n) { MPI_Reduce_scatter_block(out, in, n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); }

static void run_alltoall(int n) { MPI_Alltoall(out, n, MPI_FLOAT, in, n, MPI_FLOAT, MPI_COMM_WORLD); }

static void run_gather(int n) { MPI_Gather(out, n, MPI_FLOAT, in, n, MPI_FLOAT, 0, MPI_COMM_WORLD); }

static void run_scatter(int n) { MPI_Scatter(out, n, MPI_FLOAT, in, n, MPI_FLOAT, 0, MPI_COMM_WORLD); }

static void run_sendrecv(int n)
{
    MPI_Sendrecv(out, n, MPI_FLOAT, (rank + 1) % ranks, 0, in, n, MPI_FLOAT, (rank + ranks - 1) % ranks, 0,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static const struct operation {
    const char *name;
    void (*run)(int count);
    int blocks;
} operations[] = {
    {"allreduce", run_allreduce, 0}, {"allgather", run_allgather, 1}, {"broadcast", run_broadcast, 0},
    {"reduce", run_reduce, 0},       {"reducescatter", run_reducescatter, 1},
    {"alltoall", run_alltoall, 1},   {"gather", run_gather, 1},       {"scatter", run_scatter, 1},
    {"sendrecv", run_sendrecv, 0},
};

static const struct operation *find(const char *name)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (strcmp(operations[i].name, name) == 0) return &operations[i];
    fprintf(stderr, "no operation %s\n", name);
    exit(2);
}

/* Seconds of one of so many calls, the average over ranks: to the last bit the same on all, which go by it. */
static double timed(const struct operation *operation, size_t count, long calls)
{
    MPI_Barrier(MPI_COMM_WORLD);
    double start = timing_now();
    for (long i = 0; i < calls; i++) operation->run((int)count);
    double own = (timing_now() - start) / (double)calls, all = 0;
    MPI_Reduce(&own, &all, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    MPI_Bcast(&all, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    return all / ranks;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: mpi OPERATION LEAST MOST SECONDS\n");
        return 2;
    }
    const struct operation *operation = find(argv[1]);
    size_t least = strtoull(argv[2], NULL, 10), most = strtoull(argv[3], NULL, 10);
    double seconds = atof(argv[4]);

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    size_t largest = timing_count(most, ranks, operation->blocks) * (operation->blocks ? (size_t)ranks : 1);
    out = timing_buffer(largest);
    in = timing_buffer(largest);
    for (size_t bytes = least; bytes > 0; bytes = timing_next(bytes, most)) {
        size_t count = timing_count(bytes, ranks, operation->blocks);
        timed(operation, count, TIMING_WARMUPS);
        double pace = timed(operation, count, TIMING_LEAST_CALLS), total = 0;
        for (long calls = 0; total < seconds;) {
            long batch = timing_calls(seconds / TIMING_BATCHES, pace);
            total += timed(operation, count, batch) * (double)batch;
            calls += batch;
            pace = total / (double)calls;
        }
        if (rank == 0) timing_print(timing_bytes(count, ranks, operation->blocks), pace);
    }
    MPI_Finalize();
    return 0;
}
