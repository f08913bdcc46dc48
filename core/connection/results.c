/* SPDX-License-Identifier: MIT
 * What find(), write() and subscribe() report. No plugin makes the host's arrays grow without end,
 * or reports for an item that it was not given without being noticed. */
#include "connection/results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fact.h"
#include "connection/border.h"

#define HITS_MAX 1000  /* for one key */
#define NOTES_MAX 100  /* for one item */
#define ID_BYTES 512   /* longest id of a peer */

int results_init(struct koppel_results *r, uint32_t count)
{
    *r = (struct koppel_results){.count = count};
    r->entries = calloc(count ? count : 1, sizeof *r->entries);
    if (!r->entries)
        r->count = 0;
    return r->entries ? 0 : -1;
}

static void hits_done(struct result_entry *e)
{
    for (int k = 0; k < e->hit_count; k++) {
        free(e->hits[k].id);
        json_decref(e->hits[k].record);
    }
    e->hit_count = 0;
}

void results_done(struct koppel_results *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        hits_done(&r->entries[i]);
        free(r->entries[i].hits);
        json_decref(r->entries[i].notes);
    }
    free(r->entries);
    *r = (struct koppel_results){0};
}

void results_skip(struct result_entry *e, const char *id)
{
    int kept = 0;
    for (int i = 0; i < e->hit_count; i++) {
        if (!e->hits[i].id || strcmp(e->hits[i].id, id) != 0) {
            e->hits[kept++] = e->hits[i];
            continue;
        }
        free(e->hits[i].id);
        json_decref(e->hits[i].record);
    }
    e->hit_count = kept;
}

static int misused(struct koppel_results *r, const char *reason, const char *what,
                   struct koppel_error *err)
{
    struct koppel_error why = {0};
    err_reason(&why, KOPPEL_E_BUG, reason, "plugin %s: %s", r->plugin ? r->plugin : "?", what);
    if (!r->misuse.kind)
        r->misuse = why;
    if (err)
        *err = why;
    return -1;
}

/* The entry, or NULL: nobody asked for it. */
static struct result_entry *entry(struct koppel_results *r, uint32_t index,
                                  struct koppel_error *err)
{
    char what[80];
    if (index < r->count)
        return &r->entries[index];
    snprintf(what, sizeof what, "gave a result for number %u of %u", index, r->count);
    (void)misused(r, "plugin.nobody", what, err);
    return NULL;
}

static int add_hit(struct result_entry *e, const char *id, json_t *take, struct koppel_error *err)
{
    char *copy = id ? strdup(id) : NULL;
    struct result_hit *hits = realloc(e->hits, (size_t)(e->hit_count + 1) * sizeof *hits);
    if (hits)
        e->hits = hits;
    if (!hits || (id && !copy)) {
        free(copy);
        json_decref(take);
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    e->hits[e->hit_count++] = (struct result_hit){.id = copy, .record = take};
    return 0;
}

/* What is wrong with an id or a record; NULL: nothing. */
static const char *wrong(const char *id, const json_t *record, bool needed, char *out, size_t room)
{
    struct border_fault fault;
    size_t n = id ? strlen(id) : 0;
    if ((needed && n == 0) || n >= ID_BYTES || (id && !border_is_text(id, n))) {
        snprintf(out, room, "gave an id that is %s", n == 0 ? "empty" : n >= ID_BYTES
                 ? "longer than 511 bytes" : "not UTF-8");
        return "plugin.no_id";
    }
    if (!record || border_check(record, &fault))
        return NULL;
    size_t used = (size_t)snprintf(out, room, "of record %.60s: ", id ? id : "");
    border_words(&fault, out + used, room - used);
    return fault.reason;
}

int results_add_found(struct koppel_results *out, uint32_t index, const char *id,
                      json_t *record_take, struct koppel_error *err)
{
    char what[BORDER_PLACE_BYTES + 256];
    struct result_entry *e = entry(out, index, err);
    const char *reason = e ? wrong(id, record_take, true, what, sizeof what) : NULL;
    if (e && !reason && e->hit_count < HITS_MAX)
        return add_hit(e, id, record_take, err);
    json_decref(record_take);
    if (!e)
        return -1;
    if (!reason)
        return misused(out, "plugin.large", "gave more than 1000 hits for one key", err);
    /* The key has a hit that cannot be used: "not there" would be a lie. */
    if (!e->err.kind)
        err_reason(&e->err, KOPPEL_E_BUG, reason, "plugin %s: %s",
                   out->plugin ? out->plugin : "?", what);
    if (err)
        *err = e->err;
    return -1;
}

int results_add_done(struct koppel_results *out, uint32_t index, const char *id,
                     json_t *answer_take, struct koppel_error *err)
{
    char what[BORDER_PLACE_BYTES + 256];
    struct result_entry *e = entry(out, index, err);
    if (!e || e->done) {
        json_decref(answer_take);
        return e ? misused(out, "plugin.order", "said of one item twice that it is done", err) : -1;
    }
    const char *reason = wrong(id, NULL, false, what, sizeof what);
    if (reason) {
        json_decref(answer_take);
        return misused(out, reason, what, err);
    }
    /* An answer is for the activity; one that cannot be stored does not undo what was done. */
    if (answer_take && wrong(NULL, answer_take, false, what, sizeof what)) {
        json_decref(answer_take);
        answer_take = NULL;
    }
    if (add_hit(e, id && id[0] ? id : NULL, answer_take, err) < 0)
        return -1;
    e->done = true;
    return 0;
}

static int known_kind(int kind)
{
    return kind >= KOPPEL_E_CONFIG && kind <= KOPPEL_E_BUG ? kind : KOPPEL_E_BUG;
}

int results_add_error(struct koppel_results *out, uint32_t index, int kind, const char *format,
                      ...)
{
    struct result_entry *e = entry(out, index, NULL);
    if (!e)
        return 0;
    va_list args;
    va_start(args, format);
    err_vset(&e->err, known_kind(kind), format, args);
    va_end(args);
    return 0;
}

int results_add_reason(struct koppel_results *out, uint32_t index, const char *code)
{
    struct result_entry *e = entry(out, index, NULL);
    if (e)
        snprintf(e->err.reason, sizeof e->err.reason, "%s", code ? code : "");
    return 0;
}

int results_add_fact(struct koppel_results *out, uint32_t index, const char *name,
                     const char *value)
{
    struct result_entry *e = entry(out, index, NULL);
    if (e)
        (void)fact_add(&e->err, name, value);
    return 0;
}

int results_add_retry_after(struct koppel_results *out, uint32_t index, int64_t ms)
{
    struct result_entry *e = entry(out, index, NULL);
    if (e && ms > 0)
        e->err.retry_after_ms = ms;
    return 0;
}

int results_add_note(struct koppel_results *out, uint32_t index, const char *step,
                     const char *format, ...)
{
    struct koppel_error text = {0}; /* formats, masks and makes one line */
    struct result_entry *e = entry(out, index, NULL);
    if (!e || !step || !step[0])
        return 0;
    va_list args;
    va_start(args, format);
    err_vset(&text, KOPPEL_E_BUG, format, args);
    va_end(args);
    if (!e->notes)
        e->notes = json_array();
    if (json_array_size(e->notes) < NOTES_MAX)
        json_array_append_new(e->notes, json_pack("{s:s,s:s}", "step", step, "detail", text.text));
    return 0;
}
