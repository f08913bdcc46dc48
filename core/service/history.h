/* SPDX-License-Identifier: MIT
 * What was done, and by whom: orders of persons, and runs. */
#ifndef KOPPEL_SERVICE_HISTORY_H
#define KOPPEL_SERVICE_HISTORY_H

#include "service/service.h"

/* {"since"?, "until"? (moments, or days of the shop's zone), "about"? (a flow, a job, a connection
 * ...), "limit"? (100), "after"? (what next was)}: {"entries":[{"number","at","who","about" (or
 * null),"order","what","via","why" (or null),"filter","count" (of jobs, where it was about
 * them)}], "next" (null: there are no more)}, newest first. */
int history_audit(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);
/* {"flow"?, "since"?, "until"?, "limit"? (20), "after"?}: {"runs":[{"number","at","flow", ...}],
 * "next"}, newest first: runs that did something or failed, with the members of runs_last
 * (engine/runs.h) but for the last ones, and "revision" (of the configuration; null: unknown). */
int history_runs(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);

#endif
