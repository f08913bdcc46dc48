/* SPDX-License-Identifier: MIT
 * A file of flows.d. */
#include "config/conf_flow.h"

#include <string.h>

#include "base/expr_parse.h"
#include "base/nearest.h"
#include "config/conf.h"
#include "config/conf_condition.h"
#include "config/conf_connection.h"
#include "config/conf_field.h"
#include "config/conf_file.h"
#include "config/conf_filled.h"
#include "config/conf_held.h"
#include "config/conf_home.h"
#include "config/conf_loader.h"
#include "config/conf_mapping.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_reference.h"
#include "config/conf_setting.h"
#include "config/conf_table.h"
#include "config/conf_via.h"
#include "model/model.h"

/* Names of the entities that can do one of these, or of all where can is 0: held text. */
static const char *entities_that_can(struct conf_loader *l, const struct catalogue *cat,
                                     unsigned can)
{
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(cat->entity_count + 1));
    int n = 0;
    for (int i = 0; i < cat->entity_count; i++) {
        if (cat->entities[i].can & can)
            names[n++] = cat->entities[i].name;
    }
    return n ? conf_member_joined(l, names, n) : "none";
}

/* One side's group with its connection; NULL where there is no such group. */
static config_setting_t *side_load(struct conf_loader *l, struct conf_file *f, const char *side,
                                   struct conf_connection **out, const char **entity_name)
{
    static const char *const keys[] = {"connection", "entity"};
    config_setting_t *group = conf_member_group(l, f->root, side);
    *entity_name = "";
    if (!group) {
        if (!conf_member_get(f->root, side))
            conf_mistake(l, conf_file_name_of(f), "\"%s\" is missing", side);
        return NULL;
    }
    conf_member_check_names(l, group, keys, COUNT(keys));
    const char *connection = conf_member_text(l, group, "connection", NULL);
    const char *name = conf_member_text(l, group, "entity", NULL);
    if (!conf_member_get(group, "connection"))
        conf_mistake(l, group, "\"%s\" names no \"connection\"", side);
    if (!conf_member_get(group, "entity"))
        conf_mistake(l, group, "\"%s\" names no \"entity\"", side);
    *entity_name = conf_held_copy(l->held, name);
    if (!connection)
        return group;
    *out = conf_connection(l->conf, connection);
    if (!*out && !l->lost) { /* else it may be in a file that cannot be read, which was said */
        const char **names =
            conf_held_alloc(l->held, sizeof *names * (size_t)(l->conf->connection_count + 1));
        for (int i = 0; i < l->conf->connection_count; i++)
            names[i] = l->conf->connections[i].name;
        conf_mistake_near(l, conf_member_get(group, "connection"),
                          nearest_name(connection, names, l->conf->connection_count),
                          "there is no connection \"%s\"", connection);
    }
    return group;
}

/* The side's entity, which must be able to do this ("read", "created"); NULL: it is wrong. */
static const struct cat_entity *side_entity(struct conf_loader *l, config_setting_t *group,
                                            const struct conf_connection *c, const char *name,
                                            unsigned can, const char *what)
{
    if (!group || !c || !c->catalogue || !conf_member_get(group, "entity"))
        return NULL;
    const struct cat_entity *e = catalogue_entity(c->catalogue, name);
    config_setting_t *at = conf_member_get(group, "entity");
    if (e) {
        if (!(e->can & can))
            conf_mistake(l, at,
                         "entity \"%s\" of connection \"%s\" (connector %s) cannot be %s; these "
                         "can: %s",
                         name, c->name, conf_connection_connector(c), what,
                         entities_that_can(l, c->catalogue, can));
        return e->can & can ? e : NULL;
    }
    int n = c->catalogue->entity_count;
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        names[i] = c->catalogue->entities[i].name;
    conf_mistake_near(l, at, nearest_name(name, names, n), "connection \"%s\" has no entity \"%s\"",
                      c->name, name);
    return NULL;
}

/* The core model of an entity; NULL where it has none, or one that Koppel does not know. */
static const struct model *model_of(const struct cat_entity *e)
{
    const struct model *m = e ? model_find(e->model) : NULL;
    return m && m->record ? m : NULL;
}

