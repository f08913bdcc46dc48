/* SPDX-License-Identifier: MIT
 * How a flow's counts are shown: read / done / skipped by reason / parked by reason with the
 * remedy. */
#ifndef KOPPEL_COMMANDS_REPORT_H
#define KOPPEL_COMMANDS_REPORT_H

#include <jansson.h>
#include <stdbool.h>

/* Prints counts, as service/flows.h has them, on standard output, as text or one JSON line. */
void command_report_flow(const json_t *counts, bool json);

#endif
