/* SPDX-License-Identifier: MIT
 * Reads zone files, and the rule for the years behind their last entry. */
#include "base/zone.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_BYTES (256 * 1024) /* of a file; the largest has some 4 KiB */
#define ZONE_NAME_BYTES 64
#define HEADER_BYTES 44
#define DAY 86400

/* One of the two days a year on which the clock changes: Mm.w.d, Jn or n, and the second of it. */
struct change {
    char kind; /* 'M', 'J' (1..365, no 29 February), '0' (0..365) */
    int month, week, day;
    int32_t second;
};

struct zone {
    struct zone *next; /* of those that zone_find keeps */
    char name[ZONE_NAME_BYTES];
    int count;         /* of the entries */
    int64_t *at;       /* ascending: from this moment ... */
    int32_t *offset;   /* ... seconds east of UTC */
    int32_t first;     /* before the first entry */
    bool rule;         /* the rest holds behind the last entry */
    bool summer;       /* there is one */
    int32_t standard_offset, summer_offset;
    struct change begins, ends; /* of summer; begins by standard time, ends by summer time */
};

/* ---- the days ---- */

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to the first of January. */
static int64_t days_to(int64_t year)
{
    int64_t y = year - 1;
    return 365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

static int64_t year_of(int64_t utc)
{
    int64_t year = 1970 + utc / (365 * (int64_t)DAY + DAY / 4);
    while (days_to(year) * DAY > utc)
        year--;
    while (days_to(year + 1) * DAY <= utc)
        year++;
    return year;
}

/* Days into the year. */
static int64_t day_of_change(const struct change *c, int64_t year)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    if (c->kind == 'J')
        return c->day - 1 + (is_leap(year) && c->day >= 60);
    if (c->kind == '0')
        return c->day;
    int leap = is_leap(year);
    int first = before[c->month - 1] + (leap && c->month > 2);
    int last = before[c->month] + (leap && c->month >= 2) - 1;
    int weekday = (int)(((days_to(year) + first + 4) % 7 + 7) % 7); /* 1970-01-01: a Thursday */
    int day = first + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
    while (day > last)
        day -= 7;
    return day;
}

static int64_t moment_of(const struct change *c, int64_t year, int32_t offset)
{
    return (days_to(year) + day_of_change(c, year)) * DAY + c->second - offset;
}

static int32_t by_rule(const struct zone *z, int64_t utc)
{
    if (!z->summer)
        return z->standard_offset;
    int64_t year = year_of(utc + z->standard_offset);
    int64_t from = moment_of(&z->begins, year, z->standard_offset);
    int64_t to = moment_of(&z->ends, year, z->summer_offset);
    bool summer = from < to ? utc >= from && utc < to : utc >= from || utc < to;
    return summer ? z->summer_offset : z->standard_offset;
}

int32_t zone_offset(const struct zone *zone, int64_t utc)
{
    if (!zone)
        return 0;
    if (zone->rule && (zone->count == 0 || utc >= zone->at[zone->count - 1]) &&
        utc < (int64_t)1 << 40)
        return by_rule(zone, utc);
    int low = 0, high = zone->count; /* entries before low have begun, those from high on not */
    while (low < high) {
        int middle = (low + high) / 2;
        if (zone->at[middle] <= utc)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? zone->offset[low - 1] : zone->first;
}

/* ---- the rule, as POSIX writes it: CET-1CEST,M3.5.0,M10.5.0/3 ---- */

static bool take_number(const char **p, int max, int *out)
{
    if (**p < '0' || **p > '9')
        return false;
    for (*out = 0; **p >= '0' && **p <= '9'; (*p)++) {
        *out = *out * 10 + (**p - '0');
        if (*out > max)
            return false;
    }
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(const char **p, int32_t *out)
{
    int sign = **p == '-' ? -1 : 1, h = 0, m = 0, s = 0;
    if (**p == '-' || **p == '+')
        (*p)++;
    if (!take_number(p, 167, &h))
        return false;
    if (**p == ':' && ((*p)++, !take_number(p, 59, &m)))
        return false;
    if (**p == ':' && ((*p)++, !take_number(p, 59, &s)))
        return false;
    *out = sign * (h * 3600 + m * 60 + s);
    return true;
}

static bool take_letters(const char **p)
{
    const char *start = *p;
    if (**p == '<') {
        *p += strcspn(*p, ">");
        if (!**p)
            return false;
        (*p)++;
        return true;
    }
    while ((**p >= 'A' && **p <= 'Z') || (**p >= 'a' && **p <= 'z'))
        (*p)++;
    return *p - start >= 3;
}

static bool take_change(const char **p, struct change *c)
{
    if (**p != ',')
        return false;
    (*p)++;
    c->kind = **p == 'M' || **p == 'J' ? **p : '0';
    c->second = 2 * 3600;
    if (c->kind != '0')
        (*p)++;
    if (c->kind == 'M') {
        if (!take_number(p, 12, &c->month) || c->month < 1 || *(*p)++ != '.' ||
            !take_number(p, 5, &c->week) || c->week < 1 || *(*p)++ != '.' ||
            !take_number(p, 6, &c->day))
            return false;
    } else if (!take_number(p, 365, &c->day) || (c->kind == 'J' && c->day < 1)) {
        return false;
    }
    if (**p == '/') {
        (*p)++;
        return take_time(p, &c->second);
    }
    return true;
}

static bool parse_rule(const char *text, struct zone *z)
{
    int32_t west;
    if (!take_letters(&text) || !take_time(&text, &west))
        return false;
    z->standard_offset = -west;
    z->rule = true;
    if (!*text)
        return true;
    if (!take_letters(&text))
        return false;
    z->summer_offset = z->standard_offset + 3600;
    if (*text != ',') {
        if (!take_time(&text, &west))
            return false;
        z->summer_offset = -west;
    }
    z->summer = true;
    return take_change(&text, &z->begins) && take_change(&text, &z->ends) && !*text;
}

/* ---- the file ---- */

static uint32_t number32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t number64(const unsigned char *p)
{
    return (int64_t)((uint64_t)number32(p) << 32 | number32(p + 4));
}

/* What a header counts, and the bytes of the block behind it. */
struct counts {
    size_t is_utc, is_standard, leaps, times, types, letters;
};

static bool read_counts(const unsigned char *data, size_t bytes, struct counts *c)
{
    if (bytes < HEADER_BYTES || memcmp(data, "TZif", 4) != 0)
        return false;
    *c = (struct counts){number32(data + 20), number32(data + 24), number32(data + 28),
                         number32(data + 32), number32(data + 36), number32(data + 40)};
    size_t all[] = {c->is_utc, c->is_standard, c->leaps, c->times, c->types, c->letters};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] > ZONE_BYTES)
            return false;
    }
    return c->types > 0;
}

