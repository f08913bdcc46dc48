/* SPDX-License-Identifier: MIT
 * Mapping rules, their functions and conditions: libconfig settings -> struct conf_rule. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "config/config_internal.h"
#include "plugin/catalogue.h"

static void path_done(void *p)
{
    path_free(p);
}

static struct path *path_held(struct loader *l, const config_setting_t *s, const char *text)
{
    struct koppel_error err = {0};
    struct path *p = path_parse(text, &err);
    if (!p) {
        mistake(l, s, "%s", err.text);
        return NULL;
    }
    conf_keep(l->held, p, path_done);
    return p;
}

/* ---- conditions ---- */

static const char *const condition_keys[] = {"field", "is", "not", "in", "not_in", "has", "empty",
                                             "less", "more"};
static const enum condition_op condition_ops[] = {0, COND_IS, COND_NOT, COND_IN, COND_NOT_IN,
                                                  COND_HAS, COND_EMPTY, COND_LESS, COND_MORE};

static void condition_values(struct loader *l, config_setting_t *s, struct conf_condition *c)
{
    bool many = c->op == COND_IN || c->op == COND_NOT_IN;
    if (c->op == COND_HAS || c->op == COND_EMPTY) {
        bool wanted = true;
        if (config_setting_type(s) != CONFIG_TYPE_BOOL)
            mistake(l, s, "\"%s\" must be true or false", config_setting_name(s));
        else
            wanted = config_setting_get_bool(s);
        /* has = false is empty = true: one form is enough for whoever evaluates it. */
        if (!wanted)
            c->op = c->op == COND_HAS ? COND_EMPTY : COND_HAS;
        return;
    }
    if (many != (bool)config_setting_is_aggregate(s) || config_setting_is_group(s)) {
        mistake(l, s, "\"%s\" must be %s", config_setting_name(s),
                many ? "a list, as in [ \"a\", \"b\" ]" : "one value");
        return;
    }
    int n = many ? config_setting_length(s) : 1;
    for (int i = 0; i < n; i++) {
        config_setting_t *one = many ? config_setting_get_elem(s, (unsigned)i) : s;
        const char *text = scalar_text(l, one);
        struct decimal d;
        if (!text)
            mistake(l, one, "\"%s\" takes texts, integers and booleans", config_setting_name(s));
        else if ((c->op == COND_LESS || c->op == COND_MORE) && decimal_parse(text, &d) != 0)
            mistake(l, one, "\"%s\" needs a decimal, not \"%s\"", config_setting_name(s), text);
        else if (json_array_append_new(c->values, json_string(text)) != 0)
            mistake(l, one, "is not UTF-8 text");
    }
}

static void condition_load(struct loader *l, config_setting_t *s, struct conf_condition *c)
{
    c->at = at_of(l, s);
    c->values = json_array();
    conf_keep(l->held, c->values, conf_json_done);
    if (!config_setting_is_group(s)) {
        mistake(l, s, "a condition is a group, as in { field = \"status\"; is = \"paid\"; }");
        return;
    }
    check_keys(l, s, condition_keys, COUNT(condition_keys));
    const char *field = get_text(l, s, "field", NULL);
    if (!field)
        mistake(l, s, "the condition has no \"field\"");
    else
        c->field = path_held(l, s, field);
    int tests = 0;
    for (int i = 1; i < COUNT(condition_keys); i++) {
        config_setting_t *test = get_member(s, condition_keys[i]);
        if (!test)
            continue;
        tests++;
        c->op = condition_ops[i];
        condition_values(l, test, c);
    }
    if (tests != 1)
        mistake(l, s, "a condition needs exactly one of is, not, in, not_in, has, empty, less, more");
}

