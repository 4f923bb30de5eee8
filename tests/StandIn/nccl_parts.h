/* What the files of NCCL share. */
#ifndef NCCL_PARTS_H
#define NCCL_PARTS_H

#include "cuda_parts.h"
#include "nccl_api.h"
#include "standin.h"

enum { BOARD_BYTES = 128 << 10, LANE_BYTES = 64 << 10, SLOTS = 2, CACHE_LINE = 64 };

typedef enum {
    ALL_REDUCE,
    REDUCE_SCATTER,
    REDUCE,
    ALL_GATHER,
    BROADCAST,
    ALL_TO_ALL,
    GATHER,
    SCATTER,
    SEND,
    RECEIVE,
} Kind;

/* One call of NCCL: what is wanted, and how far it has come. */
typedef struct {
    Kind kind;
    ncclComm_t comm;
    const char *send;
    char *receive;
    size_t count;
    int type, reduction;
    int peer; /* Or the root. */
    bool hang;

    size_t out, in; /* Elements of each block that this rank has put out and taken in. */
    bool done;
} Task;

/* What must be equal in all ranks' calls, beside each piece of their data. */
typedef struct {
    int kind, type, reduction, root;
    size_t count;
} Label;

/* A rank, as the others see it. */
typedef struct {
    _Alignas(CACHE_LINE) atomic_int taken;
    atomic_bool ready;
    int process, device, physical;
    uint64_t host;
    /* Pieces of collectives that this rank has put out, and has taken in of all ranks. */
    _Alignas(CACHE_LINE) atomic_ullong published, consumed;
} Member;

typedef struct {
    atomic_int ranks, joined;
    atomic_bool complete;
    Member members[MAX_RANKS];
} Shared;

/* Where a rank lays out a piece of a collective for all to read. */
typedef struct {
    Label label;
    _Alignas(CACHE_LINE) char data[BOARD_BYTES];
} Board;

/* The way from one rank to another. */
typedef struct {
    _Alignas(CACHE_LINE) atomic_ullong sent, received;
    struct {
        size_t count;
        int type;
        _Alignas(CACHE_LINE) char data[LANE_BYTES];
    } slots[SLOTS];
} Lane;

struct Comm {
    uint64_t magic;
    int rank, ranks, device;
    bool blocking;
    UniqueId id;
    int root; /* Where it listens at NCCL_COMM_ID, while it is made; else -1. */

    Shared *shared;
    size_t mapped;
    Board *boards;
    Lane *lanes;
    uint64_t published, consumed;

    atomic_bool aborted;
    atomic_int status; /* What ncclCommGetAsyncError tells. */
    atomic_int polls;  /* How often it still says "in progress" after the last call, where that is not blocking. */
    atomic_bool joining;
    atomic_int unfinished; /* Operations on streams. */
    atomic_long fused;     /* Operations that a stream has begun. */
    bool finalized;
};

#define COMM_MAGIC UINT64_C(0x6e706572664e4343)

/* Begins a call of NCCL; where RANK is known, it is the communicator's. */
#define NCCL_CALL(RANK)                                                                                                \
    static Call call_ = {.symbol = __func__};                                                                          \
    do {                                                                                                               \
        nccl_first_call();                                                                                             \
        int told_ = call_begin(&call_, RANK);                                                                          \
        if (told_) return told_;                                                                                       \
    } while (0)

/* What the first call of NCCL in a process reads: its variables. */
void nccl_first_call(void);

/* Sets the text of ncclGetLastError, and logs it as a warning. */
void nccl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* STATUS, with a reason for ncclGetLastError. */
#define REFUSE(STATUS, ...) return (nccl_say(__VA_ARGS__), STATUS)

enum {
    LOG_INIT = 1,
    LOG_COLL = 2,
    LOG_P2P = 4,
    LOG_NET = 16,
    LOG_GRAPH = 32,
    LOG_TUNING = 64,
    LOG_ENV = 128,
    LOG_ANY = -1,
};

/* A line of NCCL's log, where it is on for this. */
void nccl_log(int subsystem, const char *format, ...) __attribute__((format(printf, 2, 3)));
void nccl_log_version(void);
void log_channels(const struct Comm *comm);

/* Whether NCCL_ALGO and NCCL_PROTO name what this version has; a status. */
int choice_check_variables(void);
/* Chooses an algorithm and a protocol, and logs them; a status where the variables leave none. */
int choose(const Task *task);

int comm_rank(ncclComm_t comm);
/* Whether a call may use the communicator now. */
int comm_status(ncclComm_t comm);
/* What a call that worked returns: success, or "in progress" where the communicator is not blocking. */
int comm_done(ncclComm_t comm);
/* The communicator is of no more use: an operation of it will not end. */
void comm_fail(ncclComm_t comm, int status);

/* Reads a configuration; a status. */
int config_read(const Config *config, bool *blocking);

/* NCCL_COMM_ID (nccl_bootstrap.c): whether it is set; then, as statuses, whether it can be used in this process, ... */
bool bootstrap_is_set(void);
int bootstrap_check(void);
/* ... the address that it names as that of an id, and a socket that listens at the address of an id. */
int bootstrap_name(UniqueId *id);
int bootstrap_listen(const UniqueId *id, int *descriptor);

/* Meets the other ranks; returns a status. */
int comm_join(ncclComm_t comm);
void comm_leave(ncclComm_t comm);

/* Whether ncclGroupStart has been called more often than ncclGroupEnd by this thread. */
bool group_open(void);
/* Waits for an initialisation, at the group's end. */
void group_add_join(ncclComm_t comm);
int group_add(const Task *task, CUstream stream);

/* Goes as far as it can without waiting; a task that is not in order (its comm has failed) never ends. */
void advance_collective(Task *task);
void advance_message(Task *task);

size_t type_size(int type);
/* into = into ∘ from, COUNT elements, with the average's factor where PREPARE: then into = prepared from. */
void reduce_first(void *into, const void *from, size_t count, int type, int reduction, int ranks);
void reduce_next(void *into, const void *from, size_t count, int type, int reduction, int ranks);
void reduce_last(void *into, size_t count, int type, int reduction, int ranks);

#endif
