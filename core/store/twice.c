/* SPDX-License-Identifier: MIT
 * Which texts of a list stand in it before. */
#include "store/twice.h"

#include <stdlib.h>
#include <string.h>

struct place {
    const char *text;
    int at;
};

static int by_text(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    int order = strcmp(one->text, other->text);
    return order ? order : (one->at > other->at) - (one->at < other->at);
}

int twice_mark(const void *list, int count, const char *(*text)(const void *list, int i),
               bool *again)
{
    struct place *places = malloc(((size_t)count + 1) * sizeof *places);
    if (!places)
        return -1;
    for (int i = 0; i < count; i++)
        places[i] = (struct place){text(list, i), i};
    qsort(places, (size_t)count, sizeof *places, by_text);
    for (int i = 0; i < count; i++)
        again[places[i].at] = i > 0 && strcmp(places[i].text, places[i - 1].text) == 0;
    free(places);
    return 0;
}
