/* SPDX-License-Identifier: MIT
 * Koppel's records into what is sent to Asperion. */
#ifndef ASPERION_BODY_H
#define ASPERION_BODY_H

#include "records.h"

/* A new JSON object by the peer's names, decimals as text; read-only fields are left out. NULL and
 * err where a value does not fit its field, or a field is not in the catalogue. */
json_t *body_make(struct asperion *a, json_t *fields, const json_t *record,
                  struct koppel_error *err);
/* Takes from a row and from its lines what cannot be written, so that it can be sent back. */
void body_strip(json_t *fields, json_t *row);
/* The text to send: decimals are numbers with exactly the digits that they have here. raw: the row
 * as it came, whose members that the catalogue does not know go back as they were written there;
 * nothing: there is none. Freed by the caller; NULL: out of memory. */
char *body_text(json_t *fields, const json_t *body, struct answer_text raw);

#endif