/* Why the destination has no place at all for what the flow reads; NULL where it has one. */
static const char *no_place(struct conf_loader *l, const struct conf_flow *w,
                            const struct cat_entity *from)
{
    const struct model *m = model_of(from);
    if (!m || !w->to || !w->to->catalogue)
        return NULL;
    for (int i = 0; i < w->to->catalogue->entity_count; i++) {
        const struct cat_entity *e = &w->to->catalogue->entities[i];
        if (model_of(e) == m && (e->can & CAN_CREATE))
            return NULL;
    }
    return conf_held_text(l->held,
                          "connection \"%s\" (connector %s) has no entity that takes what "
                          "\"%s\" of \"%s\" gives, core model \"%s\"",
                          w->to->name, conf_connection_connector(w->to), from->name, w->from->name,
                          m->name);
}

/* Both sides. A flow that the destination cannot serve may stay in the configuration, switched
 * off. */
static void sides_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                       const struct cat_entity **from, const struct cat_entity **to)
{
    config_setting_t *source = side_load(l, f, "from", &w->from, &w->from_entity);
    config_setting_t *dest = side_load(l, f, "to", &w->to, &w->to_entity);
    *from = side_entity(l, source, w->from, w->from_entity, CAN_READ, "read");
    if (w->from && w->from == w->to && strcmp(w->from_entity, w->to_entity) == 0) {
        conf_mistake(l, conf_file_name_of(f),
                     "flow \"%s\" goes from \"%s\" of connection \"%s\" to itself", w->name,
                     w->from_entity, w->from->name);
        *from = NULL;
        return;
    }
    w->cannot = no_place(l, w, *from);
    if (!w->cannot)
        *to = side_entity(l, dest, w->to, w->to_entity, CAN_CREATE, "written");
    else if (w->enabled)
        conf_mistake(l, dest,
                     "flow \"%s\" cannot be switched on: %s; set enabled = false, or take it "
                     "away",
                     w->name, w->cannot);
}

/* An expression of the settings calculates with fields of the model. */
static void expressions_check(struct conf_loader *l, config_setting_t *group, const struct model *m)
{
    for (int i = 0; i < m->count; i++) {
        const struct cat_setting *c = &m->settings[i];
        config_setting_t *s = conf_member_get(group, c->name);
        const char *text = s ? config_setting_get_string(s) : NULL;
        const char *scope = c->scope ? conf_held_text(l->held, "%s[]", c->scope) : NULL;
        struct conf_field_context context = {.model = m, .scope = scope};
        struct expr *e = NULL;
        if (c->type == SETTING_EXPRESSION && text && !conf_setting_is_ready(c, text))
            e = expr_parse(text, NULL);
        if (e)
            conf_field_check_expr(l, s, &context, e);
        expr_free(e);
    }
}

/* Of the flow, from both sides. What a side has nothing to do with is no side: *to becomes NULL. */
static void model_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                       const struct cat_entity *from, const struct cat_entity **to)
{
    const struct cat_entity *sides[] = {from, *to};
    const struct model *a = model_of(from), *b = model_of(*to), *m;
    for (int i = 0; i < 2; i++) {
        if (sides[i] && sides[i]->model && !model_find(sides[i]->model))
            conf_mistake(l, conf_member_get(conf_member_get(f->root, i ? "to" : "from"), "entity"),
                         "\"%s\" is of model \"%s\", which Koppel does not know", sides[i]->name,
                         sides[i]->model);
    }
    if (a && b && a != b) {
        conf_mistake(l, conf_member_get(conf_member_get(f->root, "to"), "entity"),
                     "\"%s\" is of model \"%s\", but \"%s\" is of model \"%s\"", (*to)->name,
                     b->name, from->name, a->name);
        *to = NULL;
        b = NULL;
    }
    m = b ? b : a ? a : model_find("record");
    w->model = m->name;
    w->settings = json_object();
    conf_held_keep(l->held, w->settings, conf_held_json_done);
    if (!a && !b && (!from || (!*to && !w->cannot)))
        return; /* a side is wrong, which has been said: what settings there are nobody knows */
    config_setting_t *group = conf_member_group(l, f->root, "settings");
    struct conf_setting *values = conf_held_alloc(l->held, sizeof *values * (size_t)(m->count + 1));
    int count = conf_setting_load(l, group, conf_file_name_of(f), m->settings, m->count, values);
    expressions_check(l, group, m);
    for (int i = 0; i < count; i++)
        json_object_set_new(w->settings, values[i].name, json_string(values[i].text));
    w->given_settings = values;
    w->given_setting_count = count;
    conf_home_tell(&l->conf->home, w->settings);
}

