/* SPDX-License-Identifier: MIT
 * Making a backup (struct store_ops: backup). */
#ifndef KOPPEL_STORE_SQLITE_BACKUP_H
#define KOPPEL_STORE_SQLITE_BACKUP_H

#include "store/sqlite.h"

int sqlite_backup(struct store *s, const char *path, const struct backup_file *files, int count,
                  struct koppel_error *err);

#endif
