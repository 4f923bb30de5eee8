/*
 * The test pattern on a GPU: what TestPattern.cs fills and checks in the memory of a host. scripts/build-kernels.sh
 * makes pattern.ptx from this file.
 *
 * Element i of a buffer is table[x[(start + i) mod PERIOD]]: x is the PositionSequence, one byte each, and table has the
 * bits of the element for each of its 251 values, the seed already in it. Elements have 1, 2, 4 or 8 bytes and may
 * begin at any multiple of that.
 *
 * Memory is to be the only limit, so nothing is looked up where it moves: a thread's steps are multiples of PERIOD
 * vectors of 16 bytes apart, so that every vector of a thread holds the same elements, worked out once.
 *
 * With NPERF_HOST defined this is plain C or C++, for tests without a GPU; nperf_host_launch runs a kernel there.
 */

typedef unsigned long long nperf_u64;
typedef unsigned char nperf_u8 __attribute__((may_alias));
typedef unsigned short nperf_u16 __attribute__((may_alias));
typedef unsigned int nperf_u32 __attribute__((may_alias));
typedef unsigned long long nperf_word __attribute__((may_alias));
typedef unsigned long long nperf_vector __attribute__((vector_size(16), may_alias));

enum {
    PERIOD = 62989,    /* PositionSequence.Length */
    VECTOR_BYTES = 16,
    BATCH = 4,         /* loads in flight, a thread */
    MOST_THREADS = 256 /* in a block */
};

/* Types by their number in DataType.cs; those below are integers. */
enum { FLOAT16 = 6, FLOAT8_E4M3 = 10 };

/* What a check finds. The host begins it with 0 and all bits set; several checks may add to one. */
typedef struct {
    nperf_u64 wrong; /* elements */
    nperf_u64 first; /* the lowest of their indices */
} nperf_result;

#ifdef NPERF_HOST

#define DEVICE static inline __attribute__((always_inline))
#define KERNEL static void
#define UNROLL
#define ROLL

static __thread unsigned nperf_block, nperf_blocks, nperf_thread, nperf_threads;

DEVICE nperf_u64 thread_number(void) { return (nperf_u64)nperf_block * nperf_threads + nperf_thread; }
DEVICE nperf_u64 thread_count(void) { return (nperf_u64)nperf_blocks * nperf_threads; }

DEVICE void add_to(nperf_result *result, nperf_u64 wrong, nperf_u64 first) {
    result->wrong += wrong;
    if (first < result->first) result->first = first;
}

#else

#define DEVICE static inline __attribute__((device, always_inline))
/* Four blocks on a multiprocessor leave a thread 64 registers, and memory enough to wait for. */
#define KERNEL extern "C" __attribute__((global, launch_bounds(MOST_THREADS, 4))) void
#define UNROLL _Pragma("unroll")
#define ROLL _Pragma("nounroll")

DEVICE nperf_u64 thread_number(void) {
    return (nperf_u64)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
}

DEVICE nperf_u64 thread_count(void) {
    return (nperf_u64)__nvvm_read_ptx_sreg_nctaid_x() * __nvvm_read_ptx_sreg_ntid_x();
}

DEVICE void add_to(nperf_result *result, nperf_u64 wrong, nperf_u64 first) {
    __nvvm_atom_add_gen_ll((long long *)&result->wrong, (long long)wrong);
    __nvvm_atom_min_gen_ull(&result->first, first);
}

#endif

/* The bits of the element at data[index], in the lower bytes. */
DEVICE nperf_u64 load_element(const void *data, nperf_u64 index, unsigned size) {
    switch (size) {
    case 1: return ((const nperf_u8 *)data)[index];
    case 2: return ((const nperf_u16 *)data)[index];
    case 4: return ((const nperf_u32 *)data)[index];
    default: return ((const nperf_word *)data)[index];
    }
}

DEVICE void store_element(void *data, nperf_u64 index, unsigned size, nperf_u64 bits) {
    switch (size) {
    case 1: ((nperf_u8 *)data)[index] = (nperf_u8)bits; break;
    case 2: ((nperf_u16 *)data)[index] = (nperf_u16)bits; break;
    case 4: ((nperf_u32 *)data)[index] = (nperf_u32)bits; break;
    default: ((nperf_word *)data)[index] = bits; break;
    }
}

/* A buffer as whole vectors at multiples of 16 bytes, and the elements before and behind them. */
typedef struct {
    nperf_u64 before, vectors, behind;
} nperf_parts;

DEVICE nperf_parts parts_of(const void *data, nperf_u64 count, unsigned size) {
    nperf_parts parts;
    parts.before = (0 - (nperf_u64)data) % VECTOR_BYTES / size;
    if (parts.before > count) parts.before = count;
    parts.vectors = (count - parts.before) / (VECTOR_BYTES / size);
    parts.behind = count - parts.before - parts.vectors * (VECTOR_BYTES / size);
    return parts;
}

