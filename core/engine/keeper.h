/* SPDX-License-Identifier: MIT
 * Erasing what is older than its age: now, or by a thread while the engine serves. */
#ifndef KOPPEL_ENGINE_KEEPER_H
#define KOPPEL_ENGINE_KEEPER_H

#include <pthread.h>
#include <stdbool.h>

#include "config/conf.h"
#include "store/store.h"

/* What went, or would go. */
struct keeper_sum {
    struct keeping_sum jobs;
    int64_t entries; /* of runs, the audit, alerts and revisions */
};

/* Called between two slices; may sleep. false: enough for now. */
typedef bool keeper_turn(void *arg, const struct keeper_sum *sum);

/* Goes through the whole store once, then makes its files smaller. 0 also where turn ended it; sum
 * says what went so far. */
int keeper_erase(struct store *store, const struct conf_keep *keep, keeper_turn *turn, void *arg,
                 struct keeper_sum *sum, struct koppel_error *err);

/* The thread. */
struct keeper {
    struct store *store;
    struct conf_keep keep; /* under lock */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* monotonic */
    bool started, stop;
};

/* Looks through the store every hour, more often where an age is that short, and logs what went.
 * store: until keeper_stop. */
int keeper_start(struct keeper *k, struct store *store, const struct conf_keep *keep,
                 struct koppel_error *err);
/* Other ages hold from the next look on. */
void keeper_change(struct keeper *k, const struct conf_keep *keep);
/* Takes one that did not start. */
void keeper_stop(struct keeper *k);

#endif
