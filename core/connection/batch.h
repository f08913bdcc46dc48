/* SPDX-License-Identifier: MIT
 * What read(), fetch() and receive() of a connector report: records, and what follows them.
 *
 * The functions that end in a koppel_error are the host table's own; they hold every record
 * against the border's rules (border.h). */
#ifndef KOPPEL_CONNECTION_BATCH_H
#define KOPPEL_CONNECTION_BATCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A member of a record that could not be read: an object with reason, detail, place and raw. */
#define BATCH_UNREADABLE "_unreadable"

enum batch_kind {
    BATCH_RECORD,     /* as it is at the peer */
    BATCH_UNREADABLE_RECORD, /* {"_unreadable": {...}}; its key may be "hash:<hex>" */
    BATCH_GONE,       /* not there any more; record is NULL */
    BATCH_CHANGED,    /* receive() only: to be fetched; record is NULL */
};

struct batch_record {
    enum batch_kind kind;
    char *key;
    int64_t version;
    json_t *record;
};

/* All owned; zeroed is empty. Whoever calls a connector sets the first three (borrowed). */
struct koppel_batch {
    const char *plugin;    /* its name, for messages; NULL: unknown */
    const char *key_field; /* field that must hold the key; NULL: not looked at */
    bool unended;          /* no batch_end is wanted: fetch(), receive() */
    struct batch_record *records;
    int count, room;
    char *next_cursor;  /* NULL until batch_end */
    bool more;
    uint32_t following; /* how many pages follow, as far as is known; with more at least 1 */
    int64_t total;      /* records of the whole list; 0 with total_told false: not told */
    bool total_told;
    struct koppel_error misuse; /* kind 0: none; else the first call that broke the contract */
    /* The answer that receive() wants to be given; status 0: none asked for. */
    uint32_t reply_status;
    char *reply_type; /* content type; NULL: none */
    char *reply;
    size_t reply_bytes;
};
void batch_done(struct koppel_batch *b);

int batch_emit(struct koppel_batch *out, const char *key, int64_t version, json_t *record_take,
               struct koppel_error *err);
int batch_emit_gone(struct koppel_batch *out, const char *key, int64_t version,
                    struct koppel_error *err);
int batch_emit_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                          const char *raw, uint64_t raw_bytes, const char *place,
                          struct koppel_error *err);
int batch_emit_changed(struct koppel_batch *out, const char *key, struct koppel_error *err);
int batch_total(struct koppel_batch *out, int64_t records, struct koppel_error *err);
int batch_end(struct koppel_batch *out, const char *next_cursor, int more,
              struct koppel_error *err);
int batch_reply(struct koppel_batch *out, uint32_t status, const char *content_type,
                const void *body, uint64_t body_bytes, struct koppel_error *err);

#endif
