/* SPDX-License-Identifier: MIT
 * Relations: read by sync marker, found exactly, created and updated. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "call.h"
#include "types.h"

#define LIMIT_MAX 1000

int relations_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    json_t *params = NULL, *answer = NULL, *relation;
    int64_t asked, highest = -1;
    char text[24];
    size_t i;
    int rc = -1;

    if (call_marker(m, request->cursor, &asked, err) != 0)
        return -1;
    snprintf(text, sizeof text, "%" PRId64, asked);
    params = json_pack("{s:{s:s, s:i}}", "request", "syncMarker", text, "syncMarkerLimit",
                       (int)(request->limit < LIMIT_MAX ? request->limit : LIMIT_MAX));
    if (params == NULL) {
        call_no_memory(m, err);
        goto out;
    }
    if (call_soap(m, &op_get_relations, params, NULL, &answer, err) != 0)
        goto out;
    json_array_foreach(call_list(answer, "relationList"), i, relation) {
        const char *number = call_text(relation, "relationNumber");
        int64_t marker = call_number(relation, "syncMarker");

        if (number == NULL) {
            m->host->fail(err, KOPPEL_E_RETRY, "getRelations: a relation without number came back");
            goto out;
        }
        if (marker > highest)
            highest = marker;
        if (m->host->emit(out, number, marker, json_incref(relation), err) != 0)
            goto out;
    }
    rc = call_batch_end(m, out, request->cursor, asked, highest, err);
out:
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* Equal but for white space around and the case of ASCII letters. The service's own search is
 * partial unless it is told otherwise, and old versions may ignore being told. */
static bool same_email(const char *a, const char *b)
{
    size_t n, k;

    a += strspn(a, " \t");
    b += strspn(b, " \t");
    for (n = strlen(a); n > 0 && (a[n - 1] == ' ' || a[n - 1] == '\t'); n--)
        ;
    for (k = strlen(b); k > 0 && (b[k - 1] == ' ' || b[k - 1] == '\t'); k--)
        ;
    return n == k && strncasecmp(a, b, n) == 0;
}

static int find_one(struct mplus *m, bool by_email, const char *key, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    json_t *params, *answer = NULL, *relation;
    const char *number, *email;
    int rc;

    if (by_email ? key[strspn(key, " \t")] == '\0'
                 : !call_is_number(key) || strcmp(key, "0") == 0)
        return 0; /* nothing to look for */
    params = by_email ? json_pack("{s:{s:{s:s}, s:b}}", "request", "relation", "email", key,
                                  "exactMatch", 1)
                      : json_pack("{s:s}", "relationNumber", key);
    if (params == NULL)
        return call_no_memory(m, err);
    rc = call_soap(m, by_email ? &op_find_relation : &op_get_relation, params, NULL, &answer, err);
    json_decref(params);
    relation = json_object_get(answer, "relation");
    number = call_text(relation, "relationNumber");
    email = call_text(relation, "email");
    if (rc == 0 && number != NULL &&
        (by_email ? email != NULL && same_email(email, key) : strcmp(number, key) == 0))
        rc = m->host->result_found(out, index, number, json_incref(relation), err);
    json_decref(answer);
    return rc;
}

int relations_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    bool by_email = strcmp(request->match, "email") == 0;
    uint32_t i;

    if (!by_email && strcmp(request->match, "relationNumber") != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "relations cannot be found by %s", request->match);
    for (i = 0; i < request->count; i++) {
        if (find_one(m, by_email, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}

static int write_one(struct mplus *m, uint32_t verb, const struct koppel_write_item *item,
                     uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    bool create = verb == KOPPEL_VERB_CREATE;
    json_t *relation = json_copy(item->record), *params, *answer = NULL;
    const char *number = item->id;
    int rc = 0;

    if (relation != NULL && !create)
        rc = json_object_set_new(relation, "relationNumber", json_string(number));
    params = relation != NULL ? json_pack("{s:o}", "relation", relation) : NULL;
    if (params == NULL || rc != 0) {
        json_decref(params);
        return call_no_memory(m, err);
    }
    rc = call_soap(m, create ? &op_create_relation : &op_update_relation, params, item->job,
                   &answer, err);
    json_decref(params);
    if (rc != 0)
        return -1;
    if (create)
        number = call_text(answer, "relationNumber");
    if (number == NULL || strcmp(number, "0") == 0)
        rc = m->host->fail(err, KOPPEL_E_UNSURE, "createRelation: the answer holds no number");
    else
        rc = m->host->result_done(out, index, number, json_incref(answer), err);
    json_decref(answer);
    return rc;
}

int relations_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    uint32_t i;

    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check a relation without storing it");
    if (request->verb != KOPPEL_VERB_CREATE && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA has no way to remove a relation; set active to false");
    for (i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];

        if (request->verb == KOPPEL_VERB_UPDATE &&
            (item->id == NULL || !call_is_number(item->id)))
            m->host->result_error(out, i, KOPPEL_E_REJECTED,
                                  "\"%s\" is no relation number", item->id != NULL ? item->id : "");
        else if (write_one(m, request->verb, item, i, out, err) != 0)
            return -1;
    }
    return 0;
}
