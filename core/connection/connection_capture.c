/* SPDX-License-Identifier: MIT
 * A write that gets as far as the host. */
#include "connection/connection_capture.h"

#include "connection/able.h"
#include "connection/instance.h"
#include "connection/results.h"

static int write_one(struct connection *c, const struct koppel_write_request *request,
                     json_t *requests, json_t *trace, struct koppel_error *err)
{
    struct koppel_results results;
    struct instance_call call;
    size_t before = json_array_size(requests);
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    results.plugin = c->conf->plugin->entry.name;
    int rc = instance_begin(c, "write", request->entity, trace, &call, err);
    if (rc == 0) {
        call.instance->ctx.captured = requests;
        rc = c->conf->plugin->connector.write(call.instance->self, request, &results, err);
        if (rc == 0 && results.entries[0].err.kind) {
            *err = results.entries[0].err;
            rc = -1;
        }
        /* what it made of the request that did not leave says nothing of the record */
        if (json_array_size(requests) > before) {
            *err = (struct koppel_error){0};
            rc = 0;
        }
        rc = instance_end(&call, rc, err);
    }
    results_done(&results);
    return rc;
}

int connection_capture(struct connection *c, const char *entity, uint32_t verb,
                       const struct koppel_write_item *item, json_t *requests, json_t *trace,
                       struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able_entity(c, entity, CAN_SHOW, "show", err);
    struct koppel_write_request request = {.struct_size = sizeof request,
                                           .verb = verb,
                                           .count = 1,
                                           .entity = entity,
                                           .items = &item};
    if (!e)
        return -1;
    int rc = write_one(c, &request, requests, trace, &why);
    if (rc != 0 && err)
        *err = why;
    return rc;
}
