/* SPDX-License-Identifier: MIT
 * What a debtor of Koppel has beside the members of Asperion's: "kind", person or company by the
 * debtor kinds that the connection's settings name, and "street", the lines of its address in
 * one. */
#ifndef ASPERION_DEBTOR_H
#define ASPERION_DEBTOR_H

#include "api.h"

/* Whether a field of the catalogue is one of these, which the service does not know. */
bool debtor_own_field(const char *name);
/* Adds them to a record that was read. */
void debtor_shape(struct asperion *a, json_t *record);
/* A new record for what is sent: in Asperion's members, and with an account number only where the
 * setting wrong_iban lets it through. *left_out: it was left out. NULL and err. */
json_t *debtor_unshape(struct asperion *a, const json_t *record, bool *left_out,
                       struct koppel_error *err);
/* Takes an address out of a change that says the same as the debtor has in other lines. */
void debtor_keep_address(json_t *fields, const json_t *now, json_t *change);

#endif
