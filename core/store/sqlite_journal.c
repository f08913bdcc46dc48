/* SPDX-License-Identifier: MIT
 * The SQLite store's moves: declare, append, lease, read, intent, retry. Settle is in
 * sqlite_settle.c. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite_internal.h"

struct flow_slot *flow_find(struct sqlite_store *s, struct conn *c, const char *name,
                            struct koppel_error *err)
{
    struct flow_slot *f;
    pthread_mutex_lock(&s->flow_lock);
    for (f = s->flows; f && strcmp(f->name, name) != 0; f = f->next)
        ;
    pthread_mutex_unlock(&s->flow_lock);
    if (f)
        return f;
    sqlite3_stmt *st = conn_bind(c, SQL_FLOW_GET, err, "t", name);
    if (!st || conn_step(c, st, err) != 1)
        return NULL;
    f = calloc(1, sizeof *f);
    if (f)
        f->name = strdup(name);
    if (!f || !f->name) {
        free(f);
        sqlite3_reset(st);
        (void)err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    f->id = sqlite3_column_int64(st, 0);
    f->parts = sqlite3_column_int(st, 1);
    sqlite3_reset(st);
    pthread_mutex_lock(&s->flow_lock);
    struct flow_slot *other = s->flows; /* two threads may have looked at once */
    while (other && strcmp(other->name, name) != 0)
        other = other->next;
    if (!other) {
        f->next = s->flows;
        s->flows = f;
    }
    pthread_mutex_unlock(&s->flow_lock);
    if (other) {
        free(f->name);
        free(f);
    }
    return other ? other : f;
}

struct flow_slot *flow_need(struct sqlite_store *s, struct conn *c, const char *name,
                            struct koppel_error *err)
{
    struct koppel_error problem = {0};
    struct flow_slot *f = flow_find(s, c, name, &problem);
    if (!f && problem.kind == 0)
        (void)err_set(err, KOPPEL_E_BUG, "store %s: flow %s is not declared", s->path, name);
    else if (!f && err)
        *err = problem;
    return f;
}

struct declare_arg {
    const char *flow;
    int parts;
    int64_t id;
};

static int declare_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct declare_arg *a = arg;
    int64_t open = 0, id = 0, parts = 0;
    sqlite3_stmt *st = conn_bind(c, SQL_FLOW_GET, err, "t", a->flow);
    int row = st ? conn_step(c, st, err) : -1;
    if (row < 0)
        return -1;
    if (row == 1) {
        id = sqlite3_column_int64(st, 0);
        parts = sqlite3_column_int64(st, 1);
        sqlite3_reset(st);
        if (parts == a->parts)
            return 0;
        st = conn_bind(c, SQL_FLOW_OPEN, err, "i", id);
        if (!st || conn_step(c, st, err) != 1)
            return -1;
        open = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
        if (open > 0)
            return err_reason(err, KOPPEL_E_CONFIG, "store.partitions",
                              "flow %s has %d partitions and open jobs; set it back to %d until all"
                              " are settled", a->flow, (int)parts, (int)parts);
    }
    if (conn_run(c, SQL_FLOW_PUT, err, "ti", a->flow, (int64_t)a->parts) != 0)
        return -1;
    st = conn_bind(c, SQL_FLOW_GET, err, "t", a->flow);
    if (!st || conn_step(c, st, err) != 1)
        return -1;
    id = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (id >= 1 << 15)
        return err_set(err, KOPPEL_E_CONFIG, "store %s: it has too many flows", s->path);
    for (int i = 0; i < a->parts; i++) {
        if (conn_run(c, SQL_PART_PUT, err, "ii", id, (int64_t)i) != 0)
            return -1;
    }
    return 0;
}

int sqlite_flow_declare(struct store *base, const char *flow, int parts, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    struct declare_arg a = {.flow = flow, .parts = parts};
    if (parts < 1 || parts > STORE_PARTS_MAX)
        return err_set(err, KOPPEL_E_CONFIG, "flow %s: partitions must be 1 to %d", flow,
                       STORE_PARTS_MAX);
    if (sqlite_write(base, declare_work, &a, err) != 0)
        return -1;
    pthread_mutex_lock(&s->flow_lock);
    for (struct flow_slot *f = s->flows; f; f = f->next) {
        if (strcmp(f->name, flow) == 0)
            f->parts = parts;
    }
    pthread_mutex_unlock(&s->flow_lock);
    return 0;
}

