/* SPDX-License-Identifier: MIT
 * What was done, and by whom: orders of persons, and runs. */
#ifndef KOPPEL_SERVICE_HISTORY_H
#define KOPPEL_SERVICE_HISTORY_H

#include "service/service.h"

/* {"since"?, "until"? (moments, or days of the shop's zone), "about"? (a flow, a job, a connection
 * ...), "who"?, "order"? (name of a row of the service's table), "limit"? (100), "after"? (what
 * next was)}: {"entries":[{"number","at","who","about" (or null),"order","what","via","why" (or
 * null),"filter","count" (of jobs, where it was about them)}], "next" (null: there are no more)},
 * newest first. */
int history_audit(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);
/* The same as a table of at most 10,000 rows: {"name": of a file, "text": CSV, "count": its rows,
 * "more": there are older ones}. */
int history_audit_csv(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);
/* {"flow"?, "since"?, "until"?, "limit"? (20), "after"?}: {"runs":[{"number","at","flow", ...}],
 * "next"}, newest first: runs that did something or failed, with the members of runs_last
 * (engine/runs.h) but for the last ones, and "revision" (of the configuration; null: unknown). */
int history_runs(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);

/* {"flow"?, "since"?, "until"?, "limit"? (20), "after"?}: {"results":[{"number","at","who","how",
 * "flow","from","to","differences","counts","source","destination","listed"}], "next"}, newest
 * first: comparisons that are kept (reconciling_kept.h). */
int history_reconcile(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err);

/* {"since"?, "until"?, "limit"? (20), "after"?}: {"reports":[{"number","at","who","person" (its
 * digest), ...}], "next"}, newest first: what was erased of one person, as privacy_erase told
 * it. */
int history_erased(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);

#endif
