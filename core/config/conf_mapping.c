/* SPDX-License-Identifier: MIT
 * Mapping rules, their functions and conditions: libconfig settings -> struct conf_rule. */
#include "config/conf_mapping.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_condition.h"
#include "config/conf_field.h"
#include "config/conf_file.h"
#include "config/conf_held.h"
#include "config/conf_keys.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"
#include "config/conf_table.h"
#include "config/conf_via.h"

#define NEST_LIMIT 8 /* `each` inside `each` */

/* ---- rules ---- */

static const char *const rule_keys[] = {
    "to",  "from",  "value",    "expr",    "parts", "each",  "map",      "append", "join",
    "via", "table", "unmapped", "default", "force", "empty", "required", "on",     "when"};
/* What a rule with `map` has no use for: its inner rules decide. */
static const char *const value_keys[] = {"join",    "via",   "table", "unmapped",
                                         "default", "force", "empty", "required"};
static const char *const part_keys[] = {"from",  "value",    "expr",    "join", "via",
                                        "table", "unmapped", "default", "when"};
static const char *const on_values[] = {"both", "create", "update"};
static const char *const empty_values[] = {"keep", "clear"};
static const char *const unmapped_values[] = {"park", "default", "pass", "leave"};

static void rule_list(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, const char *prefix, int depth,
                      struct conf_mapping *out);

static json_t *literal(struct conf_loader *l, config_setting_t *s)
{
    json_t *j = NULL;
    switch (config_setting_type(s)) {
    case CONFIG_TYPE_STRING:
        j = json_string(config_setting_get_string(s));
        break;
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        j = json_integer(config_setting_get_int64(s));
        break;
    case CONFIG_TYPE_BOOL:
        j = json_boolean(config_setting_get_bool(s));
        break;
    default:
        break;
    }
    if (j)
        conf_held_keep(l->held, j, conf_held_json_done);
    else
        conf_mistake(l, s,
                     "\"%s\" must be a UTF-8 text, an integer or a boolean (decimals as text)",
                     config_setting_name(s));
    return j;
}

/* A table of several keys takes no more values, joined as its keys are. */
static void check_keys(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r)
{
    config_setting_t *at = conf_member_get(s, "table"), *parts = conf_member_get(s, "parts");
    int keys = r->table->key_count;
    int given = parts ? config_setting_length(parts) : r->from_count ? r->from_count : 1;
    if (keys < 2)
        return;
    if (given > 1 && strcmp(r->join, "|") != 0)
        conf_mistake(l, at, "the keys of table \"%s\" are joined with \"|\", so \"join\" cannot be "
                     "\"%s\"", r->table->name, r->join);
    if (!r->via_count && given > keys)
        conf_mistake(l, at, "table \"%s\" has %d keys (%s), this rule asks it by %d values",
                     r->table->name, keys, conf_member_joined(l, r->table->keys, keys), given);
}

static void table_use(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, struct conf_rule *r)
{
    const char *name = conf_member_text(l, s, "table", NULL);
    if (!name)
        return;
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(m->table_count + 1));
    for (int i = 0; i < m->table_count; i++) {
        names[i] = m->tables[i]->name;
        if (strcmp(names[i], name) == 0)
            r->table = m->tables[i];
    }
    if (r->table) {
        check_keys(l, s, r);
        return;
    }
    if ((l->tables_later || r->unmapped != UNMAPPED_PARK) && m->flow) {
        /* A shipped mapping may offer a table; without one every value is an unmapped one. */
        r->table = conf_table_new(l, name, conf_mistake_at(l, s), 0);
        return;
    }
    const char *near = conf_mistake_hint(l, name, names, m->table_count);
    if (m->flow) {
        struct conf_at at = conf_mistake_at(l, s);
        conf_mistake(l, m->flow, "\"tables\" has no \"%s\", which the rule at %s:%d needs%s", name,
                     at.file, at.line, near);
    } else {
        conf_mistake(l, conf_member_get(s, "table"), "\"%s\" is not among the tables of the flow%s",
                     name, near);
    }
}

/* The type of what is read: a text where several values are joined. keys: those of each. */
static struct conf_type rule_from(struct conf_loader *l, config_setting_t *s,
                                  const struct conf_field_context *m, struct conf_rule *r,
                                  struct conf_type keys[GRID_KEYS])
{
    struct conf_type type = {CONF_TYPE_ANY, NULL};
    config_setting_t *from = conf_member_get(s, "from");
    if (!from)
        return type;
    int n = 0;
    const char **texts = conf_member_texts(l, from, &n);
    r->from = conf_held_alloc(l->held, sizeof *r->from * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        struct path *p = conf_field_path(l, from, texts[i]);
        if (!p)
            continue;
        r->from[r->from_count++] = p;
        type = conf_field_read(l, from, m, texts[i]);
        if (r->from_count <= GRID_KEYS)
            keys[r->from_count - 1] = type;
    }
    if (r->from_count > 1 || (r->from_count == 1 && path_is_plural(r->from[0])))
        type = (struct conf_type){r->joins || r->from_count > 1 ? FIELD_TEXT : FIELD_LIST, NULL};
    return type;
}

