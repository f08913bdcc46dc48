/* SPDX-License-Identifier: MIT
 * Records by id; see fetch.h. What they refer to is looked up anew: somebody may have mended it. */
#include "fetch.h"

#include "find.h"
#include "orders.h"
#include "read.h"
#include "records.h"

static int fetch_one(struct asperion *a, const struct entity_use *u, const json_t *options,
                     const char *id, struct koppel_batch *out, struct koppel_error *err)
{
    struct find_rows found;
    if (find_rows(a, u, records_wire(u->fields, "id"), id, 0, &found, err) != 0)
        return -1;
    int rc = 0;
    if (json_array_size(found.list) > 0)
        rc = read_emit(a, u, options, json_array_get(found.list, 0), found.place, out, err);
    else if (!*found.place)
        rc = a->host->emit_gone(out, id, 0, err);
    else
        rc = 1;
    if (rc > 0)
        rc = a->host->emit_unreadable(out, id, 0, found.raw ? found.raw : "", found.raw_bytes,
                                      found.place, err);
    find_rows_done(&found);
    return rc;
}

int fetch_records(struct asperion *a, const struct koppel_fetch_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    struct entity_use u;
    if (entity_use(a, request->entity, &u, err) != 0)
        return -1;
    if (!u.kind->read_what)
        return a->host->fail(err, KOPPEL_E_BUG, "%s: is not read", u.kind->name);
    orders_forget(a);
    if (u.kind->parties && orders_begin_page(a, err) != 0)
        return -1;
    for (uint32_t i = 0; i < request->count; i++) {
        if (fetch_one(a, &u, request->options, request->ids[i], out, err) != 0)
            return -1;
    }
    return 0;
}
