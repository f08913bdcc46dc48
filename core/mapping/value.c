/* SPDX-License-Identifier: MIT
 * Values of a record. */
#include "mapping/value.h"

#include <stdio.h>

#include "base/fold.h"

bool value_text(const json_t *value, char buf[32], const char **out)
{
    if (json_is_string(value)) {
        *out = json_string_value(value);
        return true;
    }
    if (json_is_integer(value)) {
        snprintf(buf, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        *out = buf;
        return true;
    }
    if (json_is_boolean(value)) {
        *out = json_is_true(value) ? "true" : "false";
        return true;
    }
    return false;
}

bool value_is_blank(const json_t *value)
{
    if (!value || json_is_null(value))
        return true;
    if (json_is_array(value))
        return json_array_size(value) == 0;
    if (json_is_object(value))
        return json_object_size(value) == 0;
    if (!json_is_string(value))
        return false;
    return fold_is_blank(json_string_value(value));
}
