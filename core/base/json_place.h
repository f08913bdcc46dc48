/* SPDX-License-Identifier: MIT
 * Where in a JSON text something stands: line, column and path. */
#ifndef KOPPEL_BASE_JSON_PLACE_H
#define KOPPEL_BASE_JSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* Set start (behind a byte order mark), zero the rest. */
struct json_place {
    const char *start, *counted;
    int line, column; /* of counted, from 1; the column in characters */
};

/* Counts up to at. Places asked for in ascending order are counted once altogether. */
void json_place_count(struct json_place *p, const char *at);

/* Appends part of a name, which may hold anything, to path, which holds room bytes: "?" stands for
 * what cannot be shown. False once it is full; it then ends in "...", at a character. */
bool json_place_path(char *path, size_t room, const char *text, size_t bytes);

#endif
