/* SPDX-License-Identifier: MIT
 * A copy of a database in a file of its own. */
#ifndef KOPPEL_STORE_BACKUP_COPY_H
#define KOPPEL_STORE_BACKUP_COPY_H

#include "store/conn_sqlite.h"

/* Opens a database to copy from; whoever writes into it goes on. */
int backup_copy_open(struct conn_sqlite *c, const char *path, struct koppel_error *err);
/* Its state of this moment into a file, which must be there and empty. */
int backup_copy_into(struct conn_sqlite *c, const char *path, struct koppel_error *err);
/* Opens the copy, which is nobody else's yet, for changes in one transaction. */
int backup_copy_begin(struct conn_sqlite *c, const char *path, struct koppel_error *err);
/* Commits it, closes it, and waits until it is on the disk. Closes it in any case. */
int backup_copy_end(struct conn_sqlite *c, const char *path, int rc, struct koppel_error *err);

#endif
