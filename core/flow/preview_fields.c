/* SPDX-License-Identifier: MIT
 * Required fields, and those that are missing. */
#include "flow/preview_fields.h"

#include <stdio.h>

#include "mapping/value.h"

#define PATH_BYTES 512

static void add_required(const struct cat_field *fields, int count, const char *before, json_t *out)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        char path[PATH_BYTES];
        if (!f->required)
            continue; /* what is in one that may be left out is no must by itself */
        snprintf(path, sizeof path, "%s%s", before, f->name);
        json_array_append_new(out, json_string(path));
        snprintf(path, sizeof path, "%s%s%s.", before, f->name, f->type == FIELD_LIST ? "[]" : "");
        add_required(f->fields, f->field_count, path, out);
    }
}

json_t *preview_fields_required(const struct cat_entity *e)
{
    json_t *out = json_array();
    if (out)
        add_required(e->fields, e->field_count, "", out);
    return out;
}

struct looking {
    const char *side;
    json_t *out;
};

static void look(const struct looking *l, const struct cat_field *fields, int count,
                 const char *before, const json_t *record)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        json_t *value = json_object_get(record, f->name), *one;
        char path[PATH_BYTES];
        size_t k;
        if (f->required && value_is_blank(value)) {
            snprintf(path, sizeof path, "%s%s", before, f->name);
            json_array_append_new(l->out, json_pack("{s:s,s:s,s:s}", "side", l->side, "field", path,
                                                    "title", f->title ? f->title : f->name));
        }
        if (json_is_object(value)) {
            snprintf(path, sizeof path, "%s%s.", before, f->name);
            look(l, f->fields, f->field_count, path, value);
        }
        json_array_foreach(value, k, one) {
            snprintf(path, sizeof path, "%s%s[%zu].", before, f->name, k);
            if (json_is_object(one))
                look(l, f->fields, f->field_count, path, one);
        }
    }
}

void preview_fields_missing(const struct cat_entity *e, const json_t *record, const char *side,
                            json_t *out)
{
    struct looking l = {side, out};
    look(&l, e->fields, e->field_count, "", record);
}
