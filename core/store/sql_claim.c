/* SPDX-License-Identifier: MIT
 * What hosts share while records are under way: names that one thread holds, and values that only
 * one record may have. */
#include "store/sql_claim.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/sql_lease.h"

#define LOCK_BYTES 16

struct lock_arg {
    char name[2 * LOCK_BYTES + 1];
    int64_t ttl_ms;
    int64_t thread;
    bool taken;
};

/* A name may hold an e-mail address: the file knows its keyed hash only. */
static void hide_name(const struct sql_store *s, const char *name, struct lock_arg *a)
{
    unsigned char hash[LOCK_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)name, strlen(name),
                       (const unsigned char *)secret_text(s->key), secret_bytes(s->key));
    sodium_bin2hex(a->name, sizeof a->name, hash, sizeof hash);
}

static int64_t this_thread(void)
{
    return (int64_t)(uintptr_t)pthread_self();
}

static int lock_name(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct lock_arg *a = arg;
    int64_t now = conn_now_ms(c);
    if (conn_run(c, SQL_LOCK_TAKE, err, "tbiii", a->name, s->owner, sizeof s->owner, a->thread,
                 now + a->ttl_ms, now) != 0)
        return -1;
    int changed = conn_changes(c, err);
    a->taken = changed == 1;
    return changed < 0 ? -1 : 0;
}

int sql_claim_lock(struct store *s, const char *name, int64_t ttl_ms, int *taken,
                      struct koppel_error *err)
{
    struct lock_arg a = {.ttl_ms = ttl_ms, .thread = this_thread()};
    hide_name(sql_of(s), name, &a);
    if (sql_change(sql_of(s), SQL_SOFT, lock_name, &a, err) != 0)
        return -1;
    *taken = a.taken;
    return 0;
}

static int unlock_name(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct lock_arg *a = arg;
    return conn_run(c, SQL_LOCK_DROP, err, "tbi", a->name, s->owner, sizeof s->owner, a->thread);
}

void sql_claim_unlock(struct store *s, const char *name)
{
    struct lock_arg a = {.thread = this_thread()};
    struct koppel_error err = {0};
    hide_name(sql_of(s), name, &a);
    if (sql_change(sql_of(s), SQL_SOFT, unlock_name, &a, &err) != 0)
        log_warning(LOG_ABOUT(.event = "store"), "a lock falls free by its time only: %s",
                    err.text);
}

struct claim_arg {
    const struct store_lease *lease;
    const char *key;
    const char *const *names;
    int count;
    char *holder;
};

/* A claim that was made. */
struct claim {
    int64_t flow, part, epoch;
};

/* Does the claim's lease stand? 1, 0, or -1 and err. One that has run out ends here: whose claim is
 * taken away may not settle any more. */
static int lease_lives(struct sql_store *s, struct conn *c, const struct claim *w,
                       struct koppel_error *err)
{
    struct conn_rows *st;
    int64_t now = conn_now_ms(c), next;
    int row = conn_row(c, &st, SQL_LEASE_LOCK, err, "ii", w->flow, w->part);
    if (row != 1)
        return row;
    const void *owner = conn_blob(st, 0);
    bool ours = owner && memcmp(owner, s->owner, sizeof s->owner) == 0;
    bool same = owner && conn_int64(st, 1) == w->epoch;
    bool out = conn_int64(st, 2) <= now;
    conn_reset(st);
    if (!same || ours || !out)
        return same;
    if (sql_lease_epoch(s, c, &next, err) != 0 ||
        conn_run(c, SQL_LEASE_END, err, "iiii", w->flow, w->part, next, now) != 0)
        return -1;
    return 0;
}

/* 1: this record may have the name; 0: *holder has it; -1 and err. */
static int may_have(struct sql_store *s, struct conn *c, int64_t flow, struct claim_arg *a,
                    const char *name, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_CLAIM_GET, err, "t", name);
    if (row != 1)
        return row < 0 ? -1 : 1;
    struct claim w = {conn_int64(st, 1), conn_int64(st, 2),
                      conn_int64(st, 3)};
    char *holder = strdup(conn_peek(st, 0));
    conn_reset(st);
    if (!holder)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int lives = w.flow == flow && strcmp(holder, a->key) == 0 ? 0 : lease_lives(s, c, &w, err);
    if (lives == 1)
        a->holder = holder;
    else
        free(holder);
    return lives < 0 ? -1 : !lives;
}

static int claim_names(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct claim_arg *a = arg;
    const struct names_flow *f = names_flow_need(&s->names, c, a->lease->flow, err);
    int stands = f && sql_lease_ask(c, f->id, a->lease, err) == 0
                     ? sql_lease_stands(s, c, f->id, a->lease, err)
                     : -1;
    free(a->holder);
    a->holder = NULL;
    if (stands < 0 || conn_run(c, SQL_GUARD, err, "") != 0)
        return -1;
    if (!stands)
        return err_reason(err, KOPPEL_E_RETRY, "store.lease",
                          "flow %s: partition %d is another's now", a->lease->flow, a->lease->part);
    for (int i = 0; i < a->count; i++) {
        int free_now = may_have(s, c, f->id, a, a->names[i], err);
        if (free_now != 1)
            return free_now;
    }
    for (int i = 0; i < a->count; i++) {
        if (conn_run(c, SQL_CLAIM_PUT, err, "ttiii", a->names[i], a->key, f->id,
                     (int64_t)a->lease->part, a->lease->epoch) != 0)
            return -1;
    }
    return 0;
}

int sql_claim(struct store *base, const struct store_lease *lease, const char *key,
                 const char *const *names, int count, char **holder, struct koppel_error *err)
{
    struct claim_arg a = {.lease = lease, .key = key, .names = names, .count = count};
    *holder = NULL;
    if (sql_change(sql_of(base), SQL_SOFT, claim_names, &a, err) != 0) {
        free(a.holder);
        return -1;
    }
    *holder = a.holder;
    return 0;
}

static int drop_names(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct claim_arg *a = arg;
    (void)s;
    for (int i = 0; i < a->count; i++) {
        if (conn_run(c, SQL_CLAIM_DROP, err, "ti", a->names[i], a->lease->epoch) != 0)
            return -1;
    }
    return 0;
}

void sql_claim_end(struct store *base, const struct store_lease *lease, const char *const *names,
                      int count)
{
    struct claim_arg a = {.lease = lease, .names = names, .count = count};
    struct koppel_error err = {0};
    if (sql_change(sql_of(base), SQL_SOFT, drop_names, &a, &err) != 0)
        log_warning(LOG_ABOUT(.event = "store", .flow = lease->flow),
                    "its claims end with their lease only: %s", err.text);
}
