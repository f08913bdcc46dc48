/* SPDX-License-Identifier: MIT
 * What a store notes of what happened: orders of persons, revisions, runs, alerts. */
#ifndef KOPPEL_STORE_STORE_ENTRY_H
#define KOPPEL_STORE_STORE_ENTRY_H

#include <stddef.h>
#include <stdint.h>

/* One entry of a log that is only added to: an order of a person ("audit"), a configuration that
 * became active ("revision"), a run ("run"), an alert ("alert"). who and subject are plain, so no
 * personal data of a record may stand in them; the body is sealed. */
struct store_entry {
    const char *kind;
    int64_t seq;         /* 1, 2, 3 ... in its kind; never given twice. Set by the store */
    int64_t at_ms;       /* by the store's clock. Set by the store */
    const char *who;
    const char *subject; /* what it is about: a flow, a job; NULL: nothing */
    const char *body;    /* text, JSON mostly; NULL: none */
    size_t body_bytes;
};

/* Which entries are asked for. */
struct store_entry_filter {
    const char *kind;
    const char *subject; /* NULL: any */
    int64_t before;      /* entries with a smaller seq; 0: from the newest */
    int limit;           /* at most so many; 0: 100 */
};

#endif
