/* SPDX-License-Identifier: MIT
 * What a running engine answers from. */
#include "service/service_engine.h"

/* Without a faultless configuration there is nothing to be asked but the store. */
static int refuse(struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, "engine.safe", "the engine is in safe mode, as the "
                      "configuration has mistakes: koppel status lists them; mend them, then run: "
                      "koppel reload");
}

static int take(void *arg, const struct service_row *row, struct service *s,
                struct koppel_error *err)
{
    struct service_engine *from = arg;
    struct engine *e = from->engine;
    if (row->need == SERVICE_NAMES)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_DENIED,
                          "%s is for the command line: it reads or writes files", row->name);
    struct generation *g = engine_hold(e);
    if (!g->conf->whole && row->need >= SERVICE_CONF) {
        engine_let_go(e, g);
        return refuse(err);
    }
    *s = (struct service){.dir = g->conf->dir, .plugins = from->plugins, .conf = g->conf,
                          .whole = g->conf->whole, .store = e->store, .engine = e, .serves = true,
                          .held = g};
    return 0;
}

static void give(void *arg, struct service *s)
{
    struct service_engine *from = arg;
    engine_let_go(from->engine, s->held);
}

struct service_source service_engine_source(struct service_engine *e)
{
    return (struct service_source){take, give, e};
}
