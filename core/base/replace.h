/* SPDX-License-Identifier: MIT
 * Puts a text in the place of a file in one step: whoever reads it meanwhile, and whatever ends the
 * program, finds the old one or the new one. */
#ifndef KOPPEL_BASE_REPLACE_H
#define KOPPEL_BASE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Mode, group and, where the system lets us, owner stay those of the file that is there; a new one
 * has those of its folder, without execution. On the disk when it returns. -1 and err
 * (KOPPEL_E_CONFIG): the file is as it was. */
int replace_file(const char *path, const char *text, size_t bytes, struct koppel_error *err);
/* Takes a file away; no mistake where there is none. */
int replace_remove(const char *path, struct koppel_error *err);
/* The folder of a path as it is now is on the disk when it returns; -1 and errno. */
int replace_sync(const char *path);
/* Takes away what a crash left of a new text for that file. */
void replace_clean(const char *path);
/* May this program do so? path need not exist. -1 and err: why not. */
int replace_may(const char *path, struct koppel_error *err);

#endif
