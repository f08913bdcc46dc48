/* SPDX-License-Identifier: MIT
 * A connection: one configured use of a connector.
 *
 * It owns the HTTP client, the login and the circuit, and hands out instances of the connector: one
 * caller at a time each, at most `concurrency` of them. What a connector can be asked stands in
 * connection_read.h, connection_find.h and their likes. Each of these calls
 *   - holds what is asked against the catalogue, and what is given against the border (border.h),
 *   - waits for a free instance and gives it back,
 *   - is refused with KOPPEL_E_RETRY, reason "circuit.open", while the circuit is open, and tells
 *     the circuit how it went (breaker.h); wait with breaker_wait() before a job's first call,
 *   - masks secrets in err and names the connection,
 *   - appends its exchanges to trace (may be NULL) as http_exchange does. */
#ifndef KOPPEL_CONNECTION_CONNECTION_H
#define KOPPEL_CONNECTION_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "catalogue/catalogue.h"
#include "config/conf.h"
#include "connection/breaker.h"
#include "http/http.h"
#include "store/store.h"

/* The note of a connection that a call does not come back from; its name stands behind. */
#define CONNECTION_BLOCKED "blocked/"
/* The note of the certificate that ends first of a connection's hosts: "2027-02-01T12:00:00Z HOST".
 */
#define CONNECTION_CERTIFICATE "certificate/"
/* Reason of a call that was not made, as the circuit is open. */
#define CONNECTION_CIRCUIT_OPEN "circuit.open"

struct connection;

/* store and conf are borrowed; store may be NULL where nothing logs in. No network. */
struct connection *connection_new(const struct conf_connection *conf, struct store *store,
                                  struct koppel_error *err);
void connection_free(struct connection *c);
const struct conf_connection *connection_conf(const struct connection *c);
struct http *connection_http(struct connection *c);
struct oauth2 *connection_oauth(struct connection *c); /* NULL where it has none */
struct breaker *connection_breaker(struct connection *c);

/* Stops what is under way, wakes who waits, and refuses the rest with KOPPEL_E_CANCELLED. */
void connection_cancel(struct connection *c);

/* How long after a request whose outcome nobody saw no other one may go to the same key: request
 * time-out + the setting `quiet` + the lag of the entity (or of the setting `lag`). */
int64_t connection_quiet_ms(const struct connection *c, const struct cat_entity *e);
/* How long a look-up of the entity may lag behind a write. */
int64_t connection_lag_ms(const struct connection *c, const struct cat_entity *e);

/* How it stands, in this process. */
struct connection_state {
    struct breaker_state circuit;
    /* When the last call ended, and the last that the peer answered, since 1970 UTC; 0: none
     * yet. */
    int64_t called_ms, answered_ms;
    int64_t certificate_ends_ms; /* 0: unknown; then the note tells what was seen before */
    char certificate_host[128];
    int blocked;            /* calls that are beyond their deadline */
    char blocked_call[256]; /* the oldest of them: plugin, call, since when; "" */
};
void connection_state(struct connection *c, struct connection_state *out);

#endif
