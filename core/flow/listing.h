/* SPDX-License-Identifier: MIT
 * Reads a list of one side to its end, for who looks at all of it and remembers no cursor. */
#ifndef KOPPEL_FLOW_LISTING_H
#define KOPPEL_FLOW_LISTING_H

#include "connection/batch.h"
#include "flow/flow.h"

/* All borrowed. */
struct listing {
    struct flow *flow;        /* stops with it */
    struct connection *from;
    const struct cat_entity *entity;
    json_t *options;          /* NULL: none */
    /* Every page in turn. -1 and err ends it. */
    int (*take)(void *arg, struct koppel_batch *page, struct koppel_error *err);
    /* Told after each page: whose list, how many records, of how many (-1: unknown). -1: nobody
     * waits any more. May be NULL. */
    int (*tell)(void *arg, const char *side, int64_t read, int64_t total);
    void *arg;
};

/* A page that cannot be read is asked for a few times; a list that tells more records than it gives
 * is a failure (KOPPEL_E_RETRY). *read: how many records it has. */
int listing_read(const struct listing *l, int64_t *read, struct koppel_error *err);

#endif
