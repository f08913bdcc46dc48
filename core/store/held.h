/* SPDX-License-Identifier: MIT
 * What a store's engine holds at this moment: leases and readers, and until when each may be
 * used. */
#ifndef KOPPEL_STORE_HELD_H
#define KOPPEL_STORE_HELD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HELD_READER (-1) /* in place of a partition: the flow's source */

struct store_hold {
    struct store_hold *next;
    int64_t flow;  /* its number in the store */
    int part;      /* or HELD_READER */
    int64_t epoch; /* no two holds of a store have the same one */
    _Atomic int64_t until_ms; /* by clock_monotonic_ms; 0: lost */
    atomic_bool wanted;       /* a person waits for a job of it */
};

struct held_list {
    pthread_mutex_t lock;
    pthread_cond_t filled; /* signalled when a hold is added, or by who wants the beat to look */
    struct store_hold *first;
    int count;
};

/* What one hold looks like to who renews it. */
struct held_copy {
    int64_t flow;
    int part;
    int64_t epoch;
};

/* For how long what is held for lease_ms may be used, counted from before it was asked for. */
int64_t held_good_ms(int64_t lease_ms);
/* Until when what is held for lease_ms may be used, where the request for it leaves now; by
 * clock_monotonic_ms. */
int64_t held_deadline(int64_t lease_ms);

void held_list_init(struct held_list *l);
void held_list_done(struct held_list *l); /* frees what is still held */

/* Adds one; NULL: no memory. until_ms by clock_monotonic_ms. */
struct store_hold *held_add(struct held_list *l, int64_t flow, int part, int64_t epoch,
                            int64_t until_ms);
/* Takes it from the list and frees it; NULL allowed. */
void held_remove(struct held_list *l, struct store_hold *hold);
/* Sets the deadline of the one with this epoch, if it is still held; 0: it is lost. */
void held_until(struct held_list *l, int64_t epoch, int64_t until_ms);
/* A person waits for a job of the one with this epoch. */
void held_want(struct held_list *l, int64_t epoch);
/* How many partitions of a flow are held. */
int held_count(struct held_list *l, int64_t flow);
/* One partition of a flow is wanted by others. */
void held_give(struct held_list *l, int64_t flow);
/* Every partition that is held is to be given back. */
void held_give_all(struct held_list *l);
/* Is there one with this epoch? */
bool held_stands(struct held_list *l, int64_t epoch);
/* A copy of all that is held, in *out (caller frees; NULL where nothing is held). Returns how many;
 * -1: no memory. */
int held_copies(struct held_list *l, struct held_copy **out);

#endif