/* The index of the n-th element that is in no vector. */
DEVICE nperf_u64 outside_vectors(nperf_parts parts, nperf_u64 n, nperf_u64 count) {
    return n < parts.before ? n : count - parts.behind + (n - parts.before);
}

/* Vectors from one of a thread's to its next: as many as there are threads, down to a multiple of PERIOD. */
DEVICE nperf_u64 stride_of(nperf_u64 threads) {
    const nperf_u64 periods = threads / PERIOD;
    return (periods == 0 ? 1 : periods) * PERIOD;
}

DEVICE nperf_u64 expected_element(
    nperf_u64 index, const unsigned char *x, const void *table, unsigned start, unsigned size) {
    return load_element(table, x[(start + index) % PERIOD], size);
}

/* The vector that begins with the given element. */
DEVICE nperf_vector expected_vector(
    nperf_u64 index, const unsigned char *x, const void *table, unsigned start, unsigned size) {
    unsigned place = (unsigned)((start + index) % PERIOD);
    nperf_u64 halves[2];
    UNROLL
    for (int half = 0; half < 2; half++) {
        nperf_u64 bits = 0;
        UNROLL
        for (unsigned shift = 0; shift < 64; shift += 8 * size) {
            bits |= load_element(table, x[place], size) << shift;
            place = place + 1 == PERIOD ? 0 : place + 1;
        }
        halves[half] = bits;
    }
    nperf_vector vector = {halves[0], halves[1]};
    return vector;
}

DEVICE void fill_buffer(
    void *to, nperf_u64 count, const unsigned char *x, const void *table, unsigned start, unsigned size) {
    const nperf_u64 thread = thread_number(), threads = thread_count(), stride = stride_of(threads);
    const nperf_parts parts = parts_of(to, count, size);

    for (nperf_u64 n = thread; n < parts.before + parts.behind; n += threads) {
        nperf_u64 index = outside_vectors(parts, n, count);
        store_element(to, index, size, expected_element(index, x, table, start, size));
    }

    nperf_vector *vectors = (nperf_vector *)((nperf_u8 *)to + parts.before * size);
    for (nperf_u64 column = thread; column < stride && column < parts.vectors; column += threads) {
        nperf_vector value = expected_vector(
            parts.before + column * (VECTOR_BYTES / size), x, table, start, size);
        nperf_u64 at = column;
        for (; at + (BATCH - 1) * stride < parts.vectors; at += BATCH * stride) {
            UNROLL
            for (int i = 0; i < BATCH; i++) vectors[at + i * stride] = value;
        }
        for (; at < parts.vectors; at += stride) vectors[at] = value;
    }
}

/* The value of a floating-point element; double holds those of every type. */
DEVICE double value_of(nperf_u64 bits, int type, unsigned size) {
    double value, scale;
    if (size == 8) {
        __builtin_memcpy(&value, &bits, sizeof value);
        return value;
    }
    const int all = 8 * (int)size;
    const int mantissa = size == 4 ? 23
        : size == 2 ? (type == FLOAT16 ? 10 : 7) : (type == FLOAT8_E4M3 ? 3 : 2);
    const int exponent = all - 1 - mantissa, bias = (1 << (exponent - 1)) - 1;
    const nperf_u64 largest = (1ULL << (all - 1)) - 1, magnitude = bits & largest;
    const nperf_u64 infinity = type == FLOAT8_E4M3 ? largest - 1 : ((1ULL << exponent) - 1) << mantissa;
    if (magnitude > infinity) return __builtin_nan("");
    if (magnitude == infinity && type != FLOAT8_E4M3) {
        value = __builtin_inf();
    } else {
        /* Moved to the places of a double, its exponent is too small by the difference of the biases, no more. */
        const nperf_u64 moved = magnitude << (52 - mantissa), power = (nperf_u64)(1023 + 1023 - bias) << 52;
        __builtin_memcpy(&value, &moved, sizeof value);
        __builtin_memcpy(&scale, &power, sizeof scale);
        value *= scale;
    }
    return bits > largest ? -value : value;
}

/* Whether an element that is not the expected one bit for bit is near enough. A NaN never is. */
DEVICE int is_near(nperf_u64 found, nperf_u64 expected, int type, double tolerance, unsigned size) {
    if (!(tolerance > 0) || type < FLOAT16) return 0;
    double right = value_of(expected, type, size);
    return __builtin_fabs(value_of(found, type, size) - right) <= tolerance * __builtin_fabs(right);
}

