/* SPDX-License-Identifier: MIT
 * What find(), write(), fetch() and subscribe() of a connector gave: one entry per key or item. */
#ifndef KOPPEL_CONNECTION_RESULTS_H
#define KOPPEL_CONNECTION_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct result_hit {
    char *id;        /* write: NULL where the peer gave none (update, remove) */
    json_t *record;  /* NULL where there is none */
    int64_t version; /* fetch: the record's; else 0 */
};

struct result_entry {
    /* find: every hit; write: the one written; fetch: the record. */
    struct result_hit *hits;
    int hit_count;
    bool done;               /* write: result_done came; fetch: it was answered */
    bool gone;               /* fetch: not there any more */
    bool unreadable;         /* fetch: the record is {"_unreadable": {...}} */
    struct koppel_error err; /* kind 0: none */
    json_t *notes;           /* write: steps, [{"step","detail"}]; NULL: none */
};

struct koppel_results {
    struct result_entry *entries;
    uint32_t count;
    const char *plugin;         /* its name, for messages; NULL: unknown */
    struct koppel_error misuse; /* kind 0: none; else the first call that broke the contract */
};

int results_init(struct koppel_results *r, uint32_t count); /* -1: no memory */
void results_done(struct koppel_results *r);
/* Takes the hits with that id away. */
void results_skip(struct result_entry *e, const char *id);

/* The host table's own. */
int results_add_found(struct koppel_results *out, uint32_t index, const char *id,
                      json_t *record_take, struct koppel_error *err);
int results_add_done(struct koppel_results *out, uint32_t index, const char *id,
                     json_t *answer_take, struct koppel_error *err);
int results_add_error(struct koppel_results *out, uint32_t index, int kind, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));
int results_add_reason(struct koppel_results *out, uint32_t index, const char *code);
int results_add_fact(struct koppel_results *out, uint32_t index, const char *name,
                     const char *value);
int results_add_retry_after(struct koppel_results *out, uint32_t index, int64_t ms);
int results_add_note(struct koppel_results *out, uint32_t index, const char *step,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
