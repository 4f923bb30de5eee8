/*
 * Reductions. Each step rounds to the type, as NCCL's do. An average of a floating-point type multiplies every input by
 * 1/ranks first; one of an integer type divides the sum at the end.
 */
#include <math.h>
#include <string.h>
#include "nccl_parts.h"

static const size_t sizes[NCCL_TYPES] = {1, 1, 4, 4, 8, 8, 2, 4, 8, 2, 1, 1};

size_t type_size(int type) { return sizes[type]; }

/* A floating-point format that C does not have. */
typedef struct {
    int mantissa_bits, bias;
    unsigned largest, nan;
    bool infinity, saturates;
    int bits;
} Format;

static const Format half = {10, 15, 0x7BFF, 0x7E00, true, false, 16};
static const Format brain = {7, 127, 0x7F7F, 0x7FC0, true, false, 16};
static const Format e4m3 = {3, 7, 0x7E, 0x7F, false, true, 8};
static const Format e5m2 = {2, 15, 0x7B, 0x7E, true, true, 8};

static float decode(const Format *format, unsigned bits) {
    unsigned sign = bits >> (format->bits - 1), magnitude = bits & ((1u << (format->bits - 1)) - 1);
    unsigned exponent = magnitude >> format->mantissa_bits, mantissa = magnitude & ((1u << format->mantissa_bits) - 1);
    float value;
    if (magnitude > format->largest) value = format->infinity && mantissa == 0 ? INFINITY : NAN;
    else if (exponent == 0) value = ldexpf((float)mantissa, 1 - format->bias - format->mantissa_bits);
    else
        value = ldexpf((float)(mantissa | 1u << format->mantissa_bits),
                       (int)exponent - format->bias - format->mantissa_bits);
    return sign ? -value : value;
}

/* To nearest, ties to even. */
static unsigned encode(const Format *format, float value) {
    unsigned sign = signbit(value) ? 1u << (format->bits - 1) : 0;
    float magnitude = fabsf(value);
    if (isnan(value)) return format->nan;
    if (magnitude == 0) return sign;
    int exponent = 0;
    if (!isinf(magnitude)) frexpf(magnitude, &exponent);
    int lowest = 1 - format->bias - format->mantissa_bits, unit = exponent - 1 - format->mantissa_bits;
    if (unit < lowest) unit = lowest;
    /* The quotient has at most mantissa_bits + 1 bits before its point, and carries into the exponent by itself. */
    double quotient = isinf(magnitude) ? INFINITY : nearbyint(ldexp((double)magnitude, -unit));
    double bits = quotient + (double)((unsigned)(unit - lowest) << format->mantissa_bits);
    if (bits > format->largest) {
        if (format->saturates) return sign | format->largest;
        return sign | (format->largest + 1);
    }
    return sign | (unsigned)bits;
}

#define COMBINE(TYPE, WIDE)                                                                                            \
    static TYPE combine_##TYPE(TYPE left, TYPE right, int reduction) {                                                 \
        switch (reduction) {                                                                                           \
            case NCCL_PROD: return (TYPE)((WIDE)left * (WIDE)right);                                                   \
            case NCCL_MAX: return left > right ? left : right;                                                         \
            case NCCL_MIN: return left < right ? left : right;                                                         \
            default: return (TYPE)((WIDE)left + (WIDE)right);                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    static void next_##TYPE(TYPE *into, const TYPE *from, size_t count, int reduction) {                               \
        for (size_t i = 0; i < count; i++) into[i] = combine_##TYPE(into[i], from[i], reduction);                      \
    }

/* Integers wrap around, which signed ones may not do in C. */
COMBINE(int8_t, uint32_t)
COMBINE(uint8_t, uint32_t)
COMBINE(int32_t, uint32_t)
COMBINE(uint32_t, uint32_t)
COMBINE(int64_t, uint64_t)
COMBINE(uint64_t, uint64_t)
COMBINE(float, float)
COMBINE(double, double)

static const Format *format_of(int type) {
    switch (type) {
        case NCCL_FLOAT16: return &half;
        case NCCL_BFLOAT16: return &brain;
        case NCCL_FLOAT8E4M3: return &e4m3;
        case NCCL_FLOAT8E5M2: return &e5m2;
        default: return NULL;
    }
}

