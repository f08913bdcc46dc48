/* SPDX-License-Identifier: MIT
 * Records by their keys; see fetch.h. */
#include "fetch.h"

#include "place.h"
#include "read.h"
#include "since.h"

static int fetch_one(struct rest *r, const json_t *entity, const json_t *options, const char *id,
                     struct koppel_batch *out, struct koppel_error *err)
{
    const json_t *call = rest_call(entity, "fetch");
    struct request q = {.call = call, .entity = koppel_get_text(entity, "name", ""),
                        .name = "fetch", .method = "GET", .one = true};
    struct vars v = VARS_NONE;
    struct answer a;
    v.id = id;
    v.options = options;
    int rc = request_run(r, &q, &v, &a, err);
    if (rc > 0)
        return r->host->emit_gone(out, id, 0, err);
    if (rc < 0)
        return -1;
    const char *place = koppel_get_text(call, "record", "");
    const json_t *row = place_get(a.json, place);
    if (json_is_array(row) && json_array_size(row) == 0)
        rc = r->host->emit_gone(out, id, 0, err); /* a list of what was asked for: none is there */
    else if (json_is_array(row))
        rc = read_emit(r, entity, NULL, json_array_get(row, 0), id, out, err);
    else if (json_is_object(row))
        rc = read_emit(r, entity, since_of(rest_call(entity, "read")), row, id, out, err);
    else
        rc = r->host->fail(err, KOPPEL_E_RETRY, "%s: the answer has no record%s%s", q.what,
                           *place ? " at " : "", place);
    answer_done(r, &a);
    return rc;
}

int fetch_records(struct rest *r, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    const json_t *entity = rest_entity(r, request->entity);
    for (uint32_t i = 0; i < request->count; i++) {
        if (fetch_one(r, entity, request->options, request->ids[i], out, err) != 0)
            return -1;
    }
    return 0;
}
