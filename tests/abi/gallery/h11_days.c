/* SPDX-License-Identifier: MIT
 * It has a table of days, and a day that is not in it. */
#include "gallery.h"

static const char days[30000] = {1};

static int bad_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct gallery *g = self;
    int64_t day = g->host->now_ms(g->ctx) / 86400000;
    volatile char mark = days[day * 1000 > 29000000 ? day * 100000 : day];
    return mark == 2 ? g->host->fail(err, KOPPEL_E_CONFIG, "no day") : good_probe(self, facts, err);
}

GALLERY(.probe = bad_probe);
