/* SPDX-License-Identifier: MIT
 * Reading, fetching and finding documents of any kind: pages by sync marker, relations inlined. */
#include "document.h"

#include <string.h>

#include "page.h"
#include "soap_value.h"
#include "turnover.h"
#include "unreadable.h"

/* ---- what belongs to a document ---- */

static bool wants_relations(const json_t *options)
{
    const json_t *value = json_object_get(options, "relations");
    const char *text = json_string_value(value);
    return !json_is_false(value) && (!text || strcmp(text, "false") != 0);
}

/* The relation of the record among those that cannot be read; one without a number may be that of
 * any record which lacks its own. */
static const struct soap_unreadable *bad_relation(const struct soap_unreadable *bad,
                                                  const char *number)
{
    for (; bad; bad = bad->next) {
        const char *own = call_text(bad->record, "relationNumber");
        if (!own || strcmp(own, number) == 0)
            return bad;
    }
    return NULL;
}

/* A document whose relation cannot be read parks as that relation does. */
static int park_without(struct mplus *m, const char *key, json_t *record,
                        const struct soap_unreadable *bad, struct koppel_batch *out,
                        struct koppel_error *err)
{
    struct soap_unreadable both = *bad;
    both.record = record;
    return unreadable_emit(m, out, &both, key, err);
}

static int add_relations(struct mplus *m, const char *key, json_t *records, const json_t *answer,
                         const struct soap_unreadable *bad, struct koppel_batch *out,
                         struct koppel_error *err)
{
    json_t *by_number = call_by(call_list(answer, "relationList"), "relationNumber");
    int rc = by_number ? 0 : call_no_memory(m, err);
    for (size_t i = json_array_size(records); rc == 0 && i-- > 0;) {
        json_t *record = json_array_get(records, i);
        const char *number = call_text(record, "relationNumber");
        json_t *relation = number ? json_object_get(by_number, number) : NULL;
        if (relation) {
            json_object_set(record, "relation", relation);
            continue;
        }
        const struct soap_unreadable *unread = number && out ? bad_relation(bad, number) : NULL;
        if (!unread || strcmp(number, "0") == 0)
            continue;
        rc = park_without(m, key, record, unread, out, err);
        json_array_remove(records, i);
    }
    json_decref(by_number);
    return rc;
}

