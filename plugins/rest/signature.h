/* SPDX-License-Identifier: MIT
 * Signatures of messages: HMAC over what a description says is signed. */
#ifndef PLUGINS_REST_SIGNATURE_H
#define PLUGINS_REST_SIGNATURE_H

#include "template.h"

/* Adds the signature as its header has it. sign: the description's; v: with body. -1 and err. */
int signature_make(struct rest *r, const json_t *sign, const struct vars *v, struct text *out,
                   struct koppel_error *err);

#endif
