/* SPDX-License-Identifier: MIT
 * How long what is kept: what would be erased now, and erasing it. */
#ifndef KOPPEL_SERVICE_RETENTION_H
#define KOPPEL_SERVICE_RETENTION_H

#include "service/service.h"

/* {"ages":{NAME: ms, null: for ever},"old":{"contents","rows","documents","bytes"},
 * "store":{"file","log","free","disk_free"}} */
int retention_plan(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* The same for what went, under "erased". Progress: the sums so far. */
int retention_erase(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

/* {"ages": {NAME: "30d" or "ever"}, "why"?, "plan"?}: the group `keep` of koppel.conf. As
 * save_files, with "old": what would be erased by these ages. */
int retention_change(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

#endif
