/* SPDX-License-Identifier: MIT
 * koppel person. */
#ifndef KOPPEL_COMMANDS_COMMAND_PERSON_H
#define KOPPEL_COMMANDS_COMMAND_PERSON_H

#include "commands/command.h"

int command_person(const struct command_line *line);

#endif
