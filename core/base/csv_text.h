/* SPDX-License-Identifier: MIT
 * Rows of a CSV file as spreadsheets read it (RFC 4180). */
#ifndef KOPPEL_BASE_CSV_TEXT_H
#define KOPPEL_BASE_CSV_TEXT_H

#include "base/buf.h"

/* Adds a row; NULL is an empty cell. A text that a spreadsheet would take for a formula has an
 * apostrophe before it; an amount below zero is none. buf_ok tells whether all of it fits. */
void csv_text_row(struct buf *to, const char *const *cells, int count);

#endif
