/* SPDX-License-Identifier: MIT
 * Values as Tryton writes them in JSON. */
#ifndef TRYTON_WIRE_H
#define TRYTON_WIRE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* JSON text of a value; numbers of wire_number stand in it as they were written. The caller frees
 * it. NULL: no memory. */
char *wire_print(const json_t *value, size_t *bytes);

/* For Tryton; new references, NULL where the text is none of that kind. */
json_t *wire_decimal(const char *text);
/* A number with exactly these digits, where Tryton wants a float. */
json_t *wire_number(const char *text);
/* Of a date, or a time from which the day is taken. */
json_t *wire_date(const char *text);

/* From Tryton; new references, NULL where the value is empty or of another kind. */
json_t *wire_decimal_text(const json_t *value);
json_t *wire_date_text(const json_t *value);
/* A member of a row as text; "" where it is empty. */
const char *wire_text(const json_t *row, const char *name);
/* A member that names another record; 0: none. */
int64_t wire_id(const json_t *row, const char *name);
/* The same of a text that holds it, as records do; 0: it is no id. */
int64_t wire_id_of(const char *text);
/* What `field.` holds: the row of another record or a list of rows, NULL: none. Borrowed. */
json_t *wire_inside(const json_t *row, const char *field);
/* Digits without idle zeros and sign of zero, in place. */
void wire_trim(char *decimal);
/* Are both decimals the same number? */
bool wire_same_number(const char *a, const char *b);

#endif
