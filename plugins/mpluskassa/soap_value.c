/* SPDX-License-Identifier: MIT
 * Numbers and dates of SOAP messages as text, digit by digit: never as floating point. */
#include "soap_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int soap_value_complain(char *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, SOAP_WHY_BYTES, format, args);
    va_end(args);
    return -1;
}

/* ---- numbers ---- */

bool soap_value_integer(struct soap_slice t, int64_t *out)
{
    bool negative = t.bytes > 0 && *t.text == '-';
    size_t i = t.bytes > 0 && (*t.text == '-' || *t.text == '+');
    int64_t value = 0;
    if (i == t.bytes)
        return false;
    for (; i < t.bytes; i++) {
        int digit = t.text[i] - '0';
        if (!soap_value_is_digit(t.text[i]) || __builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)(negative ? -digit : digit), &value))
            return false;
    }
    *out = value;
    return true;
}

bool soap_value_parse_integer(const char *text, int64_t *out)
{
    return soap_value_integer((struct soap_slice){text, strlen(text)}, out);
}

/* Nearly every number of a message: digits that need no arithmetic. */
static bool scaled_digits(struct soap_slice t, int places, char *out)
{
    size_t from = t.bytes > 0 && *t.text == '-', at = 0;
    while (from < t.bytes && t.text[from] == '0')
        from++;
    size_t count = t.bytes - from;
    if (count == 0 || count > 18)
        return false;
    if (*t.text == '-')
        out[at++] = '-';
    for (size_t pad = count; pad <= (size_t)places; pad++) {
        out[at++] = '0';
        if (pad == count && places > 0)
            out[at++] = '.';
    }
    for (size_t i = from; i < t.bytes; i++) {
        if (!soap_value_is_digit(t.text[i]))
            return false;
        if (places > 0 && t.bytes - i == (size_t)places && count > (size_t)places)
            out[at++] = '.';
        out[at++] = t.text[i];
    }
    out[at] = '\0';
    return true;
}

bool soap_value_scaled(struct soap_slice t, int places, char out[NUMBER_BYTES])
{
    int64_t value;
    if (scaled_digits(t, places, out))
        return true;
    if (!soap_value_integer(t, &value))
        return false;
    soap_value_format_scaled(value, places, out);
    return true;
}

bool soap_value_decimal(struct soap_slice t, char out[NUMBER_BYTES])
{
    char text[NUMBER_BYTES];
    struct digits d;
    if (t.bytes >= sizeof text)
        return false;
    memcpy(text, t.text, t.bytes);
    text[t.bytes] = '\0';
    if (!soap_value_split(text, &d) || d.whole_count + d.fraction_count > 48)
        return false;
    snprintf(out, NUMBER_BYTES, "%s%.*s%s%.*s", d.negative ? "-" : "",
             d.whole_count > 0 ? d.whole_count : 1, d.whole_count > 0 ? d.whole : "0",
             d.fraction_count > 0 ? "." : "", d.fraction_count, d.fraction);
    return true;
}

void soap_value_format_scaled(int64_t value, int places, char out[NUMBER_BYTES])
{
    uint64_t left = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    char reversed[NUMBER_BYTES];
    int n = 0, at = 0;
    do {
        reversed[n++] = (char)('0' + left % 10);
        left /= 10;
        if (n == places)
            reversed[n++] = '.';
    } while (left > 0 || n <= places + (places > 0));
    if (value < 0)
        out[at++] = '-';
    while (n > 0)
        out[at++] = reversed[--n];
    out[at] = '\0';
}

bool soap_value_split(const char *text, struct digits *d)
{
    memset(d, 0, sizeof *d);
    if (*text == '-' || *text == '+')
        d->negative = *text++ == '-';
    d->whole = text;
    while (soap_value_is_digit(*text)) {
        text++;
        d->whole_count++;
    }
    d->fraction = text;
    if (*text == '.') {
        d->fraction = ++text;
        while (soap_value_is_digit(*text)) {
            text++;
            d->fraction_count++;
        }
    }
    return *text == '\0' && d->whole_count + d->fraction_count > 0;
}

bool soap_value_scale(const char *text, int places, int64_t *out)
{
    struct digits d;
    int64_t value = 0;
    if (!soap_value_split(text, &d))
        return false;
    for (int i = 0; i < d.whole_count + places; i++) {
        int at = i - d.whole_count;
        char c = i < d.whole_count ? d.whole[i] : at < d.fraction_count ? d.fraction[at] : '0';
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)(c - '0'), &value))
            return false;
    }
    if (d.fraction_count > places && d.fraction[places] >= '5' &&
        __builtin_add_overflow(value, (int64_t)1, &value))
        return false;
    *out = d.negative ? -value : value;
    return true;
}

