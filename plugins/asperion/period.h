/* SPDX-License-Identifier: MIT
 * Book years and periods: inputs of their own, which the service does not take from the date. */
#ifndef ASPERION_PERIOD_H
#define ASPERION_PERIOD_H

#include "api.h"

/* Fills in year and period of a body from its date, where they are missing. */
void period_fill(json_t *fields, json_t *body);
/* Moves a body to the next period, where that is not later than the month of now_ms. False: there
 * is no such period. */
bool period_next(json_t *fields, json_t *body, int64_t now_ms);

#endif
