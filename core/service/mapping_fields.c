/* SPDX-License-Identifier: MIT
 * Fields, functions and tables that a mapping can name. */
#include "service/mapping_fields.h"

#include <stdio.h>

#include "connection/connection_describe.h"
#include "model/model.h"
#include "plugin/plugins_names.h"
#include "service/ask.h"

#define PATH_BYTES 512

static const char *type_name(enum field_type type)
{
    static const char *const names[] = {[FIELD_TEXT] = "text",       [FIELD_DECIMAL] = "decimal",
                                        [FIELD_INTEGER] = "integer", [FIELD_BOOLEAN] = "boolean",
                                        [FIELD_DATE] = "date",       [FIELD_TIME] = "time",
                                        [FIELD_OBJECT] = "object",   [FIELD_LIST] = "list"};
    return names[type];
}

/* connection: whose choice lists the fields name; NULL: a core model's, which have none. */
static json_t *field_json(const struct cat_field *f, const char *path, const char *connection)
{
    json_t *values = json_array();
    json_t *choices = f->choices && connection ? json_pack("{s:s,s:s}", "connection", connection,
                                                           "list", f->choices)
                                               : json_null();
    for (int i = 0; i < f->value_count; i++)
        json_array_append_new(values, json_string(f->values[i]));
    return json_pack("{s:s,s:s,s:o?,s:s,s:b,s:b,s:o,s:o}", "path", path, "title",
                     f->title ? f->title : f->name, "titles", ask_copy(f->titles), "type",
                     type_name(f->type), "required", f->required, "read_only", f->read_only,
                     "values", values, "choices", choices);
}

static void add_fields(const struct cat_field *fields, int count, const char *before,
                       const char *connection, json_t *out)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *f = &fields[i];
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s%s", before, f->name);
        json_array_append_new(out, field_json(f, path, connection));
        snprintf(path, sizeof path, "%s%s%s.", before, f->name, f->type == FIELD_LIST ? "[]" : "");
        add_fields(f->fields, f->field_count, path, connection, out);
    }
}

static json_t *fields_of(const struct cat_entity *e, const char *connection)
{
    json_t *out = json_array();
    if (e)
        add_fields(e->fields, e->field_count, "", connection, out);
    return out;
}

/* With those that the account has of its own, where it says so now. */
static json_t *side_fields(struct service *s, const struct conf_connection *c, const char *entity)
{
    struct koppel_error ignored = {0};
    struct catalogue *merged = NULL;
    const struct cat_entity *e = catalogue_entity(c->catalogue, entity);
    if (!e || !(e->can & CAN_DESCRIBE) ||
        connection_describe(engine_connection(s->engine, c), entity, &merged, &ignored) != 0)
        return fields_of(e, c->name);
    json_t *out = fields_of(catalogue_entity(merged, entity), c->name);
    catalogue_free(merged);
    return out;
}

/* For what a function is, by name; [] anything. */
static json_t *takes_of(const struct cat_function *f)
{
    json_t *out = json_array();
    for (int i = FIELD_TEXT; i <= FIELD_LIST; i++) {
        if (f->takes & (1u << i))
            json_array_append_new(out, json_string(type_name((enum field_type)i)));
    }
    return out;
}

static json_t *args_of(const struct cat_function *f)
{
    static const char *const types[] = {
        [ARG_TEXT] = "text",       [ARG_INTEGER] = "integer", [ARG_DECIMAL] = "decimal",
        [ARG_BOOLEAN] = "boolean", [ARG_CHOICE] = "choice",   [ARG_ZONE] = "zone",
        [ARG_COUNTRY] = "country", [ARG_CURRENCY] = "currency", [ARG_LIST] = "list"};
    json_t *out = json_array();
    for (int i = 0; i < f->arg_count; i++) {
        const struct cat_arg *a = &f->args[i];
        json_t *values = json_array();
        for (int k = 0; k < a->value_count; k++)
            json_array_append_new(values, json_string(a->values[k]));
        json_array_append_new(out, json_pack("{s:s,s:s?,s:s,s:b,s:o?,s:o}", "name", a->name,
                                             "help", a->help, "type", types[a->type], "required",
                                             a->required, "default", ask_copy(a->fallback),
                                             "values", values));
    }
    return out;
}

static json_t *function_json(const char *plugin, const struct cat_function *f)
{
    json_t *gives = f->gives < 0 ? json_null()
                                 : json_string(type_name((enum field_type)f->gives));
    json_t *examples = f->examples ? ask_copy(f->examples) : json_array();
    return json_pack("{s:o,s:s?,s:b,s:o,s:o,s:o,s:o}", "name", json_sprintf("%s.%s", plugin,
                     f->name), "help", f->help, "record", f->record, "takes", takes_of(f), "gives",
                     gives, "args", args_of(f), "examples", examples);
}

static json_t *functions(struct plugins *plugins)
{
    json_t *out = json_array();
    int count = 0;
    char **names = plugins_names(plugins, &count);
    for (int i = 0; i < count; i++) {
        struct koppel_error ignored = {0}; /* one that cannot be loaded has none to offer */
        const struct plugin *p = plugins_load(plugins, names[i], &ignored);
        for (int k = 0; p && k < p->catalogue->function_count; k++) {
            json_array_append_new(out, function_json(p->entry.name,
                                                     &p->catalogue->functions[k]));
        }
    }
    plugins_names_free(names, count);
    return out;
}

int mapping_fields(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    const struct conf_flow *f = ask_flow(s, ask_text(ask, "flow"), err);
    json_t *tables, *settings, *value;
    const char *name;
    if (!f)
        return -1;
    const struct model *model = model_find(f->model);
    tables = json_array();
    settings = json_array();
    for (int i = 0; i < f->table_count; i++)
        json_array_append_new(tables, json_string(f->tables[i]->name));
    json_object_foreach(f->settings, name, value)
        json_array_append_new(settings, json_string(name));
    *out = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "source",
                     side_fields(s, f->from, f->from_entity), "core",
                     fields_of(model ? model->record : NULL, NULL), "destination",
                     side_fields(s, f->to, f->to_entity), "functions",
                     functions(s->plugins), "tables", tables, "settings", settings);
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}
