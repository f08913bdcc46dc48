/* SPDX-License-Identifier: MIT
 * The connector against the vendor's published description. */
#include "connection/connection_verify.h"

#include "connection/instance.h"

int connection_verify(struct connection *c, const char *entity, struct koppel_list *out,
                      struct koppel_error *err)
{
    const struct koppel_connector *ops = &c->conf->plugin->connector;
    struct koppel_error why = {0};
    struct instance_call call;
    if (!ops->verify)
        return 0;
    int rc = instance_begin(c, "verify", entity, NULL, &call, &why);
    if (rc == 0)
        rc = instance_end(&call, ops->verify(call.instance->self, entity, out, &why), &why);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
