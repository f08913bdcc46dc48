/* SPDX-License-Identifier: MIT
 * What a running engine answers from. */
#include "service/service_engine.h"

static int take(void *arg, const struct service_row *row, struct service *s,
                struct koppel_error *err)
{
    struct service_engine *e = arg;
    if (row->need == SERVICE_NAMES)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED,
                          "%s is for the command line: it reads or writes files", row->name);
    *s = (struct service){.dir = e->engine->conf->dir, .plugins = e->plugins,
                          .conf = e->engine->conf, .whole = true, .store = e->engine->store,
                          .engine = e->engine, .serves = true};
    return 0;
}

static void give(void *arg, struct service *s)
{
    (void)arg;
    (void)s;
}

struct service_source service_engine_source(struct service_engine *e)
{
    return (struct service_source){take, give, e};
}
