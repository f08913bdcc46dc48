/* SPDX-License-Identifier: MIT
 * Values of a record: as text, and whether there is one at all. */
#ifndef KOPPEL_MAPPING_VALUE_H
#define KOPPEL_MAPPING_VALUE_H

#include <jansson.h>
#include <stdbool.h>

/* A value as text: strings as they are, integers as digits, booleans true/false. false: it is null,
 * a real, an object or a list. buf must hold 32 bytes. */
bool value_text(const json_t *value, char buf[32], const char **out);
/* NULL, null, a text of nothing but blanks, or an object or list without members. */
bool value_is_blank(const json_t *value);

#endif
