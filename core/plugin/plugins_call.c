/* SPDX-License-Identifier: MIT
 * Makes calls of transforms' functions: look-up, arguments, and what the plugin prepares. */
#include "plugin/plugins_call.h"

#include <string.h>

#include "catalogue/catalogue_function.h"
#include "plugin/plugins_function.h"

const struct cat_function *plugins_call_function(const struct plugins_call *call)
{
    return call->plugin ? &call->plugin->catalogue->functions[call->function] : NULL;
}

static int prepare(struct plugins_call *call, struct koppel_error *err)
{
    const struct plugin *p = call->plugin;
    const char *name = plugins_call_function(call)->name;
    if (!p->transform.prepare)
        return 0;
    if (p->turn)
        pthread_mutex_lock(p->turn);
    int rc = p->transform.prepare(p->host, call->function, call->args, &call->prepared, err);
    if (p->turn)
        pthread_mutex_unlock(p->turn);
    if (rc == 0)
        return 0;
    call->prepared = NULL;
    if (!err->kind)
        return err_reason(err, KOPPEL_E_BUG, "plugin.no_reason",
                          "plugin %s, %s: it failed without a reason", p->entry.name, name);
    return err_prefix(err, "function \"%s\"", name);
}

int plugins_call_make(struct plugins *p, const char *name, const json_t *args,
                      struct plugins_call *out, struct koppel_error *err)
{
    struct koppel_error why = {0};
    int rc = plugins_function(p, name, &out->plugin, &out->function, &why);
    if (rc == 0)
        rc = catalogue_function_args(plugins_call_function(out), args, &out->args, &why);
    if (rc == 0)
        rc = prepare(out, &why);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

void plugins_call_done(struct plugins_call *call)
{
    if (call->prepared)
        call->plugin->transform.release(call->prepared);
    json_decref(call->args);
    memset(call, 0, sizeof *call);
}
