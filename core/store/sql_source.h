/* SPDX-License-Identifier: MIT
 * Who reads a flow's source, and up to where. store.h tells what these do. */
#ifndef KOPPEL_STORE_SQL_SOURCE_H
#define KOPPEL_STORE_SQL_SOURCE_H

#include "store/sql.h"

int sql_source_run(struct store *s, int64_t *run, struct koppel_error *err);

/* Inside a transaction: is somebody reading, by the row of SQL_SOURCE_LOCK? */
bool sql_source_read(struct sql_store *s, struct conn *c, struct conn_rows *row);

int sql_source_begin(struct store *s, const char *flow, struct store_reader *out, int *none,
                        struct koppel_error *err);
void sql_source_end(struct store *s, struct store_reader *reader, bool complete);

#endif
