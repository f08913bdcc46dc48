/* SPDX-License-Identifier: MIT
 * Splits an address line: street, one blank, number, suffix give the line again.
 * Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "koppel/plugin.h"
#include "address_catalogue.h"

enum function { STREET, NUMBER, SUFFIX, FUNCTIONS };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *p)
{
    size_t n = 0;

    while (is_digit(p[n]))
        n++;
    return n;
}

/* The next digit behind a blank; NULL where there is none. */
static const char *next_number(const char *p)
{
    for (; *p; p++)
        if (*p == ' ' && is_digit(p[1]))
            return p + 1;
    return NULL;
}

/* A year belongs to the name of the street ("Plein 1944 12") where another number follows it. */
static bool looks_like_year(const char *p)
{
    return count_digits(p) == 4 && p[4] == ' ' && is_digit(p[5]) && p[0] >= '1' && p[0] <= '2';
}

/* Where the house number begins; a number at the very beginning is part of the name. */
static const char *house_number(const char *line)
{
    const char *p = line;

    while (*p == ' ')
        p++;
    p = next_number(p);
    return p && looks_like_year(p) ? p + 5 : p;
}

static json_t *part(const char *line, uint32_t function)
{
    const char *number = house_number(line);
    size_t digits;

    if (!number)
        return function == STREET ? json_string(line) : json_null();
    digits = count_digits(number);
    if (function == STREET)
        return json_stringn(line, (size_t)(number - line) - 1);
    if (function == NUMBER)
        return json_stringn(number, digits);
    return number[digits] ? json_string(number + digits) : json_null();
}

static int convert(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   json_t *value, json_t *args, json_t **out, struct koppel_error *err)
{
    const char *line = json_string_value(value);

    (void)ctx;
    (void)args;
    if (function >= FUNCTIONS)
        return host->fail(err, KOPPEL_E_BUG, "no function number %u", (unsigned)function);
    if (!value || json_is_null(value)) {
        *out = json_null();
        return 0;
    }
    if (!line)
        return host->fail(err, KOPPEL_E_REJECTED, "the address is no text");
    *out = part(line, function);
    return *out ? 0 : host->fail(err, KOPPEL_E_BUG, "out of memory");
}

static const struct koppel_transform transform = {
    .struct_size = sizeof transform,
    .convert = convert,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_TRANSFORM,
    .threads = KOPPEL_THREADS_PARALLEL,
    .name = "address",
    .version = "0.1.0",
    .catalogue = catalogue_text,
    .transform = &transform,
};

KOPPEL_REGISTER_PLUGIN(plugin);
