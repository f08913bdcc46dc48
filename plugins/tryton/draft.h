/* SPDX-License-Identifier: MIT
 * Invoices before they are posted. */
#ifndef TRYTON_DRAFT_H
#define TRYTON_DRAFT_H

#include "rpc.h"

/* Makes a draft of the record; what Tryton fills in for a customer (address, account, payment term)
 * is asked of it. */
int draft_create(struct tryton *t, const json_t *record, int64_t *id, struct koppel_error *err);
/* Writes members of a draft; Tryton computes its taxes anew. refused, words: as in struct rpc. */
int draft_write(struct tryton *t, int64_t id, json_t *values_take, bool *refused,
                struct koppel_error *err);
/* A line as Tryton takes it; taxes: 0 none. New; NULL and err. */
json_t *draft_line(struct tryton *t, const json_t *line, int sequence, struct koppel_error *err);
int draft_delete(struct tryton *t, int64_t id, struct koppel_error *err);

#endif
