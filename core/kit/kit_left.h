/* SPDX-License-Identifier: MIT
 * What a process has: memory, files, threads, settings of the process. Taken before and after, and
 * compared. */
#ifndef KOPPEL_KIT_KIT_LEFT_H
#define KOPPEL_KIT_KIT_LEFT_H

#include <stddef.h>
#include <sys/types.h>

struct kit_left {
    size_t bytes;       /* of malloc */
    int files, threads;
};

void kit_left_take(struct kit_left *out);
/* By how many bytes each of them is larger than the one before, at the least: what is kept for the
 * next time comes once, what is lost comes each time. */
size_t kit_left_growth(const struct kit_left *all, int count);

/* What belongs to the process as a whole, as text; free it. NULL: no memory. */
char *kit_left_process(void);

#endif
