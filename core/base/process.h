/* SPDX-License-Identifier: MIT
 * The program itself, as /proc tells it. */
#ifndef KOPPEL_BASE_PROCESS_H
#define KOPPEL_BASE_PROCESS_H

#include <stdint.h>

struct process {
    int64_t threads; /* that run; -1: unknown */
    int64_t up_ms;   /* since the program started; -1: unknown */
    int64_t memory;  /* bytes that are resident; -1: unknown */
};

/* What holds now. Never fails: what cannot be read is -1. */
struct process process_read(void);

#endif