/* "lines[]" and "lines" are both a list to go through. */
static char *without_brackets(struct conf_loader *l, const char *text)
{
    char *copy = conf_held_copy(l->held, text);
    size_t n = strlen(copy);
    if (n >= 2 && strcmp(copy + n - 2, "[]") == 0)
        copy[n - 2] = 0;
    return copy;
}

/* Where what is read is a mistake already, what is read of it is not told as well. */
static struct conf_field_context unknown_source(const struct conf_field_context *m)
{
    struct conf_field_context c = *m;
    if (m->get)
        c.entity = NULL;
    else
        c.model = NULL;
    return c;
}

static void rule_each(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, const char *full, int depth,
                      struct conf_rule *r)
{
    const char *each = conf_member_text(l, s, "each", NULL);
    config_setting_t *map = conf_member_get(s, "map");
    if (each && !map)
        conf_mistake(l, s, "\"each\" needs a \"map\" that tells what becomes of an element");
    if (!map)
        return;
    for (int i = 0; i < COUNT(value_keys); i++) {
        if (conf_member_get(s, value_keys[i]))
            conf_mistake(l, conf_member_get(s, value_keys[i]), "\"%s\" does nothing beside \"map\"",
                         value_keys[i]);
    }
    config_setting_t *at = each ? conf_member_get(s, "each") : s;
    r->each = each ? conf_field_path(l, at, without_brackets(l, each)) : NULL;
    if (r->each && path_is_plural(r->each))
        conf_mistake(l, s, "\"each\" takes one list; nest another rule with \"each\" for \"%s\"",
                     each);
    struct conf_mapping inner = {0};
    struct conf_field_context nested = *m;
    if (r->each) {
        struct conf_type list = conf_field_read(l, at, m, path_text(r->each));
        if (list.type >= 0 && list.type != FIELD_LIST) {
            conf_mistake(l, at, "\"each\" goes through a list, \"%s\" is %s", path_text(r->each),
                         conf_type_words(list.type));
            nested = unknown_source(m);
        }
        nested.scope = m->scope && *m->scope
                           ? conf_held_text(l->held, "%s.%s[]", m->scope, path_text(r->each))
                           : conf_held_text(l->held, "%s[]", path_text(r->each));
    }
    nested.over = NULL;
    const char *elements = r->each || r->append ? "[]" : "";
    rule_list(l, map, &nested, conf_held_text(l->held, "%s%s.", full, elements), depth + 1, &inner);
    r->map = inner.rules;
    r->map_count = inner.count;
}

static void rule_source(struct conf_loader *l, config_setting_t *s, struct conf_rule *r)
{
    config_setting_t *value = conf_member_get(s, "value"),
                     *fallback = conf_member_get(s, "default");
    if (value) {
        r->value_json = literal(l, value);
        r->value = conf_member_scalar(l, value);
    }
    if (fallback)
        r->fallback = literal(l, fallback);
    static const char *const sources[] = {"from", "value", "expr", "parts", "map"};
    int kinds = 0;
    for (int i = 0; i < COUNT(sources); i++)
        kinds += conf_member_get(s, sources[i]) != NULL;
    bool told = kinds == 0 && ((r->force && fallback) || conf_member_get(s, "each"));
    if (kinds != 1 && !told)
        conf_mistake(l, s,
                     "a rule needs exactly one of \"from\", \"value\", \"expr\", \"parts\" and "
                     "\"map\"");
    if (r->force && !fallback)
        conf_mistake(l, s, "\"force\" needs a \"default\" to force");
}

static void check_unmapped(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r)
{
    config_setting_t *at = conf_member_get(s, "unmapped");
    if (at && !conf_member_get(s, "table"))
        conf_mistake(l, at, "\"unmapped\" needs a \"table\" that may lack a row");
    if (r->unmapped == UNMAPPED_DEFAULT && !conf_member_get(s, "default"))
        conf_mistake(l, at,
                     "unmapped = \"default\" needs a \"default\" in the rule; a row \"*\" of the "
                     "table needs no \"unmapped\"");
}

/* What a rule and a part of one have in common: the value's source and what it goes through. Gives
 * the type of the source. */
