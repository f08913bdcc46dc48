/* SPDX-License-Identifier: MIT
 * What a store's engine holds at this moment. */
#include "store/held.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

#define MARGIN_MS 2000 /* a lease is not used in the last of its time */

int64_t held_good_ms(int64_t lease_ms)
{
    int64_t margin = lease_ms / 5 < MARGIN_MS ? lease_ms / 5 : MARGIN_MS;
    return lease_ms - margin;
}

int64_t held_deadline(int64_t lease_ms)
{
    return clock_monotonic_ms() + held_good_ms(lease_ms);
}

void held_list_init(struct held_list *l)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->filled, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&l->lock, NULL);
    l->first = NULL;
    l->count = 0;
}

void held_list_done(struct held_list *l)
{
    for (struct store_hold *h = l->first, *next; h; h = next) {
        next = h->next;
        free(h);
    }
    l->first = NULL;
    pthread_cond_destroy(&l->filled);
    pthread_mutex_destroy(&l->lock);
}

struct store_hold *held_add(struct held_list *l, int64_t flow, int part, int64_t epoch,
                            int64_t until_ms)
{
    struct store_hold *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->flow = flow;
    h->part = part;
    h->epoch = epoch;
    atomic_init(&h->until_ms, until_ms);
    pthread_mutex_lock(&l->lock);
    h->next = l->first;
    l->first = h;
    l->count++;
    pthread_cond_broadcast(&l->filled);
    pthread_mutex_unlock(&l->lock);
    return h;
}

void held_remove(struct held_list *l, struct store_hold *hold)
{
    pthread_mutex_lock(&l->lock);
    for (struct store_hold **at = &l->first; hold && *at; at = &(*at)->next) {
        if (*at != hold)
            continue;
        *at = hold->next;
        l->count--;
        free(hold);
        break;
    }
    pthread_mutex_unlock(&l->lock);
}

void held_until(struct held_list *l, int64_t epoch, int64_t until_ms)
{
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h; h = h->next) {
        if (h->epoch == epoch)
            atomic_store(&h->until_ms, until_ms);
    }
    pthread_mutex_unlock(&l->lock);
}

void held_want(struct held_list *l, int64_t epoch)
{
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h; h = h->next) {
        if (h->epoch == epoch)
            atomic_store(&h->wanted, true);
    }
    pthread_mutex_unlock(&l->lock);
}

int held_count(struct held_list *l, int64_t flow)
{
    int count = 0;
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h; h = h->next)
        count += h->flow == flow && h->part != HELD_READER;
    pthread_mutex_unlock(&l->lock);
    return count;
}

void held_give(struct held_list *l, int64_t flow)
{
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h; h = h->next) {
        if (h->flow == flow && h->part != HELD_READER && !atomic_load(&h->wanted)) {
            atomic_store(&h->wanted, true);
            break;
        }
    }
    pthread_mutex_unlock(&l->lock);
}

void held_give_all(struct held_list *l)
{
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h; h = h->next)
        atomic_store(&h->wanted, true);
    pthread_mutex_unlock(&l->lock);
}

bool held_stands(struct held_list *l, int64_t epoch)
{
    bool found = false;
    pthread_mutex_lock(&l->lock);
    for (struct store_hold *h = l->first; h && !found; h = h->next)
        found = h->epoch == epoch;
    pthread_mutex_unlock(&l->lock);
    return found;
}

int held_copies(struct held_list *l, struct held_copy **out)
{
    int count = 0;
    *out = NULL;
    pthread_mutex_lock(&l->lock);
    if (l->count > 0)
        *out = calloc((size_t)l->count, sizeof **out);
    for (struct store_hold *h = l->first; h && *out; h = h->next)
        (*out)[count++] = (struct held_copy){h->flow, h->part, h->epoch};
    if (l->count > 0 && !*out)
        count = -1;
    pthread_mutex_unlock(&l->lock);
    return count;
}
