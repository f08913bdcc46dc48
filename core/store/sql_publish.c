/* SPDX-License-Identifier: MIT
 * Which configuration is published to all engines that share the store. */
#include "store/sql_publish.h"

#include <stdlib.h>
#include <string.h>

#define NAME "published" /* of meta */

static int get(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    int64_t *revision = arg;
    struct conn_rows *st;
    (void)s;
    *revision = 0;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", NAME);
    if (row == 1) {
        *revision = conn_int64(st, 0);
        conn_reset(st);
    }
    return row < 0 ? -1 : 0;
}

int sql_publish_get(struct store *s, int64_t *revision, struct koppel_error *err)
{
    return sql_look(sql_of(s), get, revision, err);
}

int sql_publish_may(struct sql_store *s, struct conn *c, bool *may, struct koppel_error *err)
{
    int64_t revision = 0;
    *may = true;
    if (atomic_load(&s->live) == 0) /* it is alone: what it runs is all there is */
        return 0;
    if (get(s, c, &revision, err) != 0)
        return -1;
    *may = revision == 0 || revision == atomic_load(&s->runs);
    return 0;
}

int sql_publish_refuse(const char *flow, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_RETRY, "config.older",
                      "flow %s: another configuration is published than runs here", flow);
}

struct publish_arg {
    int64_t revision, over, stands;
};

static int put(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct publish_arg *a = arg;
    if (conn_run(c, SQL_GUARD, err, "") != 0 || get(s, c, &a->stands, err) != 0)
        return -1;
    return a->stands != a->over ? 0 : conn_run(c, SQL_META_SET, err, "ti", NAME, a->revision);
}

int sql_publish(struct store *s, int64_t revision, int64_t over, int64_t *stands,
                struct koppel_error *err)
{
    struct publish_arg a = {.revision = revision, .over = over};
    int rc = sql_change(sql_of(s), SQL_HARD, put, &a, err);
    /* a repeat after an answer that was lost finds what it wrote */
    *stands = a.stands == revision ? over : a.stands;
    return rc;
}

void sql_publish_runs(struct store *base, int64_t revision, const char *lacks)
{
    struct sql_store *s = sql_of(base);
    char *words = strdup(lacks ? lacks : "");
    pthread_mutex_lock(&s->holds.lock);
    char *gone = s->lacks;
    s->lacks = words;
    atomic_store(&s->runs, revision);
    pthread_mutex_unlock(&s->holds.lock);
    free(gone);
}

int64_t sql_publish_own(struct sql_store *s, char **lacks)
{
    pthread_mutex_lock(&s->holds.lock);
    *lacks = strdup(s->lacks ? s->lacks : "");
    int64_t revision = atomic_load(&s->runs);
    pthread_mutex_unlock(&s->holds.lock);
    return revision;
}
