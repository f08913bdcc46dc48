/* SPDX-License-Identifier: MIT
 * Look-ups, split at what the connector takes. */
#include "connection/connection_find.h"

#include <string.h>

#include "connection/able.h"
#include "connection/instance.h"
#include "connection/spread.h"

static int find_part(struct connection *c, const struct koppel_find_request *request,
                     struct koppel_results *part, json_t *trace, struct koppel_error *err)
{
    struct instance_call call;
    if (instance_begin(c, "find", request->entity, trace, &call, err) < 0)
        return -1;
    int rc = c->conf->plugin->connector.find(call.instance->self, request, part, err);
    if (rc == 0 && part->misuse.kind) {
        *err = part->misuse; /* a hit that belongs to another key may be missing at its own */
        rc = -1;
    }
    call.of_items = spread_down(part);
    return instance_end(&call, rc, err);
}

int connection_find(struct connection *c, const char *entity, const char *match,
                    const char *const *keys, json_t *const *records, int count,
                    struct koppel_results *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able_entity(c, entity, CAN_FIND, "find", err);
    int rc = 0;
    if (!e)
        return -1;
    if (!catalogue_finds(e, match) || count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot find by \"%s\"",
                       c->conf->name, entity, match);
    for (int at = 0; rc == 0 && at < count; at += e->batch_find) {
        int n = count - at < e->batch_find ? count - at : e->batch_find;
        struct koppel_results part = {.entries = out->entries + at, .count = (uint32_t)n,
                                      .plugin = c->conf->plugin->entry.name};
        struct koppel_find_request request = {
            .struct_size = sizeof request,
            .count = (uint32_t)n,
            .entity = entity,
            .match = match,
            .keys = keys + at,
            .records = records ? records + at : NULL,
        };
        why = (struct koppel_error){0};
        rc = find_part(c, &request, &part, trace, &why);
        if (rc < 0 && n < count)
            rc = spread_failure(&part, &why);
        spread_names(c, &part);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}
