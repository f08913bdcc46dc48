/* SPDX-License-Identifier: MIT
 * The members of struct store_ops that the file and the memory have in common, beside those of
 * sql_ops.h. */
#ifndef KOPPEL_STORE_SQLITE_MEMBERS_H
#define KOPPEL_STORE_SQLITE_MEMBERS_H

#include "store/sqlite.h"
#include "store/sqlite_backup.h"
#include "store/sqlite_size.h"

#define SQLITE_MEMBERS                                                                             \
    .close = sqlite_close, .now_ms = sqlite_now_ms, .shrink = sqlite_size_shrink,                  \
    .size = sqlite_size, .room = sqlite_size_room, .busy_ms = sqlite_size_busy_ms,                 \
    .backup = sqlite_backup

#endif