static struct conf_type rule_value(struct conf_loader *l, config_setting_t *s,
                       const struct conf_field_context *m, struct conf_rule *r)
{
    r->at = conf_mistake_at(l, s);
    r->join = conf_held_copy(l->held, conf_member_text(l, s, "join", "|"));
    r->joins = conf_member_get(s, "join") != NULL;
    r->unmapped = (enum rule_unmapped)conf_member_choice(l, s, "unmapped", unmapped_values,
                                                         COUNT(unmapped_values), UNMAPPED_PARK);
    struct conf_type keys[GRID_KEYS];
    struct conf_type type = rule_from(l, s, m, r, keys);
    if (conf_member_get(s, "expr"))
        r->expr = conf_field_expr(l, conf_member_get(s, "expr"), m);
    rule_source(l, s, r);
    if (r->expr)
        type.type = expr_compares(r->expr) ? FIELD_BOOLEAN : FIELD_DECIMAL;
    else if (conf_member_get(s, "parts"))
        type.type = FIELD_TEXT;
    else if (r->value_json)
        type.type = conf_type_literal(r->value_json);
    if (conf_member_get(s, "via"))
        conf_via_load(l, conf_member_get(s, "via"), false, &r->via, &r->via_count);
    table_use(l, s, m, r);
    if (r->from_count == 0)
        keys[0] = type;
    conf_keys_load(l, r, keys, r->from_count ? r->from_count : r->expr != NULL, !m->get);
    check_unmapped(l, s, r);
    conf_condition_load(l, conf_member_get(s, "when"), m, &r->when, &r->when_count);
    return type;
}

static void rule_parts(struct conf_loader *l, config_setting_t *s,
                       const struct conf_field_context *m, struct conf_rule *r)
{
    config_setting_t *parts = conf_member_get(s, "parts");
    if (!parts)
        return;
    if (!config_setting_is_list(parts)) {
        conf_mistake(l, parts,
                     "\"parts\" must be a list of groups, as in ( { from = \"a\"; }, ... )");
        return;
    }
    int n = config_setting_length(parts);
    r->parts = conf_held_alloc(l->held, sizeof *r->parts * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(parts, (unsigned)i);
        struct conf_rule *part = &r->parts[r->part_count];
        if (!config_setting_is_group(one)) {
            conf_mistake(l, parts, "a part is a group, as in { from = \"a\"; }");
            continue;
        }
        conf_member_check_names(l, one, part_keys, COUNT(part_keys));
        struct conf_type type = rule_value(l, one, m, part);
        conf_type_check_rule(l, one, part, type, (struct conf_type){CONF_TYPE_ANY, NULL});
        part->to = r->to; /* for messages */
        r->part_count++;
    }
}

/* A rule with `map` makes an object, or with `each` a list of these. */
static void check_made(struct conf_loader *l, config_setting_t *s, const struct conf_rule *r,
                       struct conf_type field)
{
    int made = conf_member_get(s, "each") || r->append ? FIELD_LIST : FIELD_OBJECT;
    if (field.type >= 0 && field.type != made)
        conf_mistake(l, conf_member_get(s, "to"), "this rule makes %s, \"%s\" is %s",
                     made == FIELD_LIST ? "a list" : "one object", path_text(r->to),
                     conf_type_words(field.type));
}

static void rule_load(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, const char *prefix, int depth,
                      struct conf_rule *r)
{
    conf_member_check_names(l, s, rule_keys, COUNT(rule_keys));
    const char *to = conf_member_text(l, s, "to", NULL);
    if (!to || !*to) {
        conf_mistake(l, s, "the rule has no \"to\"");
        to = "";
    } else {
        if (conf_member_get(s, "map") || conf_member_get(s, "append"))
            to = without_brackets(l, to);
        r->to = conf_field_path(l, s, to);
    }
    const char *full = conf_held_text(l->held, "%s%s", prefix, to);
    struct conf_type field = {CONF_TYPE_ANY, NULL};
    if (r->to)
        field = conf_field_write(l, conf_member_get(s, "to"), m, full);
    r->force = conf_member_bool(l, s, "force", false);
    r->append = conf_member_bool(l, s, "append", false);
    r->clear = conf_member_choice(l, s, "empty", empty_values, COUNT(empty_values), 0) == 1;
    r->required = conf_member_bool(l, s, "required", false);
    r->on = (enum rule_on)conf_member_choice(l, s, "on", on_values, COUNT(on_values), RULE_BOTH);
    struct conf_type type = rule_value(l, s, m, r);
    if (conf_member_get(s, "map"))
        check_made(l, s, r, field);
    else
        conf_type_check_rule(l, s, r, type, field);
    rule_parts(l, s, m, r);
    rule_each(l, s, m, full, depth, r);
    if (r->clear && r->required)
        conf_mistake(l, conf_member_get(s, "empty"),
                     "a required field is never empty; \"empty\" and "
                     "\"required\" exclude one another");
    if (r->append && r->to && path_is_plural(r->to))
        conf_mistake(l, conf_member_get(s, "to"),
                     "\"append\" adds to one list, so \"to\" has no [] inside");
}

