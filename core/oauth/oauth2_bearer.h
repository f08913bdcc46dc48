/* SPDX-License-Identifier: MIT
 * An access token that several requests use at a time. */
#ifndef KOPPEL_OAUTH_OAUTH2_BEARER_H
#define KOPPEL_OAUTH_OAUTH2_BEARER_H

#include "base/secret.h"

struct oauth2_bearer;

/* Frees a token and looks for it in texts no more; takes NULL. */
void oauth2_bearer_forget(struct secret *token);

/* Takes the masked token over in every case. NULL: no memory. */
struct oauth2_bearer *oauth2_bearer_new(struct secret *token);
struct oauth2_bearer *oauth2_bearer_ref(struct oauth2_bearer *b);
/* Borrowed; good until the bearer is dropped. */
const struct secret *oauth2_bearer_secret(const struct oauth2_bearer *b);
/* Gives a reference back; takes NULL. */
void oauth2_bearer_drop(struct oauth2_bearer *b);

#endif
