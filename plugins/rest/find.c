/* SPDX-License-Identifier: MIT
 * Exact look-ups; see find.h. What the system gives beside what was asked for is passed over, as
 * many systems search by words. */
#include "find.h"

#include <strings.h>

#include "place.h"
#include "record.h"
#include "request.h"

/* A hit of one of the keys. */
static int tell_row(struct rest *r, const json_t *entity,
                    const struct koppel_find_request *request, uint32_t from, uint32_t count,
                    const json_t *row, struct koppel_results *out, struct koppel_error *err)
{
    char id[REST_KEY_BYTES], value[1024], place[REST_PLACE_BYTES];
    const char *wire = record_wire(entity, request->match);
    if (!place_text(json_object_get(row, wire), NULL, value, sizeof value))
        return r->host->fail(err, KOPPEL_E_CONFIG, "%s.find: a record of the answer has no %s, so "
                             "nobody can tell whether it is the one that was asked for",
                             request->entity, wire);
    for (uint32_t i = from; i < from + count; i++) {
        if (strcasecmp(request->keys[i], value) != 0)
            continue;
        record_key(entity, row, id);
        if (!id[0])
            return r->host->fail(err, KOPPEL_E_RETRY, "%s.find: a record of the answer has no key",
                                 request->entity);
        json_t *record = record_take(entity, row, place);
        if (!record && !place[0])
            return rest_no_memory(r, err);
        if (!record)
            return r->host->fail(err, KOPPEL_E_RETRY, "%s.find: %s", request->entity, place);
        if (r->host->result_found(out, i, id, record, err) != 0)
            return -1;
    }
    return 0;
}

/* What the answer has at `place`; NULL and err: it does not say. An answer without it, as of
 * something in between, is not "not there": the record would be made a second time. */
static const json_t *found_at(struct rest *r, const struct request *q, const struct answer *a,
                              bool list, const char *place, struct koppel_error *err)
{
    const json_t *found = place_at(a->json, place);
    if (found && (json_is_null(found) || json_is_array(found) || (!list && json_is_object(found))))
        return found;
    r->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no %s%s%s", q->what,
                  list ? "list" : "record", *place ? " at " : "", place);
    return NULL;
}

/* One request for some of the keys. 1: a text of it takes one key alone. */
static int ask(struct rest *r, const json_t *entity, const json_t *call,
               const struct koppel_find_request *request, uint32_t from, uint32_t count,
               const struct vars *v, struct koppel_results *out, struct koppel_error *err)
{
    struct request q = {.call = call, .entity = request->entity, .name = "find", .method = "GET",
                        .one = true};
    struct answer a;
    const char *list = koppel_get_text(call, "list", NULL);
    const char *place = list ? list : koppel_get_text(call, "record", "");
    int rc = request_run(r, &q, v, &a, err);
    if (rc != 0)
        return rc < 0 ? -1 : count > 1 && r->misfit;
    const json_t *found = found_at(r, &q, &a, list != NULL, place, err);
    if (!found)
        rc = -1;
    else if (json_is_object(found))
        rc = tell_row(r, entity, request, from, count, found, out, err);
    for (size_t i = 0; rc == 0 && i < json_array_size(found); i++)
        rc = tell_row(r, entity, request, from, count, json_array_get(found, i), out, err);
    answer_done(r, &a);
    return rc;
}

/* All keys in one request: as a list in the body, with commas elsewhere. 1: they must be asked for
 * one by one, as a text wants a whole number. */
static int ask_all(struct rest *r, const json_t *entity, const json_t *call,
                   const struct koppel_find_request *request, struct koppel_results *out,
                   struct koppel_error *err)
{
    struct vars v = VARS_NONE;
    struct text joined = {0};
    json_t *values = json_array();
    for (uint32_t i = 0; i < request->count; i++) {
        text_puts(&joined, i ? "," : "");
        text_puts(&joined, request->keys[i]);
        json_array_append_new(values, json_string(request->keys[i]));
    }
    v.values = values;
    v.value = joined.data;
    int rc = joined.failed || json_array_size(values) != request->count
                 ? rest_no_memory(r, err)
                 : ask(r, entity, call, request, 0, request->count, &v, out, err);
    json_decref(values);
    text_done(&joined);
    return rc;
}

int find_records(struct rest *r, const struct koppel_find_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    const json_t *entity = rest_entity(r, request->entity);
    const json_t *call = json_object_get(rest_call(entity, "find"), request->match);
    bool comma = false;
    if (!call)
        return r->host->fail(err, KOPPEL_E_BUG, "%s: is not found by %s", request->entity,
                             request->match);
    for (uint32_t i = 0; i < request->count; i++)
        comma = comma || strchr(request->keys[i], ',');
    int all = koppel_get_bool(call, "many", 0) && !comma
                  ? ask_all(r, entity, call, request, out, err) : 1;
    if (all <= 0)
        return all;
    for (uint32_t i = 0; i < request->count; i++) {
        struct vars v = VARS_NONE;
        json_t *one = json_pack("[s]", request->keys[i]);
        v.value = request->keys[i];
        v.values = one;
        v.record = request->records ? request->records[i] : NULL;
        int rc = one ? ask(r, entity, call, request, i, 1, &v, out, err) : rest_no_memory(r, err);
        json_decref(one);
        if (rc != 0)
            return -1;
    }
    return 0;
}
