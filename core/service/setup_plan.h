/* SPDX-License-Identifier: MIT
 * Which steps a set-up has, and in which order: it follows from what was answered so far.
 *
 * A step is "systems", "link", "preview", "start", "review", or SUBJECT.KIND: till.credentials,
 * books.login, books.test, books.settings, orders.flow, vat_code.table. */
#ifndef KOPPEL_SERVICE_SETUP_PLAN_H
#define KOPPEL_SERVICE_SETUP_PLAN_H

#include "service/setup_draft.h"

#define SETUP_PLAN_NAME 80

/* The names of the steps in order; those behind "link" once that was answered. NULL: no memory. */
json_t *setup_plan_steps(const struct setup_draft *d);
/* The step before or behind another (by: -1, 1); NULL: there is none. */
const char *setup_plan_beside(const json_t *steps, const char *step, int by);
bool setup_plan_has(const json_t *steps, const char *step);
/* What stands before the point of a step's name, "" where there is none; and its kind, borrowed. */
const char *setup_plan_split(const char *step, char subject[SETUP_PLAN_NAME]);
/* The phase of a step, from 1, and how many there are. */
int setup_plan_phase(const struct setup_draft *d, const char *step, int *of);
/* The element of draft's list "systems", "flows" or "tables" of that name; NULL: none. Borrowed. */
json_t *setup_plan_named(const struct setup_draft *d, const char *list, const char *name);

#endif
