/* SPDX-License-Identifier: MIT
 * The part of koppel check that asks the systems themselves. */
#ifndef KOPPEL_COMMANDS_CHECK_ONLINE_H
#define KOPPEL_COMMANDS_CHECK_ONLINE_H

#include "commands/session.h"

/* Logs in to every connection, holds the configured values against its choice lists, and its
 * entities against the vendor's published description. Prints what it finds; the exit code to end
 * with. */
int command_check_online(struct session *s);

#endif
