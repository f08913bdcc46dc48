/* SPDX-License-Identifier: MIT
 * Reading and finding documents of any kind: pages by sync marker, with their relations inlined. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sales.h"

#define LIMIT_MAX 1000 /* the service gives no more relations than this in one answer */

static json_t *digits(int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, value);
    return json_string(text);
}

json_t *distinct_values(const json_t *records, const char *name)
{
    json_t *values = json_array(), *seen = json_object(), *record;
    size_t i;

    json_array_foreach((json_t *)records, i, record) {
        const char *text = call_text(record, name);

        if (text == NULL || strcmp(text, "0") == 0 || json_object_get(seen, text) != NULL)
            continue;
        json_object_set_new(seen, text, json_true());
        json_array_append(values, json_object_get(record, name));
    }
    json_decref(seen);
    return values;
}

static bool wants_relations(const json_t *options)
{
    const json_t *value = json_object_get(options, "relations");
    const char *text = json_string_value(value);

    return !json_is_false(value) && (text == NULL || strcmp(text, "false") != 0);
}

int document_relations(struct mplus *m, const json_t *options, json_t *records,
                       struct koppel_error *err)
{
    json_t *numbers, *params = NULL, *answer = NULL, *by_number = json_object(), *item;
    size_t i;
    int rc = 0;

    numbers = wants_relations(options) ? distinct_values(records, "relationNumber") : NULL;
    if (json_array_size(numbers) == 0)
        goto out;
    params = json_pack("{s:{s:O}}", "request", "relationNumbers", numbers);
    rc = params != NULL ? call_soap(m, &op_get_relations, params, NULL, &answer, err)
                        : call_no_memory(m, err);
    if (rc != 0)
        goto out;
    json_array_foreach(call_list(answer, "relationList"), i, item) {
        const char *number = call_text(item, "relationNumber");

        if (number != NULL)
            json_object_set(by_number, number, item);
    }
    json_array_foreach(records, i, item) {
        const char *number = call_text(item, "relationNumber");
        json_t *relation = number != NULL ? json_object_get(by_number, number) : NULL;

        if (relation != NULL)
            json_object_set(item, "relation", relation);
    }
out:
    json_decref(numbers);
    json_decref(params);
    json_decref(answer);
    json_decref(by_number);
    return rc;
}

static json_t *read_params(struct mplus *m, int64_t marker, uint32_t limit, json_t *filter)
{
    json_t *request = json_pack("{s:o, s:i}", "syncMarker", digits(marker), "syncMarkerLimit",
                                (int)(limit < LIMIT_MAX ? limit : LIMIT_MAX));

    if (request == NULL)
        return NULL;
    if (json_array_size(m->branches) > 0)
        json_object_set(request, "branchNumbers", m->branches);
    json_object_update(request, filter);
    return json_pack("{s:o}", "request", request);
}

/* The highest marker of the page; takes out what nobody wants. */
static int64_t sift(const struct document *doc, const json_t *options, json_t *records)
{
    int64_t highest = -1;
    size_t i;

    for (i = json_array_size(records); i-- > 0;) {
        const json_t *record = json_array_get(records, i);
        int64_t marker = call_number(record, "syncMarker");

        if (marker > highest)
            highest = marker;
        if (doc->wanted != NULL && !doc->wanted(record, options))
            json_array_remove(records, i);
    }
    return highest;
}

static int emit_all(struct mplus *m, const struct document *doc, json_t *records,
                    struct koppel_batch *out, struct koppel_error *err)
{
    json_t *record;
    size_t i;

    json_array_foreach(records, i, record) {
        const char *id = call_text(record, doc->id);
        int64_t marker = call_number(record, "syncMarker");

        if (id == NULL)
            return m->host->fail(err, KOPPEL_E_RETRY,
                                 "%s: a record without %s came back (syncMarker %" PRId64 ")",
                                 doc->read->name, doc->id, marker);
        if (m->host->emit(out, id, marker, json_incref(record), err) != 0)
            return -1;
    }
    return 0;
}

int document_read(struct mplus *m, const struct document *doc,
                  const struct koppel_read_request *request, json_t *filter,
                  struct koppel_batch *out, struct koppel_error *err)
{
    json_t *params, *answer = NULL, *records;
    int64_t marker, highest;
    int rc = -1;

    if (call_marker(m, request->cursor, &marker, err) != 0)
        return -1;
    params = read_params(m, marker, request->limit, filter);
    if (params == NULL)
        return call_no_memory(m, err);
    if (call_soap(m, doc->read, params, NULL, &answer, err) != 0)
        goto out;
    records = call_list(answer, doc->list);
    highest = sift(doc, request->options, records);
    if (json_array_size(records) > 0 && doc->complete != NULL &&
        doc->complete(m, request->options, records, err) != 0)
        goto out;
    if (emit_all(m, doc, records, out, err) != 0)
        goto out;
    rc = call_batch_end(m, out, request->cursor, marker, highest, err);
out:
    json_decref(params);
    json_decref(answer);
    return rc;
}