int document_complete(struct mplus *m, const char *key, const json_t *options, json_t *records,
                      struct koppel_batch *out, struct koppel_error *err)
{
    if (turnover_complete(m, records, err) != 0)
        return -1;
    json_t *numbers = wants_relations(options) ? call_distinct(records, "relationNumber") : NULL;
    if (json_array_size(numbers) == 0) {
        json_decref(numbers);
        return 0;
    }
    json_t *params = json_pack("{s:{s:o}}", "request", "relationNumbers", numbers), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    int rc = params ? call_list_of(m, &op_get_relations, params, &answer, &bad, err)
                    : call_no_memory(m, err);
    if (rc == 0)
        rc = add_relations(m, key, records, answer, bad, out, err);
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* ---- read and fetch ---- */

/* Takes out what nobody wants. */
static void sift(const struct document *doc, const json_t *options, json_t *records,
                 struct page *page)
{
    for (size_t i = json_array_size(records); i-- > 0;) {
        const json_t *record = json_array_get(records, i);
        page_saw(page, call_number(record, "syncMarker"));
        if (doc->wanted && !doc->wanted(record, options))
            json_array_remove(records, i);
    }
}

/* The records of an answer, completed, and those that cannot be read. */
static int emit_all(struct mplus *m, const struct document *doc, const json_t *options,
                    json_t *records, const struct soap_unreadable *bad, struct koppel_batch *out,
                    struct koppel_error *err)
{
    if (json_array_size(records) > 0 && doc->complete &&
        doc->complete(m, options, records, out, err) != 0)
        return -1;
    json_t *record;
    size_t i;
    json_array_foreach(records, i, record) {
        const char *id = call_text(record, doc->id);
        int64_t marker = call_number(record, "syncMarker");
        int rc = id ? m->host->emit(out, id, marker, json_incref(record), err)
                    : unreadable_incomplete(m, out, NULL, marker, record, doc->id, err);
        if (rc != 0)
            return -1;
    }
    for (; bad; bad = bad->next) {
        if (unreadable_emit(m, out, bad, doc->id, err) != 0)
            return -1;
    }
    return 0;
}

static json_t *read_params(struct mplus *m, const struct page *page, json_t *filter)
{
    json_t *request = page_params(page);
    if (request && json_array_size(m->branches) > 0)
        json_object_set(request, "branchNumbers", m->branches);
    if (request && filter)
        json_object_update(request, filter);
    return request ? json_pack("{s:o}", "request", request) : NULL;
}

int document_read(struct mplus *m, const struct document *doc,
                  const struct koppel_read_request *request, json_t *filter,
                  struct koppel_batch *out, struct koppel_error *err)
{
    struct page page;
    if (page_begin(m, request->cursor, request, &page, err) != 0)
        return -1;
    json_t *params = read_params(m, &page, filter), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    int rc =
        params ? call_list_of(m, doc->read, params, &answer, &bad, err) : call_no_memory(m, err);
    if (rc == 0) {
        json_t *records = call_list(answer, doc->list);
        sift(doc, request->options, records, &page);
        for (const struct soap_unreadable *b = bad; b; b = b->next)
            page_saw(&page, call_number(b->record, "syncMarker"));
        rc = emit_all(m, doc, request->options, records, bad, out, err);
    }
    if (rc == 0)
        rc = page_end(m, &page, out, err);
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    return rc;
}

int document_fetch(struct mplus *m, const struct document *doc,
                   const struct koppel_fetch_request *request, struct koppel_batch *out,
                   struct koppel_error *err)
{
    json_t *ids = json_array();
    for (uint32_t i = 0; i < request->count; i++)
        json_array_append_new(ids, json_string(request->ids[i]));
    json_t *params = json_pack("{s:{s:o}}", "request", doc->ids, ids), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    int rc =
        params ? call_list_of(m, doc->read, params, &answer, &bad, err) : call_no_memory(m, err);
    json_t *records = call_list(answer, doc->list);
    json_t *there = rc == 0 ? call_by(records, doc->id) : NULL;
    if (rc == 0)
        rc = there ? unreadable_missing(m, request, there, bad, doc->id, out, err)
                   : call_no_memory(m, err);
    if (rc == 0)
        rc = emit_all(m, doc, request->options, records, NULL, out, err);
    soap_read_free(bad);
    json_decref(there);
    json_decref(params);
    json_decref(answer);
    return rc;
}

int document_list(struct mplus *m, const struct document *doc, json_t *ids, bool headers,
                  json_t **out, struct soap_unreadable **bad, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:O}}", "request", doc->ids, ids), *answer = NULL;
    *out = NULL;
    if (params && headers)
        json_object_set_new(json_object_get(params, "request"), "includeLineList", json_false());
    int rc = !params ? call_no_memory(m, err)
             : bad   ? call_list_of(m, doc->read, params, &answer, bad, err)
                     : call_soap(m, doc->read, params, NULL, &answer, err);
    if (rc == 0)
        *out = json_incref(json_object_get(answer, doc->list));
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* ---- find ---- */

/* One document by an operation that takes one key. */
static int ask_one(struct mplus *m, const struct document *doc, const struct soap_operation *op,
                   const char *member, const char *key, json_t **out, struct koppel_error *err)
{
    json_t *params = json_pack("{s:s}", member, key), *answer = NULL;
    int rc = params ? call_soap(m, op, params, NULL, &answer, err) : call_no_memory(m, err);
    json_t *record = json_object_get(answer, doc->single);
    *out = rc == 0 && call_text(record, doc->id) ? json_incref(record) : NULL;
    if (rc == 0 && answer && !*out)
        rc = m->host->fail(err, KOPPEL_E_RETRY, "%s: the answer lacks its %s", op->name,
                           doc->single);
    json_decref(params);
    json_decref(answer);
    return rc;
}

int document_get(struct mplus *m, const struct document *doc, const char *id, json_t **out,
                 struct koppel_error *err)
{
    *out = NULL;
    if (doc->get)
        return ask_one(m, doc, doc->get, doc->id, id, out, err);
    json_t *ids = json_pack("[s]", id), *list = NULL;
    int rc = ids ? document_list(m, doc, ids, false, &list, NULL, err) : call_no_memory(m, err);
    if (rc == 0 && json_array_size(list) > 0)
        *out = json_incref(json_array_get(list, 0));
    json_decref(ids);
    json_decref(list);
    return rc;
}

