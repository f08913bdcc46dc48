/* SPDX-License-Identifier: MIT
 * koppel retry: parked, waiting or skipped jobs become due now; the next run delivers them with the
 * configuration of that time. */
#include "commands/command_retry.h"

#include "commands/picking.h"

int command_retry(const struct command_line *line)
{
    return picking_order(line, "jobs.retry", "tried again",
                         "are due; the next run of their flow takes them");
}
