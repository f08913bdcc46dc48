/* SPDX-License-Identifier: MIT
 * A peer's limit and rests, shared with the other engines on the store. */
#include "connection/pace.h"

#include "connection/instance.h"
#include "store/store.h"

int pace_share(void *arg, int64_t interval_ns, int64_t least_ns, struct store_rate *out,
               struct koppel_error *err)
{
    struct connection *c = arg;
    if (!c->store) {
        *out = (struct store_rate){.count = 0};
        return 0;
    }
    return c->store->ops->rate(c->store, c->conf->name, interval_ns, least_ns, out, err);
}

void pace_look(struct connection *c)
{
    struct store_rest rest;
    int64_t ms = c->store ? c->store->ops->resting(c->store, c->conf->name, &rest) : 0;
    if (ms > 0)
        breaker_rest(c->breaker, ms, rest.reason);
}

void pace_tell(struct connection *c, bool answers_again, int64_t rest_ms, const char *reason)
{
    struct koppel_error ignored = {0}; /* the others find out by themselves */
    if (c->store && (answers_again || rest_ms > 0))
        (void)c->store->ops->rest(c->store, c->conf->name, rest_ms, reason, &ignored);
}
