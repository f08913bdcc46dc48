/* SPDX-License-Identifier: MIT
 * What a user is working on and has not saved: sealed in the store, each user's own. */
#ifndef KOPPEL_SERVICE_DRAFTS_H
#define KOPPEL_SERVICE_DRAFTS_H

#include "service/service.h"

/* {"flow"}: {"draft": as it was kept, null: there is none, "at"}. */
int drafts_show(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"flow", "draft"?: an object}: keeps it in the place of the one before; without one that is
 * forgotten. {"at"}. */
int drafts_keep(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);

#endif
