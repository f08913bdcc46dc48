/* SPDX-License-Identifier: MIT
 * The log-in of a set-up, with a browser on this computer or elsewhere. */
#ifndef KOPPEL_COMMANDS_SETUP_BROWSER_H
#define KOPPEL_COMMANDS_SETUP_BROWSER_H

#include "commands/command.h"

/* Logs in at a step of kind "login". here: the browser is on this computer, and comes back by
 * itself; else its address is pasted into the terminal. *step: what follows, or the step with an
 * error. EXIT_OK, or the code to end with. */
int setup_browser_log_in(const struct command_line *line, const char *language, bool here,
                         json_t **step);

#endif