static unsigned load(const void *at, size_t index, size_t size) {
    return size == 1 ? ((const uint8_t *)at)[index] : ((const uint16_t *)at)[index];
}

static void store(void *at, size_t index, size_t size, unsigned bits) {
    if (size == 1) ((uint8_t *)at)[index] = (uint8_t)bits;
    else ((uint16_t *)at)[index] = (uint16_t)bits;
}

static void scale_small(void *values, size_t count, const Format *format, size_t size, int ranks) {
    float factor = decode(format, encode(format, 1.0f / (float)ranks));
    for (size_t i = 0; i < count; i++)
        store(values, i, size, encode(format, decode(format, load(values, i, size)) * factor));
}

static void scale(void *values, size_t count, int type, int ranks) {
    float *singles = values;
    double *doubles = values;
    switch (type) {
        case NCCL_FLOAT32:
            for (size_t i = 0; i < count; i++) singles[i] *= 1.0f / (float)ranks;
            break;
        case NCCL_FLOAT64:
            for (size_t i = 0; i < count; i++) doubles[i] *= 1.0 / ranks;
            break;
        default:
            if (format_of(type)) scale_small(values, count, format_of(type), type_size(type), ranks);
            break;
    }
}

void reduce_first(void *into, const void *from, size_t count, int type, int reduction, int ranks) {
    memcpy(into, from, count * type_size(type));
    if (reduction == NCCL_AVG) scale(into, count, type, ranks);
}

static void next_small(
    void *into, const void *from, size_t count, const Format *format, size_t size, int reduction, int ranks) {
    float factor = reduction == NCCL_AVG ? decode(format, encode(format, 1.0f / (float)ranks)) : 1;
    for (size_t i = 0; i < count; i++) {
        float right = decode(format, load(from, i, size));
        if (reduction == NCCL_AVG) right = decode(format, encode(format, right * factor));
        float result = combine_float(decode(format, load(into, i, size)), right, reduction);
        store(into, i, size, encode(format, result));
    }
}

void reduce_next(void *into, const void *from, size_t count, int type, int reduction, int ranks) {
    const Format *format = format_of(type);
    if (format) {
        next_small(into, from, count, format, type_size(type), reduction, ranks);
        return;
    }
    switch (type) {
        case NCCL_INT8: next_int8_t(into, from, count, reduction); break;
        case NCCL_UINT8: next_uint8_t(into, from, count, reduction); break;
        case NCCL_INT32: next_int32_t(into, from, count, reduction); break;
        case NCCL_UINT32: next_uint32_t(into, from, count, reduction); break;
        case NCCL_INT64: next_int64_t(into, from, count, reduction); break;
        case NCCL_UINT64: next_uint64_t(into, from, count, reduction); break;
        case NCCL_FLOAT32:
            if (reduction != NCCL_AVG) next_float(into, from, count, reduction);
            else
                for (size_t i = 0; i < count; i++)
                    ((float *)into)[i] += ((const float *)from)[i] * (1.0f / (float)ranks);
            break;
        case NCCL_FLOAT64:
            if (reduction != NCCL_AVG) next_double(into, from, count, reduction);
            else
                for (size_t i = 0; i < count; i++) ((double *)into)[i] += ((const double *)from)[i] * (1.0 / ranks);
            break;
    }
}

#define DIVIDE(TYPE)                                                                                                   \
    for (size_t i = 0; i < count; i++) ((TYPE *)into)[i] = (TYPE)(((TYPE *)into)[i] / (TYPE)ranks);                    \
    break

void reduce_last(void *into, size_t count, int type, int reduction, int ranks) {
    if (reduction != NCCL_AVG) return;
    switch (type) {
        case NCCL_INT8: DIVIDE(int8_t);
        case NCCL_UINT8: DIVIDE(uint8_t);
        case NCCL_INT32: DIVIDE(int32_t);
        case NCCL_UINT32: DIVIDE(uint32_t);
        case NCCL_INT64: DIVIDE(int64_t);
        case NCCL_UINT64: DIVIDE(uint64_t);
    }
}