struct append_record {
    int part; /* -1: nothing new */
    struct sealed_text text;
};

struct append_arg {
    const char *flow, *cursor;
    const struct store_record *records;
    struct append_record *own;
    int count, added;
};

/* Is it what was last read of this key? 1, 0, or -1 and err. */
static int seen_before(struct conn *c, int64_t flow, const struct store_record *r,
                       struct koppel_error *err)
{
    sqlite3_stmt *st = conn_bind(c, SQL_SEEN_GET, err, "it", flow, r->key);
    int row = st ? conn_step(c, st, err) : -1;
    if (row != 1)
        return row;
    bool same = strcmp((const char *)sqlite3_column_text(st, 0), r->digest) == 0;
    sqlite3_reset(st);
    return same;
}

static int append_part(struct conn *c, struct flow_slot *f, struct append_arg *a, int part,
                       struct koppel_error *err)
{
    sqlite3_stmt *st = conn_bind(c, SQL_PART_HEAD, err, "ii", f->id, (int64_t)part);
    int row = st ? conn_step(c, st, err) : -1;
    if (row != 1)
        return row < 0 ? -1
                       : err_set(err, KOPPEL_E_BUG, "flow %s has no partition %d", a->flow, part);
    int64_t head = sqlite3_column_int64(st, 0), at = clock_now_ms();
    sqlite3_reset(st);
    for (int i = 0; i < a->count; i++) {
        if (a->own[i].part != part)
            continue;
        if (conn_run(c, SQL_LOG_PUT, err, "iiitb", job_number(f->id, part, head), at,
                     a->records[i].version, a->records[i].key, a->own[i].text.sealed,
                     a->own[i].text.bytes) != 0)
            return -1;
        if (a->records[i].digest &&
            conn_run(c, SQL_SEEN_PUT, err, "itti", f->id, a->records[i].key, a->records[i].digest,
                     job_number(f->id, part, head)) != 0)
            return -1;
        head++;
        a->added++;
    }
    return conn_run(c, SQL_PART_SET_HEAD, err, "iii", f->id, (int64_t)part, head);
}

static int append_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct append_arg *a = arg;
    bool touched[STORE_PARTS_MAX] = {false};
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    if (!f)
        return -1;
    for (int i = 0; i < a->count; i++) {
        int old = a->records[i].digest ? seen_before(c, f->id, &a->records[i], err) : 0;
        if (old < 0)
            return -1;
        a->own[i].part = old ? -1 : store_partition(a->records[i].key, f->parts);
        if (!old)
            touched[a->own[i].part] = true;
    }
    for (int part = 0; part < f->parts; part++) {
        if (touched[part] && append_part(c, f, a, part, err) != 0)
            return -1;
    }
    return a->cursor ? conn_run(c, SQL_FLOW_CURSOR, err, "it", f->id, a->cursor) : 0;
}

int sqlite_append(struct store *base, const char *flow, const struct store_record *records,
                  int count, const char *cursor, int *added, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    struct append_arg a = {.flow = flow, .cursor = cursor, .records = records, .count = count};
    int rc = -1;
    a.own = calloc((size_t)count + 1, sizeof *a.own);
    if (!a.own)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count; i++) {
        size_t n = records[i].key ? strlen(records[i].key) : 0;
        if (n == 0 || n >= STORE_KEY_BYTES) {
            (void)err_set(err, KOPPEL_E_BUG, "flow %s: a record's key must have 1 to %d bytes",
                          flow, STORE_KEY_BYTES - 1);
            goto out;
        }
        a.own[i].text.sealed = store_sealed(s, records[i].payload, records[i].payload_bytes,
                                            &a.own[i].text.bytes, err);
        if (!a.own[i].text.sealed)
            goto out;
    }
    rc = sqlite_write(base, append_work, &a, err);
    if (rc == 0 && added)
        *added = a.added;
