/* SPDX-License-Identifier: MIT
 * Does the peer answer, and does it know us? */
#include "connection/connection_probe.h"

#include "connection/instance.h"

int connection_probe(struct connection *c, struct koppel_list *facts, json_t *trace,
                     struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct instance_call call;
    int rc = instance_begin(c, "probe", NULL, trace, &call, &why);
    if (rc == 0)
        rc = instance_end(&call, c->conf->plugin->connector.probe(call.instance->self, facts, &why),
                          &why);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
