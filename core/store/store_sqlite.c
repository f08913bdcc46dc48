/* SPDX-License-Identifier: MIT
 * The SQLite store as a table of what it does. */
#include "store/store_sqlite.h"

#include "store/sqlite_check.h"
#include "store/sqlite_news.h"
#include "store/sql_ops.h"
#include "store/sqlite_members.h"

static int open_file(const struct store_conf *conf, enum store_mode mode, struct store **out,
                     struct koppel_error *err)
{
    return sqlite_open(conf->path, conf, mode, NULL, &store_sqlite, out, err);
}

const struct store_ops store_sqlite = {.name = "sqlite", .open = open_file, .check = sqlite_check,
                                       .news_fd = sqlite_news, SQL_STORE_MEMBERS, SQLITE_MEMBERS};