out:
    for (int i = 0; i < count; i++)
        free(a.own[i].text.sealed);
    free(a.own);
    return rc;
}

struct text_arg {
    const char *name;
    char *out;
};

static int cursor_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct text_arg *a = arg;
    bool failed = false;
    (void)s;
    sqlite3_stmt *st = conn_bind(c, SQL_FLOW_GET, err, "t", a->name);
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1)
        a->out = conn_text(st, 2, &failed);
    if (st)
        sqlite3_reset(st);
    return failed ? err_set(err, KOPPEL_E_BUG, "out of memory") : row < 0 ? -1 : 0;
}

int sqlite_cursor_get(struct store *s, const char *flow, char **out, struct koppel_error *err)
{
    struct text_arg a = {.name = flow};
    if (sqlite_read(s, cursor_work, &a, err) != 0)
        return -1;
    *out = a.out;
    return 0;
}

struct lease_arg {
    const char *flow, *owner;
    int64_t ttl_ms;
    struct store_lease lease;
    bool found;
};

/* Looks under the lock: what is free now has been settled and committed before its release, so the
 * cursor read here is the true one. */
static int lease_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct lease_arg *a = arg;
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    int row, best = -1;
    int64_t cursor = 0, now = clock_now_ms();
    if (!f)
        return -1;
    pthread_mutex_lock(&s->flow_lock);
    sqlite3_stmt *st = conn_bind(c, SQL_PART_WORK, err, "ii", f->id, now);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        int part = sqlite3_column_int(st, 0);
        if (part < 0 || part >= STORE_PARTS_MAX || f->lease[part].owner[0])
            continue;
        if (best < 0 || f->lease[part].turn < f->lease[best].turn) {
            best = part;
            cursor = sqlite3_column_int64(st, 1);
        }
    }
    if (row == 0 && best >= 0) {
        struct lease_slot *slot = &f->lease[best];
        memcpy(slot->owner, a->owner, strlen(a->owner) + 1);
        slot->epoch = ++s->epoch;
        slot->turn = ++s->turn;
        slot->until_ms = now + a->ttl_ms;
        a->lease = (struct store_lease){best, slot->epoch, cursor, slot->until_ms};
        a->found = true;
    }
    pthread_mutex_unlock(&s->flow_lock);
    return row < 0 ? -1 : 0;
}

int sqlite_lease(struct store *s, const char *flow, const char *owner, int64_t ttl_ms,
                 struct store_lease *out, int *none, struct koppel_error *err)
{
    struct lease_arg a = {.flow = flow, .owner = owner, .ttl_ms = ttl_ms};
    if (!owner[0] || strlen(owner) >= STORE_OWNER_BYTES)
        return err_set(err, KOPPEL_E_BUG, "a worker's name must have 1 to %d bytes",
                       STORE_OWNER_BYTES - 1);
    if (sqlite_read(s, lease_work, &a, err) != 0)
        return -1;
    *none = !a.found;
    if (a.found)
        *out = a.lease;
    return 0;
}

/* The slot while this owner still holds it with this epoch, under flow_lock; NULL: fenced. */
static struct lease_slot *held(struct sqlite_store *s, const char *flow, const char *owner,
                               const struct store_lease *lease)
{
    for (struct flow_slot *f = s->flows; f; f = f->next) {
        if (strcmp(f->name, flow) != 0)
            continue;
        if (lease->part < 0 || lease->part >= STORE_PARTS_MAX)
            return NULL;
        struct lease_slot *slot = &f->lease[lease->part];
        return slot->epoch == lease->epoch && strcmp(slot->owner, owner) == 0 ? slot : NULL;
    }
    return NULL;
}

bool lease_is_held(struct sqlite_store *s, const char *flow, const char *owner,
                    const struct store_lease *lease)
{
    pthread_mutex_lock(&s->flow_lock);
    bool yes = held(s, flow, owner, lease) != NULL;
    pthread_mutex_unlock(&s->flow_lock);
    return yes;
}