int document_list(struct mplus *m, const struct document *doc, json_t *ids, bool headers,
                  json_t **out, struct koppel_error *err)
{
    json_t *params = json_pack("{s:{s:O}}", "request", doc->ids, ids), *answer = NULL;
    int rc;

    *out = NULL;
    if (params != NULL && headers)
        json_object_set_new(json_object_get(params, "request"), "includeLineList", json_false());
    rc = params != NULL ? call_soap(m, doc->read, params, NULL, &answer, err)
                        : call_no_memory(m, err);
    if (rc == 0)
        *out = json_incref(json_object_get(answer, doc->list));
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* One document by an operation that takes one key. */
static int ask_one(struct mplus *m, const struct document *doc, const struct soap_operation *op,
                   const char *member, const char *key, json_t **out, struct koppel_error *err)
{
    json_t *params = json_pack("{s:s}", member, key), *answer = NULL, *record;
    int rc = params != NULL ? call_soap(m, op, params, NULL, &answer, err)
                            : call_no_memory(m, err);

    record = json_object_get(answer, doc->single);
    *out = rc == 0 && call_text(record, doc->id) != NULL ? json_incref(record) : NULL;
    json_decref(params);
    json_decref(answer);
    return rc;
}

int document_get(struct mplus *m, const struct document *doc, const char *id, json_t **out,
                 struct koppel_error *err)
{
    json_t *ids, *list = NULL;
    int rc;

    *out = NULL;
    if (doc->get != NULL)
        return ask_one(m, doc, doc->get, doc->id, id, out, err);
    ids = json_pack("[s]", id);
    rc = ids != NULL ? document_list(m, doc, ids, false, &list, err) : call_no_memory(m, err);
    if (rc == 0 && json_array_size(list) > 0)
        *out = json_incref(json_array_get(list, 0));
    json_decref(ids);
    json_decref(list);
    return rc;
}

static int find_one(struct mplus *m, const struct document *doc, const char *match,
                    const char *key, uint32_t index, struct koppel_results *out,
                    struct koppel_error *err)
{
    json_t *record = NULL, *list;
    int rc = strcmp(match, doc->id) == 0
                 ? document_get(m, doc, key, &record, err)
                 : ask_one(m, doc, doc->find, doc->ext, key, &record, err);

    if (rc != 0 || record == NULL)
        return rc;
    list = json_pack("[O]", record);
    rc = list != NULL ? 0 : call_no_memory(m, err);
    if (rc == 0 && doc->complete != NULL)
        rc = doc->complete(m, NULL, list, err);
    if (rc == 0)
        rc = m->host->result_found(out, index, call_text(record, doc->id), json_incref(record),
                                   err);
    json_decref(list);
    json_decref(record);
    return rc;
}

int document_find(struct mplus *m, const struct document *doc,
                  const struct koppel_find_request *request, struct koppel_results *out,
                  struct koppel_error *err)
{
    uint32_t i;

    if (strcmp(request->match, doc->id) != 0 &&
        (doc->find == NULL || strcmp(request->match, doc->ext) != 0))
        return m->host->fail(err, KOPPEL_E_BUG, "%s cannot be found by %s", doc->entity,
                             request->match);
    for (i = 0; i < request->count; i++) {
        if (request->keys[i][0] != '\0' &&
            find_one(m, doc, request->match, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}

/* A setting goes into a member that the record leaves out. */
static void fill(struct mplus *m, json_t *record, const char *member, const char *setting)
{
    const char *value = m->host->setting(m->ctx, setting);

    if (json_object_get(record, member) == NULL && value != NULL && *value != '\0')
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
    const char *branch = m->host->setting(m->ctx, "entry_branch"), *own;

    if (call_text(record, "vatMethod") == NULL)
        return refuse(m, err, "order.vat_method",
                      "vatMethod is missing: the till would guess whether prices include VAT");
    if (relation == NULL || strcmp(relation, "0") == 0)
        return refuse(m, err, "customer.missing",
                      "relationNumber is missing: the till wants a relation with every order");
    own = call_text(record, "entryBranchNumber");
    if (own == NULL || (branch != NULL && strcmp(own, branch) == 0))
        fill(m, record, "workplaceNumber", "workplace"); /* a workplace belongs to its branch */
    else if (call_text(record, "workplaceNumber") == NULL)
        return refuse(m, err, "order.workplace",
                      "entryBranchNumber differs from the connection's and has no workplaceNumber");
    fill(m, record, "employeeNumber", "employee");
    fill(m, record, "entryBranchNumber", "entry_branch");
    fill(m, record, "financialBranchNumber", "financial_branch");
    if (json_object_get(record, "financialBranchNumber") == NULL)
        json_object_set(record, "financialBranchNumber",
                        json_object_get(record, "entryBranchNumber"));
    return 0;
}
