/* SPDX-License-Identifier: MIT
 * The shipped example, for whoever begins with it. */
#ifndef KOPPEL_COMMANDS_INIT_EXAMPLE_H
#define KOPPEL_COMMANDS_INIT_EXAMPLE_H

#include "koppel/plugin.h"

/* Copies the files of the example into the configuration directory `dir`; what is there already
 * stays as it is. *copied: how many files were. -1 and err where one cannot be read or written. */
int init_example(const char *dir, int *copied, struct koppel_error *err);

#endif