DEVICE void check_buffer(
    const void *found, nperf_u64 count, const unsigned char *x, const void *table, unsigned start,
    nperf_u64 index_base, int type, double tolerance, nperf_result *result, unsigned size) {
    const nperf_u64 thread = thread_number(), threads = thread_count(), stride = stride_of(threads);
    const nperf_parts parts = parts_of(found, count, size);
    const nperf_u64 mask = ~0ULL >> (64 - 8 * size);
    nperf_u64 wrong = 0, first = ~0ULL;

    for (nperf_u64 n = thread; n < parts.before + parts.behind; n += threads) {
        nperf_u64 index = outside_vectors(parts, n, count);
        nperf_u64 is = load_element(found, index, size), right = expected_element(index, x, table, start, size);
        if (is == right || is_near(is, right, type, tolerance, size)) continue;
        wrong++;
        if (index < first) first = index;
    }

    const nperf_vector *vectors = (const nperf_vector *)((const nperf_u8 *)found + parts.before * size);
    for (nperf_u64 column = thread; column < stride && column < parts.vectors; column += threads) {
        const nperf_vector right = expected_vector(
            parts.before + column * (VECTOR_BYTES / size), x, table, start, size);
        for (nperf_u64 at = column; at < parts.vectors; at += BATCH * stride) {
            /* Past the end a step reads its first vector again, so that all reads are under way at once. */
            nperf_vector read[BATCH];
            UNROLL
            for (int i = 0; i < BATCH; i++) {
                nperf_u64 there = at + i * stride;
                read[i] = vectors[there < parts.vectors ? there : at];
            }
            nperf_u64 differs = 0;
            UNROLL
            for (int i = 0; i < BATCH; i++) differs |= (read[i][0] ^ right[0]) | (read[i][1] ^ right[1]);
            if (differs == 0) continue;

            /* Rare: element by element, read again. */
            ROLL
            for (nperf_u64 there = at; there < at + BATCH * stride && there < parts.vectors; there += stride) {
                nperf_u64 index = parts.before + there * (VECTOR_BYTES / size);
                ROLL
                for (unsigned byte = 0; byte < VECTOR_BYTES; byte += size, index++) {
                    nperf_u64 is = load_element(found, index, size);
                    nperf_u64 should = (byte < 8 ? right[0] : right[1]) >> (8 * byte % 64) & mask;
                    if (is == should || is_near(is, should, type, tolerance, size)) continue;
                    wrong++;
                    if (index < first) first = index;
                }
            }
        }
    }

    if (wrong != 0) add_to(result, wrong, index_base + first);
}

#define KERNELS(size) \
    KERNEL nperf_fill_##size( \
        void *to, nperf_u64 count, const unsigned char *x, const void *table, unsigned start) { \
        fill_buffer(to, count, x, table, start, size); \
    } \
    KERNEL nperf_check_##size( \
        const void *found, nperf_u64 count, const unsigned char *x, const void *table, unsigned start, \
        nperf_u64 index_base, int type, double tolerance, nperf_result *result) { \
        check_buffer(found, count, x, table, start, index_base, type, tolerance, result, size); \
    }

KERNELS(1)
KERNELS(2)
KERNELS(4)
KERNELS(8)

#ifdef NPERF_HOST

#ifdef __cplusplus
extern "C"
#endif
int nperf_host_launch(const char *name, unsigned blocks, unsigned threads, void **parameters);

#define RUN(size) \
    if (__builtin_strcmp(name, "nperf_fill_" #size) == 0) \
        nperf_fill_##size( \
            *(void **)p[0], *(nperf_u64 *)p[1], *(const unsigned char **)p[2], *(const void **)p[3], \
            *(unsigned *)p[4]); \
    else if (__builtin_strcmp(name, "nperf_check_" #size) == 0) \
        nperf_check_##size( \
            *(const void **)p[0], *(nperf_u64 *)p[1], *(const unsigned char **)p[2], *(const void **)p[3], \
            *(unsigned *)p[4], *(nperf_u64 *)p[5], *(int *)p[6], *(double *)p[7], *(nperf_result **)p[8]); \
    else

/*
 * Runs a kernel, all threads of all blocks one after the other: p points to each parameter, as cuLaunchKernel has it.
 * Returns 0, or 1 where there is no kernel of that name.
 */
int nperf_host_launch(const char *name, unsigned blocks, unsigned threads, void **p) {
    nperf_blocks = blocks;
    nperf_threads = threads;
    for (nperf_block = 0; nperf_block < blocks; nperf_block++) {
        for (nperf_thread = 0; nperf_thread < threads; nperf_thread++) {
            RUN(1) RUN(2) RUN(4) RUN(8) return 1;
        }
    }
    return 0;
}

#endif