static void options_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                         const struct cat_entity *from)
{
    w->options = json_object();
    conf_held_keep(l->held, w->options, conf_held_json_done);
    config_setting_t *group = conf_member_group(l, f->root, "options");
    if (!from)
        return;
    struct conf_setting *values =
        conf_held_alloc(l->held, sizeof *values * (size_t)(from->option_count + 1));
    int count = conf_setting_load(l, group, conf_file_name_of(f), from->options, from->option_count,
                                  values);
    w->given_options = values;
    w->given_option_count = count;
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

static void tables_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w)
{
    config_setting_t *group = conf_member_group(l, f->root, "tables");
    int n = group ? config_setting_length(group) : 0;
    w->tables = conf_held_alloc(l->held, sizeof *w->tables * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        w->tables[w->table_count++] =
            conf_table_load(l, config_setting_get_elem(group, (unsigned)i));
}

/* The side's mapping: the flow's own file, else the local or shipped one. */
static void side_mapping(struct conf_loader *l, struct conf_file *f, const char *side,
                         const struct conf_connection *c, const struct cat_entity *e, bool needed,
                         const struct conf_field_context *m, struct conf_mapping *out)
{
    const char *own = conf_member_text(l, f->root, side, NULL);
    if (own) {
        conf_mapping_load(l, conf_loader_absolute(l, own), conf_member_get(f->root, side), m, out);
        return;
    }
    if (!c || !e || conf_member_get(f->root, side))
        return;
    const char *path = conf_mapping_find(l, conf_connection_connector(c), e->name, side);
    if (path)
        conf_mapping_load(l, path, conf_file_name_of(f), m, out);
    else if (needed)
        conf_mistake(l, conf_file_name_of(f),
                     "there is no mapping mappings/%s/%s.%s.conf; write one, or name one "
                     "with %s = \"FILE\"",
                     conf_connection_connector(c), e->name, side, side);
}

/* Without a get mapping, and of a source without a model, the core record is the source's own. */
static bool has_core(struct conf_loader *l, struct conf_file *f, const struct conf_flow *w,
                     const struct cat_entity *from)
{
    if (model_of(from) || conf_member_get(f->root, "get") || conf_member_get(f->root, "get_map"))
        return true;
    return w->from && from &&
           conf_mapping_find(l, conf_connection_connector(w->from), from->name, "get");
}

/* A side's mapping with the flow's own rules behind it, which replace those with the same "to".
 * false: with mistakes, so that what it lacks may be what they are about. */
static bool with_own_rules(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                           const char *name, const char *side, const struct conf_connection *c,
                           const struct cat_entity *e, bool needed,
                           const struct conf_field_context *context, struct conf_mapping *out)
{
    struct conf_field_context m = *context;
    struct conf_mapping own = {0};
    int errors = l->report->errors;
    config_setting_t *map = conf_member_get(f->root, name),
                     *tables = conf_member_get(f->root, "tables");
    if (map)
        conf_mapping_rules(l, map, &m, &own);
    m.flow = tables ? tables : conf_file_name_of(f);
    m.over = &own;
    side_mapping(l, f, side, c, e, needed && !map, &m, out);
    conf_mapping_join(l, out, &own);
    if (!out->file && map)
        out->file = w->at.file;
    return l->report->errors == errors;
}

/* Fields that the core or the destination cannot do without. */
static void check_filled(struct conf_loader *l, struct conf_file *f, const struct conf_flow *w,
                         const struct cat_entity *to, const struct conf_field_context *core)
{
    config_setting_t *from_at = conf_member_get(f->root, "from"),
                     *to_at = conf_member_get(f->root, "to");
    if (core->filled && core->model && core->model->record)
        conf_filled_check(l, core->filled, core->model->record,
                          conf_held_text(l->held, "the core model \"%s\"", core->model->name),
                          conf_mistake_at(l, from_at));
    if (to && w->send.file)
        conf_filled_check(l, conf_filled_of(l, &w->send), to,
                          conf_held_text(l->held, "entity \"%s\"", to->name),
                          conf_mistake_at(l, to_at));
}

static void mappings_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                          const struct cat_entity *from, const struct cat_entity *to,
                          struct conf_field_context *core)
{
    struct conf_field_context get = *core, send = *core;
    get.get = true;
    get.filled = NULL;
    get.entity = from;
    send.entity = to;
    bool sound = with_own_rules(l, f, w, "get_map", "get", w->from, from, model_of(from) != NULL,
                                &get, &w->get);
    /* a record function may fill anything */
    if (sound && w->get.file && !w->record_count)
        core->filled = conf_filled_of(l, &w->get);
    send.filled = core->filled;
    sound = with_own_rules(l, f, w, "map", "send", w->cannot ? NULL : w->to, to,
                           model_of(to) && !w->cannot, &send, &w->send);
    check_filled(l, f, w, sound ? to : NULL, core);
}

