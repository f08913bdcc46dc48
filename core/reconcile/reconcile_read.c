/* SPDX-License-Identifier: MIT
 * Both sides, read and brought together by reference: the source first, so that what is delivered
 * meanwhile is no stranger at the destination. */
#include "reconcile/reconcile_read.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/json_text.h"
#include "connection/connection_find.h"
#include "flow/listing.h"
#include "flow/preview.h"
#include "mapping/role.h"
#include "reconcile/reconcile_compare.h"
#include "reconcile/reconcile_source.h"

#define ROWS_MAX 10000    /* of a list in the report */
#define LOOKED_MAX 1000   /* missing documents that are looked for once more */
#define REFERENCE_BYTES 400

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- references ---- */

/* Of what both sides call a document, in the form in which keys compare. */
static int digest_of(const char *reference, unsigned char out[RECONCILE_DIGEST_BYTES])
{
    char *key = fold_key(reference);
    if (!key)
        return -1;
    crypto_generichash(out, RECONCILE_DIGEST_BYTES, (const unsigned char *)key, strlen(key), NULL,
                       0);
    free(key);
    return 0;
}

static int by_digest(const void *a, const void *b)
{
    return memcmp(a, b, RECONCILE_DIGEST_BYTES);
}

static int pairs_by_digest(const void *a, const void *b)
{
    const struct reconcile_pair *x = a, *y = b;
    return memcmp(x->digest, y->digest, RECONCILE_DIGEST_BYTES);
}

static int pairs_in_order(const void *a, const void *b)
{
    const struct reconcile_pair *x = a, *y = b;
    int order = pairs_by_digest(a, b);
    if (order == 0)
        order = strcmp(x->source.key, y->source.key);
    return order != 0 ? order : x->order - y->order;
}

/* "REF" of "REF/2"; false: it is no reference of a correction. */
static bool first_of(const char *reference, char out[REFERENCE_BYTES])
{
    const char *slash = strrchr(reference, '/');
    size_t digits = slash ? strspn(slash + 1, "0123456789") : 0;
    if (!slash || slash == reference || digits == 0 || slash[1 + digits] || slash[1] == '0' ||
        strcmp(slash, "/1") == 0 || (size_t)(slash - reference) >= REFERENCE_BYTES)
        return false;
    snprintf(out, REFERENCE_BYTES, "%.*s", (int)(slash - reference), reference);
    return true;
}

/* ---- the source ---- */

static bool grow(void *list_at, int count, int *room, size_t size)
{
    void **list = list_at;
    if (count < *room)
        return true;
    int more = *room ? *room * 2 : 64;
    void *grown = realloc(*list, (size_t)more * size);
    if (!grown)
        return false;
    *list = grown;
    *room = more;
    return true;
}

static int add_unreadable(struct reconcile *r, const char *side, const char *key, const char *text)
{
    if (json_array_size(r->unreadable) >= ROWS_MAX)
        return 0;
    return json_array_append_new(r->unreadable,
                                 json_pack("{s:s,s:o,s:o}", "side", side, "key",
                                           json_string_nocheck(key), "text",
                                           json_string_nocheck(text)));
}

static bool is_inside(const struct reconcile *r, int day)
{
    return day >= r->from && day <= r->to;
}

/* Keeps what is dated in the period, or nowhere; of all else its day. */
static int keep(struct reconcile *r, struct reconcile_pair *p, int64_t version, bool *kept)
{
    int day = p->source.day;
    *kept = day == RECONCILE_NO_DAY || is_inside(r, day);
    if (reconcile_gaps_add(&r->gaps, p->source.reference, *kept,
                           r->flow->source->snapshot ? 0 : version) != 0 ||
        digest_of(p->source.reference, p->digest) != 0)
        return -1;
    if (*kept) {
        if (!grow(&r->pairs, r->pair_count, &r->pair_room, sizeof *r->pairs))
            return -1;
        p->order = r->pair_count;
        r->pairs[r->pair_count++] = *p;
        return 0;
    }
    if (!grow(&r->elsewhere, r->elsewhere_count, &r->elsewhere_room, sizeof *r->elsewhere))
        return -1;
    struct reconcile_elsewhere *e = &r->elsewhere[r->elsewhere_count++];
    memcpy(e->digest, p->digest, sizeof e->digest);
    e->day = day;
    return 0;
}

