/* SPDX-License-Identifier: MIT
 * A file of flows.d. */
#include <string.h>

#include "config/config_internal.h"
#include "model/model.h"

/* One side's connection and entity; the setting of the entity goes to *at for later mistakes. */
static void side_load(struct loader *l, struct file *f, const char *side,
                      struct conf_connection **out, const char **entity_name,
                      const struct cat_entity **entity)
{
    static const char *const keys[] = {"connection", "entity"};
    config_setting_t *group = get_group(l, f->root, side);
    *entity_name = "";
    if (!group) {
        if (!get_member(f->root, side))
            mistake(l, name_of(f), "\"%s\" is missing", side);
        return;
    }
    check_keys(l, group, keys, COUNT(keys));
    const char *connection = get_text(l, group, "connection", NULL);
    const char *name = get_text(l, group, "entity", NULL);
    if (!get_member(group, "connection"))
        mistake(l, group, "\"%s\" names no \"connection\"", side);
    if (!get_member(group, "entity"))
        mistake(l, group, "\"%s\" names no \"entity\"", side);
    *entity_name = conf_copy(l->held, name);
    if (!connection)
        return;
    *out = config_connection(l->conf, connection);
    if (!*out) {
        const char **names = conf_alloc(l->held, sizeof *names
                                                     * (size_t)(l->conf->connection_count + 1));
        for (int i = 0; i < l->conf->connection_count; i++)
            names[i] = l->conf->connections[i].name;
        mistake(l, get_member(group, "connection"), "there is no connection \"%s\"%s", connection,
                hint(l, connection, names, l->conf->connection_count));
        return;
    }
    const struct catalogue *cat = (*out)->catalogue;
    if (!cat || !name)
        return;
    *entity = catalogue_entity(cat, name);
    if (*entity)
        return;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(cat->entity_count + 1));
    for (int i = 0; i < cat->entity_count; i++)
        names[i] = cat->entities[i].name;
    mistake(l, get_member(group, "entity"), "connection \"%s\" has no entity \"%s\"%s", connection,
            name, hint(l, name, names, cat->entity_count));
}

static const char *real_model(const struct cat_entity *e)
{
    return e && e->model && *e->model && strcmp(e->model, "record") != 0 ? e->model : NULL;
}

static void model_load(struct loader *l, struct file *f, struct conf_flow *w,
                       const struct cat_entity *from, const struct cat_entity *to)
{
    if (from && !(from->can & CAN_READ))
        mistake(l, get_member(get_member(f->root, "from"), "entity"),
                "entity \"%s\" cannot be read", from->name);
    if (to && !(to->can & CAN_CREATE))
        mistake(l, get_member(get_member(f->root, "to"), "entity"),
                "entity \"%s\" cannot be created", to->name);
    const char *a = real_model(from), *b = real_model(to);
    if (a && b && strcmp(a, b) != 0)
        mistake(l, get_member(get_member(f->root, "to"), "entity"),
                "\"%s\" is of model \"%s\", but \"%s\" is of model \"%s\"", to->name, b, from->name,
                a);
    w->model = conf_copy(l->held, b ? b : a ? a : "record");
    const struct model *m = model_find(w->model);
    int count = m ? m->count : 0;
    struct conf_setting *values = conf_alloc(l->held, sizeof *values * (size_t)(count + 1));
    count = settings_load(l, get_group(l, f->root, "settings"), name_of(f), m ? m->settings : NULL,
                          count, values);
    w->settings = json_object();
    conf_keep(l->held, w->settings, conf_json_done);
    for (int i = 0; i < count; i++)
        json_object_set_new(w->settings, values[i].name, json_string(values[i].text));
}

static void options_load(struct loader *l, struct file *f, struct conf_flow *w,
                         const struct cat_entity *from)
{
    w->options = json_object();
    conf_keep(l->held, w->options, conf_json_done);
    config_setting_t *group = get_group(l, f->root, "options");
    if (!from)
        return;
    struct conf_setting *values = conf_alloc(l->held, sizeof *values
                                                          * (size_t)(from->option_count + 1));
    int count = settings_load(l, group, name_of(f), from->options, from->option_count, values);
    for (int i = 0; i < count; i++) {
        int type = SETTING_TEXT;
        for (int k = 0; k < from->option_count; k++) {
            if (strcmp(from->options[k].name, values[i].name) == 0)
                type = (int)from->options[k].type;
        }
        json_t *j = type == SETTING_BOOLEAN ? json_boolean(values[i].number)
                    : type == SETTING_INTEGER || type == SETTING_DURATION
                        ? json_integer(values[i].number)
                        : json_string(values[i].text ? values[i].text : "");
        json_object_set_new(w->options, values[i].name, j);
    }
}

