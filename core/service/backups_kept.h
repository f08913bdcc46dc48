/* SPDX-License-Identifier: MIT
 * Backups that are kept beside the store, in the folder "<store>.backups", and the one that an
 * engine which serves puts back: it ends, as no engine may run then, and begins again. */
#ifndef KOPPEL_SERVICE_BACKUPS_KEPT_H
#define KOPPEL_SERVICE_BACKUPS_KEPT_H

#include "service/service.h"

/* {"folder","backups":[{"backup","at","bytes"}], newest first,"last"}; last, NULL at first: what
 * came of the last one that was put back: {"backup","at","who","via","why"} and {"made","older",
 * "links","open","replaced"}, or "error". With an "error" the store is what it was, or "replaced"
 * is where it is and the backup stands there. */
int backups_kept_list(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);
/* One more. What backups_make tells, and "backup", its name. */
int backups_kept_make(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);
/* "backup": it goes. */
int backups_kept_drop(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);
/* "backup", "why"?: it is looked at as a whole, then the engine ends for it. {"backup"} */
int backups_kept_restore(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err);
/* Where no engine runs any more: puts back what was ordered, engine->put_back of the one that ended
 * (taken over), in the place of the store of the configuration in dir. Logged, left for "last" and,
 * as the store that held the order is replaced, in the audit. */
void backups_kept_put(const char *dir, json_t *order_take);
/* Where an engine begins: was a backup ordered that was never put back, as the program ended
 * before? Logged and left for "last". */
void backups_kept_missed(struct store *store);

#endif