static int look_one(struct reconcile *r, int at, json_t *document, struct koppel_error *err);

static int take_record(struct reconcile *r, struct links *links, const struct batch_record *record,
                       struct koppel_error *err)
{
    struct reconcile_pair p = {.there = -1};
    struct koppel_error why = {0};
    size_t bytes = 0;
    char *text = json_text(record->record, false, &bytes);
    struct store_job job = {.key = record->key, .version = record->version, .payload = text,
                            .payload_bytes = bytes};
    struct work w;
    bool kept = false;
    int rc = text && work_init(&w, r->flow, links, &job) == 0 ? 0 : no_memory(err);
    if (!text || rc != 0) {
        free(text);
        return rc;
    }
    (void)preview_shape(&w, &why);
    if (!w.core) {
        /* what it is by the source's own words, as there are no others */
        char buf[32];
        int day = reconcile_document_day(role_text(r->flow->source, "date", record->record, buf));
        if (day == RECONCILE_NO_DAY || is_inside(r, day))
            rc = add_unreadable(r, r->flow->conf->from->name, record->key, why.text) == 0
                 ? 0 : no_memory(err);
    } else {
        p.source.key = strdup(record->key);
        if (!p.source.key || reconcile_source_measure(r, &w, &why, &p) != 0 ||
            keep(r, &p, record->version, &kept) != 0)
            rc = no_memory(err);
        if (rc == 0 && kept && r->one_by_one)
            rc = look_one(r, r->pair_count - 1, w.document, err);
    }
    if (!kept)
        reconcile_pair_done(&p);
    work_done(&w);
    free(text);
    return rc;
}

static int take_source(void *arg, struct koppel_batch *page, struct koppel_error *err)
{
    struct reconcile *r = arg;
    struct links links;
    int rc = 0;
    links_init(&links, r->flow->store, NULL);
    for (int i = 0; rc == 0 && i < page->count; i++) {
        const struct batch_record *record = &page->records[i];
        if (record->kind == BATCH_UNREADABLE_RECORD)
            rc = add_unreadable(r, r->flow->conf->from->name, record->key,
                                "it cannot be read") == 0 ? 0 : no_memory(err);
        else if (record->kind != BATCH_GONE)
            rc = take_record(r, &links, record, err);
    }
    links_done(&links);
    return rc;
}

/* A record that changed while its list was read stands in it twice: the later one counts. */
static void bring_in_order(struct reconcile *r)
{
    int kept = 0;
    if (r->pair_count > 0)
        qsort(r->pairs, (size_t)r->pair_count, sizeof *r->pairs, pairs_in_order);
    for (int i = 0; i < r->pair_count; i++) {
        struct reconcile_pair *p = &r->pairs[i], *before = kept > 0 ? &r->pairs[kept - 1] : NULL;
        bool same = before && memcmp(before->digest, p->digest, sizeof p->digest) == 0;
        if (same && strcmp(before->source.key, p->source.key) == 0) {
            reconcile_pair_done(before);
            *before = *p;
            continue;
        }
        p->shared = same && *p->source.reference;
        r->pairs[kept++] = *p;
    }
    r->pair_count = kept;
    if (r->elsewhere_count > 0)
        qsort(r->elsewhere, (size_t)r->elsewhere_count, sizeof *r->elsewhere, by_digest);
}

/* ---- the destination ---- */

/* The pair of a reference; -1: none. */
static int find_pair(const struct reconcile *r, const char *reference)
{
    struct reconcile_pair wanted;
    if (!*reference || r->pair_count == 0 || digest_of(reference, wanted.digest) != 0)
        return -1;
    struct reconcile_pair *found = bsearch(&wanted, r->pairs, (size_t)r->pair_count,
                                           sizeof *r->pairs, pairs_by_digest);
    while (found && found > r->pairs && pairs_by_digest(found - 1, found) == 0)
        found--;
    return found ? (int)(found - r->pairs) : -1;
}

