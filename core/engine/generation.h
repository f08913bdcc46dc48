/* SPDX-License-Identifier: MIT
 * A generation: one loaded configuration with its connections. A reload makes a new one; runs that
 * are under way keep theirs. What a generation shares with the one before it, a connection that did
 * not change with its log-in, circuit and rate, is there once. */
#ifndef KOPPEL_ENGINE_GENERATION_H
#define KOPPEL_ENGINE_GENERATION_H

#include "config/conf.h"
#include "connection/connection.h"
#include "store/store.h"

struct generation_link;

struct generation {
    struct generation *next; /* this and refs are the engine's: its list, and who uses it */
    int refs;
    const struct conf *conf; /* only names where it is not whole */
    struct connection **connections; /* in the order of conf->connections */
    struct generation_link **links;  /* in the same order; this file's */
    struct generation_root *root;    /* this file's */
};

/* Takes conf over, also on failure. before (may be NULL): what may be shared. listen (may be NULL)
 * hears of a connection's circuit, see breaker_listen; of those that are shared their first
 * generation's does. NULL and err. */
struct generation *generation_new(struct conf *conf_take, struct store *store,
                                  const struct generation *before, breaker_listener *listen,
                                  void *arg, struct koppel_error *err);
/* Closes what nobody else shares; a plugin may be called. Takes NULL. */
void generation_free(struct generation *g);

/* The connection of a struct conf_connection of this generation; NULL: it is another's. */
struct connection *generation_connection(const struct generation *g,
                                         const struct conf_connection *conf);
/* Is this flow of one generation, with all that it depends on, what the flow of that name is in the
 * other? */
bool generation_same_flow(const struct generation *a, const struct conf_flow *flow,
                          const struct generation *b);
/* Does this flow bring the sales that hold that one's records? Both of one configuration. */
bool generation_feeds(const struct conf_flow *order, const struct conf_flow *stock);
/* Enabled, and of a configuration without mistakes: it may be run at its interval. NULL: there is
 * none of this name. */
const struct conf_flow *generation_enabled(const struct generation *g, const char *flow);

#endif
