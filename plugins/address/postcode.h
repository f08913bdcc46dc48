/* SPDX-License-Identifier: MIT
 * Postcodes in the form of their country. */
#ifndef KOPPEL_PLUGIN_ADDRESS_POSTCODE_H
#define KOPPEL_PLUGIN_ADDRESS_POSTCODE_H

#include <stddef.h>

#define POSTCODE_BYTES 16

enum postcode_outcome { POSTCODE_OK, POSTCODE_WRONG, POSTCODE_UNKNOWN };

/* text: blanks, dots, dashes and case do not matter, nor a country's letters before a dash ("D-").
 * out: "1234 AB". country: two letters. *form: how one looks there ("9999 AA", 9 a digit, A a
 * letter, X either), also where text is wrong; POSTCODE_UNKNOWN and NULL: no form is known. */
enum postcode_outcome postcode_form(const char *text, const char *country, char out[POSTCODE_BYTES],
                                    const char **form);

#endif