static const struct reconcile_elsewhere *find_elsewhere(const struct reconcile *r,
                                                        const char *reference)
{
    struct reconcile_elsewhere wanted;
    if (!*reference || r->elsewhere_count == 0 || digest_of(reference, wanted.digest) != 0)
        return NULL;
    return bsearch(&wanted, r->elsewhere, (size_t)r->elsewhere_count, sizeof wanted, by_digest);
}

/* Takes the document over, unless it is known already. */
static int add_there(struct reconcile *r, int at, struct reconcile_document *d, bool chained)
{
    for (int i = r->pairs[at].there; i >= 0; i = r->theres[i].next) {
        if (strcmp(r->theres[i].document.key, d->key) == 0)
            return 0; /* a list that moves while it is read shows a row twice */
    }
    if (!grow(&r->theres, r->there_count, &r->there_room, sizeof *r->theres))
        return -1;
    r->theres[r->there_count] = (struct reconcile_there){*d, r->pairs[at].there, chained};
    r->pairs[at].there = r->there_count++;
    *d = (struct reconcile_document){0};
    return 0;
}

static int add_other(struct reconcile *r, const struct reconcile_document *d)
{
    r->other_count++;
    if (d->has_incl && decimal_add(r->other_incl, d->incl, &r->other_incl) != 0)
        return -1;
    if (json_array_size(r->others) >= ROWS_MAX || !*d->reference) /* made there: no name of ours */
        return 0;
    json_t *incl = d->has_incl ? reconcile_compare_amount(d->incl) : json_null();
    return json_array_append_new(
        r->others, json_pack("{s:o,s:o,s:o,s:o}", "id", json_string_nocheck(d->key), "reference",
                             json_string_nocheck(d->reference), "day",
                             reconcile_compare_day(d->day), "incl", incl));
}

static int add_outside(struct reconcile *r, const struct reconcile_document *d, int source_day)
{
    if (json_array_size(r->outside) >= ROWS_MAX)
        return 0;
    json_t *there = reconcile_compare_day(d->day);
    return json_array_append_new(
        r->outside, json_pack("{s:n,s:o,s:o,s:o,s:o}", "key", "id", json_string_nocheck(d->key),
                              "reference", json_string_nocheck(d->reference), "source_day",
                              reconcile_compare_day(source_day), "destination_day", there));
}

static int place_there(struct reconcile *r, struct reconcile_document *d)
{
    char first[REFERENCE_BYTES];
    int at = find_pair(r, d->reference);
    bool chained = at < 0 && first_of(d->reference, first);
    if (chained)
        at = find_pair(r, first);
    if (at >= 0)
        return add_there(r, at, d, chained);
    if (!is_inside(r, d->day))
        return 0;
    const struct reconcile_elsewhere *e = find_elsewhere(r, d->reference);
    if (!e && chained)
        e = find_elsewhere(r, first);
    return e ? add_outside(r, d, e->day) : add_other(r, d);
}

static int take_there(void *arg, struct koppel_batch *page, struct koppel_error *err)
{
    struct reconcile *r = arg;
    for (int i = 0; i < page->count; i++) {
        const struct batch_record *record = &page->records[i];
        struct reconcile_document d = {.key = strdup(record->key)};
        struct koppel_error why = {0};
        int rc = d.key ? 0 : -1;
        bool bad = record->kind == BATCH_UNREADABLE_RECORD;
        if (rc == 0 && record->kind == BATCH_RECORD) {
            bad = reconcile_document_fill(&d, r->flow->dest, record->record, &r->codes, &why) != 0;
            rc = bad ? 0 : place_there(r, &d);
        }
        if (rc == 0 && bad)
            rc = add_unreadable(r, r->flow->conf->to->name, record->key,
                                *why.text ? why.text : "it cannot be read");
        reconcile_document_done(&d);
        if (rc != 0)
            return no_memory(err);
    }
    return 0;
}

