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

extern const char *const soap_value_parts[PARTS];

/* Fills why and returns -1. */
int soap_value_complain(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool soap_value_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool soap_value_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A piece of a text, not ended by NUL. */
struct soap_slice {
    const char *text;
    size_t bytes;
};

/* An optional sign and digits only, within 64 bits. */
bool soap_value_integer(struct soap_slice text, int64_t *out);
bool soap_value_parse_integer(const char *text, int64_t *out);
/* The same as text: no zeros in front, and the point before the last `places` digits. */
bool soap_value_scaled(struct soap_slice text, int places, char out[NUMBER_BYTES]);
/* A decimal of at most 48 digits, with one before its point at least. */
bool soap_value_decimal(struct soap_slice text, char out[NUMBER_BYTES]);
/* value / 10^places with exactly that many decimals. */
void soap_value_format_scaled(int64_t value, int places, char out[NUMBER_BYTES]);
bool soap_value_split(const char *text, struct digits *d);
/* The decimal times 10^places as an integer; digits beyond are rounded half up (away from zero). */
bool soap_value_scale(const char *text, int places, int64_t *out);

bool soap_value_is_date(const int *part);
bool soap_value_is_time(const int *part);
void soap_value_format_date(const int *part, bool with_time, char out[NUMBER_BYTES]);
/* Moves "2026-02-28" on by a day. false: it is no date, or the last of all. */
bool soap_value_next_day(char date[11]);
bool soap_value_parse_date(const char *text, bool with_time, int part[PARTS]);

#endif
