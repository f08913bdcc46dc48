/* SPDX-License-Identifier: MIT
 * Flows and their partitions. */
#include "store/sql_declare.h"

#include "store/sql_publish.h"

struct declare_arg {
    const char *flow;
    int parts;
};

/* 1: it stands as it is to be; 0: to be written; -1 and err. */
static int stands(struct conn *c, const struct declare_arg *a, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_FLOW_GET, err, "t", a->flow);
    if (row != 1)
        return row;
    int64_t id = conn_int64(st, 0), parts = conn_int64(st, 1);
    conn_reset(st);
    if (parts == a->parts)
        return 1;
    if (conn_row(c, &st, SQL_FLOW_OPEN, err, "i", id) != 1)
        return -1;
    int64_t open = conn_int64(st, 0);
    conn_reset(st);
    if (open > 0)
        return err_reason(err, KOPPEL_E_CONFIG, "store.partitions",
                          "flow %s has %d partitions and open jobs; set it back to %d until all are"
                          " settled", a->flow, (int)parts, (int)parts);
    return 0;
}

static int look(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
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

static int declare(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct declare_arg *a = arg;
    struct conn_rows *st;
    if (conn_run(c, SQL_GUARD, err, "") != 0)
        return -1;
    int known = stands(c, a, err);
    bool may;
    if (known != 0)
        return known < 0 ? -1 : 0;
    if (sql_publish_may(s, c, &may, err) != 0)
        return -1;
    if (!may)
        return sql_publish_refuse(a->flow, err);
    if (conn_run(c, SQL_FLOW_PUT, err, "ti", a->flow, (int64_t)a->parts) != 0 ||
        conn_row(c, &st, SQL_FLOW_GET, err, "t", a->flow) != 1)
        return -1;
    int64_t id = conn_int64(st, 0);
    conn_reset(st);
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

int sql_declare(struct store *base, const char *flow, int parts, struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct declare_arg a = {.flow = flow, .parts = parts};
    if (parts < 1 || parts > STORE_PARTS_MAX)
        return err_set(err, KOPPEL_E_CONFIG, "flow %s: partitions must be 1 to %d", flow,
                       STORE_PARTS_MAX);
    if (sql_look(s, look, &a, err) != 0)
        return -1;
    if (a.parts == 0)
        return 0;
    if (sql_change(s, SQL_HARD, declare, &a, err) != 0)
        return -1;
    names_flow_parts(&s->names, flow, parts);
    return 0;
}
