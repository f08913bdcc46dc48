/* SPDX-License-Identifier: MIT
 * Flows and their partitions. */
#include "store/sqlite_declare.h"

struct declare_arg {
    const char *flow;
    int parts;
};

/* 1: it stands as it is to be; 0: to be written; -1 and err. */
static int stands(struct conn *c, const struct declare_arg *a, struct koppel_error *err)
{
    sqlite3_stmt *st;
    int row = conn_row(c, &st, SQL_FLOW_GET, err, "t", a->flow);
    if (row != 1)
        return row;
    int64_t id = sqlite3_column_int64(st, 0), parts = sqlite3_column_int64(st, 1);
    sqlite3_reset(st);
    if (parts == a->parts)
        return 1;
    if (conn_row(c, &st, SQL_FLOW_OPEN, err, "i", id) != 1)
        return -1;
    int64_t open = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (open > 0)
        return err_reason(err, KOPPEL_E_CONFIG, "store.partitions",
                          "flow %s has %d partitions and open jobs; set it back to %d until all are"
                          " settled", a->flow, (int)parts, (int)parts);
    return 0;
}

static int look(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    const struct names_flow *f = NULL;
    struct declare_arg *a = arg;
    int known = stands(c, a, err);
    if (known == 1)
        f = names_flow(&s->names, c, a->flow, err);
    if (known == 1 && f)
        a->parts = 0; /* nothing to do */
    return known < 0 || (known == 1 && !f) ? -1 : 0;
}

static int declare(struct sqlite_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct declare_arg *a = arg;
    sqlite3_stmt *st;
    int known = stands(c, a, err);
    if (known != 0)
        return known < 0 ? -1 : 0;
    if (conn_run(c, SQL_FLOW_PUT, err, "ti", a->flow, (int64_t)a->parts) != 0 ||
        conn_row(c, &st, SQL_FLOW_GET, err, "t", a->flow) != 1)
        return -1;
    int64_t id = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (id >= 1 << 15)
        return err_set(err, KOPPEL_E_CONFIG, "store %s: it has too many flows", s->path);
    if (conn_run(c, SQL_SOURCE_PUT, err, "i", id) != 0)
        return -1;
    for (int i = 0; i < a->parts; i++) {
        if (conn_run(c, SQL_HEAD_PUT, err, "ii", id, (int64_t)i) != 0 ||
            conn_run(c, SQL_LEASE_PUT, err, "ii", id, (int64_t)i) != 0)
            return -1;
    }
    return 0;
}

int sqlite_declare(struct store *base, const char *flow, int parts, struct koppel_error *err)
{
    struct sqlite_store *s = sqlite_of(base);
    struct declare_arg a = {.flow = flow, .parts = parts};
    if (parts < 1 || parts > SQLITE_PARTS_MAX)
        return err_set(err, KOPPEL_E_CONFIG, "flow %s: partitions must be 1 to %d", flow,
                       SQLITE_PARTS_MAX);
    if (writer_read(s, look, &a, err) != 0)
        return -1;
    if (a.parts == 0)
        return 0;
    if (writer_run(s, WRITER_HARD, declare, &a, err) != 0)
        return -1;
    names_flow_parts(&s->names, flow, parts);
    return 0;
}
