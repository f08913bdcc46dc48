/* SPDX-License-Identifier: MIT
 * What the fields that an explanation names are called. */
#include "service/field_titles.h"

#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "service/ask.h"

#define PATH_BYTES 512

static const struct cat_field *field_of(const struct cat_field *fields, int count, const char *name,
                                        size_t bytes)
{
    for (int i = 0; i < count; i++) {
        if (strncmp(fields[i].name, name, bytes) == 0 && !fields[i].name[bytes])
            return &fields[i];
    }
    return NULL;
}

/* Part by part, from the record down to the field. */
static void add_path(json_t *out, const struct cat_entity *e, const char *path)
{
    const struct cat_field *fields = e ? e->fields : NULL;
    int count = e ? e->field_count : 0;
    char at[PATH_BYTES];
    size_t used = 0;
    for (const char *part = path; part && *part;) {
        size_t bytes = strcspn(part, ".["), end = strcspn(part, ".");
        const struct cat_field *f = field_of(fields, count, part, bytes);
        if (!f || used + bytes + 2 > sizeof at)
            return;
        used += (size_t)snprintf(at + used, sizeof at - used, "%s%.*s", used ? "." : "", (int)bytes,
                                 part);
        if (!json_object_get(out, at))
            json_object_set_new(out, at, f->titles ? ask_copy(f->titles)
                                                   : json_pack("{s:s}", "en",
                                                               f->title ? f->title : f->name));
        fields = f->fields;
        count = f->field_count;
        part += end + (part[end] == '.');
    }
}

/* Those of the rows and of their parts: of what is read, and of what is made. */
static void add_rows(const json_t *rows, json_t *read, const struct cat_entity *from, json_t *made,
                     const struct cat_entity *to)
{
    size_t i, k;
    json_t *row, *one;
    json_array_foreach((json_t *)rows, i, row) {
        add_path(made, to, json_string_value(json_object_get(row, "to")));
        json_array_foreach(json_object_get(row, "from"), k, one)
            add_path(read, from, json_string_value(json_object_get(one, "path")));
        add_rows(json_object_get(row, "parts"), read, from, made, to);
    }
}

json_t *field_titles(const struct conf_flow *flow, const json_t *get, const json_t *send)
{
    const struct model *model = model_find(flow->model);
    const struct cat_entity *core = model ? model->record : NULL;
    json_t *source = json_object(), *between = json_object(), *destination = json_object();
    add_rows(get, source, catalogue_entity(flow->from->catalogue, flow->from_entity), between,
             core);
    add_rows(send, between, core, destination,
             catalogue_entity(flow->to->catalogue, flow->to_entity));
    return json_pack("{s:o,s:o,s:o}", "source", source, "core", between, "destination",
                     destination);
}
