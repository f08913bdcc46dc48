/* SPDX-License-Identifier: MIT
 * Where a store is, and why it is opened. */
#ifndef KOPPEL_STORE_STORE_PLACE_H
#define KOPPEL_STORE_STORE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"

/* Why a store is opened. */
enum store_mode {
    STORE_LOOK,   /* looks, and leaves orders behind (notes, retries); makes no schema */
    STORE_ENGINE, /* reads and delivers: makes the store, brings its schema up to date */
};

/* Where a store is and how it is kept. All borrowed until open returns, but for key. */
struct store_conf {
    const char *path;         /* SQLite: the file; NULL for the memory store */
    const char *connection;   /* PostgreSQL: conninfo of libpq, without a password */
    const struct secret *password; /* for it; NULL: none */
    const struct secret *key; /* seals payloads; borrowed for the store's life */
    int64_t lease_ms;         /* time to live of a lease; 0: 15 s */
    const char *program;      /* version, static; for other hosts to see */
    /* tests: leases are renewed by beat() alone; several engines on one file, and no witness */
    bool shared;
    bool moves;               /* one that was moved, or is being moved, is opened all the same */
};

#endif
