/* SPDX-License-Identifier: MIT
 * koppel alert. */
#ifndef KOPPEL_COMMANDS_COMMAND_ALERT_H
#define KOPPEL_COMMANDS_COMMAND_ALERT_H

#include "commands/command.h"

int command_alert(const struct command_line *line);

#endif
