/* SPDX-License-Identifier: MIT
 * How a flow's counts are shown: read / done / skipped by reason / parked by reason with the
 * remedy. */
#ifndef KOPPEL_COMMANDS_REPORT_H
#define KOPPEL_COMMANDS_REPORT_H

#include <stdbool.h>

#include "store/store.h"

/* Prints the flow's counts on standard output, as text or one JSON line. *open: jobs are parked or
 * waiting. */
int command_report_flow(struct store *s, const char *flow, bool json, bool *open,
                        struct koppel_error *err);

#endif
