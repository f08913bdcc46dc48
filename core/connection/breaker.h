/* SPDX-License-Identifier: MIT
 * The circuit of a connection, shared by all its flows and threads.
 *
 * Closed: calls go. It opens when the peer as a whole fails: several calls in a row, without a
 * success in between, that found nobody (refused, no answer, 502, 503, 504, a page in place of an
 * answer), or one that was asked to come back later. Open: nobody calls until the rest is over.
 * Half-open: exactly one call goes; it closes the circuit, or doubles the rest.
 *
 * A record that the peer refuses does not open it. Refusals are counted here too, so that a flow
 * can tell one bad record from a peer that refuses everything. */
#ifndef KOPPEL_CONNECTION_BREAKER_H
#define KOPPEL_CONNECTION_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define BREAKER_OPENS_AFTER 3                 /* failed calls in a row */
#define BREAKER_REST_FIRST_MS 500             /* doubled up to */
#define BREAKER_REST_MAX_MS (60 * 1000)       /* this; a random half of it is kept */
#define BREAKER_ASKED_MAX_MS (60 * 60 * 1000) /* Retry-After is obeyed up to here */

enum breaker_phase { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };

struct breaker_state {
    enum breaker_phase phase;
    int failures;            /* calls that failed in a row */
    int refused;             /* records refused alike since one was accepted */
    int64_t since_ms;        /* when it opened, ms since 1970 UTC; 0: it is closed */
    int64_t retry_in_ms;     /* what is left of the rest; 0: due, or closed */
    struct koppel_error why; /* the last failure; kind 0: none since the peer answered */
};

struct breaker;

/* Hears that it opened (why: the failure), or closed again (NULL). Called under the circuit's lock:
 * it calls nothing of connections. */
typedef void breaker_listener(void *arg, const char *name, const struct koppel_error *why);

struct breaker *breaker_new(const char *name); /* name: the connection's. NULL: no memory */
void breaker_free(struct breaker *b);
/* Before its first call. */
void breaker_listen(struct breaker *b, breaker_listener *listen, void *arg);

/* 0: a call may go (or be tried); > 0: how long the rest still takes. */
int64_t breaker_wait_ms(struct breaker *b);
/* May this caller call now? Closed: always. Open and due: for one caller, who tells the outcome
 * with one of the three below; else false. */
bool breaker_try(struct breaker *b);
/* The peer answered, were it with a refusal of one record. true: a rest is over by that; a call
 * that began before it, or a probe, says nothing of a peer that asked for time. */
bool breaker_worked(struct breaker *b);
/* A call failed in any way. > 0: a rest of so many ms begins. */
int64_t breaker_failed(struct breaker *b, const struct koppel_error *err);
/* Another host leaves the peer alone for so long (reason: what the peer said there); this one does
 * too. It is told of its own rests as well, which end when they do. */
void breaker_rest(struct breaker *b, int64_t ms, const char *reason);
/* No call was made after all, or its outcome says nothing of the peer. */
void breaker_untried(struct breaker *b);
/* Does the error speak of the peer as a whole? */
bool breaker_is_down(const struct koppel_error *err);

/* A record was written: refusals are counted anew. */
void breaker_accepted(struct breaker *b);
/* The peer refused this record; gives how many distinct keys it has refused alike (same reason, or
 * same words where there is none) since one was accepted, 64 at most. */
int breaker_refused(struct breaker *b, const char *key, const struct koppel_error *err);

/* Sleeps until a call may go or be tried: true; or until stopping(arg) says so: false. It is asked
 * at the start and after each breaker_wake; never polled. */
bool breaker_wait(struct breaker *b, bool (*stopping)(void *arg), void *arg);
/* Lets everybody who sleeps ask again whether to stop. */
void breaker_wake(struct breaker *b);

void breaker_look(struct breaker *b, struct breaker_state *out);

#endif
