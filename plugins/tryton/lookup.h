/* SPDX-License-Identifier: MIT
 * Ids of what a record names by its code: accounts, countries, currencies. They are kept for a
 * while for all instances of the connection. */
#ifndef TRYTON_LOOKUP_H
#define TRYTON_LOOKUP_H

#include "rpc.h"

/* Each gives the id, or fails with KOPPEL_E_REJECTED and a reason that names what is missing. */
int lookup_account(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err);
int lookup_country(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err);
int lookup_currency(struct tryton *t, const char *code, int64_t *id, struct koppel_error *err);
/* The journal of the settings, or the first one of sales. */
int lookup_journal(struct tryton *t, int64_t *id, struct koppel_error *err);
/* The unit of the settings, or the piece. */
int lookup_unit(struct tryton *t, int64_t *id, struct koppel_error *err);

#endif
