/* SPDX-License-Identifier: MIT
 * By what a person knows a record, and by which words it is found. */
#ifndef KOPPEL_FLOW_BRIEF_H
#define KOPPEL_FLOW_BRIEF_H

#include "flow/work.h"

#define BRIEF_BYTES 160 /* at most; it is kept with every job */

/* {"number","title","total","currency","date"} as JSON text, what there is of it. NULL: nothing, or
 * no memory (caller frees). */
char *brief_text(const struct work *w);
/* The words that the job is found by, folded; its source key first. Fills at most room texts, which
 * the caller frees; how many. */
int brief_words(const struct work *w, char **out, int room);
/* The words of a question, folded the same way. */
int brief_query(const char *text, char **out, int room);

#endif
