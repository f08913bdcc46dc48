/* SPDX-License-Identifier: MIT
 * Look-ups: by a reference of ours, or by match keys; one at a time, or ahead for many. */
#include "flow/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/fact.h"
#include "connection/connection_find.h"
#include "flow/compare.h"
#include "mapping/value.h"

/* One question. The number of hits, but for the id to skip (NULL: none); the first one's id and
 * record are the caller's. -1 and err. */
static int find(struct work *w, const char *field, const char *key, const char *skip, char **id,
                json_t **record, struct koppel_error *err)
{
    struct flow *f = w->flow;
    struct koppel_results results;
    *id = NULL;
    *record = NULL;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(f->to, f->dest->name, field, &key, &w->document, 1, &results, w->trace,
                             err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0) {
        if (skip)
            results_skip(entry, skip);
        rc = entry->hit_count;
        *id = rc > 0 ? strdup(entry->hits[0].id) : NULL;
        *record = rc > 0 ? json_incref(entry->hits[0].record) : NULL;
        if (rc > 0 && !*id)
            rc = err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    results_done(&results);
    return rc;
}

int look_by_reference(struct work *w, const char *reference, char **id, json_t **record,
                      struct koppel_error *err)
{
    const struct flow *f = w->flow;
    int hits = find(w, f->dest->document, reference, NULL, id, record, err);
    if (hits < 0)
        return -1;
    if (hits <= 1)
        return 0;
    free(*id);
    json_decref(*record);
    *id = NULL;
    *record = NULL;
    return err_reason(err, KOPPEL_E_REJECTED, "document.twice",
                      "%s holds %d documents with %s \"%s\"", f->conf->to->name, hits,
                      f->dest->document, reference);
}

static void take(struct work *w, enum asked asked, char *id, json_t *record)
{
    work_look_anew(w);
    w->asked = asked;
    w->present_id = id;
    w->present = record;
}

static int look_document(struct work *w, const char *reference, const json_t *compared,
                         struct koppel_error *err)
{
    char *id;
    json_t *record;
    struct difference diff;
    if (look_by_reference(w, reference, &id, &record, err) != 0)
        return -1;
    bool equal = id && compared && compare_is_same(w->flow->dest, record, compared, &diff);
    take(w, !id ? ASKED_NOTHING : equal ? ASKED_EQUAL : ASKED_OTHER, id, record);
    return 0;
}

/* What a record is looked for by; "": not by this. A number that is a PLU there must not meet an
 * article number that looks like it, unless it has an article number too, under which it was
 * before. */
static const char *match_key(const struct work *w, const struct cat_match *match)
{
    return strcmp(match->core, "number") == 0 && *work_text(w, "plu") ? ""
                                                                      : work_text(w, match->core);
}

/* The same of what was begun: its fields are the destination's. */
static const char *begun_key(const json_t *begun, const struct cat_match *match, char buf[32])
{
    const char *text;
    json_t *value = json_object_get(begun, match->field);
    return value && value_text(value, buf, &text) ? text : "";
}

static int look_matches(struct work *w, const json_t *begun, struct koppel_error *err)
{
    const struct flow *f = w->flow;
    const struct behaviour *b = f->behaviour;
    const struct cat_entity *e = f->dest;
    /* a new one beside the one that was known, also where that is in doubt since */
    bool beside = w->make_new ||
                  (w->link->state == LINK_MAYBE && w->link->begun.write == WRITE_CREATE);
    const char *skip = beside ? w->link->id : NULL;
    struct subject subject = work_subject(w);
    int first = w->looked; /* what was asked ahead need not be asked for twice */
    work_look_anew(w);
    for (int i = first; i < e->match_count; i++) {
        const struct cat_match *match = &e->match[i];
        char buf[32], *id;
        const char *key = begun ? begun_key(begun, match, buf) : match_key(w, match);
        json_t *record;
        if (!*key)
            continue;
        int hits = find(w, match->field, key, skip, &id, &record, err);
        if (hits == 1 && !begun && b->same && !b->same(&subject, match, record)) {
            work_note(w, "another", "the number is that of somebody with another name there");
            hits = 0;
        }
        if (hits == 1) {
            take(w, ASKED_EQUAL, id, record);
            work_note(w, "found", id);
            return 0;
        }
        free(id);
        json_decref(record);
        if (hits < 0)
            return -1;
        if (hits > 1)
            return err_reason(err, KOPPEL_E_REJECTED, "ambiguous",
                              "%s holds %d of %s with %s \"%s\"", f->conf->to->name, hits, e->name,
                              match->field, key);
        if (b->deciding && strcmp(match->core, b->deciding) == 0)
            break;
    }
    w->asked = ASKED_NOTHING;
    if (!b->findable || b->findable(&subject))
        return 0;
    return err_reason(err, KOPPEL_E_REJECTED, "customer.key",
                      "no customer key: it has no e-mail address or VAT number by which %s would "
                      "find it again, and is not there under its number and name",
                      f->conf->to->name);
}

int look_for(struct work *w, const char *reference, const json_t *begun, struct koppel_error *err)
{
    if (!w->flow->dest->document)
        return look_matches(w, begun, err);
    if (!reference || !*reference) {
        err_reason(err, KOPPEL_E_REJECTED, "map.required",
                   "field %s has no value, by which the document is found again",
                   w->flow->dest->document);
        return fact_add(err, "field", w->flow->dest->document);
    }
    return look_document(w, reference, begun ? begun : w->document, err);
}

/* ---- many at a time ---- */

/* The results of one question, each to its job. Several hits are left to the look-up that parks. */
static void take_results(struct work **works, int count, int match,
                         const struct koppel_results *results)
{
    for (int i = 0; i < count; i++) {
        const struct result_entry *entry = &results->entries[i];
        if (entry->err.kind || entry->hit_count > 1)
            continue;
        if (entry->hit_count == 0) {
            works[i]->looked = match + 1;
            continue;
        }
        char *id = strdup(entry->hits[0].id);
        if (!id)
            continue;
        take(works[i], ASKED_EQUAL, id, json_incref(entry->hits[0].record));
        work_note(works[i], "found", id);
    }
}

static void ask_many(struct flow *f, struct work **works, const char **keys, int count, int match)
{
    struct koppel_results results;
    struct koppel_error ignored = {0};
    if (count == 0 || results_init(&results, (uint32_t)count) != 0)
        return;
    if (connection_find(f->to, f->dest->name, f->dest->match[match].field, keys, NULL, count,
                        &results, works[0]->trace, &ignored) == 0)
        take_results(works, count, match, &results);
    results_done(&results);
}

/* The first match key of a job that is open, and of which nothing is known; -1: none. */
static int first_match(const struct work *w)
{
    const struct cat_entity *e = w->flow->dest;
    if (w->settled || w->link->state != LINK_ABSENT || w->asked != ASKED_NOT || w->looked)
        return -1;
    for (int i = 0; i < e->match_count; i++) {
        if (*match_key(w, &e->match[i]))
            return i;
    }
    return -1;
}

void look_ahead(struct flow *f, struct work *works, int count)
{
    const struct cat_entity *e = f->dest;
    bool many = e->batch_find > 1 && !e->document && f->means.find && !f->behaviour->lock;
    struct work **some = many ? calloc((size_t)e->batch_find + 1, sizeof *some) : NULL;
    const char **keys = many ? calloc((size_t)e->batch_find + 1, sizeof *keys) : NULL;
    for (int match = 0; some && keys && match < e->match_count; match++) {
        int n = 0;
        for (int i = 0; i < count && !flow_stopping(f); i++) {
            if (first_match(&works[i]) != match)
                continue;
            some[n] = &works[i];
            keys[n++] = match_key(&works[i], &e->match[match]);
            if (n == e->batch_find) {
                ask_many(f, some, keys, n, match);
                n = 0;
            }
        }
        ask_many(f, some, keys, n, match);
    }
    free(some);
    free(keys);
}
