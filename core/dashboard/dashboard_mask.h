/* SPDX-License-Identifier: MIT
 * What somebody sees who may not see personal data: of records, numbers, dates, amounts and states;
 * all else of them is "***". Nothing that is new in a record is shown by mistake: what stays is
 * named here. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_MASK_H
#define KOPPEL_DASHBOARD_DASHBOARD_MASK_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

#define DASHBOARD_MASK "***"

/* Changes an answer in place. */
void dashboard_mask(json_t *answer);
/* The answer of this row of the service for somebody: whole, or a copy of it that is masked. What
 * an answer shares with a catalogue stays as it is. NULL: no memory. */
json_t *dashboard_mask_answer(const char *row, json_t *out_take, bool whole);
/* Why it failed, for somebody: what is quoted in it goes, and what it is about. */
void dashboard_mask_error(struct koppel_error *err, bool whole);
/* A text that may quote a record: what stands in quotes, and each word with an "@". malloc'd; NULL:
 * no memory. */
char *dashboard_mask_text(const char *text);

#endif
