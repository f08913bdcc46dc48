/* SPDX-License-Identifier: MIT
 * What the rows of a value table may lead to. */
#include "service/table_choices.h"

#include <stdio.h>
#include <string.h>

#include "connection/connection_choices.h"
#include "service/ask.h"

#define PATH_BYTES 512

struct wanted {
    const char *table;
    const struct cat_entity *entity;
    char path[PATH_BYTES];         /* of the field that was found */
    const struct cat_field *field; /* NULL: none yet */
};

/* The first field with a choice list that is filled through the table, else any field. */
static void look(const struct conf_rule *rules, int count, const char *before, struct wanted *w)
{
    for (int i = 0; i < count && !(w->field && w->field->choices); i++) {
        const struct conf_rule *r = &rules[i];
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s%s%s", before, *before && r->to ? "." : "",
                 r->to ? path_text(r->to) : "");
        look(r->map, r->map_count, path, w);
        if (!r->table || strcmp(r->table->name, w->table) != 0)
            continue;
        const struct cat_field *field = catalogue_field(w->entity, path);
        if (field && (!w->field || field->choices)) {
            w->field = field;
            snprintf(w->path, sizeof w->path, "%s", path);
        }
    }
}

static int check_table(const struct conf_flow *f, const char *table, struct koppel_error *err)
{
    const char *names[64];
    int count = 0;
    for (int i = 0; i < f->table_count; i++) {
        if (strcmp(f->tables[i]->name, table) == 0)
            return 0;
        if (count < 64)
            names[count++] = f->tables[i]->name;
    }
    return ask_unknown("table", table, f->name, names, count, err);
}

static json_t *values_of(const struct koppel_list *rows)
{
    json_t *values = json_array();
    for (int i = 0; i < rows->count; i++)
        json_array_append_new(values, json_pack("{s:o,s:o}", "value",
                                                ask_json_text(rows->rows[i].value), "title",
                                                ask_json_text(rows->rows[i].title)));
    return values;
}

int table_choices_show(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err)
{
    const struct conf_flow *f = ask_flow(s, ask_text(ask, "flow"), err);
    struct wanted w = {.table = ask_text(ask, "table")};
    struct koppel_list rows = {0};
    if (!f || check_table(f, w.table, err) != 0)
        return -1;
    w.entity = catalogue_entity(f->to->catalogue, f->to_entity);
    if (w.entity)
        look(f->send.rules, f->send.count, "", &w);
    const char *list = w.field ? w.field->choices : NULL;
    if (list && connection_choices(engine_connection(s->engine, f->to), list, &rows, err) != 0)
        return -1;
    json_t *field = json_null();
    if (w.field)
        field = json_pack("{s:s,s:s}", "path", w.path, "title",
                          w.field->title ? w.field->title : w.field->name);
    *out = json_pack("{s:o,s:o,s:o,s:o}", "connection", ask_json_text(list ? f->to->name : NULL),
                     "list", ask_json_text(list), "field", field, "values", values_of(&rows));
    list_done(&rows);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}