void conditions_load(struct loader *l, config_setting_t *s, struct conf_condition **out, int *count)
{
    if (!s)
        return;
    if (!config_setting_is_list(s)) {
        mistake(l, s, "\"%s\" must be a list of conditions, as in ( { field = ...; is = ...; } )",
                config_setting_name(s));
        return;
    }
    *count = config_setting_length(s);
    *out = conf_alloc(l->held, sizeof **out * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        condition_load(l, config_setting_get_elem(s, (unsigned)i), &(*out)[i]);
}

/* ---- via ---- */

static void via_load(struct loader *l, const config_setting_t *s, const char *text,
                     struct conf_via *v)
{
    char *work = conf_copy(l->held, text), *arg = strchr(work, ':');
    struct koppel_error err = {0};
    v->text = conf_copy(l->held, text);
    v->args = json_array();
    conf_keep(l->held, v->args, conf_json_done);
    if (arg)
        *arg++ = 0;
    if (plugins_function(l->plugins, work, &v->plugin, &v->function, &err) != 0) {
        mistake(l, s, "%s", err.text);
        return;
    }
    while (arg) {
        char *next = strchr(arg, ':');
        if (next)
            *next++ = 0;
        json_array_append_new(v->args, json_string(arg));
        arg = next;
    }
    const struct cat_function *f = &v->plugin->catalogue->functions[v->function];
    int given = (int)json_array_size(v->args);
    if (given < f->required_count || given > f->param_count)
        mistake(l, s, "function \"%s\" takes %s%d arguments, \"%s\" gives %d", f->name,
                f->required_count == f->param_count ? ""
                                                    : conf_text(l->held, "%d to ", f->required_count),
                f->param_count, text, given);
}

/* ---- rules ---- */

static const char *const rule_keys[] = {"to",       "from",    "join",  "value",    "each",
                                        "map",      "via",     "table", "unmapped", "default",
                                        "force",    "required", "on",   "when"};
static const char *const on_values[] = {"both", "create", "update"};
static const char *const unmapped_values[] = {"park", "default", "pass"};

static void rule_list(struct loader *l, config_setting_t *s, const struct map_context *m,
                      const char *prefix, int depth, struct conf_mapping *out);

/* Which part of the path is wrong, and what stood nearest. */
static void field_unknown(struct loader *l, const config_setting_t *s, const struct cat_entity *e,
                          const char *path)
{
    const struct cat_field *fields = e->fields;
    int count = e->field_count;
    char *work = conf_copy(l->held, path), *save = NULL;
    for (char *part = strtok_r(work, ".", &save); part; part = strtok_r(NULL, ".", &save)) {
        part[strcspn(part, "[")] = 0;
        const char **names = conf_alloc(l->held, sizeof *names * (size_t)(count + 1));
        const struct cat_field *found = NULL;
        for (int i = 0; i < count; i++) {
            names[i] = fields[i].name;
            if (strcmp(fields[i].name, part) == 0)
                found = &fields[i];
        }
        if (!found) {
            mistake(l, s, "\"%s\" is no field of entity \"%s\"%s", path, e->name,
                    hint(l, part, names, count));
            return;
        }
        if (found->field_count == 0
            && (found->type == FIELD_OBJECT || found->type == FIELD_LIST))
            return; /* its inside is not described, so anything goes */
        fields = found->fields;
        count = found->field_count;
    }
}

static void to_check(struct loader *l, const config_setting_t *s, const struct cat_entity *e,
                     const char *path)
{
    if (!e || e->field_count == 0 || !*path)
        return;
    const struct cat_field *f = catalogue_field(e, path);
    if (!f)
        field_unknown(l, s, e, path);
    else if (f->read_only)
        mistake(l, s, "field \"%s\" of entity \"%s\" is read-only", path, e->name);
}

static json_t *literal(struct loader *l, config_setting_t *s)
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
        conf_keep(l->held, j, conf_json_done);
    else
        mistake(l, s, "\"%s\" must be a UTF-8 text, an integer or a boolean (decimals as text)",
                config_setting_name(s));
    return j;
}