static size_t block_bytes(const struct counts *c, size_t time_bytes)
{
    return c->times * (time_bytes + 1) + c->types * 6 + c->letters +
           c->leaps * (time_bytes + 4) + c->is_standard + c->is_utc;
}

static bool read_entries(struct zone *z, const unsigned char *block, const struct counts *c)
{
    const unsigned char *types = block + c->times * 8, *infos = types + c->times;
    z->at = calloc(c->times + 1, sizeof *z->at);
    z->offset = calloc(c->times + 1, sizeof *z->offset);
    if (!z->at || !z->offset)
        return false;
    for (size_t i = 0; i < c->times; i++) {
        z->at[i] = number64(block + i * 8);
        if (types[i] >= c->types || (i > 0 && z->at[i] <= z->at[i - 1]))
            return false;
        z->offset[i] = (int32_t)number32(infos + types[i] * 6);
        if (z->offset[i] < -25 * 3600 || z->offset[i] > 26 * 3600)
            return false;
    }
    z->count = (int)c->times;
    z->first = (int32_t)number32(infos);
    return z->first >= -25 * 3600 && z->first <= 26 * 3600;
}

/* The rule stands between two line breaks behind the second block; it may be empty. */
static bool read_rule(struct zone *z, const unsigned char *data, size_t bytes)
{
    char text[128];
    if (bytes < 2 || data[0] != '\n')
        return false;
    const unsigned char *end = memchr(data + 1, '\n', bytes - 1);
    size_t n = end ? (size_t)(end - data) - 1 : sizeof text;
    if (n >= sizeof text)
        return false;
    memcpy(text, data + 1, n);
    text[n] = '\0';
    return n == 0 || parse_rule(text, z);
}

struct zone *zone_parse(const unsigned char *data, size_t bytes)
{
    struct counts c;
    if (!read_counts(data, bytes, &c) || data[4] < '2')
        return NULL;
    size_t skip = HEADER_BYTES + block_bytes(&c, 4); /* the first block has 32 bits only */
    if (skip > bytes || !read_counts(data + skip, bytes - skip, &c))
        return NULL;
    const unsigned char *block = data + skip + HEADER_BYTES;
    size_t left = bytes - skip - HEADER_BYTES, need = block_bytes(&c, 8);
    struct zone *z = need <= left ? calloc(1, sizeof *z) : NULL;
    if (!z)
        return NULL;
    if (read_entries(z, block, &c) && read_rule(z, block + need, left - need))
        return z;
    zone_free(z);
    return NULL;
}

void zone_free(struct zone *zone)
{
    if (!zone)
        return;
    free(zone->at);
    free(zone->offset);
    free(zone);
}

/* No way out of the folder: letters, digits, and / - + _ between them. */
static bool is_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n < ZONE_NAME_BYTES && name[0] != '/' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-+_") == n;
}

static struct zone *read_file(const char *name)
{
    char path[sizeof ZONE_DIR + ZONE_NAME_BYTES];
    struct stat st;
    memcpy(path, ZONE_DIR, sizeof ZONE_DIR);
    memcpy(path + sizeof ZONE_DIR - 1, name, strlen(name) + 1);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    struct zone *z = NULL;
    unsigned char *data = NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= ZONE_BYTES)
        data = malloc((size_t)st.st_size + 1);
    if (data && read(fd, data, (size_t)st.st_size) == st.st_size)
        z = zone_parse(data, (size_t)st.st_size);
    free(data);
    close(fd);
    if (z)
        memcpy(z->name, name, strlen(name) + 1);
    return z;
}

static _Atomic(struct zone *) known; /* zones are put before it and stay */

const struct zone *zone_find(const char *name)
{
    if (!name || !is_name(name))
        return NULL;
    for (struct zone *z = atomic_load(&known); z; z = z->next) {
        if (strcmp(z->name, name) == 0)
            return z;
    }
    struct zone *z = read_file(name);
    if (!z)
        return NULL;
    z->next = atomic_load(&known);
    while (!atomic_compare_exchange_weak(&known, &z->next, z))
        ;
    return z;
}

/* A plugin has a copy of this file, and may be unloaded. */
static __attribute__((destructor)) void forget(void)
{
    struct zone *z = atomic_exchange(&known, NULL);
    while (z) {
        struct zone *next = z->next;
        zone_free(z);
        z = next;
    }
}
