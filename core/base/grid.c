/* SPDX-License-Identifier: MIT
 * Rows by keys: one hash table for all of them, asked once for each way in which rows have "*" in
 * their keys, the most specific way first. */
#include "base/grid.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct part {
    const char *text;
    size_t bytes;
};

struct key {
    struct part parts[GRID_KEYS];
    int count;
};

struct row {
    struct grid_row row; /* first */
    struct key key;      /* into its text */
    unsigned mask;       /* bit i: key i is "*" */
};

/* A way to have "*": rows of so many keys with these masks. */
struct way {
    int keys;
    unsigned mask;
    int stars;
};

struct grid {
    int columns;
    struct row **rows;
    int count, room;
    int *slots;          /* open addressing; index of a row + 1, 0: free */
    size_t slot_count;   /* a power of two */
    struct way *ways;    /* the most specific first */
    int way_count;
};

static const struct part star = {"*", 1};

struct grid *grid_new(int columns)
{
    struct grid *g = calloc(1, sizeof *g);
    if (g)
        g->columns = columns;
    return g;
}

static void row_free(struct row *r)
{
    if (!r)
        return;
    json_decref(r->row.value);
    free((char *)r->row.key);
    free(r);
}

void grid_free(struct grid *g)
{
    if (!g)
        return;
    for (int i = 0; i < g->count; i++)
        row_free(g->rows[i]);
    free(g->rows);
    free(g->slots);
    free(g->ways);
    free(g);
}

/* ---- keys ---- */

/* One of more keys than there may be is taken as a whole. */
static void take_apart(const struct grid *g, const char *text, struct key *out)
{
    const char *start = text, *bar;
    out->count = 0;
    while (g->columns != 1 && out->count < GRID_KEYS - 1 && (bar = strchr(start, '|'))) {
        out->parts[out->count++] = (struct part){start, (size_t)(bar - start)};
        start = bar + 1;
    }
    if (out->count == GRID_KEYS - 1 && strchr(start, '|') && g->columns != 1) {
        out->count = 0;
        start = text;
    }
    out->parts[out->count++] = (struct part){start, strlen(start)};
    while (out->count < g->columns)
        out->parts[out->count++] = (struct part){"", 0};
}

static bool same(struct part a, struct part b)
{
    return a.bytes == b.bytes && memcmp(a.text, b.text, a.bytes) == 0;
}

static struct part part_of(const struct key *k, unsigned mask, int i)
{
    return mask & 1u << i ? star : k->parts[i];
}

/* FNV-1a; a byte that no UTF-8 has stands between the keys. */
static uint64_t hash(const struct key *k, unsigned mask)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (int i = 0; i < k->count; i++) {
        struct part p = part_of(k, mask, i);
        for (size_t n = 0; n < p.bytes; n++)
            h = (h ^ (unsigned char)p.text[n]) * UINT64_C(1099511628211);
        h = (h ^ 0xff) * UINT64_C(1099511628211);
    }
    return h ^ h >> 32;
}

/* Where the row with this key stands, or would stand. */
static size_t slot_of(const struct grid *g, const struct key *k, unsigned mask)
{
    size_t at = (size_t)hash(k, mask) & (g->slot_count - 1);
    for (; g->slots[at]; at = (at + 1) & (g->slot_count - 1)) {
        const struct key *has = &g->rows[g->slots[at] - 1]->key;
        int i = has->count == k->count ? 0 : -1;
        while (i >= 0 && i < k->count && same(has->parts[i], part_of(k, mask, i)))
            i++;
        if (i == k->count)
            break;
    }
    return at;
}

static const struct row *exactly(const struct grid *g, const struct key *k, unsigned mask)
{
    int index = g->slot_count ? g->slots[slot_of(g, k, mask)] : 0;
    return index ? g->rows[index - 1] : NULL;
}

/* ---- filling it ---- */

static int grow(struct grid *g)
{
    int room = g->room ? 2 * g->room : 16;
    struct row **rows = realloc(g->rows, (size_t)room * sizeof *rows);
    if (!rows)
        return -1;
    g->rows = rows;
    int *slots = calloc((size_t)room * 2, sizeof *slots), *old = g->slots;
    if (!slots)
        return -1;
    g->slots = slots;
    g->slot_count = (size_t)room * 2;
    g->room = room;
    free(old);
    for (int i = 0; i < g->count; i++)
        g->slots[slot_of(g, &g->rows[i]->key, 0)] = i + 1;
    return 0;
}

/* Does way a go before way b? */
static bool before(const struct way *a, const struct way *b)
{
    if (a->stars != b->stars)
        return a->stars < b->stars;
    unsigned differs = a->mask ^ b->mask;
    return differs && !(a->mask & (differs & -differs)); /* the first key that only one writes */
}

