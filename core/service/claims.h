/* SPDX-License-Identifier: MIT
 * The first user of the pages: whoever has the link that the engine wrote to its log, or a command
 * printed, makes it. The link works once, and for an hour. */
#ifndef KOPPEL_SERVICE_CLAIMS_H
#define KOPPEL_SERVICE_CLAIMS_H

#include "service/service.h"

#define CLAIMS_ADDRESS_NOTE "dashboard/address" /* where the pages are shown now */
#define CLAIMS_TOKEN_BYTES 33                   /* NUL included */

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
