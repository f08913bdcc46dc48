/* SPDX-License-Identifier: MIT
 * What differs between two JSON values, field by field. */
#include "flow/cases_differ.h"

#include <stdio.h>
#include <stdlib.h>

#define NO_MEMORY (-1)

static int differ_members(const char *path, const json_t *expected, const json_t *got, json_t *out)
{
    json_t *names = json_object(), *value;
    const char *name;
    int rc = names ? 0 : NO_MEMORY;
    json_object_foreach((json_t *)expected, name, value)
        rc |= json_object_set_new_nocheck(names, name, json_null());
    json_object_foreach((json_t *)got, name, value)
        rc |= json_object_set_new_nocheck(names, name, json_null());
    json_object_foreach(names, name, value) {
        char *inner = NULL;
        if (rc == 0 && asprintf(&inner, "%s%s%s", path, *path ? "." : "", name) < 0)
            rc = NO_MEMORY;
        if (rc == 0)
            rc = cases_differ(inner, json_object_get(expected, name), json_object_get(got, name),
                              out);
        free(inner);
    }
    json_decref(names);
    return rc == 0 ? 0 : NO_MEMORY;
}

static int differ_elements(const char *path, const json_t *expected, const json_t *got, json_t *out)
{
    size_t a = json_array_size(expected), b = json_array_size(got);
    int rc = 0;
    for (size_t i = 0; i < (a > b ? a : b) && rc == 0; i++) {
        char *inner = NULL;
        if (asprintf(&inner, "%s[%zu]", path, i) < 0)
            return NO_MEMORY;
        rc = cases_differ(inner, json_array_get(expected, i), json_array_get(got, i), out);
        free(inner);
    }
    return rc;
}

int cases_differ(const char *path, const json_t *expected, const json_t *got, json_t *out)
{
    if (json_is_object(expected) && json_is_object(got))
        return differ_members(path, expected, got, out);
    if (json_is_array(expected) && json_is_array(got))
        return differ_elements(path, expected, got, out);
    if ((!expected && !got) || json_equal(expected, got))
        return 0;
    return json_array_append_new(out, json_pack("{s:s,s:O*,s:O*}", "path", path, "expected",
                                                expected, "got", got));
}
