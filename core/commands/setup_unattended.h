/* SPDX-License-Identifier: MIT
 * The set-up without a person: from a file of answers, or with another program that renders its
 * steps. */
#ifndef KOPPEL_COMMANDS_SETUP_UNATTENDED_H
#define KOPPEL_COMMANDS_SETUP_UNATTENDED_H

#include "commands/command.h"

/* --answers FILE: {STEP: {QUESTION: answer}}; what is not in it is as proposed. Nothing is saved
 * where an answer is wrong, or of a step that was not asked. */
int setup_unattended_file(const struct command_line *line, const char *language);
/* --json: a line per step; what comes back is {"answers": {...}}, {"step": an earlier one} or
 * {"save": true}. */
int setup_unattended_json(const struct command_line *line, const char *language);

#endif
