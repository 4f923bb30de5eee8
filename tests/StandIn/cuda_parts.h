/* What the files of the driver share with each other and with NCCL. */
#ifndef CUDA_PARTS_H
#define CUDA_PARTS_H

#include "cuda_api.h"
#include "standin.h"

/* A piece of work on a stream. What it does stands behind it in the same allocation, so that a copy is a memcpy. */
typedef struct Operation {
    struct Operation *next;
    size_t bytes;
    /* Goes as far as it can without waiting; returns whether all is done. */
    bool (*advance)(struct Operation *operation);
    /* What happens at once where it is put onto a stream to be run; may be null. */
    void (*enqueued)(struct Operation *operation);
} Operation;

/* An operation of BYTES in all, zeroed but for its head. */
void *operation_new(size_t bytes, bool (*advance)(Operation *operation));

/* Takes the operation: onto the stream, or into the graph that it captures. */
int stream_add(CUstream stream, Operation *operation);

/* The stream itself, or the default stream of the current context where it is null. */
CUstream stream_of(CUstream stream);
bool stream_capturing(CUstream stream);

/* The graph that a stream captures into, which it then no longer does. */
int stream_capture(CUstream stream, CUgraph graph);
int stream_end_capture(CUstream stream, CUgraph *graph);
void graph_add(CUgraph graph, Operation *operation);

/* The GPU whose context this thread uses; -1 without one. */
int current_device(void);
/* Makes a thread of the stand-in's own use the context of a GPU. */
void use_device(int device);

/* The number of a GPU among all of the machine, visible or not. */
int physical_index(int device);
/* What is the same of a GPU in every process. */
unsigned physical_bus(int index);
void physical_uuid(int index, unsigned char *uuid);
void bus_id_of(int device, char *id, size_t length);

/* 0, or a status where the driver is not there or this thread has no context. */
int driver_status(void);
int context_status(void);

/* An error of a kernel: every later call that can return it does. */
void device_error(int status);
int device_error_status(void);

/* Memory of the current GPU that counts against what it has; null where it does not have as much. */
void *device_alloc(size_t bytes, bool nccl);
bool device_free(void *pointer);
/* Whether BYTES from POINTER on lie within one allocation; NCCL tells whether ncclMemAlloc made it, and may be null. */
bool device_holds(const void *pointer, size_t bytes, bool *nccl);

#endif
