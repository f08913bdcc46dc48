/* SPDX-License-Identifier: MIT
 * The nearest right name for one that is wrong: edit distance, at most a third of the length. */
#include <string.h>

#include "config/config.h"

#define NAME_LIMIT 128

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(b), row[NAME_LIMIT + 1];
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j];
            size_t swap = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = least(swap, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[n];
}

const char *config_nearest(const char *name, const char *const *names, int count)
{
    const char *best = NULL;
    size_t n = strlen(name), best_distance = 0;
    if (n > NAME_LIMIT)
        return NULL;
    for (int i = 0; i < count; i++) {
        size_t m = names[i] ? strlen(names[i]) : NAME_LIMIT + 1;
        if (m > NAME_LIMIT)
            continue;
        size_t d = distance(name, names[i]);
        if (d <= (n > m ? n : m) / 3 && (!best || d < best_distance)) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}
