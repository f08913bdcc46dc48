/* SPDX-License-Identifier: MIT
 * Memory for secrets: locked, left out of core dumps, wiped by sodium_free(). */
#ifndef KOPPEL_BASE_GUARDED_H
#define KOPPEL_BASE_GUARDED_H

#include <sodium.h>

/* Starts the library itself, so that small programs need not. NULL: no memory. */
static inline char *guarded(size_t bytes)
{
    return sodium_init() < 0 ? NULL : sodium_malloc(bytes);
}

#endif
