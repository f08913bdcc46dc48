/* SPDX-License-Identifier: MIT
 * What somebody sees who may not see personal data: of records, numbers, dates, amounts and states;
 * all else of them is "***". Nothing that is new in a record is shown by mistake: what stays is
 * named here. */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_MASK_H
#define KOPPEL_DASHBOARD_DASHBOARD_MASK_H

#include <jansson.h>
#include <stdbool.h>

#define DASHBOARD_MASK "***"

/* Changes an answer in place. */
void dashboard_mask(json_t *answer);
/* A text that may quote a record: what stands in quotes, and each word with an "@". malloc'd; NULL:
 * no memory. */
char *dashboard_mask_text(const char *text);

/* Are answers of this row of the service about records? Those of the configuration name nobody. */
bool dashboard_mask_needed(const char *row);

#endif
