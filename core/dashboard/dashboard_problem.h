/* SPDX-License-Identifier: MIT
 * Failures as RFC 9457 has them: {"type","title","status","code","text","facts"?}. code stays;
 * pages word it in their language, text is what the command line says. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_PROBLEM_H
#define KOPPEL_DASHBOARD_DASHBOARD_PROBLEM_H

#include "dashboard/dashboard_request.h"

#define DASHBOARD_PROBLEM_TYPE "application/problem+json"

void dashboard_problem(struct dashboard_answer *a, unsigned status, const char *code,
                       const char *text);
/* With further members (freed; NULL: none). */
void dashboard_problem_with(struct dashboard_answer *a, unsigned status, const char *code,
                            const char *text, json_t *more_take);
/* What a function of the service failed with. */
void dashboard_problem_error(struct dashboard_answer *a, const struct koppel_error *err);

#endif
