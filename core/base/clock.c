/* SPDX-License-Identifier: MIT
 * Time and randomness, injectable for tests, and the two date forms of the core. */
#include "base/clock.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static _Atomic int64_t fixed_ms;

static int64_t read_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    int64_t fixed = atomic_load(&fixed_ms);

    return fixed ? fixed : read_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void clock_fix(int64_t now_ms)
{
    atomic_store(&fixed_ms, now_ms);
}

int clock_format(int64_t ms, char out[CLOCK_TEXT_BYTES])
{
    int rest = (int)(ms % 1000);
    time_t seconds = (time_t)(ms / 1000);
    struct tm t;
    char fraction[8] = "";

    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    if (!gmtime_r(&seconds, &t))
        memset(&t, 0, sizeof t);
    if (rest)
        snprintf(fraction, sizeof fraction, ".%03d", rest % 1000);
    return snprintf(out, CLOCK_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", t.tm_year + 1900,
                    t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, fraction);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly n digits at *text, which moves on. */
static bool take_digits(const char **text, int n, int *out)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (!is_digit((*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += n;
    *out = value;
    return true;
}

static bool take_char(const char **text, const char *allowed)
{
    if (!**text || !strchr(allowed, **text))
        return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(const char **p, struct tm *t)
{
    int year, month, day;

    if (!take_digits(p, 4, &year) || !take_char(p, "-") || !take_digits(p, 2, &month) ||
        !take_char(p, "-") || !take_digits(p, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    t->tm_year = year - 1900;
    t->tm_mon = month - 1;
    t->tm_mday = day;
    return true;
}

static bool take_time(const char **p, struct tm *t, int *ms)
{
    int scale = 100;

    if (!take_digits(p, 2, &t->tm_hour) || !take_char(p, ":") || !take_digits(p, 2, &t->tm_min) ||
        !take_char(p, ":") || !take_digits(p, 2, &t->tm_sec))
        return false;
    if (t->tm_hour > 23 || t->tm_min > 59 || t->tm_sec > 60)
        return false;
    *ms = 0;
    if (!take_char(p, "."))
        return true;
    if (!is_digit(**p))
        return false;
    for (; is_digit(**p); (*p)++, scale /= 10)
        *ms += (**p - '0') * scale;
    return true;
}

/* Minutes east of UTC. */
static bool take_offset(const char **p, int *minutes)
{
    int sign = **p == '-' ? -1 : 1, h, m;

    *minutes = 0;
    if (take_char(p, "Zz"))
        return true;
    if (!take_char(p, "+-") || !take_digits(p, 2, &h) || !take_char(p, ":") ||
        !take_digits(p, 2, &m) || h > 23 || m > 59)
        return false;
    *minutes = sign * (h * 60 + m);
    return true;
}

int clock_parse(const char *text, int64_t *out_ms)
{
    struct tm t = {0};
    int ms, offset;

    if (!text || !take_date(&text, &t) || !take_char(&text, "Tt") || !take_time(&text, &t, &ms) ||
        !take_offset(&text, &offset) || *text)
        return -1;
    *out_ms = ((int64_t)timegm(&t) - (int64_t)offset * 60) * 1000 + ms;
    return 0;
}

int clock_parse_duration(const char *text, int64_t *out_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    int64_t value = 0;

    if (!text || !is_digit(*text))
        return -1;
    for (; is_digit(*text); text++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return -1;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text, units[i].unit) != 0)
            continue;
        if (__builtin_mul_overflow(value, units[i].ms, &value))
            return -1;
        *out_ms = value;
        return 0;
    }
    return -1;
}

uint32_t clock_random(uint32_t bound)
{
    return randombytes_uniform(bound);
}
