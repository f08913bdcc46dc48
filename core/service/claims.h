/* SPDX-License-Identifier: MIT
 * The first user of the pages: whoever has the link that the engine wrote to its log, or a command
 * printed, makes it. The link works once, and for an hour. */
#ifndef KOPPEL_SERVICE_CLAIMS_H
#define KOPPEL_SERVICE_CLAIMS_H

#include "service/service.h"

#define CLAIMS_ADDRESS_NOTE "dashboard/address" /* where the pages are shown now */
#define CLAIMS_TOKEN_BYTES 33                   /* NUL included */

/* What browsers open, without a slash at its end: where the pages are shown now, or else would be.
 * malloc'd; NULL and err: nowhere. */
char *claims_address(struct service *s, struct koppel_error *err);
/* "ADDRESS/#WHAT=TOKEN"; null where the address is not known. */
json_t *claims_url(struct service *s, const char *what, const char *token);
/* A random token, and the digest under which one is kept (CLAIMS_DIGEST_BYTES). */
void claims_token(char token[CLAIMS_TOKEN_BYTES]);
#define CLAIMS_DIGEST_BYTES 65 /* as hex digits, NUL included */
void claims_digest(const char *token, char out[CLAIMS_DIGEST_BYTES]);

/* A new token, in the place of the one before. */
int claims_new(struct store *s, char token[CLAIMS_TOKEN_BYTES], struct koppel_error *err);
/* Uses the token up. KOPPEL_E_REJECTED "claim.wrong": it is another, too old or used; "claim.over":
 * there is a user. Of two at once one gets it. */
int claims_take(struct store *s, const char *token, struct koppel_error *err);

/* {}: {"url", "until"}: a new link. KOPPEL_E_REJECTED "claim.over"; SERVICE_NO_ENGINE where no
 * pages are shown. */
int claims_link(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

#endif