/* true: a rule of the flow stands in its place, which is noted. */
static bool replaced(struct conf_loader *l, const struct conf_field_context *m,
                     config_setting_t *s, struct conf_mapping *out)
{
    const char *to = NULL;
    if (!m->over || !config_setting_lookup_string(s, "to", &to))
        return false;
    for (int i = 0; i < m->over->count; i++) {
        const struct conf_rule *own = &m->over->rules[i];
        if (!own->to || own->append || strcmp(path_text(own->to), to) != 0)
            continue;
        out->replaced[out->replaced_count++] = (struct conf_replaced){
            .to = path_text(own->to), .at = conf_mistake_at(l, s), .by = own->at};
        return true;
    }
    return false;
}

/* Does the rule give a value whatever the record is? */
static bool always_gives(const struct conf_rule *r)
{
    bool written = r->value && *r->value && !r->table;
    return (written || r->force) && !r->append && !r->when_count && r->on == RULE_BOTH &&
           !r->via_count;
}

/* A rule whose field a later one of the same list fills in any case. */
static void check_hidden(struct conf_loader *l, const struct conf_mapping *list)
{
    for (int i = 0; i < list->count; i++) {
        const struct conf_rule *r = &list->rules[i];
        for (int k = i + 1; r->to && k < list->count; k++) {
            const struct conf_rule *later = &list->rules[k];
            if (!later->to || !always_gives(later) ||
                strcmp(path_text(r->to), path_text(later->to)) != 0)
                continue;
            conf_report_add(l->report, true, r->at.file, r->at.line,
                            "this rule never counts: the one at line %d always fills \"%s\"",
                            later->at.line, path_text(r->to));
            break;
        }
    }
}

static void rule_list(struct conf_loader *l, config_setting_t *s,
                      const struct conf_field_context *m, const char *prefix, int depth,
                      struct conf_mapping *out)
{
    if (!config_setting_is_list(s)) {
        conf_mistake(l, s, "\"map\" must be a list of rules, as in ( { to = ...; from = ...; } )");
        return;
    }
    if (depth > NEST_LIMIT) {
        conf_mistake(l, s, "\"map\" is nested more than %d deep", NEST_LIMIT);
        return;
    }
    int n = config_setting_length(s);
    out->rules = conf_held_alloc(l->held, sizeof *out->rules * (size_t)(n + 1));
    if (m->over)
        out->replaced = conf_held_alloc(l->held, sizeof *out->replaced * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(s, (unsigned)i);
        if (!config_setting_is_group(one))
            conf_mistake(l, one ? one : s,
                         "a rule is a group, as in { to = \"a\"; from = \"b\"; }");
        else if (!replaced(l, m, one, out))
            rule_load(l, one, m, prefix, depth, &out->rules[out->count++]);
    }
    check_hidden(l, out);
}

void conf_mapping_rules(struct conf_loader *l, config_setting_t *s,
                        const struct conf_field_context *m, struct conf_mapping *out)
{
    rule_list(l, s, m, "", 0, out);
}

void conf_mapping_load(struct conf_loader *l, const char *path, config_setting_t *at,
                       const struct conf_field_context *m, struct conf_mapping *out)
{
    static const char *const keys[] = {"map"};
    struct conf_file f;
    out->file = conf_held_copy(l->held, path);
    if (conf_file_open(l, &f, path, at) != 0)
        return;
    conf_member_check_names(l, f.root, keys, COUNT(keys));
    config_setting_t *map = conf_member_get(f.root, "map");
    if (map)
        conf_mapping_rules(l, map, m, out);
    else
        conf_report_add(l->report, false, path, 0, "a mapping file needs map = ( ... );");
    conf_file_close(l, &f);
}

void conf_mapping_join(struct conf_loader *l, struct conf_mapping *first,
                       const struct conf_mapping *second)
{
    int n = first->count + second->count;
    struct conf_rule *all = conf_held_alloc(l->held, sizeof *all * (size_t)(n + 1));
    if (first->count)
        memcpy(all, first->rules, sizeof *all * (size_t)first->count);
    if (second->count)
        memcpy(all + first->count, second->rules, sizeof *all * (size_t)second->count);
    first->rules = all;
    first->count = n;
}

const char *conf_mapping_find(struct conf_loader *l, const char *connector, const char *entity,
                              const char *side)
{
    const char *dirs[] = {l->dir, conf_loader_data()};
    for (int i = 0; i < COUNT(dirs); i++) {
        if (!dirs[i])
            continue;
        const char *path =
            conf_held_text(l->held, "%s/mappings/%s/%s.%s.conf", dirs[i], connector, entity, side);
        if (conf_source_exists(l, path))
            return path;
    }
    return NULL;
}
