/* SPDX-License-Identifier: MIT
 * What a core customer must satisfy, on its own or inside of a document. */
#ifndef KOPPEL_MODEL_CUSTOMER_H
#define KOPPEL_MODEL_CUSTOMER_H

#include <jansson.h>

#include "base/err.h"
#include "model/facts.h"

/* The country becomes two letters, that of the home setting where there is none. Names of blanks
 * only are none. An IBAN whose check digits are wrong is told at the field; it is sent, left out or
 * parks by settings.wrong_iban. where: "customer." inside of a document. Reason: "field.wrong". */
int customer_complete(json_t *customer, const char *where, const struct model_facts *facts,
                      struct koppel_error *err);

#endif
