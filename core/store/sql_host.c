/* SPDX-License-Identifier: MIT
 * The engines that share a store. */
#include "store/sql_host.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/sql_publish.h"

#define NAME_BYTES 65
#define ID_BYTES (2 * STORE_OWNER_BYTES + 1)
#define ASKED_MS 10000          /* who asked for work of a flow so lately delivers it */
#define SURPLUS_MS 2000         /* work that nobody took for so long is anybody's */
#define FORGET_MS INT64_C(86400000)

static void id_of(const struct sql_store *s, char out[ID_BYTES])
{
    sodium_bin2hex(out, ID_BYTES, s->owner, sizeof s->owner);
}

static int share_of(int parts, int live)
{
    return live > 1 ? (parts + live - 1) / live + 1 : INT_MAX;
}

int sql_host_share(struct sql_store *s, const struct names_flow *f)
{
    struct names_flow *own = (struct names_flow *)(uintptr_t)f; /* its counters are */
    atomic_store(&own->asked_ms, clock_monotonic_ms());
    return share_of(f->parts, atomic_load(&s->live));
}

bool sql_host_surplus(struct sql_store *s, const struct names_flow *f, bool there)
{
    struct names_flow *own = (struct names_flow *)(uintptr_t)f;
    int64_t since = 0, now = clock_monotonic_ms();
    (void)s;
    if (!there) {
        atomic_store(&own->surplus_ms, 0);
        return false;
    }
    if (atomic_compare_exchange_strong(&own->surplus_ms, &since, now))
        return false;
    return now - since >= SURPLUS_MS;
}

/* ---- the beat ---- */

struct beat_arg {
    int live;
    bool leads, stale;
    int64_t hungry; /* partitions that others would take */
};

/* How many partitions with work it would take of others. */
static int find_hunger(struct sql_store *s, struct conn *c, int64_t *hunger,
                       struct koppel_error *err)
{
    struct conn_rows *st;
    int64_t now = clock_monotonic_ms();
    int live = atomic_load(&s->live);
    live = live > 0 ? live : 1;
    *hunger = 0;
    int row = conn_row(c, &st, SQL_HOST_OTHERS, err, "b", s->owner, sizeof s->owner);
    for (; row == 1; row = conn_step(c, st, err)) {
        int64_t flow = conn_int64(st, 0), others = conn_int64(st, 1);
        for (const struct names_flow *f = names_flows(&s->names); f; f = f->next) {
            if (f->id != flow || now - atomic_load(&f->asked_ms) > ASKED_MS)
                continue;
            int64_t room = (f->parts + live - 1) / live - held_count(&s->holds, flow);
            *hunger += room < 0 ? 0 : room < others ? room : others;
        }
    }
    return row;
}

static int beat(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct beat_arg *a = arg;
    char id[ID_BYTES], name[NAME_BYTES] = "", *lacks;
    struct conn_rows *st;
    int64_t hunger, now = conn_now_ms(c), revision = sql_publish_own(s, &lacks);
    bool may;
    id_of(s, id);
    (void)gethostname(name, sizeof name - 1);
    int rc = find_hunger(s, c, &hunger, err) != 0 ||
             conn_run(c, SQL_HOST_SEEN, err, "tttiiibiti", id, name, s->program, (int64_t)getpid(),
                      now, hunger, s->owner, sizeof s->owner, revision, lacks ? lacks : "",
                      (int64_t)s->knows) != 0 ||
             conn_run(c, SQL_HOST_FORGET, err, "i", now - FORGET_MS) != 0;
    free(lacks);
    if (rc != 0 || sql_publish_may(s, c, &may, err) != 0 ||
        conn_row(c, &st, SQL_HOST_LIVE, err, "ti", id, now - s->lease_ms) != 1)
        return -1;
    a->stale = !may;
    a->live = conn_int(st, 0);
    a->hungry = conn_int64(st, 1);
    a->leads = strcmp(conn_peek(st, 2), id) == 0;
    conn_reset(st);
    return 0;
}

