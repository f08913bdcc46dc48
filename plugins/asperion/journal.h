/* SPDX-License-Identifier: MIT
 * Journal entries: their year, and what a line always carries. */
#ifndef ASPERION_JOURNAL_H
#define ASPERION_JOURNAL_H

#include "api.h"

/* Gives every line of a body what the service expects of it, and leaves out lines of zero. */
int journal_complete(struct asperion *a, json_t *fields, json_t *body, struct koppel_error *err);
/* The inverse for a record that was read: takes away what says nothing. */
void journal_tidy(json_t *record);
/* The book year of a record that is about to be written; 0: it has none. */
int64_t journal_year(const json_t *record);

#endif
