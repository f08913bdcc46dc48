/* SPDX-License-Identifier: MIT
 * Gaps in numbers and markers. */
#include "reconcile/reconcile_gaps.h"

#include <stdlib.h>
#include <string.h>

#define SERIES_MAX 64
#define DIGITS_MAX 18

static int put(int64_t **list, int *count, int *room, int64_t value)
{
    if (*count == *room) {
        int more = *room ? *room * 2 : 256;
        int64_t *grown = realloc(*list, (size_t)more * sizeof *grown);
        if (!grown)
            return -1;
        *list = grown;
        *room = more;
    }
    (*list)[(*count)++] = value;
    return 0;
}

/* *out: NULL where there are too many of them already. */
static int series_of(struct reconcile_gaps *g, const char *prefix, size_t bytes,
                     struct reconcile_series **out)
{
    *out = NULL;
    for (int i = 0; i < g->count; i++) {
        if (strlen(g->series[i].prefix) == bytes && memcmp(g->series[i].prefix, prefix, bytes) == 0)
            *out = &g->series[i];
    }
    if (*out)
        return 0;
    g->many = g->count == SERIES_MAX;
    if (g->many)
        return 0;
    struct reconcile_series *more = realloc(g->series, (size_t)(g->count + 1) * sizeof *more);
    if (!more)
        return -1;
    g->series = more;
    more[g->count] = (struct reconcile_series){.prefix = strndup(prefix, bytes), .first = 1};
    if (!more[g->count].prefix)
        return -1;
    *out = &more[g->count++];
    return 0;
}

int reconcile_gaps_add(struct reconcile_gaps *g, const char *reference, bool inside,
                       int64_t version)
{
    size_t bytes = strlen(reference), at = bytes;
    struct reconcile_series *s;
    if (version > 0 && put(&g->markers, &g->marker_count, &g->marker_room, version) != 0)
        return -1;
    while (at > 0 && reference[at - 1] >= '0' && reference[at - 1] <= '9')
        at--;
    if (at == bytes || bytes - at > DIGITS_MAX)
        return 0;
    int64_t number = strtoll(reference + at, NULL, 10);
    if (series_of(g, reference, at, &s) != 0)
        return -1;
    if (!s)
        return 0;
    if (inside && s->last < s->first)
        s->first = s->last = number;
    if (inside && number < s->first)
        s->first = number;
    if (inside && number > s->last)
        s->last = number;
    return put(&s->list, &s->count, &s->room, number);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void sort(int64_t *list, int count)
{
    if (count > 0)
        qsort(list, (size_t)count, sizeof *list, by_number);
}

static int add_row(json_t *rows, const char *prefix, int64_t first, int64_t last, int limit)
{
    if ((int)json_array_size(rows) >= limit)
        return 0;
    return json_array_append_new(rows, json_pack("{s:s,s:I,s:I,s:I}", "prefix", prefix, "first",
                                                 (json_int_t)first, "last", (json_int_t)last,
                                                 "count", (json_int_t)(last - first + 1)));
}

/* The numbers that are missing between the first and the last of the period. */
static int report_series(struct reconcile_series *s, json_t *rows, json_int_t *count, int limit)
{
    int64_t before = s->first;
    if (s->last < s->first)
        return 0;
    sort(s->list, s->count);
    for (int i = 0; i < s->count; i++) {
        int64_t now = s->list[i];
        if (now <= s->first || now > s->last)
            continue;
        if (now > before + 1) {
            *count += now - before - 1;
            if (add_row(rows, s->prefix, before + 1, now - 1, limit) != 0)
                return -1;
        }
        before = now;
    }
    return 0;
}

static json_t *report_markers(struct reconcile_gaps *g)
{
    int64_t seen = 0;
    if (g->marker_count == 0)
        return json_null();
    sort(g->markers, g->marker_count);
    int64_t first = g->markers[0], last = g->markers[g->marker_count - 1];
    for (int i = 0; i < g->marker_count; i++)
        seen += i == 0 || g->markers[i] != g->markers[i - 1];
    return json_pack("{s:I,s:I,s:I}", "first", (json_int_t)first, "last", (json_int_t)last,
                     "unseen", (json_int_t)(last - first + 1 - seen));
}

json_t *reconcile_gaps_report(struct reconcile_gaps *g, int limit)
{
    json_t *rows = json_array();
    json_int_t count = 0;
    for (int i = 0; rows && i < g->count; i++) {
        if (report_series(&g->series[i], rows, &count, limit) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows ? json_pack("{s:o,s:I,s:o}", "numbers", rows, "number_count", count, "markers",
                            report_markers(g)) : NULL;
}

void reconcile_gaps_done(struct reconcile_gaps *g)
{
    for (int i = 0; i < g->count; i++) {
        free(g->series[i].prefix);
        free(g->series[i].list);
    }
    free(g->series);
    free(g->markers);
    *g = (struct reconcile_gaps){0};
}
