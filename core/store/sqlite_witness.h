/* SPDX-License-Identifier: MIT
 * Which store this is, and whether a backup was put back. */
#ifndef KOPPEL_STORE_SQLITE_WITNESS_H
#define KOPPEL_STORE_SQLITE_WITNESS_H

#include "store/sqlite.h"

/* Which store this is, and whether a backup was put back: reads id and commits, and takes a new
 * identity where the witness knows more. Writes the witness. The writer runs already. */
int sqlite_witness_open(struct sqlite_store *s, struct koppel_error *err);

#endif