static void table_use(struct loader *l, config_setting_t *s, const struct map_context *m,
                      struct conf_rule *r)
{
    const char *name = get_text(l, s, "table", NULL);
    if (!name)
        return;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(m->table_count + 1));
    for (int i = 0; i < m->table_count; i++) {
        names[i] = m->tables[i]->name;
        if (strcmp(names[i], name) == 0)
            r->table = m->tables[i];
    }
    if (r->table)
        return;
    if (r->unmapped != UNMAPPED_PARK && m->flow) {
        /* A shipped mapping may offer a table; without one every value is an unmapped one. */
        struct conf_table *none = conf_alloc(l->held, sizeof *none);
        none->name = conf_copy(l->held, name);
        none->at = at_of(l, s);
        none->rows = json_object();
        conf_keep(l->held, none->rows, conf_json_done);
        r->table = none;
        return;
    }
    const char *near = hint(l, name, names, m->table_count);
    if (m->flow) {
        struct conf_at at = at_of(l, s);
        mistake(l, m->flow, "\"tables\" has no \"%s\", which the rule at %s:%d needs%s", name,
                at.file, at.line, near);
    } else {
        mistake(l, get_member(s, "table"), "\"%s\" is not among the tables of the flow%s", name,
                near);
    }
}

static void rule_from(struct loader *l, config_setting_t *s, struct conf_rule *r)
{
    config_setting_t *from = get_member(s, "from");
    if (!from)
        return;
    int n = 0;
    const char **texts = get_texts(l, from, &n);
    r->from = conf_alloc(l->held, sizeof *r->from * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        struct path *p = path_held(l, from, texts[i]);
        if (p)
            r->from[r->from_count++] = p;
    }
}

static void rule_via(struct loader *l, config_setting_t *s, struct conf_rule *r)
{
    config_setting_t *via = get_member(s, "via");
    if (!via)
        return;
    const char **texts = get_texts(l, via, &r->via_count);
    r->via = conf_alloc(l->held, sizeof *r->via * (size_t)(r->via_count + 1));
    for (int i = 0; i < r->via_count; i++)
        via_load(l, via, texts[i], &r->via[i]);
}

/* "lines[]" and "lines" are both a list to go through. */
static char *without_brackets(struct loader *l, const char *text)
{
    char *copy = conf_copy(l->held, text);
    size_t n = strlen(copy);
    if (n >= 2 && strcmp(copy + n - 2, "[]") == 0)
        copy[n - 2] = 0;
    return copy;
}

static void rule_each(struct loader *l, config_setting_t *s, const struct map_context *m,
                      const char *full, int depth, struct conf_rule *r)
{
    const char *each = get_text(l, s, "each", NULL);
    config_setting_t *map = get_member(s, "map");
    if (!each != !map) {
        mistake(l, s, "\"each\" and \"map\" belong together");
        return;
    }
    if (!each)
        return;
    r->each = path_held(l, s, without_brackets(l, each));
    if (r->each && path_is_plural(r->each))
        mistake(l, s, "\"each\" takes one list; nest another rule with \"each\" for \"%s\"", each);
    struct conf_mapping inner = {0};
    struct map_context nested = *m;
    nested.over = NULL;
    rule_list(l, map, &nested, conf_text(l->held, "%s.", full), depth + 1, &inner);
    r->map = inner.rules;
    r->map_count = inner.count;
}

static void rule_source(struct loader *l, config_setting_t *s, struct conf_rule *r)
{
    config_setting_t *value = get_member(s, "value"), *fallback = get_member(s, "default");
    if (value) {
        r->value_json = literal(l, value);
        r->value = scalar_text(l, value);
    }
    if (fallback)
        r->fallback = literal(l, fallback);
    int kinds = (get_member(s, "from") != NULL) + (value != NULL) + (get_member(s, "each") != NULL);
    bool forced = kinds == 0 && r->force && fallback;
    if (kinds != 1 && !forced)
        mistake(l, s, "a rule needs exactly one of \"from\", \"value\" and \"each\"");
    if (r->force && !fallback)
        mistake(l, s, "\"force\" needs a \"default\" to force");
    if (r->unmapped == UNMAPPED_DEFAULT && !fallback)
        mistake(l, s, "unmapped = \"default\" needs a \"default\"");
}

