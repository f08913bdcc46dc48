/* SPDX-License-Identifier: MIT
 * The token endpoint. */
#ifndef KOPPEL_OAUTH_OAUTH2_CALL_H
#define KOPPEL_OAUTH_OAUTH2_CALL_H

#include "base/buf.h"
#include "oauth/oauth2_tokens.h"

#define OAUTH2_CALL_MS 30000 /* most time of one call */
#define OAUTH2_CALL_FORM_BYTES (64 * 1024)

/* Adds name=value, escaped. */
void oauth2_call_form_add(struct buf *form, const char *name, const char *value);
/* Posts the form, wiped afterwards and never traced. *grant_ended: the peer refused the grant. */
int oauth2_call_token(struct oauth2 *o, struct buf *form, struct oauth2_tokens *out,
                      bool *grant_ended, struct koppel_error *err);
/* A new token by the client's own credentials, in use afterwards. o->refreshing is held. */
int oauth2_call_credentials(struct oauth2 *o, struct koppel_error *err);

#endif
