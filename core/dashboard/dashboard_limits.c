/* SPDX-License-Identifier: MIT
 * Guessing of passwords. */
#include "dashboard/dashboard_limits.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define FREE_TRIES 5
#define FIRST_MS (30 * INT64_C(1000))
#define LONGEST_MS (15 * 60 * INT64_C(1000))
#define FORGET_MS (60 * 60 * INT64_C(1000)) /* after the last try */
#define KEPT 4096

struct tries {
    unsigned char key[DASHBOARD_LIMITS_KEY_BYTES];
    int count;          /* 0: the place is free */
    int64_t last_ms;    /* of the last try */
    int64_t blocked_ms; /* until then */
};

struct dashboard_limits {
    pthread_mutex_t lock;
    struct tries kept[KEPT];
};

struct dashboard_limits *dashboard_limits_new(void)
{
    struct dashboard_limits *l = calloc(1, sizeof *l);
    if (l)
        pthread_mutex_init(&l->lock, NULL);
    return l;
}

void dashboard_limits_free(struct dashboard_limits *l)
{
    if (!l)
        return;
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static void add(crypto_generichash_state *state, const void *data, size_t bytes)
{
    crypto_generichash_update(state, data, bytes);
}

void dashboard_limits_key(const char *user, const char *address, const char *device,
                          unsigned char out[DASHBOARD_LIMITS_KEY_BYTES])
{
    crypto_generichash_state state;
    struct in6_addr six;
    crypto_generichash_init(&state, NULL, 0, DASHBOARD_LIMITS_KEY_BYTES);
    add(&state, user, strlen(user) + 1);
    if (device)
        add(&state, device, strlen(device));
    else if (inet_pton(AF_INET6, address, &six) == 1)
        add(&state, &six, 8);
    else
        add(&state, address, strlen(address));
    crypto_generichash_final(&state, out, DASHBOARD_LIMITS_KEY_BYTES);
}

/* Its place, or one that it may take: a free one, or that which was quiet for longest. The caller
 * holds the lock. */
static struct tries *place_of(struct dashboard_limits *l, const unsigned char *key, int64_t now)
{
    struct tries *best = &l->kept[0];
    for (int i = 0; i < KEPT; i++) {
        struct tries *t = &l->kept[i];
        if (t->count > 0 && now - t->last_ms > FORGET_MS && now >= t->blocked_ms)
            t->count = 0;
        if (t->count > 0 && memcmp(t->key, key, sizeof t->key) == 0)
            return t;
        if (best->count > 0 && (t->count == 0 || t->last_ms < best->last_ms))
            best = t;
    }
    *best = (struct tries){0};
    memcpy(best->key, key, sizeof best->key);
    return best;
}

int64_t dashboard_limits_try(struct dashboard_limits *l,
                             const unsigned char key[DASHBOARD_LIMITS_KEY_BYTES])
{
    int64_t now = clock_monotonic_ms(), wait = 0;
    pthread_mutex_lock(&l->lock);
    struct tries *t = place_of(l, key, now);
    if (now < t->blocked_ms) {
        wait = t->blocked_ms - now;
    } else {
        t->count++;
        t->last_ms = now;
        int over = t->count - FREE_TRIES;
        int64_t block = over < 0 ? 0 : over < 6 ? FIRST_MS << over : LONGEST_MS;
        t->blocked_ms = now + (block < LONGEST_MS ? block : LONGEST_MS);
    }
    pthread_mutex_unlock(&l->lock);
    return wait;
}

void dashboard_limits_right(struct dashboard_limits *l,
                            const unsigned char key[DASHBOARD_LIMITS_KEY_BYTES])
{
    pthread_mutex_lock(&l->lock);
    for (int i = 0; i < KEPT; i++) {
        if (l->kept[i].count > 0 && memcmp(l->kept[i].key, key, sizeof l->kept[i].key) == 0)
            l->kept[i].count = 0;
    }
    pthread_mutex_unlock(&l->lock);
}