static void tables_load(struct loader *l, struct file *f, struct conf_flow *w)
{
    config_setting_t *group = get_group(l, f->root, "tables");
    int n = group ? config_setting_length(group) : 0;
    w->tables = conf_alloc(l->held, sizeof *w->tables * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        w->tables[w->table_count++] = table_load(l, config_setting_get_elem(group, (unsigned)i));
}

const char *connector_name(const struct conf_connection *c)
{
    return c->plugin && c->plugin->entry.name ? c->plugin->entry.name : "";
}

/* The side's mapping: the flow's own file, else the local or shipped one. */
static void side_mapping(struct loader *l, struct file *f, const char *side,
                         const struct conf_connection *c, const struct cat_entity *e, bool needed,
                         const struct map_context *m, struct conf_mapping *out)
{
    const char *own = get_text(l, f->root, side, NULL);
    if (own) {
        mapping_load(l, file_absolute(l, own), get_member(f->root, side), m, out);
        return;
    }
    if (!c || !e || get_member(f->root, side))
        return;
    const char *path = mapping_find(l, connector_name(c), e->name, side);
    if (path)
        mapping_load(l, path, name_of(f), m, out);
    else if (needed)
        mistake(l, name_of(f), "there is no mapping mappings/%s/%s.%s.conf; write one, or name one "
                "with %s = \"FILE\"", connector_name(c), e->name, side, side);
}

static void mappings_load(struct loader *l, struct file *f, struct conf_flow *w,
                          const struct cat_entity *from, const struct cat_entity *to)
{
    struct map_context m = {.tables = w->tables, .table_count = w->table_count};
    struct conf_mapping own = {0};
    config_setting_t *map = get_member(f->root, "map");
    m.entity = to;
    if (map)
        rules_load(l, map, &m, &own);
    config_setting_t *tables = get_member(f->root, "tables");
    m.flow = tables ? tables : name_of(f);
    m.over = &own;
    side_mapping(l, f, "send", w->to, to, real_model(to) && !map, &m, &w->send);
    mapping_join(l, &w->send, &own);
    if (!w->send.file)
        w->send.file = w->at.file;
    m.entity = NULL;
    m.over = NULL;
    side_mapping(l, f, "get", w->from, from, real_model(from) != NULL, &m, &w->get);
}

void flow_load(struct loader *l, struct file *f, struct conf_flow *w)
{
    static const char *const keys[] = {"name",     "enabled", "from",       "to",     "every",
                                       "partitions", "batch", "attempts",   "filter", "references",
                                       "tables",   "map",     "get",        "send",   "options",
                                       "settings"};
    const struct cat_entity *from = NULL, *to = NULL;
    check_keys(l, f->root, keys, COUNT(keys));
    w->name = name_load(l, f);
    w->at = at_of(l, name_of(f));
    w->enabled = get_bool(l, f->root, "enabled", true);
    side_load(l, f, "from", &w->from, &w->from_entity, &from);
    side_load(l, f, "to", &w->to, &w->to_entity, &to);
    w->every_ms = get_duration(l, f->root, "every", 5 * 60 * 1000);
    w->partitions = (int)get_number(l, f->root, "partitions", 1, 1024,
                                    to && to->batch_write > 1 ? 1 : 16);
    w->batch = (int)get_number(l, f->root, "batch", 1, 10000, 100);
    w->attempts = (int)get_number(l, f->root, "attempts", 1, 1000, 8);
    model_load(l, f, w, from, to);
    options_load(l, f, w, from);
    conditions_load(l, get_member(f->root, "filter"), &w->filter, &w->filter_count);
    tables_load(l, f, w);
    mappings_load(l, f, w, from, to);
    references_load(l, f, w, to);
}