/* How much of a list may be missing before nobody believes it. */
static void shrink_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w)
{
    static const char *const names[] = {"percent", "records"};
    config_setting_t *group = conf_member_group(l, f->root, "shrink");
    w->shrink_percent = w->shrink_records = 20;
    if (!group)
        return;
    conf_member_check_names(l, group, names, COUNT(names));
    w->shrink_percent = (int)conf_member_number(l, group, "percent", 0, 100, 20);
    w->shrink_records = (int)conf_member_number(l, group, "records", 0, 1000000000, 20);
}

/* How often both systems are compared without being told to. */
static void compare_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w)
{
    static const char *const names[] = {"every", "days"};
    config_setting_t *group = conf_member_group(l, f->root, "reconcile");
    w->compare_days = 7;
    if (!group)
        return;
    conf_member_check_names(l, group, names, COUNT(names));
    if (!conf_member_get(group, "every"))
        conf_mistake(l, group, "\"every\" is missing: how often both systems are compared");
    w->compare_every_ms = conf_member_duration(l, group, "every", 1000, 0);
    w->compare_days = (int)conf_member_number(l, group, "days", 1, 366, 7);
}

void conf_flow_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w)
{
    static const char *const keys[] = {
        "name",    "enabled", "from",       "to",     "every", "partitions", "batch",
        "attempts", "overlap", "shrink",    "filter", "references", "tables", "map",
        "get_map", "get",     "send",       "record", "options", "settings",   "reconcile"};
    const struct cat_entity *from = NULL, *to = NULL;
    conf_member_check_names(l, f->root, keys, COUNT(keys));
    w->name = conf_file_name(l, f);
    w->at = conf_mistake_at(l, conf_file_name_of(f));
    w->enabled = conf_member_bool(l, f->root, "enabled", true);
    sides_load(l, f, w, &from, &to);
    w->every_ms = conf_member_duration(l, f->root, "every", 1, 5 * 60 * 1000);
    w->partitions = (int)conf_member_number(l, f->root, "partitions", 1, 1024,
                                            to && to->batch_write > 1 ? 1 : 16);
    w->batch = (int)conf_member_number(l, f->root, "batch", 1, 10000, 100);
    w->attempts = (int)conf_member_number(l, f->root, "attempts", 1, 1000, 8);
    w->overlap = (int)conf_member_number(l, f->root, "overlap", 0, 100000, 100);
    shrink_load(l, f, w);
    compare_load(l, f, w);
    model_load(l, f, w, from, &to);
    options_load(l, f, w, from);
    tables_load(l, f, w);
    if (conf_member_get(f->root, "record"))
        conf_via_load(l, conf_member_get(f->root, "record"), true, &w->record, &w->record_count);
    struct conf_field_context core = {
        .tables = w->tables, .table_count = w->table_count, .source = from};
    bool one_model = !model_of(from) || !model_of(to) || model_of(from) == model_of(to);
    if (one_model && has_core(l, f, w, from))
        core.model = model_find(w->model);
    mappings_load(l, f, w, from, to, &core);
    conf_condition_load(l, conf_member_get(f->root, "filter"), &core, &w->filter, &w->filter_count);
    conf_reference_load(l, f, w, to);
}
