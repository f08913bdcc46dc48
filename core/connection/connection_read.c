/* SPDX-License-Identifier: MIT
 * One page of records. */
#include "connection/connection_read.h"

#include "connection/able.h"
#include "connection/instance.h"

/* What the plugin did with the batch beside failing. */
static int check_batch(const struct connection *c, const char *entity,
                       const struct koppel_batch *out, struct koppel_error *err)
{
    if (out->misuse.kind) {
        *err = out->misuse;
        return -1;
    }
    if (out->next_cursor)
        return 0;
    return err_reason(err, KOPPEL_E_BUG, "plugin.no_end",
                      "connector %s: read of %s did not call batch_end",
                      c->conf->plugin->entry.name, entity);
}

int connection_read(struct connection *c, const struct koppel_read_request *request,
                    struct koppel_batch *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct koppel_read_request full = *request;
    struct instance_call call;
    const struct cat_entity *e = able_entity(c, request->entity, CAN_READ, "read", err);
    if (!e)
        return -1;
    if (full.page && !e->numbered)
        return err_set(err, KOPPEL_E_BUG, "connection %s: the pages of \"%s\" have no numbers",
                       c->conf->name, e->name);
    uint32_t most = (uint32_t)e->batch_read;
    full.struct_size = sizeof full;
    full.limit = full.limit > 0 && full.limit < most ? full.limit : most;
    full.options = request->options ? json_incref(request->options) : json_object();
    if (!full.options)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    *out = (struct koppel_batch){.plugin = c->conf->plugin->entry.name,
                                 .key_field = able_key_field(e)};
    int rc = instance_begin(c, "read", e->name, trace, &call, &why);
    if (rc == 0) {
        rc = c->conf->plugin->connector.read(call.instance->self, &full, out, &why);
        if (rc == 0)
            rc = check_batch(c, e->name, out, &why);
        rc = instance_end(&call, rc, &why);
    }
    json_decref(full.options);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
