/* SPDX-License-Identifier: MIT
 * The pool of a connection's instances, and one call of a connector from beginning to end.
 *
 * An instance is borrowed for one call, by one thread at a time; the trace of the call hangs on its
 * context. Instances are opened when first needed, at most `concurrency` of them. */
#ifndef KOPPEL_CONNECTION_INSTANCE_H
#define KOPPEL_CONNECTION_INSTANCE_H

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "connection/call.h"
#include "connection/connection.h"
#include "connection/host_log.h"
#include "http/http_exchange.h"
#include "plugin/plugins.h"

#define INSTANCE_OWN_MS 60000 /* what a call may take of its own where no time-out is set */

struct koppel_context {
    struct connection *connection; /* NULL for transforms */
    const struct plugin *plugin;
    const struct conf_home *home;  /* of a transform; NULL: unknown. A connection has its own */
    json_t *trace;                 /* of the call under way; NULL: not wanted */
    /* Array: requests that change something go there, and no further; NULL: they go out. */
    json_t *captured;
    struct http_leave *leave; /* of a write that a lease stands behind; NULL: it may leave */
    char *skipped;                 /* record(): why it is left out; NULL: not said */
    void *prepared;                /* convert(), record(): what prepare() made; NULL: nothing */
};

struct instance {
    struct koppel_context ctx;
    void *self;
    bool opened, busy;
};

/* What the instances share (host->shared_set). */
struct shared_value {
    char *name;
    json_t *value;
    int64_t until_ms; /* monotonic; 0: for ever */
    struct shared_value *next;
};

struct connection {
    const struct conf_connection *conf;
    struct store *store;
    struct http *http;
    struct oauth2 *oauth;
    struct breaker *breaker;
    pthread_mutex_t lock; /* guards what follows, but for cancelled */
    pthread_cond_t freed;
    struct instance *instances;
    int instance_count;
    int blocked; /* calls beyond their deadline */
    char blocked_call[256];
    struct shared_value *shared;
    struct host_log_said said;
    atomic_bool cancelled;
    atomic_bool misused;  /* a mistake of its plugin that belongs to no record was told */
    int64_t called_ms, answered_ms;
    atomic_llong certificate_noted; /* the end that stands in the note; 0: not looked */
    atomic_bool answered; /* a call has come back: what an earlier process noted is over */
};

/* One call under way: between instance_begin and instance_end one function of the plugin is called
 * with instance->self. */
struct instance_call {
    struct connection *connection;
    struct instance *instance;
    struct call call;
    int64_t begun_ns; /* monotonic */
    /* What an item's failure says of the peer, where the call itself did not fail; NULL: nothing.
     * Read by instance_end. */
    const struct koppel_error *of_items;
};

/* Asks the circuit, borrows an instance (waiting for one), opens it, takes the plugin's turn. -1
 * and err where one of these is not to be had. op and entity (may be NULL) are borrowed. */
int instance_begin(struct connection *c, const char *op, const char *entity, json_t *trace,
                   struct instance_call *out, struct koppel_error *err);
/* rc and err are the plugin's; tells the circuit, completes and masks err, gives the instance back.
 * Returns 0 or -1. */
int instance_end(struct instance_call *call, int rc, struct koppel_error *err);
/* Puts the connection's name before a text that does not begin with it: two tills look alike. */
void instance_name_error(const struct connection *c, struct koppel_error *err);
/* Closes every instance. */
void instance_free_all(struct connection *c);

#endif
