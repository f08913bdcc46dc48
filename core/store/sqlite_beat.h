/* SPDX-License-Identifier: MIT
 * Move 5: the beat that renews what is held. */
#ifndef KOPPEL_STORE_SQLITE_BEAT_H
#define KOPPEL_STORE_SQLITE_BEAT_H

#include "store/sqlite.h"

int sqlite_beat(struct store *s, struct koppel_error *err);
int sqlite_beat_start(struct sqlite_store *s, struct koppel_error *err);
void sqlite_beat_stop(struct sqlite_store *s);

#endif
