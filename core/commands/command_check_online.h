/* SPDX-License-Identifier: MIT
 * The part of koppel check that asks the systems themselves. */
#ifndef KOPPEL_COMMANDS_CHECK_ONLINE_H
#define KOPPEL_COMMANDS_CHECK_ONLINE_H

#include <stdio.h>

#include "commands/session.h"

/* Logs in to every connection, holds the configured values against its choice lists, and its
 * entities against the vendor's published description. Mistakes go into the report, what else there
 * is to say to `out` (NULL: nowhere). The exit code to end with. */
int command_check_online(struct session *s, FILE *out, struct conf_report *report);

#endif
