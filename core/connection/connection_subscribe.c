/* SPDX-License-Identifier: MIT
 * Asks the peer to tell of changes, and to stop telling. */
#include "connection/connection_subscribe.h"

#include <stdlib.h>
#include <string.h>

#include "connection/able.h"
#include "connection/instance.h"
#include "connection/results.h"

int connection_subscribe(struct connection *c, const struct koppel_subscription *what, char **id,
                         struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct koppel_subscription full = *what;
    struct koppel_results results;
    struct instance_call call;
    const char *plugin = c->conf->plugin->entry.name;
    full.struct_size = sizeof full;
    *id = NULL;
    if (!able_entity(c, what->entity, CAN_RECEIVE, "receive", err))
        return -1;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    results.plugin = plugin;
    int rc = instance_begin(c, "subscribe", what->entity, NULL, &call, &why);
    if (rc == 0) {
        struct result_entry *e = &results.entries[0];
        rc = c->conf->plugin->connector.subscribe(call.instance->self, &full, &results, &why);
        if (rc == 0 && e->err.kind) {
            why = e->err;
            rc = -1;
        }
        const char *given = e->done && e->hit_count > 0 ? e->hits[0].id : NULL;
        if (rc == 0 && !given)
            rc = err_reason(&why, KOPPEL_E_UNSURE, "plugin.no_id",
                            "connector %s: subscribe gave no id", plugin);
        if (rc == 0 && !(*id = strdup(given)))
            rc = err_set(&why, KOPPEL_E_RETRY, "out of memory");
        rc = instance_end(&call, rc, &why);
    }
    results_done(&results);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_subscribe_end(struct connection *c, const struct koppel_subscription *what,
                             struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct koppel_subscription full = *what;
    struct instance_call call;
    full.struct_size = sizeof full;
    if (!able_entity(c, what->entity, CAN_RECEIVE, "receive", err))
        return -1;
    int rc = instance_begin(c, "unsubscribe", what->entity, NULL, &call, &why);
    if (rc == 0)
        rc = instance_end(&call, c->conf->plugin->connector.unsubscribe(call.instance->self, &full,
                                                                        &why), &why);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
