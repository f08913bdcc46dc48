// SPDX-License-Identifier: MIT
// The files the sandbox is seeded from: beside the program in a folder "data", or where they are
// installed. A file that is missing or wrong ends the program with a line on stderr.
#ifndef KOPPEL_SANDBOX_DATA_H
#define KOPPEL_SANDBOX_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// The whole of a file, ended by a NUL byte; the caller frees it.
char *data_text(const char *name);

// A file of JSON, read once and kept until the program ends; not to be changed.
json_t *data_json(const char *name);

// A member of a record of such a file: "" and 0 where it is absent or null.
const char *data_word(const json_t *record, const char *member);
json_int_t data_number(const json_t *record, const char *member);
bool data_is(const json_t *record, const char *member);

// The n-th text of a list, which begins anew behind its last.
const char *data_pick(const json_t *record, const char *list, size_t n);

#endif
