/* SPDX-License-Identifier: MIT
 * The peer's own lists. */
#include "connection/connection_choices.h"

#include <string.h>

#include "connection/instance.h"

int connection_choices(struct connection *c, const char *list, struct koppel_list *out,
                       struct koppel_error *err)
{
    const struct koppel_connector *ops = &c->conf->plugin->connector;
    const struct catalogue *cat = c->conf->catalogue;
    struct koppel_error why = {0};
    struct instance_call call;
    bool known = false;
    for (int i = 0; i < cat->choice_count; i++)
        known = known || strcmp(cat->choices[i], list) == 0;
    if (!known || !ops->choices)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: no choice list \"%s\"", c->conf->name,
                       list);
    int rc = instance_begin(c, "choices", list, NULL, &call, &why);
    if (rc == 0)
        rc = instance_end(&call, ops->choices(call.instance->self, list, out, &why), &why);
    if (rc < 0 && err)
        *err = why;
    return rc;
}
