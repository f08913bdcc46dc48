// SPDX-License-Identifier: MIT
// Serves one vendor over HTTP: collects the request, applies the fault script and the
// latency, counts, and hands the request to the vendor's handler under its mutex.
#ifndef KOPPEL_SANDBOX_SERVER_H
#define KOPPEL_SANDBOX_SERVER_H

#include "sandbox.h"

struct server;

struct service {
    int (*handle)(void *state, const struct request *req, struct reply *reply);
    // Whether the request would change something.
    bool (*writes)(const struct request *req);
    // Fills the reply as the vendor says no, but with status 200.
    void (*problem)(struct reply *reply, const char *text);
    void *state;
    int port;             // 0: a free one
    struct server *other; // the till, when this serves the books: /_sandbox/reconcile compares
};

// Starts serving; NULL with a line on stderr when that fails.
struct server *server_start(const struct options *options, const struct service *service);
void server_stop(struct server *s);
int server_port(const struct server *s);

// Frees what the reply holds and empties it.
void reply_clear(struct reply *r);

// Appends a script to the faults still to come; false when it does not parse, and then
// nothing was appended.
bool server_faults(struct server *s, const char *script);

#endif
