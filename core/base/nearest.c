/* SPDX-License-Identifier: MIT
 * The nearest right name for one that is wrong: edit distance, at most a third of the length. */
#include <string.h>

#include "base/nearest.h"

#define NAME_LIMIT 128

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A swap of two neighbours counts once: it is the commonest slip. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(b), rows[3][NAME_LIMIT + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= n; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[n];
}

const char *nearest_name(const char *name, const char *const *names, int count)
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
