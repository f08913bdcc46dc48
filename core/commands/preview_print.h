/* SPDX-License-Identifier: MIT
 * A row of a preview on a terminal: source, core and destination side by side. */
#ifndef KOPPEL_COMMANDS_PREVIEW_PRINT_H
#define KOPPEL_COMMANDS_PREVIEW_PRINT_H

#include <jansson.h>

/* Prints a row of flow/preview.h on standard output, as wide as the terminal is. */
void preview_print(const json_t *row);
/* Only what would be sent in fields whose names begin so. */
void preview_print_fields(const json_t *row, const char *begin);

#endif
