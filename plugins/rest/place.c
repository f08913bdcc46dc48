/* SPDX-License-Identifier: MIT
 * Places in a JSON value; see place.h. They are short, so they are walked as they are written. */
#include "place.h"

#include <inttypes.h>

const char *place_fault(const char *place)
{
    const char *at = place;
    while (*at) {
        size_t n = strcspn(at, ".[]");
        if (n == 0 && *at != '[')
            return "a name is missing";
        if (n > 0 && at > place && at[-1] == ']')
            return "behind ] comes a point";
        at += n;
        while (*at == '[') {
            size_t digits = strspn(at + 1, "0123456789");
            if (digits == 0 || digits > 6 || at[1 + digits] != ']')
                return "between [ and ] stands the number of an element";
            at += digits + 2;
        }
        if (*at == ']')
            return "] without [";
        if (*at == '.' && !*++at)
            return "a name is missing";
    }
    return NULL;
}

json_t *place_at(const json_t *value, const char *place)
{
    const json_t *now = value;
    const char *at = place ? place : "";
    while (now && *at) {
        size_t n = strcspn(at, ".[");
        if (n > 0)
            now = json_object_getn(now, at, n);
        at += n;
        if (*at == '[') {
            size_t index = 0;
            for (at++; *at >= '0' && *at <= '9'; at++)
                index = index * 10 + (size_t)(*at - '0');
            now = json_array_get(now, index);
            at += *at == ']';
        }
        at += *at == '.';
    }
    return (json_t *)now;
}

json_t *place_get(const json_t *value, const char *place)
{
    json_t *there = place_at(value, place);
    return json_is_null(there) ? NULL : there;
}

bool place_text(const json_t *value, const char *place, char *out, size_t room)
{
    const json_t *there = place_get(value, place);
    int n = -1;
    if (json_is_string(there)) {
        if (strlen(json_string_value(there)) == json_string_length(there))
            n = snprintf(out, room, "%s", json_string_value(there));
    } else if (json_is_integer(there)) {
        n = snprintf(out, room, "%" JSON_INTEGER_FORMAT, json_integer_value(there));
    } else if (json_is_boolean(there)) {
        n = snprintf(out, room, "%s", json_is_true(there) ? "true" : "false");
    }
    if (n >= 0 && (size_t)n < room)
        return true;
    if (room > 0)
        out[0] = '\0';
    return false;
}
