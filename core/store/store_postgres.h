/* SPDX-License-Identifier: MIT
 * The store on PostgreSQL, for several hosts. */
#ifndef KOPPEL_STORE_STORE_POSTGRES_H
#define KOPPEL_STORE_STORE_POSTGRES_H

#include "store/store.h"

extern const struct store_ops store_postgres;

#endif
