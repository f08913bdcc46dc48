/* SPDX-License-Identifier: MIT
 * The store on PostgreSQL as a table of what it does. What is about files is left to the server's
 * own tools. */
#include "store/store_postgres.h"

#include "store/postgres.h"
#include "store/postgres_keeper.h"
#include "store/postgres_pool.h"
#include "store/postgres_schema.h"
#include "store/sql_ops.h"

static int open_server(const struct store_conf *conf, enum store_mode mode, struct store **out,
                       struct koppel_error *err)
{
    return postgres_open(conf, mode, &store_postgres, out, err);
}

static int shrink(struct store *s, enum keeping_shrunk *out, struct koppel_error *err)
{
    (void)s;
    (void)err;
    *out = KEEPING_SHRUNK; /* the server's autovacuum does it */
    return 0;
}

static int get_size(struct sql_store *s, struct conn *c, void *arg, struct koppel_error *err)
{
    struct keeping_size *out = arg;
    struct conn_rows *st;
    (void)s;
    *out = (struct keeping_size){.disk_free_bytes = -1};
    if (conn_row(c, &st, SQL_STORE_BYTES, err, "") != 1)
        return -1;
    out->file_bytes = conn_int64(st, 0);
    conn_reset(st);
    return 0;
}

static int size(struct store *s, struct keeping_size *out, struct koppel_error *err)
{
    return sql_look(sql_of(s), get_size, out, err);
}

static int64_t room(struct store *s)
{
    (void)s;
    return -1; /* only the server knows */
}

static int backup(struct store *s, const char *path, const struct backup_file *files, int count,
                  struct koppel_error *err)
{
    (void)path;
    (void)files;
    (void)count;
    return err_reason(err, KOPPEL_E_CONFIG, "backup.server",
                      "store %s: the server's own tools make its backups, as pg_dump -n koppel"
                      " does; keep the key elsewhere", sql_of(s)->path);
}

const struct store_ops store_postgres = {.name = "postgresql",
                                         .open = open_server,
                                         .check = postgres_schema_check,
                                         .close = postgres_close,
                                         .now_ms = postgres_now_ms,
                                         .news_fd = postgres_keeper_news,
                                         .shrink = shrink,
                                         .size = size,
                                         .room = room,
                                         .busy_ms = postgres_pool_busy_ms,
                                         .backup = backup,
                                         SQL_STORE_MEMBERS};
