/* SPDX-License-Identifier: MIT
 * Changes since; see since.h. */
#include "since.h"

#include <inttypes.h>
#include <stdlib.h>

#include "place.h"

const char *const since_formats[] = {"iso", "unix", "unix-ms", "integer", "text", NULL};
enum { ISO, UNIX, UNIX_MS, INTEGER, TEXT };

const json_t *since_of(const json_t *call)
{
    return json_object_get(call, "since");
}

static int format_of(const json_t *since)
{
    const char *format = koppel_get_text(since, "format", "iso");
    int i = 0;
    while (since_formats[i] && strcmp(since_formats[i], format) != 0)
        i++;
    return i;
}

/* As a number that can be compared: ms, or the marker. false: it is none. */
static bool number_of(int format, const char *value, int64_t *out)
{
    struct koppel_time time;
    if (format == ISO) {
        if (koppel_time_parse(value, &time) != 0)
            return false;
        *out = time.utc_ms;
        return true;
    }
    if (koppel_parse_int(value, out) != 0)
        return false;
    if (format == UNIX) {
        if (*out > INT64_MAX / 1000 || *out < INT64_MIN / 1000)
            return false;
        *out *= 1000;
    }
    return true;
}

bool since_take(const json_t *since, const json_t *row, char out[SINCE_BYTES])
{
    int64_t number;
    int format = format_of(since);
    if (!place_text(row, koppel_get_text(since, "field", ""), out, SINCE_BYTES) || !out[0])
        return false;
    return format == TEXT || number_of(format, out, &number);
}

int since_compare(const json_t *since, const char *a, const char *b)
{
    int64_t x = 0, y = 0;
    int format = format_of(since);
    if (format == TEXT || !number_of(format, a, &x) || !number_of(format, b, &y))
        return strcmp(a, b);
    return x < y ? -1 : x > y;
}

void since_earlier(const json_t *since, const char *from, int64_t units, char out[SINCE_BYTES])
{
    char text[KOPPEL_TIME_TEXT];
    struct koppel_time time;
    int64_t number = 0;
    int format = format_of(since);
    snprintf(out, SINCE_BYTES, "%s", from);
    if (units <= 0 || format == TEXT || !number_of(format, from, &number))
        return;
    number = number > INT64_MIN + units ? number - units : number;
    if (format == INTEGER && number < 0)
        number = 0;
    if (format != ISO) {
        snprintf(out, SINCE_BYTES, "%" PRId64, format == UNIX ? number / 1000 : number);
        return;
    }
    int n = koppel_time_text(number, 0, text);
    if (n > 0 && koppel_time_parse(from, &time) == 0 && !time.has_zone)
        text[n - 1] = '\0'; /* as it was written: without Z */
    if (n > 0)
        snprintf(out, SINCE_BYTES, "%s", text);
}

int64_t since_step(const json_t *since, const char *value)
{
    int64_t number = 0;
    int format = format_of(since);
    if (format == INTEGER || format == TEXT || !number_of(format, value, &number))
        return 1;
    return number % 1000 == 0 ? 1000 : 1;
}

int64_t since_version(const json_t *since, const char *value, const json_t *row)
{
    int64_t number = 0;
    int format = format_of(since);
    if (format == TEXT || !number_of(format, value, &number) || number < 0)
        return 0;
    if (format == INTEGER || number % 1000 != 0)
        return number;
    /* Two changes within one second are two. */
    char *text = json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
    uint64_t hash = 14695981039346656037u;
    for (const char *c = text; c && *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    free(text);
    return number + (int64_t)((hash ^ hash >> 32) % 1000);
}
