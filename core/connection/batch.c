/* SPDX-License-Identifier: MIT
 * What read(), fetch() and receive() report. A record that the border refuses becomes an unreadable
 * one; a call that breaks the contract fails and is remembered, as a plugin may overlook it. */
#include "connection/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "connection/border.h"
#include "store/store.h"

#define RECORDS_MAX 100000 /* in one batch */
#define REPLY_MAX (64 * 1024)

void batch_done(struct koppel_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        free(b->records[i].key);
        json_decref(b->records[i].record);
    }
    free(b->records);
    free(b->next_cursor);
    free(b->reply_type);
    free(b->reply);
    *b = (struct koppel_batch){0};
}

/* A call against the contract: fails, and the first one is kept for whoever asked. */
static int misused(struct koppel_batch *b, const char *reason, const char *what,
                   struct koppel_error *err)
{
    struct koppel_error why = {0};
    err_reason(&why, KOPPEL_E_BUG, reason, "plugin %s: %s", b->plugin ? b->plugin : "?", what);
    if (!b->misuse.kind)
        b->misuse = why;
    if (err)
        *err = why;
    return -1;
}

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* May another record be added? */
static int check_open(struct koppel_batch *b, struct koppel_error *err)
{
    if (b->next_cursor)
        return misused(b, "plugin.order", "emitted a record behind batch_end", err);
    if (b->count >= RECORDS_MAX)
        return misused(b, "plugin.large", "emitted more than 100000 records in one batch", err);
    return 0;
}

/* Takes key and record, also on failure. */
static int add(struct koppel_batch *b, enum batch_kind kind, char *key, int64_t version,
               json_t *record, struct koppel_error *err)
{
    if (b->count == b->room && key) {
        int room = b->room ? b->room * 2 : 16;
        struct batch_record *grown = realloc(b->records, (size_t)room * sizeof *grown);
        if (grown) {
            b->records = grown;
            b->room = room;
        }
    }
    if (!key || b->count == b->room) {
        free(key);
        json_decref(record);
        return no_memory(err);
    }
    b->records[b->count++] = (struct batch_record){kind, key, version, record};
    return 0;
}

static int add_unreadable(struct koppel_batch *b, const char *reason, const char *key,
                          int64_t version, const char *raw, size_t bytes, const char *place,
                          const char *detail, struct koppel_error *err)
{
    json_t *record = border_unreadable(reason, detail, place, raw, bytes);
    if (!record)
        return no_memory(err);
    return add(b, BATCH_UNREADABLE_RECORD, border_key(key, raw, bytes), version, record, err);
}

int batch_emit(struct koppel_batch *out, const char *key, int64_t version, json_t *record_take,
               struct koppel_error *err)
{
    struct border_fault fault;
    char words[BORDER_PLACE_BYTES + 128];
    if (check_open(out, err) < 0 || !json_is_object(record_take)) {
        bool closed = out->next_cursor || out->count >= RECORDS_MAX;
        json_decref(record_take);
        return closed ? -1 : misused(out, "plugin.record", "emitted what is no object", err);
    }
    bool taken = border_check_record(record_take, key ? key : "", key && key[0] ? out->key_field
                                                                                : NULL, &fault);
    if (taken && (!key || !key[0] || strlen(key) >= STORE_KEY_BYTES
                  || !border_is_text(key, strlen(key)))) {
        taken = false;
        fault = (struct border_fault){.reason = !key || !key[0] ? "plugin.no_key"
                                              : strlen(key) >= STORE_KEY_BYTES ? "plugin.long_key"
                                                                               : "plugin.text"};
    }
    if (taken)
        return add(out, BATCH_RECORD, strdup(key), version, record_take, err);
    /* Of one that is too large nothing is shown: its text would be made whole first. */
    bool large = strcmp(fault.reason, "plugin.large") == 0 && key && key[0];
    size_t bytes = 0;
    char *raw = large ? NULL : json_text(record_take, true, &bytes), detail[sizeof words + 80];
    border_words(&fault, words, sizeof words);
    snprintf(detail, sizeof detail, "plugin %.64s: the record %.300s",
             out->plugin ? out->plugin : "?", words + (strncmp(words, "it ", 3) == 0 ? 3 : 0));
    if (fault.place[0])
        snprintf(detail, sizeof detail, "plugin %.64s: %.300s", out->plugin ? out->plugin : "?",
                 words);
    int rc = add_unreadable(out, fault.reason, key, version, raw, bytes, fault.place, detail, err);
    free(raw);
    json_decref(record_take);
    return rc;
}

