/* SPDX-License-Identifier: MIT
 * What the writer and the reader of SOAP messages share: numbers and dates as text. */
#ifndef MPLUSKASSA_SOAP_VALUE_H
#define MPLUSKASSA_SOAP_VALUE_H

#include "soap.h"

#include <stdint.h>

#define NUMBER_BYTES 64 /* room for every number and date as text */

/* A decimal split at its point. */
struct digits {
    bool negative;
    const char *whole, *fraction;
    int whole_count, fraction_count;
};

/* The children of a date and time, in the order of the schema. */
enum { PART_SEC, PART_MIN, PART_HOUR, PART_DAY, PART_MON, PART_YEAR, PART_ISDST, PART_ZONE, PARTS };

extern const char *const soap_part_names[PARTS];

/* Fills why and returns -1. */
int soap_complain(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool soap_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool soap_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* An optional sign and digits only, within 64 bits. */
bool soap_parse_integer(const char *text, int64_t *out);
/* value / 10^places with exactly that many decimals. */
void soap_format_scaled(int64_t value, int places, char out[NUMBER_BYTES]);
bool soap_split_decimal(const char *text, struct digits *d);
/* The decimal times 10^places as an integer; digits beyond are rounded half up (away from zero). */
bool soap_scale_decimal(const char *text, int places, int64_t *out);

bool soap_date_in_range(const int *part);
bool soap_time_in_range(const int *part);
void soap_format_date(const int *part, bool with_time, char out[NUMBER_BYTES]);
bool soap_parse_date(const char *text, bool with_time, int part[PARTS]);

#endif
