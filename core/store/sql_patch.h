/* SPDX-License-Identifier: MIT
 * Records that a person changed (struct store_ops: edit, edited). */
#ifndef KOPPEL_STORE_SQL_PATCH_H
#define KOPPEL_STORE_SQL_PATCH_H

#include "store/sql.h"

int sql_patch_edit(struct store *s, const struct store_edit *e, enum store_hand_end *end,
                      struct koppel_error *err);
int sql_patch_get(struct store *s, struct job_id id, char **record, char **who, char **why,
                     struct koppel_error *err);

#endif
