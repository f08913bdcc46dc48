/* SPDX-License-Identifier: MIT
 * A message of the peer, handed to the connector. */
#include "connection/connection_receive.h"

#include "connection/able.h"
#include "connection/instance.h"

int connection_receive(struct connection *c, const struct koppel_receive_request *request,
                       struct koppel_batch *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct koppel_subscription subscription = *request->subscription;
    struct koppel_receive_request full = *request;
    struct instance_call call;
    const struct cat_entity *e = able_entity(c, subscription.entity, CAN_RECEIVE, "receive", err);
    if (!e)
        return -1;
    full.struct_size = sizeof full;
    full.subscription = &subscription;
    subscription.struct_size = sizeof subscription;
    if (!full.body) {
        full.body = "";
        full.body_bytes = 0;
    }
    *out = (struct koppel_batch){
        .plugin = c->conf->plugin->entry.name, .key_field = able_key_field(e), .unended = true};
    int rc = instance_begin(c, "receive", e->name, trace, &call, &why);
    if (rc == 0) {
        rc = c->conf->plugin->connector.receive(call.instance->self, &full, out, &why);
        if (rc == 0 && out->misuse.kind) {
            why = out->misuse;
            rc = -1;
        }
        rc = instance_end(&call, rc, &why);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}
