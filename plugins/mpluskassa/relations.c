/* SPDX-License-Identifier: MIT
 * Relations: read by sync marker, found exactly, created and updated. */
#include "relations.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "custom.h"
#include "page.h"
#include "types.h"
#include "unreadable.h"

#define KEY "relationNumber"

/* Emits the relations of an answer and those of it that cannot be read. page may be NULL. */
static int emit_all(struct mplus *m, const json_t *answer, const struct soap_unreadable *bad,
                    struct page *page, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *relation;
    size_t i;
    json_array_foreach(call_list(answer, "relationList"), i, relation) {
        const char *number = call_text(relation, KEY);
        int64_t marker = call_number(relation, "syncMarker");
        if (page)
            page_saw(page, marker);
        int rc = custom_take(relation) != 0 ? call_no_memory(m, err)
                 : number ? m->host->emit(out, number, marker, json_incref(relation), err)
                          : unreadable_incomplete(m, out, NULL, marker, relation, KEY, err);
        if (rc != 0)
            return -1;
    }
    for (; bad; bad = bad->next) {
        if (page)
            page_saw(page, call_number(bad->record, "syncMarker"));
        if (unreadable_emit(m, out, bad, KEY, err) != 0)
            return -1;
    }
    return 0;
}

int relations_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    struct page page;
    if (page_begin(m, request->cursor, request, &page, err) != 0)
        return -1;
    json_t *params = json_pack("{s:o}", "request", page_params(&page)), *answer = NULL;
    struct soap_unreadable *bad = NULL;
    int rc = params ? call_list_of(m, &op_get_relations, params, &answer, &bad, err)
                    : call_no_memory(m, err);
    if (rc == 0)
        rc = emit_all(m, answer, bad, &page, out, err);
    if (rc == 0)
        rc = page_end(m, &page, out, err);
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    return rc;
}

int relations_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    json_t *numbers = json_array(), *answer = NULL;
    for (uint32_t i = 0; i < request->count; i++) {
        if (call_is_key(request->ids[i]))
            json_array_append_new(numbers, json_string(request->ids[i]));
    }
    struct soap_unreadable *bad = NULL;
    int rc = numbers ? 0 : call_no_memory(m, err);
    if (rc == 0 && json_array_size(numbers) > 0) {
        json_t *params = json_pack("{s:{s:O}}", "request", "relationNumbers", numbers);
        rc = params ? call_list_of(m, &op_get_relations, params, &answer, &bad, err)
                    : call_no_memory(m, err);
        json_decref(params);
    }
    json_t *there = rc == 0 ? call_by(call_list(answer, "relationList"), KEY) : NULL;
    if (rc == 0)
        rc = there ? unreadable_missing(m, request, there, bad, KEY, out, err)
                   : call_no_memory(m, err);
    if (rc == 0)
        rc = emit_all(m, answer, NULL, NULL, out, err);
    soap_read_free(bad);
    json_decref(there);
    json_decref(numbers);
    json_decref(answer);
    return rc;
}

/* ---- find ---- */

static int find_one(struct mplus *m, bool by_email, const char *key, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    if (by_email ? fold_is_blank(key) : !call_is_key(key))
        return 0; /* nothing to look for */
    char *composed = fold_composed(key);
    json_t *params = by_email ? json_pack("{s:{s:{s:s}, s:b}}", "request", "relation",
                                                      "email", composed, "exactMatch", 1)
                                          : json_pack("{s:s}", KEY, key),
           *answer = NULL;
    free(composed);
    int rc = params ? call_soap(m, by_email ? &op_find_relation : &op_get_relation, params, NULL,
                                &answer, err)
                    : call_no_memory(m, err);
    json_decref(params);
    json_t *relation = json_object_get(answer, "relation");
    const char *number = call_text(relation, KEY), *email = call_text(relation, "email");
    /* The service's own search is partial unless it is told otherwise, and old versions may ignore
     * being told. */
    if (rc == 0 && relation && custom_take(relation) != 0)
        rc = call_no_memory(m, err);
    if (rc == 0 && number &&
        (by_email ? email && fold_same(email, key) : strcmp(number, key) == 0))
        rc = m->host->result_found(out, index, number, json_incref(relation), err);
    json_decref(answer);
    return rc;
}

int relations_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    bool by_email = strcmp(request->match, "email") == 0;
    if (!by_email && strcmp(request->match, KEY) != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "relations cannot be found by %s", request->match);
    for (uint32_t i = 0; i < request->count; i++) {
        if (find_one(m, by_email, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- write ---- */

/* The service's own custom fields of a relation, as its whole list is written; nothing where the
 * record has none. */
static int complete_custom(struct mplus *m, const char *number, json_t *record,
                           struct koppel_error *err)
{
    json_t *wanted = json_object_get(record, "customFieldList"), *answer = NULL;
    if (!wanted)
        return 0;
    json_t *params = json_pack("{s:s}", KEY, number);
    int rc = params ? call_soap(m, &op_get_relation, params, NULL, &answer, err)
                    : call_no_memory(m, err);
    json_t *present = json_object_get(json_object_get(answer, "relation"), "customFieldList");
    if (rc == 0 &&
        json_object_set_new(record, "customFieldList", custom_union(present, wanted)) != 0)
        rc = call_no_memory(m, err);
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int write_one(struct mplus *m, bool create, const struct koppel_write_item *item,
                     uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    const struct soap_operation *op = create ? &op_create_relation : &op_update_relation;
    json_t *relation = NULL;
    if (custom_give(m, "relation", item->record, &relation, err) != 0)
        return -1;
    if (!create && complete_custom(m, item->id, relation, err) != 0) {
        json_decref(relation);
        return -1;
    }
    if (!create)
        json_object_set_new(relation, KEY, json_string(item->id));
    json_t *params = json_pack("{s:o}", "relation", relation), *answer = NULL;
    int rc = params ? call_soap(m, op, params, item->job, &answer, err) : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0)
        return -1;
    const char *number = create ? call_text(answer, KEY) : item->id;
    rc = number && strcmp(number, "0") != 0
             ? m->host->result_done(out, index, number, json_incref(answer), err)
             : m->host->fail(err, KOPPEL_E_UNSURE, "%s: the answer holds no number", op->name);
    json_decref(answer);
    return rc;
}

int relations_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check a relation without storing it");
    bool create = request->verb == KOPPEL_VERB_CREATE;
    if (!create && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA has no way to remove a relation; set active to false");
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (!create && !call_is_key(item->id))
            m->host->result_error(out, i, KOPPEL_E_REJECTED, "\"%s\" is no relation number",
                                  item->id ? item->id : "");
        else if (write_one(m, create, item, i, out, err) != 0)
            return -1;
    }
    return 0;
}
