/* SPDX-License-Identifier: MIT
 * Numbers as people write them: "1.234,50", "1,234.50", "1'234.50", by the name of a format. */
#ifndef KOPPEL_NUMBER_WRITTEN_H
#define KOPPEL_NUMBER_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>

#define WRITTEN_BYTES 128 /* of a number with its separators */
#define WRITTEN_WHY_BYTES 128

/* text of that format, or of any where it can be but one number, to digits with a point
 * ("-1234.50"). -1: why says why not. out holds WRITTEN_BYTES. */
int written_parse(const char *text, const char *format, char out[WRITTEN_BYTES],
                  char why[WRITTEN_WHY_BYTES]);
/* Digits with a point (at most KOPPEL_DECIMAL_TEXT) in that format; grouped: with what stands
 * between thousands. */
void written_format(const char *digits, const char *format, bool grouped, char out[WRITTEN_BYTES]);

#endif