/* ---- looking for one ---- */

/* Every document there with this reference. *count: how many. */
static int look(struct reconcile *r, int at, const char *reference, json_t *document, bool chained,
                int *count, struct koppel_error *err)
{
    struct flow *f = r->flow;
    struct koppel_results results;
    *count = 0;
    if (results_init(&results, 1) != 0)
        return no_memory(err);
    int rc = connection_find(f->to, f->dest->name, f->dest->document, &reference, &document, 1,
                             &results, NULL, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    for (int i = 0; rc == 0 && i < entry->hit_count; i++) {
        struct reconcile_document d = {.key = strdup(entry->hits[i].id)};
        struct koppel_error why = {0};
        if (!d.key)
            rc = -1;
        else if (reconcile_document_fill(&d, f->dest, entry->hits[i].record, &r->codes, &why) != 0)
            rc = add_unreadable(r, f->conf->to->name, d.key, why.text);
        else
            rc = add_there(r, at, &d, chained);
        if (rc != 0)
            no_memory(err);
        reconcile_document_done(&d);
    }
    *count = entry->hit_count;
    results_done(&results);
    return rc;
}

/* The document of a pair and those that correct it. */
static int look_one(struct reconcile *r, int at, json_t *document, struct koppel_error *err)
{
    char next[REFERENCE_BYTES + 16];
    const char *reference = r->pairs[at].source.reference;
    int count = 0;
    if (!*reference)
        return 0;
    r->there_read++;
    int rc = look(r, at, reference, document, false, &count, err);
    for (int n = 2; rc == 0 && count > 0 && r->flow->dest->correct_count > 0; n++) {
        snprintf(next, sizeof next, "%.*s/%d", REFERENCE_BYTES, reference, n);
        rc = look(r, at, next, document, true, &count, err);
    }
    return rc;
}

/* What a list did not show is missing only where it is not found either. */
static int look_for_missing(struct reconcile *r, struct koppel_error *err)
{
    int looked = 0;
    for (int i = 0; i < r->pair_count && looked < LOOKED_MAX; i++) {
        struct reconcile_pair *p = &r->pairs[i];
        if (p->there >= 0 || p->standing > RECONCILE_UNMAPPED || p->shared)
            continue;
        looked++;
        if (flow_stopping(r->flow))
            return err_set(err, KOPPEL_E_CANCELLED, "stopped");
        if (look_one(r, i, NULL, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- both ---- */

static int tell(void *arg, const char *side, int64_t read, int64_t total)
{
    const struct reconcile *r = arg;
    return r->tell ? r->tell(r->arg, side, read, total) : 0;
}

int reconcile_read(struct reconcile *r, struct koppel_error *err)
{
    struct flow *f = r->flow;
    bool lists = f->dest->can & CAN_READ;
    r->unreadable = json_array();
    r->outside = json_array();
    r->others = json_array();
    r->one_by_one = !lists;
    if (!r->unreadable || !r->outside || !r->others)
        return no_memory(err);
    if (!f->dest->document || !(f->dest->can & (CAN_READ | CAN_FIND)))
        return err_reason(err, KOPPEL_E_CONFIG, "reconcile.kind",
                          "flow %s: a %s of %s is no document that is known by a reference, so "
                          "there is nothing to compare", f->conf->name, f->dest->name,
                          f->conf->to->name);
    struct listing source = {.flow = f, .from = f->from, .entity = f->source,
                             .options = f->conf->options, .take = take_source, .tell = tell,
                             .arg = r};
    struct listing there = {.flow = f, .from = f->to, .entity = f->dest, .take = take_there,
                            .tell = tell, .arg = r};
    if (listing_read(&source, &r->source_read, err) != 0)
        return -1;
    bring_in_order(r);
    if (!lists)
        return 0;
    if (listing_read(&there, &r->there_read, err) != 0)
        return -1;
    return f->dest->can & CAN_FIND ? look_for_missing(r, err) : 0;
}
