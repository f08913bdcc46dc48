/* SPDX-License-Identifier: MIT
 * The numbers of flows and scopes, remembered once they were looked up: they never change. */
#ifndef KOPPEL_STORE_NAMES_H
#define KOPPEL_STORE_NAMES_H

#include <pthread.h>

#include "store/conn.h"

struct names_flow {
    struct names_flow *next;
    int64_t id;
    _Atomic int parts;
    _Atomic int64_t asked_ms;   /* when its work was asked for; monotonic, 0: never */
    _Atomic int64_t surplus_ms; /* since when there is work beyond the share; 0: there is none */
    /* What stood aside at that count of the flow's changes (flow.rev; -1: not counted yet). Guarded
     * by the names' lock */
    int64_t aside_rev, parked, waiting;
    char name[];
};

struct names_scope {
    struct names_scope *next;
    int64_t id;
    char name[];
};

struct names {
    pthread_mutex_t lock;
    struct names_flow *flows;
    struct names_scope *scopes;
};

void names_init(struct names *n);
void names_done(struct names *n);
/* Those that were looked up so far: a list that is only added to, at its front. */
const struct names_flow *names_flows(struct names *n);

/* The flow; NULL with err->kind 0: not declared. Lives as long as the store. */
const struct names_flow *names_flow(struct names *n, struct conn *c, const char *name,
                                    struct koppel_error *err);
/* Same, where one that is not declared is an error. */
const struct names_flow *names_flow_need(struct names *n, struct conn *c, const char *name,
                                         struct koppel_error *err);
/* After the partitions of a flow were changed. */
void names_flow_parts(struct names *n, const char *name, int parts);
/* How many stand aside, if that was counted at rev. */
bool names_aside(struct names *n, const struct names_flow *f, int64_t rev, int64_t *parked,
                 int64_t *waiting);
void names_aside_set(struct names *n, const struct names_flow *f, int64_t rev, int64_t parked,
                     int64_t waiting);

/* The scope's number: 1, 0: there is none, -1 and err. Not to be asked inside a transaction that
 * made the scope and may still be taken back. */
int names_scope(struct names *n, struct conn *c, const char *name, int64_t *id,
                struct koppel_error *err);
/* The same from memory alone: 1 or 0. */
int names_scope_known(struct names *n, const char *name, int64_t *id);

#endif
