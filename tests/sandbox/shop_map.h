// SPDX-License-Identifier: MIT
// A hash table from numbers, or texts, to positions: how the till finds an article or an
// external id among tens of thousands without walking through them.
#ifndef KOPPEL_SANDBOX_MAP_H
#define KOPPEL_SANDBOX_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint64_t key;
    uint32_t value; // position + 1; 0: free
};

struct map {
    struct map_slot *slots;
    size_t count, room; // room is a power of two
};

// Texts are kept as 64 bits; map_text is the key of one.
uint64_t map_text(const char *text);
uint64_t map_text_folded(const char *text); // without regard to ASCII case
// The position under this key, -1 when there is none.
int64_t map_get(const struct map *m, uint64_t key);
// Sets or replaces it. -1 when out of memory.
int map_set(struct map *m, uint64_t key, size_t position);
void map_done(struct map *m);

#endif
