// SPDX-License-Identifier: MIT
// Open addressing with linear probing; nothing is ever taken out.
#include "shop_map.h"

#include <ctype.h>
#include <stdlib.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t map_text(const char *text)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return mix(h);
}

uint64_t map_text_folded(const char *text)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (; *text; text++)
        h = (h ^ (uint64_t)tolower((unsigned char)*text)) * UINT64_C(1099511628211);
    return mix(h);
}

static struct map_slot *slot(const struct map *m, uint64_t key)
{
    size_t at = (size_t)mix(key) & (m->room - 1);
    while (m->slots[at].value && m->slots[at].key != key)
        at = (at + 1) & (m->room - 1);
    return &m->slots[at];
}

int64_t map_get(const struct map *m, uint64_t key)
{
    return m->room ? (int64_t)slot(m, key)->value - 1 : -1;
}

static int grow(struct map *m)
{
    struct map more = {.room = m->room ? m->room * 2 : 64};
    more.slots = calloc(more.room, sizeof *more.slots);
    if (!more.slots)
        return -1;
    for (size_t i = 0; i < m->room; i++) {
        if (m->slots[i].value)
            *slot(&more, m->slots[i].key) = m->slots[i];
    }
    more.count = m->count;
    free(m->slots);
    *m = more;
    return 0;
}

int map_set(struct map *m, uint64_t key, size_t position)
{
    if (m->count * 2 >= m->room && grow(m) != 0)
        return -1;
    struct map_slot *s = slot(m, key);
    m->count += s->value == 0;
    *s = (struct map_slot){key, (uint32_t)position + 1};
    return 0;
}

void map_done(struct map *m)
{
    free(m->slots);
    *m = (struct map){0};
}
