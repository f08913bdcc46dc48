/* SPDX-License-Identifier: MIT
 * Orders, which may take long: one that is done within a second is answered as if there were no
 * tasks; else the answer is 202 {"task":N}, and what it came to is asked for afterwards. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_TASKS_H
#define KOPPEL_DASHBOARD_DASHBOARD_TASKS_H

#include "dashboard/dashboard_guard.h"
#include "dashboard/dashboard_request.h"

struct dashboard_tasks;

/* NULL and err. The context outlives it. */
struct dashboard_tasks *dashboard_tasks_open(struct dashboard_context *c,
                                             struct koppel_error *err);
/* Those under way are told to end and waited for; none is begun any more. */
void dashboard_tasks_stop(struct dashboard_tasks *t);
void dashboard_tasks_free(struct dashboard_tasks *t); /* after a stop; takes NULL */

/* Begins the order of r->route; in is taken. true: the request is answered later, by
 * context->answered, and must not be touched any more; false: it is answered (it could not
 * be begun). */
bool dashboard_tasks_begin(struct dashboard_request *r, const struct dashboard_guard_who *who,
                           json_t *in_take);

/* GET /tasks: {"tasks":[as below, without out]}, those of who asks; an admin's are all.
 * GET /tasks/{task}: {"task","order","by","state" ("running", "done", "failed", "cancelled"),
 * "progress","out","error" (a problem),"begun","ended"}; null what there is not. Kept for 10
 * minutes behind the end.
 * DELETE /tasks/{task}: it is told to end. */
void dashboard_tasks_list(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in);
void dashboard_tasks_show(struct dashboard_request *r, const struct dashboard_guard_who *who,
                          const json_t *in);
void dashboard_tasks_cancel(struct dashboard_request *r, const struct dashboard_guard_who *who,
                            const json_t *in);

#endif
