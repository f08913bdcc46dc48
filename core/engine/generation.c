/* SPDX-License-Identifier: MIT
 * Configurations that follow one another, and the connections that outlive them.
 *
 * A connection points into the configuration that it was made of, so it keeps that one for as long
 * as it lives; a configuration of which nothing is used any more goes. */
#include "engine/generation.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour/behaviour.h"

/* A configuration, and how many generations and connections point into it. */
struct generation_root {
    atomic_int refs;
    struct conf *conf;
};

/* A connection, how many generations it belongs to, and the configuration it was made of. */
struct generation_link {
    atomic_int refs;
    struct connection *connection;
    struct generation_root *root;
};

static void root_drop(struct generation_root *root)
{
    if (atomic_fetch_sub(&root->refs, 1) > 1)
        return;
    conf_free(root->conf);
    free(root);
}

static void link_drop(struct generation_link *link)
{
    if (!link || atomic_fetch_sub(&link->refs, 1) > 1)
        return;
    connection_free(link->connection);
    root_drop(link->root);
    free(link);
}

/* ---- what is the same ---- */

/* Secrets come from elsewhere, so that a file that is as it was may bring another one. */
static bool same_secrets(const struct conf_connection *a, const struct conf_connection *b)
{
    for (int i = 0; i < a->setting_count; i++) {
        const struct secret *x = a->settings[i].secret, *y = b->settings[i].secret;
        if (!x != !y)
            return false;
        if (x && (secret_bytes(x) != secret_bytes(y) ||
                  sodium_memcmp(secret_text(x), secret_text(y), secret_bytes(x)) != 0))
            return false;
    }
    return true;
}

static bool same_connection(const struct conf_connection *a, const struct conf_connection *b)
{
    return a && b && a->plugin == b->plugin && strcmp(a->version, b->version) == 0 &&
           a->setting_count == b->setting_count && same_secrets(a, b);
}

/* The link of that connection, where it is unchanged; NULL: it is not. */
static struct generation_link *shared(const struct generation *before,
                                      const struct conf_connection *conf)
{
    const struct conf_connection *was = before ? conf_connection(before->conf, conf->name) : NULL;
    /* a connection that was kept was made of an older configuration, which was equal */
    return same_connection(was, conf) ? before->links[was - before->conf->connections] : NULL;
}

bool generation_feeds(const struct conf_flow *order, const struct conf_flow *stock)
{
    return behaviour_for(stock->model)->held && behaviour_for(order->model)->sells &&
           order->from == stock->to && order->to == stock->from && !order->cannot;
}

/* What holds a flow's records decides with it. */
static bool same_feeders(const struct generation *a, const struct conf_flow *flow,
                         const struct generation *b, const struct conf_flow *there)
{
    int count = 0;
    for (int i = 0; i < a->conf->flow_count; i++) {
        const struct conf_flow *x = &a->conf->flows[i], *y = conf_flow(b->conf, x->name);
        if (!generation_feeds(x, flow))
            continue;
        if (!y || !generation_feeds(y, there) || x->enabled != y->enabled ||
            strcmp(x->version, y->version) != 0)
            return false;
        count++;
    }
    for (int i = 0; i < b->conf->flow_count; i++)
        count -= generation_feeds(&b->conf->flows[i], there);
    return count == 0;
}

bool generation_same_flow(const struct generation *a, const struct conf_flow *flow,
                          const struct generation *b)
{
    const struct conf_flow *there = a->conf->whole && b->conf->whole
                                        ? conf_flow(b->conf, flow->name) : NULL;
    return there && strcmp(flow->version, there->version) == 0 &&
           generation_connection(a, flow->from) == generation_connection(b, there->from) &&
           generation_connection(a, flow->to) == generation_connection(b, there->to) &&
           same_feeders(a, flow, b, there);
}

const struct conf_flow *generation_enabled(const struct generation *g, const char *flow)
{
    const struct conf_flow *found = g->conf->whole ? conf_flow(g->conf, flow) : NULL;
    return found && found->enabled ? found : NULL;
}

struct connection *generation_connection(const struct generation *g,
                                         const struct conf_connection *conf)
{
    const struct conf *c = g->conf;
    return conf >= c->connections && conf < c->connections + c->connection_count
               ? g->connections[conf - c->connections] : NULL;
}

/* ---- making and ending ---- */

static struct generation_link *make(const struct conf_connection *conf, struct store *store,
                                    struct generation_root *root, struct koppel_error *err)
{
    struct generation_link *link = calloc(1, sizeof *link);
    if (!link) {
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    link->connection = connection_new(conf, store, err);
    if (!link->connection) {
        free(link);
        return NULL;
    }
    atomic_init(&link->refs, 1);
    link->root = root;
    atomic_fetch_add(&root->refs, 1);
    return link;
}

struct generation *generation_new(struct conf *conf_take, struct store *store,
                                  const struct generation *before, breaker_listener *listen,
                                  void *arg, struct koppel_error *err)
{
    int count = conf_take->connection_count;
    struct generation *g = calloc(1, sizeof *g);
    struct generation_root *root = calloc(1, sizeof *root);
    if (!g || !root) {
        free(g);
        free(root);
        conf_free(conf_take);
        err_set(err, KOPPEL_E_BUG, "out of memory");
        return NULL;
    }
    *root = (struct generation_root){.conf = conf_take};
    atomic_init(&root->refs, 1);
    g->root = root;
    g->conf = conf_take;
    g->links = calloc((size_t)count + 1, sizeof *g->links);
    g->connections = calloc((size_t)count + 1, sizeof(struct connection *));
    int rc = g->links && g->connections ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
    for (int i = 0; i < count && rc == 0; i++) {
        const struct conf_connection *conf = &conf_take->connections[i];
        struct generation_link *link = shared(before, conf);
        if (link)
            atomic_fetch_add(&link->refs, 1);
        else if ((link = make(conf, store, root, err)) && listen)
            breaker_listen(connection_breaker(link->connection), listen, arg);
        g->links[i] = link;
        g->connections[i] = link ? link->connection : NULL;
        rc = link ? 0 : -1;
    }
    if (rc == 0)
        return g;
    generation_free(g);
    return NULL;
}

void generation_free(struct generation *g)
{
    if (!g)
        return;
    for (int i = 0; g->links && i < g->conf->connection_count; i++)
        link_drop(g->links[i]);
    free(g->links);
    free(g->connections);
    root_drop(g->root);
    free(g);
}
