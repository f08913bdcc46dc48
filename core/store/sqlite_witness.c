/* SPDX-License-Identifier: MIT
 * Which store this is, and what follows where a backup was put back: it knows less than the
 * world. */
#include "store/sqlite_witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/sql_identity.h"
#include "store/witness.h"

static int read_identity(struct sql_store *base, struct conn *c, void *arg,
                         struct koppel_error *err)
{
    struct sqlite_store *s = arg;
    struct conn_rows *st;
    if (sql_identity_read(c, base->id, err) != 0)
        return -1;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", "commits");
    if (row == 1) {
        s->commits = conn_int64(st, 0);
        conn_reset(st);
    }
    return row < 0 ? -1 : 0;
}

/* A new identity, so that no idempotency key is made twice; epochs far above those that the store
 * which is gone may have given; and nothing that is known counts for more than a maybe. */
static int restored(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct witness *now = arg;
    struct conn_rows *st;
    int row = conn_row(c, &st, SQL_META_GET, err, "t", "epoch");
    if (row < 0)
        return -1;
    int64_t epoch = row == 1 ? conn_int64(st, 0) : 0;
    if (row == 1)
        conn_reset(st);
    sql_identity_new(now->id);
    (void)s;
    return conn_run(c, SQL_META_PUT, err, "tt", "id", now->id) != 0 ||
                   conn_run(c, SQL_META_SET, err, "ti", "commits", now->commits) != 0 ||
                   conn_run(c, SQL_META_SET, err, "ti", "epoch",
                            ((epoch >> 32) + 1) << 32) != 0 ||
                   conn_run(c, SQL_META_SET, err, "ti", "restored", clock_now_ms()) != 0 ||
                   conn_run(c, SQL_LINK_RESTORE, err, "i", clock_now_ms()) != 0 ||
                   conn_run(c, SQL_SOURCE_RESTORE, err, "") != 0 ||
                   conn_run(c, SQL_LOG_RESTORE, err, "") != 0
               ? -1
               : 0;
}

static int open_witness(struct sqlite_store *s, const char *path, struct koppel_error *err)
{
    struct witness known, now = {.commits = s->commits};
    memcpy(now.id, s->sql.id, sizeof now.id);
    int there = witness_read(path, &known, err);
    if (there < 0)
        return -1;
    /* one that was made a moment ago has committed nothing yet */
    bool behind = there ? strcmp(known.id, s->sql.id) != 0 || s->commits < known.commits
                        : s->commits > 0;
    if (behind) {
        if (there && known.commits > now.commits)
            now.commits = known.commits;
        if (sql_change(&s->sql, SQL_HARD, restored, &now, err) != 0)
            return -1;
        memcpy(s->sql.id, now.id, sizeof s->sql.id);
        s->commits = now.commits;
        log_warning(LOG_ABOUT(.event = "restored"),
                    "store %s is older than the one that stood here: a backup was put back. What it"
                    " knows of records at their destinations is looked up before it is used",
                    s->sql.path);
    }
    return witness_make(path, &now, &s->witness_fd, err);
}

int sqlite_witness_open(struct sqlite_store *s, struct koppel_error *err)
{
    char *path = NULL;
    if (sql_look(&s->sql, read_identity, s, err) != 0)
        return -1;
    if (s->sql.mode == STORE_LOOK || s->writer.memory || s->sql.shared || s->sql.moves)
        return 0;
    if (asprintf(&path, "%s.witness", s->sql.path) < 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    int rc = open_witness(s, path, err);
    free(path);
    return rc;
}
