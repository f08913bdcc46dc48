/* SPDX-License-Identifier: MIT
 * Addresses at which other systems tell of changes: made and taken away by order, and the secret of
 * each, kept in a sealed value "hook/CONNECTION/ENTITY". */
#ifndef KOPPEL_SERVICE_HOOK_ROWS_H
#define KOPPEL_SERVICE_HOOK_ROWS_H

#include "service/service.h"

#define HOOK_ROWS_SECRET_BYTES 65 /* hex digits, NUL included */
#define HOOK_ROWS_ID_BYTES 256    /* what the peer calls the subscription */

struct hook_rows_one {
    char secret[HOOK_ROWS_SECRET_BYTES];
    char id[HOOK_ROWS_ID_BYTES]; /* "": the peer was not asked, a person told it the address */
    int64_t made_ms;
};

/* *found false: there is no such address. */
int hook_rows_find(struct store *s, const char *connection, const char *entity,
                   struct hook_rows_one *out, bool *found, struct koppel_error *err);

/* Rises with every address that was made or taken away by this process: whoever keeps what
 * hook_rows_find gave reads it again then. */
unsigned hook_rows_changes(void);

/* {}: {"hooks":[{"connection","entity","url" (null: no dashboard is shown),"made",
 * "subscribed"}]}. */
int hook_rows_list(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);
/* {"connection","entity","subscribe"? (asks the system to send there)}: {"connection","entity",
 * "url","secret","subscribed"}. An address that is there already gets a new secret. */
int hook_rows_make(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);
/* {"connection","entity"}: {"connection","entity"}; the system is told where it was asked. */
int hook_rows_remove(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
