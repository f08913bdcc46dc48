/* SPDX-License-Identifier: MIT
 * The program itself: its memory, files, threads and time, under the names that everybody uses. */
#ifndef KOPPEL_METRICS_METRICS_PROCESS_H
#define KOPPEL_METRICS_METRICS_PROCESS_H

#include "base/buf.h"

/* What the system does not tell is left out. */
void metrics_process_add(struct buf *out);

#endif
