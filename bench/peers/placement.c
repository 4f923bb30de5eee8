/*
 * What two processors have to do with each other now: on a virtual machine that changes. Prints the time that a change of
 * a word in memory takes from one to the other, half of there and back, and how many times what one thread computes two
 * compute, one on each: near 1 where both are threads of one core, near 2 where each has a core.
 *
 *   placement FIRST SECOND
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "timing.h"

enum { LINE = 128, WARMUPS = 10000, TURNS = 100000, ACCUMULATORS = 12, STEPS = 1000 };

/* The least time of an interval: what others did meanwhile is not the processors'. */
enum { TRIES = 5 };

static const double compute_seconds = 0.03;

static int processors[2];
static struct {
    _Alignas(LINE) _Atomic long ping;
    _Alignas(LINE) _Atomic long pong;
} words;

static void bind_to(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
        fprintf(stderr, "processor %d cannot be had\n", processor);
        exit(1);
    }
}

static void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void wait_for(_Atomic long *word, long value)
{
    while (atomic_load_explicit(word, memory_order_acquire) < value) relax();
}

static void *answer(void *unused)
{
    bind_to(processors[1]);
    for (long turn = 1; turn <= WARMUPS + TRIES * TURNS; turn++) {
        wait_for(&words.ping, turn);
        atomic_store_explicit(&words.pong, turn, memory_order_release);
    }
    return unused;
}

/* Seconds one way. */
static double latency(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, answer, NULL);
    double best = 1;
    long turn = 0;
    for (int try = -1; try < TRIES; try++) {
        long turns = try < 0 ? WARMUPS : TURNS;
        double start = timing_now();
        for (long end = turn + turns; turn < end;) {
            atomic_store_explicit(&words.ping, ++turn, memory_order_release);
            wait_for(&words.pong, turn);
        }
        double one_way = (timing_now() - start) / (double)turns / 2;
        if (try >= 0 && one_way < best) best = one_way;
    }
    pthread_join(thread, NULL);
    return best;
}

/* Enough independent multiplications and additions that one thread fills a core. Returns rounds a second. */
static double compute(void)
{
    typedef float vector __attribute__((vector_size(32)));
    vector sums[ACCUMULATORS] = {{0}}, factor = {0};
    factor += 0.999f;
    long rounds = 0;
    double start = timing_now(), now;
    do {
        for (int step = 0; step < STEPS; step++)
            for (int i = 0; i < ACCUMULATORS; i++) sums[i] = sums[i] * factor + factor;
        rounds++;
        now = timing_now();
    } while (now - start < compute_seconds);
    for (int i = 1; i < ACCUMULATORS; i++) sums[0] += sums[i];
    volatile float kept = sums[0][0];
    (void)kept;
    return (double)rounds / (now - start);
}

static void *compute_on(void *place)
{
    static double rates[2];
    long which = (long)place;
    bind_to(processors[which]);
    rates[which] = compute();
    return &rates[which];
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: placement FIRST SECOND\n");
        return 2;
    }
    processors[0] = atoi(argv[1]);
    processors[1] = atoi(argv[2]);
    bind_to(processors[0]);
    double one_way = latency(), one = compute(), both = 0;
    pthread_t threads[2];
    for (long i = 0; i < 2; i++) pthread_create(&threads[i], NULL, compute_on, (void *)i);
    for (int i = 0; i < 2; i++) {
        void *rate;
        pthread_join(threads[i], &rate);
        both += *(double *)rate;
    }
    printf("%.0f ns one way between processors %d and %d, two threads compute %.2f times what one does\n", one_way * 1e9,
           processors[0], processors[1], both / one);
    return 0;
}
