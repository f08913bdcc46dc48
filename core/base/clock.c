/* SPDX-License-Identifier: MIT
 * Time and randomness, injectable for tests, and the two date forms of the core. */
#include "base/clock.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/date.h"

static _Atomic int64_t fixed_ms;
static _Atomic int64_t shifted_ms;

static int64_t read_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static _Thread_local int64_t pretended_ms;

void clock_pretend(int64_t now_ms)
{
    pretended_ms = now_ms;
}

int64_t clock_now_ms(void)
{
    if (pretended_ms)
        return pretended_ms;
    int64_t fixed = atomic_load(&fixed_ms);

    return (fixed ? fixed : read_ms(CLOCK_REALTIME)) + atomic_load(&shifted_ms);
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_BOOTTIME) + atomic_load(&shifted_ms);
}

int64_t clock_monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec + atomic_load(&shifted_ms) * 1000000;
}

void clock_deadline(int64_t in_ms, struct timespec *out)
{
    clock_gettime(CLOCK_MONOTONIC, out);
    out->tv_sec += in_ms / 1000;
    out->tv_nsec += in_ms % 1000 * 1000000;
    if (out->tv_nsec >= 1000000000) {
        out->tv_sec++;
        out->tv_nsec -= 1000000000;
    }
}

void clock_fix(int64_t now_ms)
{
    atomic_store(&fixed_ms, now_ms);
}

int64_t clock_shifted_ms(void)
{
    return atomic_load(&shifted_ms);
}

void clock_shift_ms(int64_t by_ms)
{
    atomic_fetch_add(&shifted_ms, by_ms);
}

int clock_format(int64_t ms, char out[CLOCK_TEXT_BYTES])
{
    char text[DATE_TEXT_BYTES];
    struct date d = {.year = 1970, .month = 1, .day = 1, .has_time = true, .has_offset = true};
    (void)date_from_unix_ms(ms, &d);
    int n = date_format(&d, text);
    memcpy(out, text, (size_t)n + 1); /* without an offset of its own it is short enough */
    return n;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int clock_parse(const char *text, int64_t *out_ms)
{
    struct date d;
    if (!text || date_parse(text, &d, NULL) != 0 || !d.has_offset)
        return -1;
    *out_ms = date_unix_ms(&d);
    return 0;
}

static const struct {
    const char *name;
    int64_t ms;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

int clock_parse_duration(const char *text, int64_t *out_ms)
{
    int64_t value = 0;

    if (!text || !is_digit(*text))
        return -1;
    for (; is_digit(*text); text++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return -1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text, units[i].name) != 0)
            continue;
        if (__builtin_mul_overflow(value, units[i].ms, &value))
            return -1;
        *out_ms = value;
        return 0;
    }
    return -1;
}

void clock_format_duration(int64_t ms, char out[CLOCK_DURATION_BYTES])
{
    size_t i = 0;

    while (ms % units[i].ms != 0)
        i++;
    snprintf(out, CLOCK_DURATION_BYTES, "%lld%s", (long long)(ms / units[i].ms), units[i].name);
}

uint32_t clock_random(uint32_t bound)
{
    return randombytes_uniform(bound);
}
