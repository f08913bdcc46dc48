/* SPDX-License-Identifier: MIT
 * A comparison of both systems as CSV, for a spreadsheet. */
#ifndef KOPPEL_SERVICE_RECONCILING_CSV_H
#define KOPPEL_SERVICE_RECONCILING_CSV_H

#include <jansson.h>

/* A row per figure and document of a report (reconciling.h): columns what, day, code, key,
 * reference, id, field, source, destination, note. The caller frees it. NULL: no memory. */
char *reconciling_csv_text(const json_t *report);

#endif
