/* SPDX-License-Identifier: MIT
 * koppel plugins show NAME of a transform: its functions. */
#ifndef KOPPEL_COMMANDS_COMMAND_FUNCTIONS_H
#define KOPPEL_COMMANDS_COMMAND_FUNCTIONS_H

#include "catalogue/catalogue.h"

/* Each function with its arguments and examples, to standard output. */
void command_functions_show(const struct catalogue *c);

#endif
