/* SPDX-License-Identifier: MIT
 * The files of the configuration as texts. */
#ifndef KOPPEL_SERVICE_FILES_H
#define KOPPEL_SERVICE_FILES_H

#include "service/service.h"

/* {}: {"files":[{"file" (relative to the directory), "bytes", "digest" (of its bytes), "writable",
 * "why" (why not, or null), "change" ("added", "changed" or "removed" since the configuration that
 * is active, or null)}], "left_out":[names that are no text, or too large]}: .conf, .csv and .json
 * files; those that hold secrets are none of them. */
int files_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"file"}: its row of the list with "text", in which secrets are hidden, and "mistakes" of it as
 * it stands. */
int files_show(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);
/* {"file", "text": as it is to be, "base"?: what whoever edits it began with}: as save_files where
 * nothing is written ("saved": it could be), "theirs": the difference from the base to what is on
 * the disk now, null without a base. */
int files_check(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* {"file", "text"? (without it the file goes), "digest": of the file when it was read, "" where it
 * was not there, "why"?}: as save_files, with the new "digest". SERVICE_CHANGED: another one stands
 * there now. A secret that is hidden in the text stays what it is. */
int files_save(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);

#endif
