/* SPDX-License-Identifier: MIT
 * Move 5: the beat that renews what is held. */
#ifndef KOPPEL_STORE_SQL_BEAT_H
#define KOPPEL_STORE_SQL_BEAT_H

#include "store/sql.h"

int sql_beat(struct store *s, struct koppel_error *err);
int sql_beat_start(struct sql_store *s, struct koppel_error *err);
void sql_beat_stop(struct sql_store *s);

#endif
