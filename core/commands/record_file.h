/* SPDX-License-Identifier: MIT
 * Records that a person has in a file. */
#ifndef KOPPEL_COMMANDS_RECORD_FILE_H
#define KOPPEL_COMMANDS_RECORD_FILE_H

#include <jansson.h>

/* An array of the objects that the file holds as JSON: one, a list of them, or one a line. NULL: it
 * was told on standard error why not. */
json_t *record_file_read(const char *name);
/* All that it holds, as text; the caller frees it. NULL: it cannot be read, which is told. */
char *record_file_bytes(const char *name);

#endif
