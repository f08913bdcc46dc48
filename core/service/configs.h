/* SPDX-License-Identifier: MIT
 * Questions about the configuration and its history. What a person changes is configs_edit.h. */
#ifndef KOPPEL_SERVICE_CONFIGS_H
#define KOPPEL_SERVICE_CONFIGS_H

#include "service/service.h"

/* {"limit", "before"}: {"revisions": [as revision_get, without files and flows]}, newest first. */
int configs_log(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"revision": number, or "version": of a flow, as a job's activity has it; "file"}: the revision
 * with its files; with a file its "text", secrets hidden. */
int configs_show(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {"from", "to": revision; without "to" the disk; "file"}: {"files": [{"path", "diff"}]}. */
int configs_diff(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* {}: {"revision": the active one or null, "files": [{"path", "change", "diff"}] on the disk that
 * differ from it, "mistakes": of what is on the disk, "safe": no flow runs, as what there was at
 * the start has mistakes}. */
int configs_status(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);

#endif
