/* SPDX-License-Identifier: MIT
 * The folder of a new plugin, made of an installed one in which it is called acme. */
#ifndef KOPPEL_COMMANDS_SKELETON_H
#define KOPPEL_COMMANDS_SKELETON_H

#include <stdbool.h>

#include "base/err.h"

#define SKELETON_NAME_BYTES 32

/* May a plugin that is made so have the name? Small letters and digits, a letter first: it is a
 * part of identifiers, files and packages. */
bool skeleton_is_name(const char *name);
/* Copies the installed folder `part` ("connector") to the new folder `to`, with the name in the
 * place of acme in texts and names of files. Nothing that is there is written over. *count: how
 * many files. */
int skeleton_copy(const char *part, const char *to, const char *name, int *count,
                  struct koppel_error *err);

#endif