static int add_way(struct grid *g, int keys, unsigned mask)
{
    struct way way = {keys, mask, __builtin_popcount(mask)};
    int at = 0;
    for (; at < g->way_count; at++) {
        if (g->ways[at].keys == keys && g->ways[at].mask == mask)
            return 0;
    }
    struct way *ways = realloc(g->ways, sizeof *ways * ((size_t)g->way_count + 1));
    if (!ways)
        return -1;
    g->ways = ways;
    for (at = g->way_count++; at > 0 && before(&way, &g->ways[at - 1]); at--)
        g->ways[at] = g->ways[at - 1];
    g->ways[at] = way;
    return 0;
}

static struct row *row_new(const struct grid *g, const char *key, const char *value, int line)
{
    struct row *r = calloc(1, sizeof *r);
    json_t *sound = json_string(key);
    if (r) {
        r->row = (struct grid_row){strdup(key), json_string(value), line, false};
        if (r->row.key)
            take_apart(g, r->row.key, &r->key);
    }
    for (int i = 0; r && i < r->key.count; i++)
        r->mask |= same(r->key.parts[i], star) ? 1u << i : 0;
    bool whole = r && r->row.key && r->row.value && sound;
    json_decref(sound);
    if (!whole) {
        row_free(r);
        return NULL;
    }
    r->row.any = r->mask != 0;
    return r;
}

int grid_add(struct grid *g, const char *key, const char *value, int line)
{
    struct row *r = row_new(g, key, value, line);
    if (!r || (g->count == g->room && grow(g) != 0)) {
        row_free(r);
        return -1;
    }
    size_t at = slot_of(g, &r->key, 0);
    if (g->slots[at] || add_way(g, r->key.count, r->mask) != 0) {
        int rc = g->slots[at] ? 1 : -1;
        row_free(r);
        return rc;
    }
    g->rows[g->count] = r;
    g->slots[at] = ++g->count;
    return 0;
}

/* ---- asking it ---- */

const struct grid_row *grid_find(const struct grid *g, const char *key)
{
    struct key k;
    take_apart(g, key, &k);
    for (int i = 0; i < g->way_count; i++) {
        const struct row *r =
            g->ways[i].keys == k.count ? exactly(g, &k, g->ways[i].mask) : NULL;
        if (r)
            return &r->row;
    }
    if (g->columns != 0 || k.count == 1)
        return NULL;
    struct key all = {.parts = {star}, .count = 1};
    const struct row *r = exactly(g, &all, 0);
    return r ? &r->row : NULL;
}

const struct grid_row *grid_at(const struct grid *g, int index)
{
    return index >= 0 && index < g->count ? &g->rows[index]->row : NULL;
}

int grid_count(const struct grid *g)
{
    return g->count;
}

/* ---- overlaps ---- */

/* What fits both, where anything does. */
static bool meet(const struct row *a, const struct row *b, struct key *out)
{
    out->count = a->key.count;
    for (int i = 0; i < out->count; i++) {
        struct part p = a->key.parts[i], q = b->key.parts[i];
        if (!same(p, q) && !same(p, star) && !same(q, star))
            return false;
        out->parts[i] = same(p, star) ? q : p;
    }
    return true;
}

static char *joined(const struct key *k)
{
    size_t bytes = 0;
    for (int i = 0; i < k->count; i++)
        bytes += k->parts[i].bytes + 1;
    char *text = malloc(bytes), *to = text;
    for (int i = 0; text && i < k->count; i++) {
        if (i > 0)
            *to++ = '|';
        memcpy(to, k->parts[i].text, k->parts[i].bytes);
        to += k->parts[i].bytes;
    }
    if (text)
        *to = '\0';
    return text;
}

/* Neither is the more specific one: they have as many "*", in other places. */
static bool equals(const struct row *a, const struct row *b)
{
    return a->mask != b->mask && a->key.count == b->key.count &&
           __builtin_popcount(a->mask) == __builtin_popcount(b->mask);
}

void grid_overlaps(const struct grid *g,
                   int (*tell)(void *arg, const struct grid_row *taken,
                               const struct grid_row *other, const char *both),
                   void *arg)
{
    long looked = 0;
    if (g->way_count < 2)
        return;
    for (int i = 0; i < g->count; i++) {
        if (!g->rows[i]->mask)
            continue;
        for (int k = 0; k < i && looked < GRID_PAIRS; k++, looked++) {
            const struct row *a = g->rows[k], *b = g->rows[i];
            struct key both;
            if (!equals(a, b) || !meet(a, b, &both) || exactly(g, &both, 0))
                continue;
            struct way ways[] = {{0, a->mask, 0}, {0, b->mask, 0}};
            bool first = before(&ways[0], &ways[1]);
            char *text = joined(&both);
            int rc = text ? tell(arg, first ? &a->row : &b->row, first ? &b->row : &a->row, text)
                          : 0;
            free(text);
            if (rc)
                return;
        }
    }
}