int sqlite_renew(struct store *base, const char *flow, const char *owner, struct store_lease *lease,
                 int64_t ttl_ms, int *lost, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    (void)err;
    pthread_mutex_lock(&s->flow_lock);
    struct lease_slot *slot = held(s, flow, owner, lease);
    if (slot)
        lease->until_ms = slot->until_ms = clock_now_ms() + ttl_ms;
    pthread_mutex_unlock(&s->flow_lock);
    *lost = !slot;
    return 0;
}

int sqlite_release(struct store *base, const char *flow, const char *owner,
                   const struct store_lease *lease, struct koppel_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)base;
    (void)err;
    pthread_mutex_lock(&s->flow_lock);
    struct lease_slot *slot = held(s, flow, owner, lease);
    if (slot)
        slot->owner[0] = '\0';
    pthread_mutex_unlock(&s->flow_lock);
    return 0;
}

struct read_arg {
    const char *flow;
    const struct store_lease *lease;
    int64_t now_ms; /* -1: the log */
    int limit;
    struct store_batch batch;
};

static int read_row(struct sqlite_store *s, sqlite3_stmt *st, struct store_job *j,
                    struct koppel_error *err)
{
    bool failed = false;
    int64_t number = sqlite3_column_int64(st, 0);
    *j = (struct store_job){.part = job_part(number), .off = job_off(number)};
    j->key = conn_text(st, 1, &failed);
    if (failed)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    j->version = sqlite3_column_int64(st, 2);
    j->at_ms = sqlite3_column_int64(st, 3);
    j->attempt = sqlite3_column_int(st, 6);
    if (sqlite3_column_int(st, 5) == JOB_SENDING)
        j->state = JOB_SENDING;
    else if (sqlite3_column_int(st, 7) == JOB_WAITING)
        j->state = JOB_WAITING;
    j->next_at_ms = sqlite3_column_int64(st, 8);
    return conn_unseal(s, st, 4, &j->payload, &j->payload_bytes, err);
}

static int read_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct read_arg *a = arg;
    sqlite3_stmt *st;
    int row, part = a->lease->part;
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    if (!f)
        return -1;
    if (a->now_ms < 0)
        st = conn_bind(c, SQL_LOG_READ, err, "iiii", job_number(f->id, part, a->lease->cursor),
                       job_number(f->id, part + 1, 0), f->id, (int64_t)a->limit);
    else
        st = conn_bind(c, SQL_ASIDE_READ, err, "iiii", f->id, (int64_t)part, a->now_ms,
                       (int64_t)a->limit);
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        if (read_row(s, st, &a->batch.jobs[a->batch.count++], err) != 0) {
            sqlite3_reset(st);
            return -1;
        }
    }
    return row < 0 ? -1 : 0;
}

static int read_some(struct store *s, struct read_arg *a, struct store_batch *out,
                     struct koppel_error *err)
{
    if (a->limit < 1)
        a->limit = 1;
    a->batch.jobs = calloc((size_t)a->limit, sizeof *a->batch.jobs);
    if (!a->batch.jobs)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (sqlite_read(s, read_work, a, err) != 0) {
        store_batch_done(&a->batch);
        return -1;
    }
    *out = a->batch;
    return 0;
}

int sqlite_read_log(struct store *s, const char *flow, const struct store_lease *lease, int limit,
                    struct store_batch *out, struct koppel_error *err)
{
    struct read_arg a = {.flow = flow, .lease = lease, .now_ms = -1, .limit = limit};
    if (read_some(s, &a, out, err) != 0)
        return -1;
    out->next = out->count > 0 ? out->jobs[out->count - 1].off + 1 : lease->cursor;
    return 0;
}

int sqlite_read_aside(struct store *s, const char *flow, const struct store_lease *lease,
                      int64_t now_ms, int limit, struct store_batch *out, struct koppel_error *err)
{
    struct read_arg a = {.flow = flow, .lease = lease, .now_ms = now_ms < 0 ? 0 : now_ms,
                         .limit = limit};
    if (read_some(s, &a, out, err) != 0)
        return -1;
    out->next = -1;
    return 0;
}

