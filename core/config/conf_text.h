/* SPDX-License-Identifier: MIT
 * The text of a configuration file with its includes put in, and where each of its lines stands.
 *
 * libconfig opens includes by itself, from the disk, and does not say what is wrong with them. */
#ifndef KOPPEL_CONFIG_CONF_TEXT_H
#define KOPPEL_CONFIG_CONF_TEXT_H

#include <stddef.h>

#include "config/conf_loader.h"

/* From a line of the whole text on, its lines are those of a file. */
struct conf_text_piece {
    int line;          /* of the whole text */
    struct conf_at at; /* where that one stands */
};

struct conf_text {
    char *text; /* ends with a line break; NUL-terminated */
    size_t bytes;
    struct conf_text_piece *pieces;
    int piece_count;
};

/* The file at path, which is absolute. -1: it or an include is no text or cannot be read, which was
 * reported; but where the file itself cannot be read, *why says why, and it was not. Ends with
 * conf_text_done either way. */
int conf_text_open(struct conf_loader *l, struct conf_text *t, const char *path, const char **why);
void conf_text_done(struct conf_text *t);

/* Where a line of the whole text stands. */
struct conf_at conf_text_at(const struct conf_text *t, int line);

/* What is wrong with the bytes, which should be UTF-8 without a byte order mark; NULL: nothing.
 * *line then is where. The words live for ever. */
const char *conf_text_fault(const char *text, size_t bytes, int *line);

#endif