/* One of what is above the share goes back once its batch is settled. */
static void give_one(struct sql_store *s)
{
    int live = atomic_load(&s->live);
    for (const struct names_flow *f = names_flows(&s->names); f; f = f->next) {
        if (held_count(&s->holds, f->id) > share_of(f->parts, live)) {
            held_give(&s->holds, f->id);
            return;
        }
    }
}

int sql_host_beat(struct sql_store *s, struct koppel_error *err)
{
    struct beat_arg a = {0};
    if (sql_change(s, SQL_SOFT, beat, &a, err) != 0) {
        /* who cannot tell that it is there leads nobody */
        atomic_store(&s->leads, false);
        return -1;
    }
    atomic_store(&s->live, a.live);
    atomic_store(&s->leads, a.leads);
    if (a.stale)
        held_give_all(&s->holds);
    else if (a.hungry > 0)
        give_one(s);
    return 0;
}

static int end(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    char id[ID_BYTES];
    (void)arg;
    id_of(s, id);
    return conn_run(c, SQL_HOST_END, err, "t", id);
}

void sql_host_end(struct sql_store *s)
{
    (void)sql_change(s, SQL_SOFT, end, NULL, NULL);
}

bool sql_host_leads(struct store *s)
{
    return atomic_load(&sql_of(s)->leads);
}

/* ---- the list ---- */

struct list_arg {
    struct store_host *rows;
    int count;
};

static int add_row(struct sql_store *s, struct list_arg *a, struct conn_rows *st, int64_t now,
                   struct koppel_error *err)
{
    char own[ID_BYTES];
    bool failed = false;
    struct store_host *more = realloc(a->rows, ((size_t)a->count + 1) * sizeof *more);
    if (!more)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    a->rows = more;
    id_of(s, own);
    struct store_host *h = &a->rows[a->count++];
    *h = (struct store_host){.id = conn_text(st, 0, &failed),
                             .name = conn_text(st, 1, &failed),
                             .program = conn_text(st, 2, &failed),
                             .pid = conn_int64(st, 3),
                             .started_ms = conn_int64(st, 4),
                             .seen_ms = conn_int64(st, 5),
                             .leases = conn_int64(st, 6),
                             .revision = conn_int64(st, 7),
                             .lacks = conn_text(st, 8, &failed),
                             .knows = conn_int64(st, 9)};
    h->alive = h->seen_ms > now - s->lease_ms;
    h->own = h->id && strcmp(h->id, own) == 0;
    return failed ? err_set(err, KOPPEL_E_RETRY, "out of memory") : 0;
}

/* Who leads is the oldest that is alive and lacks nothing, so that what it does for all is done
 * whole; where each lacks something, the oldest. The rows are in that order of age. */
static void find_leader(struct list_arg *a)
{
    struct store_host *leader = NULL;
    for (int i = 0; i < a->count; i++) {
        struct store_host *h = &a->rows[i];
        if (h->alive && (!leader || (*leader->lacks && !*h->lacks)))
            leader = h;
    }
    if (leader)
        leader->leads = true;
}

static int list(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct list_arg *a = arg;
    struct conn_rows *st;
    int64_t now = conn_now_ms(c);
    int row = conn_row(c, &st, SQL_HOSTS, err, "");
    for (; row == 1; row = conn_step(c, st, err)) {
        if (add_row(s, a, st, now, err) != 0) {
            conn_reset(st);
            return -1;
        }
    }
    find_leader(a);
    return row;
}

int sql_host_list(struct store *s, int (*visit)(void *arg, const struct store_host *h), void *arg,
                  struct koppel_error *err)
{
    struct list_arg a = {0};
    int rc = sql_look(sql_of(s), list, &a, err);
    for (int i = 0; i < a.count && rc == 0; i++)
        rc = visit(arg, &a.rows[i]);
    for (int i = 0; i < a.count; i++) {
        free(a.rows[i].id);
        free(a.rows[i].name);
        free(a.rows[i].program);
        free(a.rows[i].lacks);
    }
    free(a.rows);
    return rc;
}
