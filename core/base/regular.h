/* SPDX-License-Identifier: MIT
 * Opens files that are files: a pipe or a device would keep whoever reads it waiting. */
#ifndef KOPPEL_BASE_REGULAR_H
#define KOPPEL_BASE_REGULAR_H

#include <stdio.h>

/* For reading. NULL: *why says why not, in words that live for ever or until the thread's next
 * failure. */
FILE *regular_open(const char *path, const char **why);

#endif
