/* SPDX-License-Identifier: MIT
 * The memory store: gone when it is closed, for previews and tests. */
#ifndef KOPPEL_STORE_STORE_MEMORY_H
#define KOPPEL_STORE_STORE_MEMORY_H

#include "store/store.h"

extern const struct store_ops store_memory;

#endif
