// Times one collective of Gloo on float32 over its TCP transport on the loopback interface, as mpi.c does: a line a size,
// bytes and microseconds, by rank 0.
//
//   gloo RANK RANKS FOLDER OPERATION LEAST MOST SECONDS
//
// FOLDER is empty at first, the same for all ranks, and where they find each other.
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <gloo/allgather.h>
#include <gloo/allreduce.h>
#include <gloo/alltoall.h>
#include <gloo/barrier.h>
#include <gloo/broadcast.h>
#include <gloo/gather.h>
#include <gloo/math.h>
#include <gloo/reduce.h>
#include <gloo/rendezvous/context.h>
#include <gloo/rendezvous/file_store.h>
#include <gloo/scatter.h>
#include <gloo/transport/tcp/device.h>

#include "timing.h"

namespace {

using Context = std::shared_ptr<gloo::Context>;

float *out, *in;

template <typename T>
void sum(void *result, const void *left, const void *right, size_t count)
{
    gloo::sum<T>(result, left, right, count);
}

template <typename T>
void broadcast(const Context &context, T *data, size_t count)
{
    gloo::BroadcastOptions options(context);
    options.setOutput(data, count);
    options.setRoot(0);
    gloo::broadcast(options);
}

template <typename T>
void reduce(const Context &context, T *from, T *to, size_t count)
{
    gloo::ReduceOptions options(context);
    options.setInput(from, count);
    options.setOutput(to, count);
    options.setReduceFunction(sum<T>);
    options.setRoot(0);
    gloo::reduce(options);
}

void run_allreduce(const Context &context, size_t count)
{
    gloo::AllreduceOptions options(context);
    options.setInput(out, count);
    options.setOutput(in, count);
    options.setReduceFunction(sum<float>);
    gloo::allreduce(options);
}

void run_allgather(const Context &context, size_t count)
{
    gloo::AllgatherOptions options(context);
    options.setInput(out, count);
    options.setOutput(in, count * context->size);
    gloo::allgather(options);
}

void run_broadcast(const Context &context, size_t count) { broadcast(context, out, count); }

void run_reduce(const Context &context, size_t count) { reduce(context, out, in, count); }

void run_alltoall(const Context &context, size_t count)
{
    gloo::AlltoallOptions options(context);
    options.setInput(out, count * context->size);
    options.setOutput(in, count * context->size);
    gloo::alltoall(options);
}

void run_gather(const Context &context, size_t count)
{
    gloo::GatherOptions options(context);
    options.setInput(out, count);
    if (context->rank == 0) options.setOutput(in, count * context->size);
    options.setRoot(0);
    gloo::gather(options);
}

void run_scatter(const Context &context, size_t count)
{
    gloo::ScatterOptions options(context);
    if (context->rank == 0) {
        std::vector<float *> blocks;
        for (int rank = 0; rank < context->size; rank++) blocks.push_back(out + rank * count);
        options.setInputs(blocks, count);
    }
    options.setOutput(in, count);
    options.setRoot(0);
    gloo::scatter(options);
}

struct Operation {
    void (*run)(const Context &, size_t count);
    int blocks; // 1 where the size is that of all ranks' blocks together
};

const std::map<std::string, Operation> operations = {
    {"allreduce", {run_allreduce, 0}}, {"allgather", {run_allgather, 1}}, {"broadcast", {run_broadcast, 0}},
    {"reduce", {run_reduce, 0}},       {"alltoall", {run_alltoall, 1}},   {"gather", {run_gather, 1}},
    {"scatter", {run_scatter, 1}},
};

// Seconds of one of so many calls, the average over ranks: to the last bit the same on all, which go by it.
double timed(const Context &context, const Operation &operation, size_t count, long calls)
{
    gloo::BarrierOptions together(context);
    gloo::barrier(together);
    double start = timing_now();
    for (long i = 0; i < calls; i++) operation.run(context, count);
    double own = (timing_now() - start) / static_cast<double>(calls), all = 0;
    reduce(context, &own, &all, 1);
    broadcast(context, &all, 1);
    return all / context->size;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 8) {
        fprintf(stderr, "usage: gloo RANK RANKS FOLDER OPERATION LEAST MOST SECONDS\n");
        return 2;
    }
    int rank = atoi(argv[1]), ranks = atoi(argv[2]);
    auto found = operations.find(argv[4]);
    if (found == operations.end()) {
        fprintf(stderr, "no operation %s\n", argv[4]);
        return 2;
    }
    const Operation &operation = found->second;
    size_t least = strtoull(argv[5], nullptr, 10), most = strtoull(argv[6], nullptr, 10);
    double seconds = atof(argv[7]);

    gloo::transport::tcp::attr loopback;
    loopback.iface = "lo";
    auto device = gloo::transport::tcp::CreateDevice(loopback);
    gloo::rendezvous::FileStore store(argv[3]);
    auto context = std::make_shared<gloo::rendezvous::Context>(rank, ranks);
    context->connectFullMesh(store, device);

    size_t largest = timing_count(most, ranks, operation.blocks) * (operation.blocks ? static_cast<size_t>(ranks) : 1);
    out = timing_buffer(largest);
    in = timing_buffer(largest);
    for (size_t bytes = least; bytes > 0; bytes = timing_next(bytes, most)) {
        size_t count = timing_count(bytes, ranks, operation.blocks);
        timed(context, operation, count, TIMING_WARMUPS);
        double pace = timed(context, operation, count, TIMING_LEAST_CALLS), total = 0;
        for (long calls = 0; total < seconds;) {
            long batch = timing_calls(seconds / TIMING_BATCHES, pace);
            total += timed(context, operation, count, batch) * static_cast<double>(batch);
            calls += batch;
            pace = total / static_cast<double>(calls);
        }
        if (rank == 0) timing_print(timing_bytes(count, ranks, operation.blocks), pace);
    }
    return 0;
}
