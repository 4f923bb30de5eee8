/* What a stream promises: order, events, graphs, and not to wait in a call; and the end of what never ends. */
#include <sched.h>
#include <time.h>
#include "exercise.h"

enum { COUNT = 4096, LAUNCHES = 3 };

void exercise_graph(Rank *rank) {
    int32_t *send = device_memory(COUNT * 4), *receive = device_memory(COUNT * 4);
    CUgraph graph;
    CUgraphExec runnable;
    CUevent start, end;
    CUDA(cuEventCreate(&start, 0));
    CUDA(cuEventCreate(&end, 0));

    CUDA(cuStreamBeginCapture_v2(rank->stream, 1));
    CUDA(cuEventRecordWithFlags(start, rank->stream, CU_EVENT_RECORD_EXTERNAL));
    CUDA(cuMemsetD8Async((uintptr_t)send, 1, COUNT * 4, rank->stream));
    NCCL(rank, ncclAllReduce(send, receive, COUNT, NCCL_INT32, NCCL_SUM, rank->comm, rank->stream));
    CUDA(cuMemcpyDtoDAsync_v2((uintptr_t)send, (uintptr_t)receive, COUNT * 4, rank->stream));
    CUDA(cuEventRecordWithFlags(end, rank->stream, CU_EVENT_RECORD_EXTERNAL));
    CUDA(cuStreamEndCapture(rank->stream, &graph));
    CUDA(cuGraphInstantiateWithFlags(&runnable, graph, 0));
    CUDA(cuGraphDestroy(graph));
    if (receive[0] != (int32_t)0xA5A5A5A5) FAIL("what was captured ran");

    CUDA(cuGraphUpload(runnable, rank->stream));
    for (int i = 0; i < LAUNCHES; i++) {
        memset(receive, 0, COUNT * 4);
        CUDA(cuGraphLaunch(runnable, rank->stream));
        finish(rank);
        if (send[COUNT - 1] != rank->ranks * 0x01010101) FAIL("a launched graph gave %d", send[COUNT - 1]);
    }
    float elapsed;
    CUDA(cuEventElapsedTime(&elapsed, start, end));
    if (elapsed < 0 || elapsed > 1000 * PATIENCE_SECONDS) FAIL("a graph took %g ms", elapsed);
    CUDA(cuGraphExecDestroy(runnable));

    CUDA(cuStreamBeginCapture_v2(rank->stream, 1));
    if (cuStreamQuery(rank->stream) != CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED) FAIL("a capturing stream was asked");
    if (cuStreamEndCapture(rank->stream, &graph) != CUDA_ERROR_STREAM_CAPTURE_INVALIDATED || graph) FAIL("it is valid");
    CUDA(cuEventDestroy_v2(start));
    CUDA(cuEventDestroy_v2(end));
}

/* Rank 0 comes first, and none of its calls waits for the others; then nobody looks at its stream. */
void exercise_async(Rank *rank) {
    int32_t *data = device_memory(COUNT * 4);
    CUevent event;
    float elapsed;
    CUDA(cuEventCreate(&event, 0));
    memset(data, 1, COUNT * 4);
    if (rank->rank > 0) meet(rank, 0);
    NCCL(rank, ncclAllReduce(data, data, COUNT, NCCL_INT32, NCCL_SUM, rank->comm, rank->stream));
    CUDA(cuEventRecord(event, rank->stream));
    if (rank->rank == 0) {
        bool alone = rank->ranks == 1;
        if (!alone && cuStreamQuery(rank->stream) != CUDA_ERROR_NOT_READY) FAIL("done without the others");
        if (!alone && cuEventElapsedTime(&elapsed, event, event) != CUDA_ERROR_NOT_READY) FAIL("it has a time");
        meet(rank, 0);
    } else {
        finish(rank);
    }
    meet(rank, 1);
    finish(rank);
    CUDA(cuEventQuery(event));
    if (data[COUNT - 1] != rank->ranks * 0x01010101) FAIL("the sum is %d", data[COUNT - 1]);
}

/* With a fault planted that holds streams up: they stay so, and an abort frees them. */
void exercise_abort(Rank *rank) {
    int32_t *data = device_memory(COUNT * 4);
    NCCL(rank, ncclAllReduce(data, data, COUNT, NCCL_INT32, NCCL_SUM, rank->comm, rank->stream));
    for (int i = 0; i < 100; i++) {
        if (cuStreamQuery(rank->stream) != CUDA_ERROR_NOT_READY) FAIL("rank %d does not hang", rank->rank);
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    int status;
    if (ncclCommGetAsyncError(rank->comm, &status)) FAIL("no async error");
    printf("rank %d: async error %d\n", rank->rank, status);
    if (ncclCommAbort(rank->comm)) FAIL("no abort");
    rank->comm = NULL;
    finish(rank);
}

/* Four sums; tells which came out wrong. */
void exercise_compare(Rank *rank) {
    float *data = device_memory(COUNT * 4);
    for (int call = 1; call <= 4; call++) {
        for (int i = 0; i < COUNT; i++) data[i] = 1;
        NCCL(rank, ncclAllReduce(data, data, COUNT, NCCL_FLOAT32, NCCL_SUM, rank->comm, rank->stream));
        finish(rank);
        for (int i = 0; i < COUNT; i++)
            if (data[i] != (float)rank->ranks)
                printf("rank %d: call %d, element %d is %g\n", rank->rank, call, i, data[i]);
    }
    fflush(stdout);
}
