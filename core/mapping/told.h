/* SPDX-License-Identifier: MIT
 * What was told in this run already: the same thing of a thousand records is told once. */
#ifndef KOPPEL_MAPPING_TOLD_H
#define KOPPEL_MAPPING_TOLD_H

#include <stdbool.h>

struct told;

struct told *told_new(void); /* NULL: no memory */
void told_free(struct told *t);
/* true for the first thread that asks about this pair, and where there is no memory to remember it.
 * After TOLD_LIMIT pairs nothing is new any more. */
#define TOLD_LIMIT 1000
bool told_first(struct told *t, const char *what, const char *which);

#endif
