/* SPDX-License-Identifier: MIT
 * A reconciliation as CSV. */
#ifndef KOPPEL_COMMANDS_RECONCILE_CSV_H
#define KOPPEL_COMMANDS_RECONCILE_CSV_H

#include <jansson.h>
#include <stdio.h>

/* A row per figure and per document: what,day,code,key,reference,id,field,source,destination,note.
 * A text that a spreadsheet would take for a formula gets an apostrophe. */
void reconcile_csv_print(FILE *to, const json_t *report);

#endif