static int find_one(struct mplus *m, const struct document *doc, const char *match, const char *key,
                    uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = NULL;
    bool by_id = strcmp(match, doc->id) == 0;
    int rc = by_id ? document_get(m, doc, key, &record, err)
                   : ask_one(m, doc, doc->find, doc->ext, key, &record, err);
    if (rc != 0 || !record)
        return rc;
    const char *own = call_text(record, by_id ? doc->id : doc->ext);
    if (!own || strcmp(own, key) != 0) { /* not what was asked for */
        json_decref(record);
        return 0;
    }
    json_t *list = json_pack("[O]", record);
    rc = list ? 0 : call_no_memory(m, err);
    if (rc == 0 && doc->complete)
        rc = doc->complete(m, NULL, list, NULL, err);
    if (rc == 0)
        rc =
            m->host->result_found(out, index, call_text(record, doc->id), json_incref(record), err);
    json_decref(list);
    json_decref(record);
    return rc;
}

int document_find(struct mplus *m, const struct document *doc,
                  const struct koppel_find_request *request, struct koppel_results *out,
                  struct koppel_error *err)
{
    if (strcmp(request->match, doc->id) != 0 &&
        (!doc->find || strcmp(request->match, doc->ext) != 0))
        return m->host->fail(err, KOPPEL_E_BUG, "%s cannot be found by %s", doc->entity,
                             request->match);
    for (uint32_t i = 0; i < request->count; i++) {
        if (request->keys[i][0] &&
            find_one(m, doc, request->match, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- what is written ---- */

/* A setting goes into a member that the record leaves out. */
static void fill(struct mplus *m, json_t *record, const char *member, const char *setting)
{
    const char *value = m->host->setting(m->ctx, setting);
    if (!json_object_get(record, member) && value && *value)
        json_object_set_new(record, member, json_string(value));
}

static int refuse(struct mplus *m, struct koppel_error *err, const char *reason, const char *text)
{
    m->host->fail(err, KOPPEL_E_REJECTED, "%s", text);
    return call_reason(m, err, reason);
}

int document_prepare(struct mplus *m, json_t *record, struct koppel_error *err)
{
    const char *relation = call_text(record, "relationNumber");
    if (!call_text(record, "vatMethod"))
        return refuse(m, err, "order.vat_method",
                      "vatMethod is missing: the till would guess whether prices include VAT");
    if (!relation || strcmp(relation, "0") == 0)
        return refuse(m, err, "customer.missing",
                      "relationNumber is missing: the till wants a relation with every order");
    const char *branch = m->host->setting(m->ctx, "entry_branch");
    const char *own = call_text(record, "entryBranchNumber");
    if (!own || (branch && strcmp(own, branch) == 0))
        fill(m, record, "workplaceNumber", "workplace"); /* a workplace belongs to its branch */
    else if (!call_text(record, "workplaceNumber"))
        return refuse(m, err, "order.workplace",
                      "entryBranchNumber differs from the connection's and has no workplaceNumber");
    fill(m, record, "employeeNumber", "employee");
    fill(m, record, "entryBranchNumber", "entry_branch");
    fill(m, record, "financialBranchNumber", "financial_branch");
    if (!json_object_get(record, "financialBranchNumber"))
        json_object_set(record, "financialBranchNumber",
                        json_object_get(record, "entryBranchNumber"));
    return 0;
}

int document_totals(struct mplus *m, const struct document *doc, const char *id, const char *want,
                    const json_t *made, uint32_t index, struct koppel_results *out,
                    struct koppel_error *err)
{
    json_t *read = NULL;
    int64_t ours, theirs;
    if (!want || !soap_value_scale(want, 2, &ours))
        return 0;
    const char *own = call_text(made, "totalInclAmount");
    if (!own && document_get(m, doc, id, &read, err) != 0) /* it is written all the same */
        return m->host->fail(err, KOPPEL_E_UNSURE,
                             "%s %s was written, but could not be read to see what it comes to",
                             doc->entity, id);
    if (!own)
        own = call_text(read, "totalInclAmount");
    int rc = 0;
    if (!own || !soap_value_scale(own, 2, &theirs) || ours != theirs) {
        m->host->fail(
            err, KOPPEL_E_REJECTED,
            "%s %s is in the till, but comes to %s there and to %s in its source: look at "
            "its lines",
            doc->entity, id, own ? own : "an unknown total", want);
        m->host->fact(err, "id", id);
        m->host->result_note(out, index, "made", "%s %s, which comes to %s", doc->entity, id,
                             own ? own : "an unknown total");
        rc = call_reason(m, err, "order.totals");
    }
    json_decref(read);
    return rc;
}
