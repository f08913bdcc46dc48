/* SPDX-License-Identifier: MIT
 * What all stores share: partitions, deadlines, the freeing of results. */
#include "store/store.h"

#include <stdlib.h>

#include "base/clock.h"
#include "store/held.h"

int64_t store_left_ms(const struct store_hold *hold)
{
    int64_t left = hold ? atomic_load(&hold->until_ms) - clock_monotonic_ms() : 0;
    return left > 0 ? left : 0;
}

bool store_wanted(const struct store_hold *hold)
{
    return hold && atomic_load(&hold->wanted);
}

int store_partition(const char *key, int parts)
{
    uint64_t hash = 14695981039346656037u;
    for (const unsigned char *p = (const unsigned char *)key; *p; p++)
        hash = (hash ^ *p) * 1099511628211u;
    return parts > 0 ? (int)(hash % (uint64_t)parts) : 0;
}

void store_batch_done(struct store_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        free(b->jobs[i].key);
        free(b->jobs[i].payload);
    }
    free(b->jobs);
    *b = (struct store_batch){0};
}

void store_job_row_done(struct store_job_row *r)
{
    free(r->flow);
    free(r->key);
    free(r->reason);
    free(r->detail);
    free(r->facts);
    free(r->brief);
    free(r->remote_id);
    *r = (struct store_job_row){0};
}
