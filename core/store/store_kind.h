/* SPDX-License-Identifier: MIT
 * Which kind of store a place is of. */
#ifndef KOPPEL_STORE_STORE_KIND_H
#define KOPPEL_STORE_STORE_KIND_H

#include "store/store.h"

/* PostgreSQL where there is a connection, else a file. */
const struct store_ops *store_kind(const struct store_conf *where);

#endif
