/* SPDX-License-Identifier: MIT
 * A long line from standard input, be it a terminal, a pipe or a file. */
#ifndef KOPPEL_COMMANDS_PASTED_H
#define KOPPEL_COMMANDS_PASTED_H

#include <stdint.h>

#include "base/err.h"

#define PASTED_MAX_BYTES 16384

/* Reads one line, waiting at most until until_ms (clock_monotonic_ms). On a terminal it may be
 * longer than the 4095 bytes that the kernel's own editing takes. -1: nothing came in time, the
 * input has ended, or the line is too long. Bytes that follow the line may be lost. */
int pasted_line(int64_t until_ms, char out[PASTED_MAX_BYTES], struct koppel_error *err);

#endif
