/* SPDX-License-Identifier: MIT
 * What the flows of a configuration ask of a connection. */
#include "connection/connection_needs.h"

#include <stdlib.h>

struct gather {
    struct connection_need *needs;
    int count, room;
};

static int add(struct gather *g, const struct cat_entity *e, const struct conf_flow *flow,
               bool read)
{
    if (!e)
        return 0;
    for (int i = 0; i < g->count; i++) {
        struct connection_need *n = &g->needs[i];
        if (n->entity != e || n->read != read)
            continue;
        if (flow->enabled && !n->flow->enabled)
            n->flow = flow;
        return 0;
    }
    if (g->count == g->room) {
        int room = g->room ? g->room * 2 : 16;
        struct connection_need *grown = realloc(g->needs, (size_t)room * sizeof *grown);
        if (!grown)
            return -1;
        g->needs = grown;
        g->room = room;
    }
    g->needs[g->count++] = (struct connection_need){e, flow, read};
    return 0;
}

/* The destination of a flow, and what its records need there first. */
static int add_destination(struct gather *g, const struct conf_flow *f)
{
    const struct cat_entity *dest = catalogue_entity(f->to->catalogue, f->to_entity);
    int rc = add(g, dest, f, false);
    for (int i = 0; dest && i < f->reference_count && rc == 0; i++) {
        const struct cat_reference *r = catalogue_reference(dest, f->references[i].name);
        if (r)
            rc = add(g, catalogue_entity(f->to->catalogue, r->entity), f, false);
    }
    return rc;
}

int connection_needs(const struct conf *conf, const struct conf_connection *connection,
                     struct connection_need **out)
{
    struct gather g = {0};
    int rc = 0;
    for (int i = 0; i < conf->flow_count && rc == 0; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if (f->from == connection)
            rc = add(&g, catalogue_entity(connection->catalogue, f->from_entity), f, true);
    }
    for (int i = 0; i < conf->flow_count && rc == 0; i++) {
        if (conf->flows[i].to == connection && !conf->flows[i].cannot)
            rc = add_destination(&g, &conf->flows[i]);
    }
    *out = g.needs;
    if (rc == 0)
        return g.count;
    free(g.needs);
    *out = NULL;
    return -1;
}
