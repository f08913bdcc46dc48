/* SPDX-License-Identifier: MIT
 * Showing every text that is kept (struct store_ops: texts). */
#ifndef KOPPEL_STORE_SQL_TEXTS_H
#define KOPPEL_STORE_SQL_TEXTS_H

#include "store/sql.h"

int sql_texts(struct store *s, struct keeping_texts *place,
                 int (*visit)(void *arg, const struct keeping_text *t), void *arg,
                 struct koppel_error *err);

#endif
