/* SPDX-License-Identifier: MIT
 * What goes over a connection to PostgreSQL: what was sent and not answered yet, and waiting for
 * answers. */
#ifndef KOPPEL_STORE_POSTGRES_WIRE_H
#define KOPPEL_STORE_POSTGRES_WIRE_H

#include "store/conn_postgres.h"

/* Remembers the first fault, and gives it out for every call until the transaction ends. result:
 * NULL where the connection failed. Returns -1. */
int postgres_wire_fail(struct conn_postgres *c, const PGresult *result,
                            struct koppel_error *err);
/* Until the socket is ready for these events of poll, or until a moment of clock_monotonic_ms: then
 * the connection counts as gone. */
int postgres_wire_wait(struct conn_postgres *c, int64_t until, short events,
                            struct koppel_error *err);
/* Something was sent: its end is to be seen. kind: of struct conn_postgres_sent. */
int postgres_wire_sent(struct conn_postgres *c, int kind, struct koppel_error *err);
/* A text without parameters, whose rows nobody wants. */
int postgres_wire_text(struct conn_postgres *c, const char *text, struct koppel_error *err);
/* Sees the ends of all that was sent. */
int postgres_wire_see(struct conn_postgres *c, struct koppel_error *err);
/* What is behind us is forgotten, so that a long transaction does not grow. */
void postgres_wire_forget(struct conn_postgres *c);
/* Up to the mark that ends what the server takes as one. */
int postgres_wire_sync(struct conn_postgres *c, struct koppel_error *err);
/* Frees all results. */
void postgres_wire_clear(struct conn_postgres *c);
void postgres_wire_close(struct conn_postgres *c);

#endif