struct intent_arg {
    const char *flow, *owner;
    const struct store_lease *lease;
    const int64_t *offs;
    int count;
    bool lost;
};

static int intent_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct intent_arg *a = arg;
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    if (!f)
        return -1;
    a->lost = !lease_is_held(s, a->flow, a->owner, a->lease);
    for (int i = 0; i < a->count && !a->lost; i++) {
        if (conn_run(c, SQL_INTENT, err, "i", job_number(f->id, a->lease->part, a->offs[i])) != 0)
            return -1;
    }
    return 0;
}

int sqlite_intent(struct store *s, const char *flow, const char *owner,
                  const struct store_lease *lease, const int64_t *offs, int count, int *lost,
                  struct koppel_error *err)
{
    struct intent_arg a = {
        .flow = flow, .owner = owner, .lease = lease, .offs = offs, .count = count};
    if (sqlite_write(s, intent_work, &a, err) != 0)
        return -1;
    *lost = a.lost;
    return 0;
}

struct due_arg {
    const char *flow;
    int64_t at;
};

static int due_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct due_arg *a = arg;
    struct flow_slot *f = flow_need(s, c, a->flow, err);
    sqlite3_stmt *st = f ? conn_bind(c, SQL_ASIDE_NEXT, err, "i", f->id) : NULL;
    int row = st ? conn_step(c, st, err) : -1;
    if (row == 1)
        a->at = sqlite3_column_int64(st, 0);
    if (st)
        sqlite3_reset(st);
    return row < 0 ? -1 : 0;
}

int sqlite_next_due(struct store *s, const char *flow, int64_t *out_ms, struct koppel_error *err)
{
    struct due_arg a = {.flow = flow};
    if (sqlite_read(s, due_work, &a, err) != 0)
        return -1;
    *out_ms = a.at;
    return 0;
}

struct retry_arg {
    const char *flow;
    int part;
    int64_t off;
    int count;
};

static int retry_work(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct retry_arg *a = arg;
    struct flow_slot *f = a->flow ? flow_need(s, c, a->flow, err) : NULL;
    if (a->flow && !f)
        return -1;
    int64_t job = f && a->off >= 0 ? job_number(f->id, a->part, a->off) : -1;
    const char *one = f ? "ii" : "ni", *two = f ? "iii" : "nii";
    sqlite3_stmt *st = f ? conn_bind(c, SQL_ASIDE_PICK, err, one, f->id, job)
                         : conn_bind(c, SQL_ASIDE_PICK, err, one, job);
    int row;
    while ((row = st ? conn_step(c, st, err) : -1) == 1) {
        int64_t flow = sqlite3_column_int64(st, 0), n = sqlite3_column_int64(st, 2);
        const char *reason = (const char *)sqlite3_column_text(st, 1);
        if (conn_run(c, SQL_TALLY_ADD, err, "iiti", flow, (int64_t)JOB_PARKED, reason, -n) != 0 ||
            conn_run(c, SQL_TALLY_ADD, err, "iiti", flow, (int64_t)JOB_WAITING, reason, n) != 0) {
            sqlite3_reset(st);
            return -1;
        }
    }
    if (row < 0)
        return -1;
    int64_t now = clock_now_ms();
    int rc = f ? conn_run(c, SQL_DELIVERY_RETRY, err, one, f->id, job)
               : conn_run(c, SQL_DELIVERY_RETRY, err, one, job);
    if (rc == 0)
        rc = f ? conn_run(c, SQL_ASIDE_RETRY, err, two, f->id, job, now)
               : conn_run(c, SQL_ASIDE_RETRY, err, two, job, now);
    a->count = sqlite3_changes(c->db);
    return rc;
}

int sqlite_retry(struct store *s, const char *flow, int part, int64_t off, int *count,
                 struct koppel_error *err)
{
    struct retry_arg a = {.flow = flow, .part = part, .off = off};
    if (sqlite_write(s, retry_work, &a, err) != 0)
        return -1;
    *count = a.count;
    return 0;
}
