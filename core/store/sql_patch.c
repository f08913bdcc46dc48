/* SPDX-License-Identifier: MIT
 * A record that a person changed, beside the one that was read. */
#include "store/sql_patch.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"
#include "store/sql_hand.h"
#include "store/sql_list.h"
#include "store/sql_retry.h"

struct edit_arg {
    const struct store_edit *edit;
    struct seal body, why;
    enum store_hand_end end;
};

/* Has a worker the job in hand, perhaps? Then its partition must be free. */
static int is_free(struct sql_store *s, struct conn *c, int64_t job, struct koppel_error *err)
{
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_DELIVERY_STATE, err, "i", job);
    if (row != 1)
        return row < 0 ? -1 : 1;
    bool waits = conn_int(st, 0) == JOB_WAITING;
    conn_reset(st);
    return waits ? sql_hand_free(s, c, job >> 48, sql_job_part(job), err) : 1;
}

static int edit(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct edit_arg *a = arg;
    const struct store_edit *e = a->edit;
    struct conn_rows *st;
    a->end = HAND_NONE;
    int64_t job = sql_list_number(s, c, e->id, err);
    if (job <= 0)
        return (int)job;
    int rc = is_free(s, c, job, err);
    if (rc != 1) {
        a->end = HAND_BUSY;
        return rc;
    }
    rc = sql_retry_one(s, c, &e->id, true, err);
    if (rc < 0)
        return -1;
    if (rc == 1) {
        a->end = HAND_DONE;
        return conn_run(c, SQL_PATCH_PUT, err, "iitbb", job, conn_now_ms(c), e->who, a->why.data,
                        a->why.bytes, a->body.data, a->body.bytes);
    }
    int row = conn_row(c, &st, SQL_DELIVERY_STATE, err, "i", job);
    if (row == 1) {
        a->end = HAND_ENDED;
        conn_reset(st);
    }
    return row < 0 ? -1 : 0;
}

int sql_patch_edit(struct store *base, const struct store_edit *e, enum store_hand_end *end,
                      struct koppel_error *err)
{
    struct sql_store *s = sql_of(base);
    struct edit_arg a = {.edit = e};
    int rc = seal_text(s->key, e->record, e->record_bytes, &a.body, err);
    if (rc == 0)
        rc = seal_text(s->key, e->why, e->why ? strlen(e->why) : 0, &a.why, err);
    if (rc == 0)
        rc = sql_change(s, SQL_HARD, edit, &a, err);
    free(a.body.data);
    free(a.why.data);
    *end = a.end;
    return rc;
}

struct get_arg {
    struct job_id id;
    char *record, *who, *why;
};

static int get(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct get_arg *a = arg;
    struct conn_rows *st;
    bool failed = false;
    size_t bytes;
    int64_t job = sql_list_number(s, c, a->id, err);
    int row = job <= 0 ? (int)job : conn_row(c, &st, SQL_PATCH_GET, err, "i", job);
    if (row != 1)
        return row;
    a->who = conn_text(st, 1, &failed);
    int rc = failed ? err_set(err, KOPPEL_E_RETRY, "out of memory")
                    : conn_unseal(st, 0, s->key, &a->record, &bytes, err);
    if (rc == 0)
        rc = conn_unseal(st, 2, s->key, &a->why, &bytes, err);
    conn_reset(st);
    return rc;
}

/* Hands a text over, or frees it where nobody wants it. */
static void give(char **out, char *text)
{
    if (out)
        *out = text;
    else
        free(text);
}

int sql_patch_get(struct store *s, struct job_id id, char **record, char **who, char **why,
                     struct koppel_error *err)
{
    struct get_arg a = {.id = id};
    int rc = sql_look(sql_of(s), get, &a, err);
    give(rc == 0 ? record : NULL, a.record);
    give(rc == 0 ? who : NULL, a.who);
    give(rc == 0 ? why : NULL, a.why);
    return rc;
}