/* ---- dates ---- */

const char *const soap_value_parts[PARTS] = {"sec", "min",  "hour",  "day",
                                             "mon", "year", "isdst", "timezone"};

bool soap_value_is_date(const int *part)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = part[PART_YEAR], month = part[PART_MON], day = part[PART_DAY];
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] && (month != 2 || day < 29 || leap);
}

bool soap_value_is_time(const int *part)
{
    return part[PART_SEC] >= 0 && part[PART_SEC] <= 60 && part[PART_MIN] >= 0 &&
           part[PART_MIN] <= 59 && part[PART_HOUR] >= 0 && part[PART_HOUR] <= 23 &&
           part[PART_ZONE] >= -14 * 60 && part[PART_ZONE] <= 14 * 60;
}

void soap_value_format_date(const int *part, bool with_time, char out[NUMBER_BYTES])
{
    int zone = part[PART_ZONE];
    int n = snprintf(out, NUMBER_BYTES, "%04d-%02d-%02d", part[PART_YEAR], part[PART_MON],
                     part[PART_DAY]);
    if (with_time)
        snprintf(out + n, NUMBER_BYTES - (size_t)n, "T%02d:%02d:%02d%c%02d:%02d", part[PART_HOUR],
                 part[PART_MIN], part[PART_SEC], zone < 0 ? '-' : '+', abs(zone) / 60,
                 abs(zone) % 60);
}

/* Exactly `count` digits; NULL where they are not there. */
static const char *take_digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (!soap_value_is_digit(text[i]))
            return NULL;
        *out = *out * 10 + (text[i] - '0');
    }
    return text + count;
}

static const char *take_char(const char *text, char c)
{
    return text && *text == c ? text + 1 : NULL;
}

static const char *parse_day(const char *text, int *part)
{
    if ((text = take_digits(text, 4, &part[PART_YEAR])) == NULL ||
        (text = take_char(text, '-')) == NULL ||
        (text = take_digits(text, 2, &part[PART_MON])) == NULL ||
        (text = take_char(text, '-')) == NULL)
        return NULL;
    return take_digits(text, 2, &part[PART_DAY]);
}

/* "Z", "+02:00", "+0200" or nothing. */
static const char *parse_zone(const char *text, int *part)
{
    int hours, minutes;
    bool west = *text == '-';
    if (*text == '\0')
        return text;
    if (*text == 'Z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    if ((text = take_digits(text + 1, 2, &hours)) == NULL)
        return NULL;
    if (*text == ':')
        text++;
    if ((text = take_digits(text, 2, &minutes)) == NULL)
        return NULL;
    part[PART_ZONE] = (hours * 60 + minutes) * (west ? -1 : 1);
    return text;
}

bool soap_value_parse_date(const char *text, bool with_time, int part[PARTS])
{
    memset(part, 0, PARTS * sizeof part[0]);
    if ((text = parse_day(text, part)) == NULL || !soap_value_is_date(part))
        return false;
    if (!with_time) /* a time of day after the date is allowed and dropped */
        return *text == '\0' || *text == 'T';
    if (*text == '\0')
        return true;
    if (*text != 'T' && *text != ' ')
        return false;
    if ((text = take_digits(text + 1, 2, &part[PART_HOUR])) == NULL ||
        (text = take_char(text, ':')) == NULL ||
        (text = take_digits(text, 2, &part[PART_MIN])) == NULL)
        return false;
    if (*text == ':' && (text = take_digits(text + 1, 2, &part[PART_SEC])) == NULL)
        return false;
    if (*text == '.') {
        for (text++; soap_value_is_digit(*text); text++)
            ;
    }
    text = parse_zone(text, part);
    return text && *text == '\0' && soap_value_is_time(part);
}

bool soap_value_next_day(char date[11])
{
    int part[PARTS];
    char text[NUMBER_BYTES];
    if (!soap_value_parse_date(date, false, part))
        return false;
    part[PART_DAY]++;
    if (!soap_value_is_date(part)) {
        part[PART_DAY] = 1;
        part[PART_MON]++;
    }
    if (!soap_value_is_date(part)) {
        part[PART_MON] = 1;
        part[PART_YEAR]++;
    }
    if (!soap_value_is_date(part))
        return false;
    soap_value_format_date(part, false, text);
    snprintf(date, 11, "%.10s", text);
    return true;
}
