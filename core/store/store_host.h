/* SPDX-License-Identifier: MIT
 * The engines that share a store. */
#ifndef KOPPEL_STORE_STORE_HOST_H
#define KOPPEL_STORE_STORE_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* An engine, from its start to its end; the same machine is another one after a restart. */
struct store_host {
    char *id;        /* hex digits */
    char *name;      /* of its machine */
    char *program;   /* version */
    int64_t pid;
    int64_t started_ms, seen_ms; /* by the store's clock */
    int64_t leases;  /* partitions that it delivers now */
    int64_t revision; /* of what is published, as far as it runs it; 0: it runs its own files */
    char *lacks;     /* in words, what it does not take, and why; "": nothing */
    int64_t knows;   /* the newest schema that its program knows */
    bool alive;      /* seen within its lease */
    bool leads;      /* does what one of them does: alerts, erasing */
    bool own;        /* of this store */
};

#endif
