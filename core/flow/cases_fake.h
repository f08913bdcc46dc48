/* SPDX-License-Identifier: MIT
 * A record without the persons in it: what is personal is replaced by fakes of the same shape. */
#ifndef KOPPEL_FLOW_CASES_FAKE_H
#define KOPPEL_FLOW_CASES_FAKE_H

#include <jansson.h>

#include "base/secret.h"

/* A copy of source. Personal is what the get mapping makes a customer's or a delivery's name,
 * address, number or note of (explain: its rows, see map_recorder.h; may be NULL), what looks like
 * an e-mail address or IBAN, what stands under a name such as "phone", and wherever else such a
 * value stands. The same value gives the same fake wherever the key is the same, letters stay
 * letters, digits digits; an IBAN's check digits are right. NULL: no memory. */
json_t *cases_fake(const json_t *source, const json_t *explain, const struct secret *key);

#endif
