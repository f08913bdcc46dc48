/* SPDX-License-Identifier: MIT
 * A record of a system asked by what its fields mean. */
#include "mapping/role.h"

#include "mapping/value.h"

const char *role_text(const struct cat_entity *e, const char *role, const json_t *record,
                      char buf[32])
{
    const struct cat_field *field = catalogue_role(e, role, NULL, 0);
    const char *text;
    json_t *value = field ? json_object_get(record, field->name) : NULL;
    return value && value_text(value, buf, &text) ? text : "";
}
