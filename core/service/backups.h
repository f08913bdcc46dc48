/* SPDX-License-Identifier: MIT
 * Backups: of the store and the configuration, and putting them back. */
#ifndef KOPPEL_SERVICE_BACKUPS_H
#define KOPPEL_SERVICE_BACKUPS_H

#include "service/service.h"

/* "file". {"file","bytes","files","secrets":[references],"left_out":[names]} */
int backups_make(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* "file": the store takes the place of the one that the configuration names.
 * {"store","replaced","made","older","links","open"} */
int backups_restore(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);
/* "file", "to": store and configuration in a folder that has nothing in it but, perhaps, the key.
 * {"store","files","made","links","open"} */
int backups_unpack(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);

/* The steps of these, for backups_kept.h. Store and configuration into a new file; what
 * backups_make gives. */
int backups_write(const struct conf *conf, struct store *store, const char *file, json_t **out,
                  struct koppel_error *err);
/* Is it a backup, undamaged, and does the key fit? */
int backups_look(const char *file, const struct secret *key, struct koppel_error *err);
/* A backup in the place of the store that conf names; what backups_restore gives. After -1 the
 * store is what it was and *out NULL; or {"replaced"}, as err tells: where it still is. */
int backups_put(const struct conf *conf, const char *file, json_t **out, struct koppel_error *err);

#endif
