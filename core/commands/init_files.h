/* SPDX-License-Identifier: MIT
 * The files of an empty installation: folders, koppel.conf, key. Never overwrites anything. */
#ifndef KOPPEL_COMMANDS_INIT_FILES_H
#define KOPPEL_COMMANDS_INIT_FILES_H

#include <stdbool.h>

#include "base/err.h"

/* Makes what is missing. */
int init_files(const char *dir, struct koppel_error *err);
/* The same where the directory is there and empty: whoever starts Koppel there for the first time
 * need not know of it. *made: it was. */
int init_files_first(const char *dir, bool *made, struct koppel_error *err);

#endif