static void rule_load(struct loader *l, config_setting_t *s, const struct map_context *m,
                      const char *prefix, int depth, struct conf_rule *r)
{
    r->at = at_of(l, s);
    r->join = "|";
    check_keys(l, s, rule_keys, COUNT(rule_keys));
    const char *to = get_text(l, s, "to", NULL);
    if (!to || !*to) {
        mistake(l, s, "the rule has no \"to\"");
        to = "";
    } else {
        if (get_member(s, "each"))
            to = without_brackets(l, to);
        r->to = path_held(l, s, to);
    }
    const char *full = conf_text(l->held, "%s%s", prefix, to);
    if (r->to)
        to_check(l, get_member(s, "to"), m->entity, full);
    r->join = conf_copy(l->held, get_text(l, s, "join", "|"));
    r->force = get_bool(l, s, "force", false);
    r->required = get_bool(l, s, "required", false);
    r->on = (enum rule_on)get_choice(l, s, "on", on_values, COUNT(on_values), RULE_BOTH);
    r->unmapped = (enum rule_unmapped)get_choice(l, s, "unmapped", unmapped_values,
                                                 COUNT(unmapped_values), UNMAPPED_PARK);
    rule_from(l, s, r);
    rule_source(l, s, r);
    rule_via(l, s, r);
    table_use(l, s, m, r);
    rule_each(l, s, m, full, depth, r);
    conditions_load(l, get_member(s, "when"), &r->when, &r->when_count);
}

static bool replaced(const struct map_context *m, config_setting_t *s)
{
    const char *to = NULL;
    if (!m->over || !config_setting_lookup_string(s, "to", &to))
        return false;
    for (int i = 0; i < m->over->count; i++) {
        if (m->over->rules[i].to && strcmp(path_text(m->over->rules[i].to), to) == 0)
            return true;
    }
    return false;
}

static void rule_list(struct loader *l, config_setting_t *s, const struct map_context *m,
                      const char *prefix, int depth, struct conf_mapping *out)
{
    if (!config_setting_is_list(s)) {
        mistake(l, s, "\"map\" must be a list of rules, as in ( { to = ...; from = ...; } )");
        return;
    }
    if (depth > CONF_NEST_LIMIT) {
        mistake(l, s, "\"map\" is nested more than %d deep", CONF_NEST_LIMIT);
        return;
    }
    int n = config_setting_length(s);
    out->rules = conf_alloc(l->held, sizeof *out->rules * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        config_setting_t *one = config_setting_get_elem(s, (unsigned)i);
        if (!config_setting_is_group(one))
            mistake(l, one ? one : s, "a rule is a group, as in { to = \"a\"; from = \"b\"; }");
        else if (!replaced(m, one))
            rule_load(l, one, m, prefix, depth, &out->rules[out->count++]);
    }
}

void rules_load(struct loader *l, config_setting_t *s, const struct map_context *m,
                struct conf_mapping *out)
{
    rule_list(l, s, m, "", 0, out);
}

void mapping_load(struct loader *l, const char *path, config_setting_t *at,
                  const struct map_context *m, struct conf_mapping *out)
{
    static const char *const keys[] = {"map"};
    struct file f;
    out->file = conf_copy(l->held, path);
    if (file_open(l, &f, path, at) != 0)
        return;
    check_keys(l, f.root, keys, COUNT(keys));
    config_setting_t *map = get_member(f.root, "map");
    if (map)
        rules_load(l, map, m, out);
    else
        conf_report_add(l->report, false, path, 0, "a mapping file needs map = ( ... );");
    file_close(&f);
}

void mapping_join(struct loader *l, struct conf_mapping *first, const struct conf_mapping *second)
{
    int n = first->count + second->count;
    struct conf_rule *all = conf_alloc(l->held, sizeof *all * (size_t)(n + 1));
    if (first->count)
        memcpy(all, first->rules, sizeof *all * (size_t)first->count);
    if (second->count)
        memcpy(all + first->count, second->rules, sizeof *all * (size_t)second->count);
    first->rules = all;
    first->count = n;
}

const char *mapping_find(struct loader *l, const char *connector, const char *entity,
                         const char *side)
{
    const char *data = getenv("KOPPEL_DATADIR");
#ifdef KOPPEL_DATADIR
    if (!data || !*data)
        data = KOPPEL_DATADIR;
#endif
    const char *dirs[] = {l->dir, data};
    for (int i = 0; i < COUNT(dirs); i++) {
        if (!dirs[i] || !*dirs[i])
            continue;
        const char *path = conf_text(l->held, "%s/mappings/%s/%s.%s.conf", dirs[i], connector,
                                     entity, side);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}