int batch_emit_unreadable(struct koppel_batch *out, const char *key, int64_t version,
                          const char *raw, uint64_t raw_bytes, const char *place,
                          struct koppel_error *err)
{
    if (check_open(out, err) < 0)
        return -1;
    if (!raw)
        raw_bytes = 0;
    if ((!key || !key[0]) && raw_bytes == 0)
        return misused(out, "plugin.no_key", "emitted an unreadable record with neither key nor "
                       "raw text", err);
    const char *where = place && place[0] ? place : "it cannot be decoded";
    return add_unreadable(out, "plugin.unreadable", key, version, raw, (size_t)raw_bytes, where,
                          where, err);
}

/* A key without a record: it must be one that the store can hold. */
static int add_key(struct koppel_batch *out, enum batch_kind kind, const char *key,
                   int64_t version, struct koppel_error *err)
{
    if (check_open(out, err) < 0)
        return -1;
    if (!key || !key[0] || !border_is_text(key, strlen(key)))
        return misused(out, "plugin.no_key", "emitted a key that is empty or not UTF-8", err);
    return add(out, kind, border_key(key, NULL, 0), version, NULL, err);
}

int batch_emit_gone(struct koppel_batch *out, const char *key, int64_t version,
                    struct koppel_error *err)
{
    return add_key(out, BATCH_GONE, key, version, err);
}

int batch_emit_changed(struct koppel_batch *out, const char *key, struct koppel_error *err)
{
    return add_key(out, BATCH_CHANGED, key, 0, err);
}

int batch_total(struct koppel_batch *out, int64_t records, struct koppel_error *err)
{
    if (records < 0)
        return misused(out, "plugin.total", "told a negative total", err);
    out->total = records;
    out->total_told = true;
    return 0;
}

int batch_end(struct koppel_batch *out, const char *next_cursor, int more,
              struct koppel_error *err)
{
    if (out->next_cursor)
        return misused(out, "plugin.order", "called batch_end twice", err);
    if (!next_cursor || !border_is_text(next_cursor, strlen(next_cursor)))
        return misused(out, "plugin.cursor", "called batch_end without a cursor, or with one that "
                       "is not UTF-8", err);
    out->next_cursor = strdup(next_cursor);
    if (!out->next_cursor)
        return no_memory(err);
    out->more = more != 0;
    out->following = more > 0 ? (uint32_t)more : more != 0;
    return 0;
}

int batch_reply(struct koppel_batch *out, uint32_t status, const char *content_type,
                const void *body, uint64_t body_bytes, struct koppel_error *err)
{
    if (status < 200 || status > 599 || body_bytes > REPLY_MAX
        || (content_type && strpbrk(content_type, "\r\n")))
        return misused(out, "plugin.reply", "replies with no status from 200 to 599, a line break "
                       "in its type, or more than 64 KiB", err);
    char *copy = malloc((size_t)body_bytes + 1), *type = content_type ? strdup(content_type) : NULL;
    if (!copy || (content_type && !type)) {
        free(copy);
        free(type);
        return no_memory(err);
    }
    if (body)
        memcpy(copy, body, (size_t)body_bytes);
    free(out->reply);
    free(out->reply_type);
    out->reply = copy;
    out->reply_bytes = body ? (size_t)body_bytes : 0;
    out->reply_type = type;
    out->reply_status = status;
    return 0;
}
