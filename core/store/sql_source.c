/* SPDX-License-Identifier: MIT
 * Who reads a flow's source, and up to where it was read. */
#include "store/sql_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/sql_lease.h"
#include "store/sql_publish.h"

struct begin_arg {
    const char *flow;
    int64_t id, epoch;
    char *cursor;
    bool none;
};

bool sql_source_read(struct sql_store *s, struct conn *c, struct conn_rows *row)
{
    const void *owner = conn_blob(row, 1);
    bool own = owner && memcmp(owner, s->owner, sizeof s->owner) == 0;
    return owner && (own ? held_stands(&s->holds, conn_int64(row, 2))
                         : conn_int64(row, 3) > conn_now_ms(c));
}

static int begin(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct begin_arg *a = arg;
    struct conn_rows *st;
    bool failed = false, may;
    int64_t now = conn_now_ms(c);
    const struct names_flow *f = names_flow_need(&s->names, c, a->flow, err);
    if (!f || sql_publish_may(s, c, &may, err) != 0 ||
        conn_row(c, &st, SQL_SOURCE_LOCK, err, "i", f->id) != 1)
        return -1;
    free(a->cursor);
    a->cursor = NULL;
    a->id = f->id;
    a->none = !may || sql_source_read(s, c, st);
    if (!a->none)
        a->cursor = conn_text(st, 0, &failed);
    conn_reset(st);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    if (a->none)
        return 0;
    if (sql_lease_epoch(s, c, &a->epoch, err) != 0)
        return -1;
    return conn_run(c, SQL_SOURCE_HOLD, err, "ibii", f->id, s->owner, sizeof s->owner, a->epoch,
                    now + s->lease_ms);
}

int sql_source_begin(struct store *base, const char *flow, struct store_reader *out, int *none,
                        struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct begin_arg a = {.flow = flow};
    int64_t deadline = held_deadline(s->lease_ms);
    *out = (struct store_reader){.flow = flow};
    if (sql_change(s, SQL_SOFT, begin, &a, err) != 0) {
        free(a.cursor);
        return -1;
    }
    *none = a.none;
    if (a.none)
        return 0;
    *out = (struct store_reader){.flow = flow, .epoch = a.epoch, .cursor = a.cursor};
    out->hold = held_add(&s->holds, a.id, HELD_READER, a.epoch, deadline);
    if (out->hold)
        return 0;
    sql_source_end(base, out, false);
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

struct end_arg {
    const struct store_reader *reader;
    bool complete;
};

static int end(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct end_arg *a = arg;
    struct conn_rows *st;
    const struct names_flow *f = names_flow_need(&s->names, c, a->reader->flow, err);
    if (!f || conn_run(c, SQL_SOURCE_FREE, err, "ibi", f->id, s->owner, sizeof s->owner,
                       a->reader->epoch) != 0)
        return -1;
    int changed = conn_changes(c, err);
    if (changed <= 0 || !a->complete)
        return changed < 0 ? -1 : 0;
    if (conn_row(c, &st, SQL_SOURCE_GET, err, "i", f->id) != 1)
        return -1;
    bool doubt = conn_int(st, 4) != 0;
    conn_reset(st);
    return doubt ? conn_run(c, SQL_SOURCE_SURE, err, "i", f->id) : 0;
}

void sql_source_end(struct store *base, struct store_reader *reader, bool complete)
{
    struct sql_store *s = sql_of(base);
    struct end_arg a = {.reader = reader, .complete = complete};
    struct koppel_error err = {0};
    /* a loss of power may take this back: then the next one reads from the same cursor, in doubt */
    if (sql_change(s, SQL_SOFT, end, &a, &err) != 0)
        log_warning(LOG_ABOUT(.event = "store", .flow = reader->flow),
                    "its reader could not be given back: %s", err.text);
    held_remove(&s->holds, reader->hold);
    free(reader->cursor);
    *reader = (struct store_reader){.flow = reader->flow};
}

static int next_run(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    int64_t *run = arg;
    struct conn_rows *st;
    (void)s;
    if (conn_row(c, &st, SQL_META_COUNT, err, "tt", "run", "") != 1)
        return -1;
    *run = conn_int64(st, 0);
    conn_reset(st);
    return 0;
}

/* Soft: whatever a run writes brings its number to the disk too. */
int sql_source_run(struct store *s, int64_t *run, struct koppel_error *err)
{
    return sql_change(sql_of(s), SQL_SOFT, next_run, run, err);
}
