/* SPDX-License-Identifier: MIT
 * Changes of a flow: several edits of its file as one save. */
#ifndef KOPPEL_SERVICE_FLOW_CHANGES_H
#define KOPPEL_SERVICE_FLOW_CHANGES_H

#include "service/service.h"

/* {"flow", "edits" (flow_edits.h), "match": the digest of the file that they were made on (no
 * matter which where it is left out), "why", "accept": names of cases that are to expect what
 * comes out of them then, "plan": flag}. *out: as save_files, with "digest" of what stands on the
 * disk. Where that is another file than `match`: -1 and SERVICE_CHANGED.
 * plan: as save_try, nothing is saved, and a file that changed is no failure: "theirs" is the
 * difference between what `match` was and what stands there now (null: it is the same, or its text
 * is not known any more), "moved" whether it is another one, and "fails" why the edits do not fit
 * it, or null. */
int flow_changes_save(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);

#endif
