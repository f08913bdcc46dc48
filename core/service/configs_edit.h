/* SPDX-License-Identifier: MIT
 * Changes of the configuration by order: a setting, a row of a table, an older revision. Each gives
 * what save_files gives. */
#ifndef KOPPEL_SERVICE_CONFIGS_EDIT_H
#define KOPPEL_SERVICE_CONFIGS_EDIT_H

#include "config/conf_edit_files.h"
#include "service/service.h"

/* Saves the files that an edit changed, as save_files does, or where the asker says "plan" as
 * save_try; for edits under configs_edit_locked. */
int configs_edit_save(struct service *s, const struct service_ask *ask,
                      const struct conf_edit_files *files, json_t **out, struct koppel_error *err);
/* Calls edit while nobody else edits, with what a crash left over finished. */
int configs_edit_locked(struct service *s, const struct service_ask *ask,
                        int (*edit)(struct service *s, const struct service_ask *ask, json_t **out,
                                    struct koppel_error *err),
                        json_t **out, struct koppel_error *err);

/* {"path", "value", "unset": flag, "why"}; also as {"insert": flag} before an element of a list, or
 * {"move": true, "to"}. */
int configs_edit_set(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* {"table"}: {"table", "file", "refused": why it cannot be written, or null, "rows": [{"key",
 * "value", "line"}]}. */
int configs_edit_rows(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);
/* {"table", "do": "add" | "set" | "remove", "key", "value", "why"}. */
int configs_edit_table(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err);
/* {"revision", "why"}: the files become what they were; files of flows and connections that were
 * not there go. What is on the disk and was never active is kept as a revision before. */
int configs_edit_rollback(struct service *s, const struct service_ask *ask, json_t **out,
                          struct koppel_error *err);

#endif
