/* SPDX-License-Identifier: MIT
 * Addresses of messages that were looked up a moment ago. */
#include "dashboard/dashboard_hook_known.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"

#define KNOWN_MAX 64 /* addresses; more are looked up each time */
#define GOOD_MS 2000
#define NAME_BYTES 250

struct known {
    char name[NAME_BYTES]; /* "": a free place */
    char id[HOOK_ROWS_ID_BYTES];
    struct secret *secret;
    int64_t made_ms, until_ms;
    unsigned changes;
};

struct dashboard_hook_known {
    pthread_mutex_t lock;
    struct known list[KNOWN_MAX];
};

struct dashboard_hook_known *dashboard_hook_known_new(void)
{
    struct dashboard_hook_known *k = calloc(1, sizeof *k);
    if (k)
        pthread_mutex_init(&k->lock, NULL);
    return k;
}

void dashboard_hook_known_free(struct dashboard_hook_known *k)
{
    if (!k)
        return;
    for (int i = 0; i < KNOWN_MAX; i++)
        secret_free(k->list[i].secret);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

/* Its place, or one that is free or no longer good; NULL: there is none. The lock is held. */
static struct known *place_of(struct dashboard_hook_known *k, const char *name)
{
    struct known *room = NULL;
    for (int i = 0; i < KNOWN_MAX; i++) {
        struct known *one = &k->list[i];
        if (strcmp(one->name, name) == 0)
            return one;
        if (!room && (!one->name[0] || clock_monotonic_ms() > one->until_ms))
            room = one;
    }
    return room;
}

static bool take(struct dashboard_hook_known *k, const char *name, struct hook_rows_one *out)
{
    pthread_mutex_lock(&k->lock);
    const struct known *one = place_of(k, name);
    bool good = one && strcmp(one->name, name) == 0 && one->secret &&
                one->changes == hook_rows_changes() && clock_monotonic_ms() <= one->until_ms;
    if (good) {
        *out = (struct hook_rows_one){.made_ms = one->made_ms};
        snprintf(out->secret, sizeof out->secret, "%s", secret_text(one->secret));
        snprintf(out->id, sizeof out->id, "%s", one->id);
    }
    pthread_mutex_unlock(&k->lock);
    return good;
}

/* changes: as it was before the store was asked. */
static void keep(struct dashboard_hook_known *k, const char *name, unsigned changes,
                 const struct hook_rows_one *one)
{
    pthread_mutex_lock(&k->lock);
    struct known *place = place_of(k, name);
    if (place) {
        secret_free(place->secret);
        snprintf(place->name, sizeof place->name, "%s", name);
        snprintf(place->id, sizeof place->id, "%s", one->id);
        place->secret = secret_new(one->secret, strlen(one->secret));
        place->made_ms = one->made_ms;
        place->until_ms = clock_monotonic_ms() + GOOD_MS;
        place->changes = changes;
    }
    pthread_mutex_unlock(&k->lock);
}

int dashboard_hook_known_find(struct dashboard_hook_known *k, struct store *s,
                              const char *connection, const char *entity, bool *anew,
                              struct hook_rows_one *out, bool *found, struct koppel_error *err)
{
    char name[NAME_BYTES];
    unsigned changes = hook_rows_changes();
    bool fits = snprintf(name, sizeof name, "%s/%s", connection, entity) < NAME_BYTES;
    if (fits && !*anew && take(k, name, out)) {
        *found = true;
        return 0;
    }
    *anew = true;
    int rc = hook_rows_find(s, connection, entity, out, found, err);
    if (rc == 0 && *found && fits)
        keep(k, name, changes, out);
    return rc;
}
