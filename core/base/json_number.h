/* SPDX-License-Identifier: MIT
 * The numbers of JSON, with every digit that the peer wrote. */
#ifndef KOPPEL_BASE_JSON_NUMBER_H
#define KOPPEL_BASE_JSON_NUMBER_H

#include <jansson.h>
#include <stddef.h>

#define JSON_NUMBER_EXPONENT 350 /* the largest exponent, either way: it holds every double */

/* A new json_integer for a whole number without exponent that fits 64 bits, else a new json_string
 * with the number in plain notation: "1.50", "-0.0015" for -15e-4. There is no minus zero. NULL,
 * with what (a constant) saying why: it is no number, its exponent is too large, or no memory. */
json_t *json_number(const char *text, size_t bytes, const char **what);

#endif
