/* SPDX-License-Identifier: MIT
 * A preview of every record that was delivered, which asks the destination what stands there. */
#include "flow/resend.h"

#include <stdlib.h>
#include <string.h>

#include "flow/again.h"
#include "flow/day.h"
#include "flow/listing.h"
#include "flow/preview.h"

#define EXAMPLES 10 /* of each kind */
#define FIELDS 200  /* that are counted */

enum ending { DIFFERS, SAME, HELD, CANNOT, LEFT, ENDINGS };

struct plan {
    struct flow *flow;
    const char *since;
    int (*tell)(void *arg, const char *side, int64_t read, int64_t total);
    void *arg;
    int64_t looked, delivered, counts[ENDINGS];
    int shown[ENDINGS];
    json_t *keys, *fields, *examples;
    struct koppel_error failed; /* a system could not be asked; kind 0: no */
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* What became of it in the preview. */
static enum ending ending_of(const json_t *row)
{
    const char *outcome = text_of(row, "outcome"), *reason = text_of(row, "reason");
    bool differs = json_array_size(json_object_get(row, "differs")) > 0;
    bool present = json_is_object(json_object_get(row, "present"));
    if (strcmp(outcome, "skipped") == 0)
        return strcmp(reason, "unchanged") == 0 || strcmp(reason, "kept") == 0 ? SAME : LEFT;
    if (strcmp(outcome, "parked") == 0)
        return strcmp(reason, "changed") == 0 || strcmp(reason, "not.ours") == 0 ? HELD : CANNOT;
    if (strcmp(outcome, "waiting") == 0)
        return LEFT;
    /* what is written over by its id may be the same already */
    return strcmp(outcome, "would be changed") == 0 && present && !differs ? SAME : DIFFERS;
}

/* "lines 2 description" is counted as "lines description". */
static void field_name(const char *field, char *out, size_t room)
{
    size_t n = 0;
    for (const char *p = field; *p && n + 1 < room; p++) {
        bool digits = *p >= '0' && *p <= '9' && p > field && p[-1] == ' ';
        size_t most = digits ? strspn(p, "0123456789") : 0;
        if (digits && p[most] == ' ') {
            p += most;
            continue;
        }
        out[n++] = *p;
    }
    out[n] = '\0';
}

/* Each field once per record. */
static int count_fields(struct plan *p, const json_t *row)
{
    json_t *seen = json_object(), *one;
    size_t i;
    int rc = seen ? 0 : -1;
    json_array_foreach(json_object_get(row, "differs"), i, one) {
        char name[160];
        field_name(text_of(one, "field"), name, sizeof name);
        json_int_t count = json_integer_value(json_object_get(p->fields, name));
        bool more = json_object_size(p->fields) < FIELDS;
        if (rc != 0 || json_object_get(seen, name) || (count == 0 && !more))
            continue;
        rc = json_object_set_new_nocheck(seen, name, json_true()) == 0 &&
                     json_object_set_new_nocheck(p->fields, name, json_integer(count + 1)) == 0
                 ? 0 : -1;
    }
    json_decref(seen);
    return rc;
}

static int add_example(struct plan *p, const json_t *row, enum ending ending)
{
    const json_t *number = json_object_get(json_object_get(row, "core"), "reference");
    if (ending == SAME || ending == LEFT || p->shown[ending]++ >= EXAMPLES)
        return 0;
    return json_array_append_new(
        p->examples,
        json_pack("{s:O,s:O?,s:O,s:O,s:O,s:O?}", "key", json_object_get(row, "key"), "number",
                  number, "outcome", json_object_get(row, "outcome"), "reason",
                  json_object_get(row, "reason"), "detail", json_object_get(row, "detail"),
                  "differs", json_object_get(row, "differs")));
}

static int take_row(void *arg, json_t *row)
{
    struct plan *p = arg;
    if (strcmp(text_of(row, "outcome"), "failed") == 0)
        return err_set(&p->failed, KOPPEL_E_RETRY, "%s", text_of(row, "detail"));
    enum ending ending = ending_of(row);
    p->counts[ending]++;
    if (add_example(p, row, ending) != 0)
        return -1;
    if (ending == DIFFERS && json_array_append(p->keys, json_object_get(row, "key")) != 0)
        return -1;
    return ending == DIFFERS || ending == HELD ? count_fields(p, row) : 0;
}

/* Does it stand there, as far as its link knows? One in doubt is resolved by the next run. */
static int is_delivered(struct preview *w, const char *key, bool *is, bool *doubtful,
                        struct koppel_error *err)
{
    struct store_link *link;
    if (links_get(&w->links, w->flow->scope, key, &link, err) != 0)
        return -1;
    *is = link->state == LINK_THERE && !link->closed;
    *doubtful = link->state == LINK_MAYBE;
    return 0;
}

static int take_record(struct plan *p, struct preview *w, struct batch_record *record,
                       struct koppel_error *err)
{
    bool is, doubtful;
    if (is_delivered(w, record->key, &is, &doubtful, err) != 0)
        return -1;
    p->counts[LEFT] += doubtful;
    if (!is)
        return 0;
    p->delivered++;
    if (json_object_set_new(record->record, AGAIN_MARK, json_string(AGAIN_LOOK)) != 0)
        return no_memory(err);
    return preview_record(w, record->key, record->version, record->record, err);
}

static int take_page(void *arg, struct koppel_batch *page, struct koppel_error *err)
{
    struct plan *p = arg;
    struct preview w = {.flow = p->flow, .visit = take_row, .arg = p};
    int rc = 0;
    preview_init(&w);
    for (int i = 0; rc == 0 && i < page->count; i++)
        rc = links_want(&w.links, p->flow->scope, page->records[i].key, err);
    if (rc == 0)
        rc = links_fetch(&w.links, err);
    for (int i = 0; rc == 0 && i < page->count && !flow_stopping(p->flow); i++) {
        struct batch_record *record = &page->records[i];
        p->looked++;
        if (record->kind == BATCH_RECORD && day_is_since(p->flow, record, p->since))
            rc = take_record(p, &w, record, err);
    }
    preview_done(&w);
    if (rc != 0 && p->failed.kind)
        *err = p->failed;
    else if (rc != 0 && !err->kind)
        no_memory(err);
    return rc;
}

static int tell(void *arg, const char *side, int64_t read, int64_t total)
{
    const struct plan *p = arg;
    return p->tell ? p->tell(p->arg, side, read, total) : 0;
}

static json_t *fields_of(const struct plan *p)
{
    json_t *rows = json_array(), *count;
    const char *name;
    json_object_foreach(p->fields, name, count) {
        if (json_array_append_new(rows, json_pack("{s:s,s:O}", "field", name, "count", count))) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

int resend_plan(struct flow *f, const char *since,
                int (*tell_listing)(void *arg, const char *side, int64_t read, int64_t total),
                void *arg, json_t **out, struct koppel_error *err)
{
    struct plan p = {.flow = f, .since = since, .tell = tell_listing, .arg = arg,
                     .keys = json_array(), .fields = json_object(), .examples = json_array()};
    struct listing list = {.flow = f, .from = f->from, .entity = f->source,
                           .options = f->conf->options, .take = take_page, .tell = tell,
                           .arg = &p};
    int64_t read;
    int rc = p.keys && p.fields && p.examples ? listing_read(&list, &read, err) : no_memory(err);
    if (rc == 0) {
        *out = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:O,s:o,s:O}", "looked",
                         (json_int_t)p.looked, "delivered", (json_int_t)p.delivered, "differ",
                         (json_int_t)p.counts[DIFFERS], "same", (json_int_t)p.counts[SAME], "held",
                         (json_int_t)p.counts[HELD], "cannot", (json_int_t)p.counts[CANNOT],
                         "left", (json_int_t)p.counts[LEFT], "keys", p.keys, "fields",
                         fields_of(&p), "examples", p.examples);
        rc = *out ? 0 : no_memory(err);
    }
    json_decref(p.keys);
    json_decref(p.fields);
    json_decref(p.examples);
    return rc;
}
