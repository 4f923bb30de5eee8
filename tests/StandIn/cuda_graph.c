/* Graphs: what a stream captured, as a list that each launch copies onto a stream. */
#include <stdlib.h>
#include <string.h>
#include "cuda_parts.h"

struct Graph {
    Operation *first, **last;
    size_t count;
};

static CUgraph new_graph(void) {
    CUgraph graph = calloc(1, sizeof *graph);
    graph->last = &graph->first;
    return graph;
}

static void destroy(CUgraph graph) {
    for (Operation *operation = graph->first, *next; operation; operation = next) {
        next = operation->next;
        free(operation);
    }
    free(graph);
}

static Operation *copy_of(const Operation *operation) {
    Operation *copy = malloc(operation->bytes);
    memcpy(copy, operation, operation->bytes);
    copy->next = NULL;
    return copy;
}

void graph_add(CUgraph graph, Operation *operation) {
    *graph->last = operation;
    graph->last = &operation->next;
    graph->count++;
}

EXPORT int cuStreamBeginCapture_v2(CUstream stream, int mode) {
    CALL();
    (void)mode;
    int status = driver_status();
    if (status) return status;
    CUgraph graph = new_graph();
    status = stream_capture(stream, graph);
    if (status) destroy(graph);
    return status;
}

EXPORT int cuStreamEndCapture(CUstream stream, CUgraph *graph) {
    CALL();
    return stream_end_capture(stream, graph);
}

EXPORT int cuStreamIsCapturing(CUstream stream, int *status) {
    CALL();
    *status = stream_capturing(stream) ? 1 : 0;
    return driver_status();
}

EXPORT int cuThreadExchangeStreamCaptureMode(int *mode) {
    CALL();
    static _Thread_local int current;
    int before = current;
    current = *mode;
    *mode = before;
    return 0;
}

EXPORT int cuGraphGetNodes(CUgraph graph, void **nodes, size_t *count) {
    CALL();
    if (nodes) return CUDA_ERROR_NOT_SUPPORTED;
    *count = graph->count;
    return driver_status();
}

EXPORT int cuGraphInstantiateWithFlags(CUgraphExec *runnable, CUgraph graph, unsigned long long flags) {
    CALL();
    (void)flags;
    if (!graph) return CUDA_ERROR_INVALID_VALUE;
    *runnable = new_graph();
    for (const Operation *operation = graph->first; operation; operation = operation->next)
        graph_add(*runnable, copy_of(operation));
    return driver_status();
}

EXPORT int cuGraphUpload(CUgraphExec runnable, CUstream stream) {
    CALL();
    (void)stream;
    return runnable ? driver_status() : CUDA_ERROR_INVALID_VALUE;
}

EXPORT int cuGraphLaunch(CUgraphExec runnable, CUstream stream) {
    CALL();
    if (!runnable) return CUDA_ERROR_INVALID_VALUE;
    for (const Operation *operation = runnable->first; operation; operation = operation->next) {
        int status = stream_add(stream, copy_of(operation));
        if (status) return status;
    }
    return driver_status();
}

EXPORT int cuGraphExecDestroy(CUgraphExec runnable) {
    CALL();
    if (!runnable) return CUDA_ERROR_INVALID_VALUE;
    destroy(runnable);
    return driver_status();
}

EXPORT int cuGraphDestroy(CUgraph graph) {
    CALL();
    if (!graph) return CUDA_ERROR_INVALID_VALUE;
    destroy(graph);
    return driver_status();
}
