/* SPDX-License-Identifier: MIT
 * Mapping rules: one record in, one record out. The order in which a rule decides is that of
 * koppel.conf(5): when, force, its source, via, default for nothing, table, unmapped, empty. */
#include "mapping/map.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/fold.h"
#include "connection/host.h"

#define MAP_TEXT_LIMIT (1 << 20) /* longest joined value */

/* One map_apply: what stays the same however deep the rules are nested. */
struct run {
    const json_t *root; /* the record as a whole */
    enum map_verb verb;
    const struct map_watch *watch; /* NULL: nobody */
    json_t *notes;
    struct koppel_error *err;
};

bool map_text(const json_t *value, char buf[32], const char **out)
{
    if (json_is_string(value)) {
        *out = json_string_value(value);
        return true;
    }
    if (json_is_integer(value)) {
        snprintf(buf, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        *out = buf;
        return true;
    }
    if (json_is_boolean(value)) {
        *out = json_is_true(value) ? "true" : "false";
        return true;
    }
    return false;
}

static bool is_blank(const json_t *value)
{
    if (!value || json_is_null(value))
        return true;
    if (json_is_array(value))
        return json_array_size(value) == 0;
    if (json_is_object(value))
        return json_object_size(value) == 0;
    if (!json_is_string(value))
        return false;
    return fold_is_blank(json_string_value(value));
}

static bool listed(const struct conf_condition *c, const json_t *value)
{
    char digits[32];
    const char *text;
    if (!value || !map_text(value, digits, &text))
        return false;
    size_t i;
    json_t *want;
    json_array_foreach(c->values, i, want) {
        if (strcmp(json_string_value(want), text) == 0)
            return true;
    }
    return false;
}

static bool ordered(const struct conf_condition *c, const json_t *value, int sign)
{
    char digits[32];
    const char *text;
    struct decimal a, b;
    const char *limit = json_string_value(json_array_get(c->values, 0));
    if (!value || !map_text(value, digits, &text) || decimal_parse(text, &a) != 0 || !limit ||
        decimal_parse(limit, &b) != 0)
        return false;
    return decimal_compare(a, b) == sign;
}

/* The flow's settings stand at the top of the record and are meant from everywhere below. */
static json_t *value_at(const struct path *path, const json_t *source, const json_t *root)
{
    bool setting = strncmp(path_text(path), "settings.", 9) == 0;
    return path_get(path, setting ? root : source);
}

static bool holds(const struct conf_condition *c, const json_t *record, const json_t *root)
{
    const json_t *value = value_at(c->field, record, root);
    switch (c->op) {
    case COND_IS:
    case COND_IN:
        return listed(c, value);
    case COND_NOT:
    case COND_NOT_IN:
        return !listed(c, value);
    case COND_HAS:
        return !is_blank(value);
    case COND_EMPTY:
        return is_blank(value);
    case COND_LESS:
        return ordered(c, value, -1);
    case COND_MORE:
        return ordered(c, value, 1);
    }
    return false;
}

static bool all_hold(const struct conf_condition *conditions, int count, const json_t *record,
                     const json_t *root)
{
    for (int i = 0; i < count; i++) {
        if (!holds(&conditions[i], record, root))
            return false;
    }
    return true;
}

bool map_conditions(const struct conf_condition *conditions, int count, const json_t *record)
{
    return all_hold(conditions, count, record, record);
}

static int refuse(const struct run *r, const struct conf_rule *rule, const char *what)
{
    return err_reason(r->err, KOPPEL_E_REJECTED, "map.value", "field %s%s",
                      path_text(rule->to), what);
}

/* ---- the source of a rule: a new reference, or NULL in *out where there is no value ---- */

static int part_value(const struct run *r, const struct conf_rule *rule, const json_t *source,
                      json_t **out);

/* Objects and lists are copied: later rules may change what stands in the result. */
static json_t *from_one(const struct run *r, const struct path *path, const json_t *source)
{
    json_t *value = value_at(path, source, r->root);
    if (!value || json_is_null(value))
        return NULL;
    bool plain = !json_is_array(value) && !json_is_object(value);
    return plain ? json_incref(value) : json_deep_copy(value);
}

/* Values as one text. A blank one keeps its place, so that a table's keys have a fixed form; where
 * all are blank there is no value. */
static int joined(const struct run *r, const struct conf_rule *rule, const json_t *source,
                  json_t **out)
{
    struct buf text;
    int n = rule->parts ? rule->part_count : rule->from_count, rc = 0;
    bool any = false;
    buf_init(&text, MAP_TEXT_LIMIT);
    for (int i = 0; i < n && rc == 0; i++) {
        char digits[32];
        const char *one = "";
        json_t *value = rule->parts ? NULL : from_one(r, rule->from[i], source);
        if (rule->parts)
            rc = part_value(r, &rule->parts[i], source, &value);
        if (value && map_text(value, digits, &one) && *one)
            any = true;
        if (i > 0)
            buf_add_text(&text, rule->join);
        buf_add_text(&text, one);
        json_decref(value);
    }
    if (rc == 0 && any) {
        *out = buf_ok(&text) ? json_string(buf_text(&text)) : NULL;
        if (!*out)
            rc = refuse(r, rule, ": the joined value is too long");
    }
    buf_done(&text);
    return rc;
}

static int calculated(const struct run *r, const struct conf_rule *rule, const json_t *source,
                      json_t **out)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal result;
    struct koppel_error why = {0};
    if (expr_eval(rule->expr, source, 0, &result, &why) == 0) {
        decimal_format(result, text);
        *out = json_string(text);
        return *out ? 0 : err_set(r->err, KOPPEL_E_BUG, "out of memory");
    }
    if (strcmp(why.reason, "expr.missing") == 0)
        return 0;
    return err_reason(r->err, KOPPEL_E_REJECTED, "map.value", "field %s: %s", path_text(rule->to),
                      why.text);
}

static int raw_value(const struct run *r, const struct conf_rule *rule, const json_t *source,
                     json_t **out)
{
    *out = NULL;
    if (rule->expr)
        return calculated(r, rule, source, out);
    if (rule->parts || rule->from_count > 1)
        return joined(r, rule, source, out);
    if (rule->value_json)
        *out = json_incref(rule->value_json);
    else if (rule->from_count == 1)
        *out = from_one(r, rule->from[0], source);
    return 0;
}

/* ---- what a value goes through ---- */

static int through_functions(const struct run *r, const struct conf_rule *rule, json_t **value)
{
    for (int i = 0; i < rule->via_count; i++) {
        json_t *converted = NULL;
        if (host_convert(rule->via[i].plugin, rule->via[i].function, *value ? *value : json_null(),
                         rule->via[i].args, rule->via[i].home, &converted, r->err) != 0) {
            if (!r->err->reason[0])
                snprintf(r->err->reason, sizeof r->err->reason, "map.value");
            return err_prefix(r->err, "field %s, %s", path_text(rule->to), rule->via[i].text);
        }
        json_decref(*value);
        *value = converted;
        if (json_is_null(*value)) {
            json_decref(*value);
            *value = NULL;
        }
    }
    return 0;
}

/* The row for a key: the key itself, the same with "*" for its first part, then "*". row receives
 * its own key. */
static json_t *table_row(const struct conf_table *table, const char *key, char row[256])
{
    const char *bar = strchr(key, '|');
    json_t *found = json_object_get(table->rows, key);
    if (found) {
        row[0] = '\0';
        return found;
    }
    if (bar && snprintf(row, 256, "*%s", bar) < 256)
        found = json_object_get(table->rows, row);
    if (found)
        return found;
    memcpy(row, "*", 2);
    return json_object_get(table->rows, "*");
}

/* No mistake, but whoever wrote the table may not have thought of this value. */
static void tell_default(const struct run *r, const struct conf_rule *rule, const char *key,
                         const char *row, const char *value)
{
    if (r->notes)
        json_array_append_new(r->notes,
                              json_sprintf("%s: no row \"%s\" in table %s, the default row "
                                           "\"%s\" gave \"%s\"",
                                           path_text(rule->to), key, rule->table->name, row,
                                           value));
    if (r->watch)
        r->watch->default_row(r->watch->arg, rule->table->name, key, row, value);
}

static int unmapped(const struct run *r, const struct conf_rule *rule, const char *key,
                    json_t **value)
{
    const char *file = rule->table->at.file;
    if (rule->unmapped == UNMAPPED_PASS)
        return 0;
    if (rule->unmapped == UNMAPPED_DEFAULT && rule->fallback) {
        json_decref(*value);
        *value = json_incref(rule->fallback);
        return 0;
    }
    return err_reason(r->err, KOPPEL_E_REJECTED, "map.unmapped",
                      "field %s: table %s has no row for \"%s\"; add one to %s",
                      path_text(rule->to), rule->table->name, key, file ? file : "the table");
}

static int through_table(const struct run *r, const struct conf_rule *rule, json_t **value)
{
    char digits[32];
    const char *key;
    char used[256];
    if (!map_text(*value, digits, &key))
        return err_reason(r->err, KOPPEL_E_REJECTED, "map.value",
                          "field %s: a list or object cannot be looked up in table %s",
                          path_text(rule->to), rule->table->name);
    json_t *row = table_row(rule->table, key, used);
    if (!row)
        return unmapped(r, rule, key, value);
    if (*used)
        tell_default(r, rule, key, used, json_string_value(row));
    json_incref(row);
    json_decref(*value);
    *value = row;
    return 0;
}

/* A rule's value, NULL where it has none. Only what is written out in the rule itself, as value or
 * default, may be blank: a blank value of the record is none. */
static int rule_value(const struct run *r, const struct conf_rule *rule, const json_t *source,
                      json_t **out)
{
    json_t *value = NULL;
    *out = NULL;
    if (rule->force) {
        *out = json_incref(rule->fallback);
        return 0;
    }
    if (raw_value(r, rule, source, &value) != 0 || through_functions(r, rule, &value) != 0)
        goto fail;
    if (is_blank(value) && rule->fallback) {
        json_decref(value);
        *out = json_incref(rule->fallback);
        return 0;
    }
    if (!is_blank(value) && rule->table && through_table(r, rule, &value) != 0)
        goto fail;
    if (is_blank(value) && !rule->value_json && value != rule->fallback) {
        json_decref(value);
        value = NULL;
    }
    *out = value;
    return 0;
fail:
    json_decref(value);
    return -1;
}

/* A part whose conditions do not hold gives its default. */
static int part_value(const struct run *r, const struct conf_rule *part, const json_t *source,
                      json_t **out)
{
    if (all_hold(part->when, part->when_count, source, r->root))
        return rule_value(r, part, source, out);
    *out = json_incref(part->fallback);
    return 0;
}

/* ---- where the value goes ---- */

/* value is stolen. */
static int put(const struct run *r, const struct conf_rule *rule, json_t *out, json_t *value)
{
    json_t *list = rule->append ? path_get(rule->to, out) : NULL;
    if (list && !json_is_array(list)) {
        json_decref(value);
        return refuse(r, rule, " is no list that could be added to");
    }
    if (list)
        return json_array_append_new(list, value) == 0 ? 0 : refuse(r, rule, " cannot be added to");
    if (rule->append)
        value = json_pack("[o]", value);
    return path_set_take(rule->to, out, value) == 0 ? 0 : refuse(r, rule, " cannot be set");
}

/* Every element of a list; with append behind those that are there. */
static int put_list(const struct run *r, const struct conf_rule *rule, json_t *out, json_t *mapped)
{
    json_t *list = rule->append ? path_get(rule->to, out) : NULL;
    if (!list)
        return path_set_take(rule->to, out, mapped) == 0 ? 0 : refuse(r, rule, " cannot be set");
    int rc = json_is_array(list) && json_array_extend(list, mapped) == 0
                 ? 0 : refuse(r, rule, " is no list that could be added to");
    json_decref(mapped);
    return rc;
}

static int apply_rules(const struct run *r, const struct conf_rule *rules, int count,
                       const json_t *source, json_t *out);

static int apply_each(const struct run *r, const struct conf_rule *rule, const json_t *source,
                      json_t *out)
{
    json_t *list = path_get(rule->each, source);
    if (!json_is_array(list))
        return 0;
    json_t *mapped = json_array();
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element) {
        json_t *one = json_object();
        if (!one || json_array_append_new(mapped, one) != 0) {
            json_decref(mapped);
            return err_set(r->err, KOPPEL_E_BUG, "out of memory");
        }
        if (apply_rules(r, rule->map, rule->map_count, element, one) != 0) {
            json_decref(mapped);
            return err_prefix(r->err, "%s %zu", path_text(rule->each), i + 1);
        }
    }
    return put_list(r, rule, out, mapped);
}

/* One object; without any member it is left out. */
static int apply_map(const struct run *r, const struct conf_rule *rule, const json_t *source,
                     json_t *out)
{
    json_t *one = json_object();
    int rc = one ? apply_rules(r, rule->map, rule->map_count, source, one)
                 : err_set(r->err, KOPPEL_E_BUG, "out of memory");
    if (rc == 0 && json_object_size(one) > 0)
        return put(r, rule, out, one);
    json_decref(one);
    return rc;
}

static int apply_rule(const struct run *r, const struct conf_rule *rule, const json_t *source,
                      json_t *out)
{
    json_t *value = NULL;
    if ((rule->on == RULE_CREATE && r->verb != MAP_CREATE)
        || (rule->on == RULE_UPDATE && r->verb != MAP_UPDATE)
        || !all_hold(rule->when, rule->when_count, source, r->root))
        return 0;
    if (rule->each)
        return apply_each(r, rule, source, out);
    if (rule->map)
        return apply_map(r, rule, source, out);
    if (rule_value(r, rule, source, &value) != 0)
        return -1;
    if (is_blank(value) && rule->required) {
        json_decref(value);
        return err_reason(r->err, KOPPEL_E_REJECTED, "map.required",
                          "field %s is required and has no value", path_text(rule->to));
    }
    if (!value && rule->clear)
        value = json_string("");
    return value ? put(r, rule, out, value) : 0;
}

static int apply_rules(const struct run *r, const struct conf_rule *rules, int count,
                       const json_t *source, json_t *out)
{
    for (int i = 0; i < count; i++) {
        if (apply_rule(r, &rules[i], source, out) != 0)
            return -1;
    }
    return 0;
}

/* Is it the member, or something below it? */
static bool is_below(const char *path, const char *name)
{
    size_t n = strlen(name);
    return strncmp(path, name, n) == 0 && (path[n] == '\0' || path[n] == '.' || path[n] == '[');
}

static bool any_reads(const struct conf_rule *rules, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *rule = &rules[i];
        if (rule->each && is_below(path_text(rule->each), name))
            return true;
        for (int k = 0; k < rule->from_count; k++) {
            if (is_below(path_text(rule->from[k]), name))
                return true;
        }
        for (int k = 0; rule->expr && expr_name(rule->expr, k); k++) {
            if (is_below(expr_name(rule->expr, k), name))
                return true;
        }
        if (any_reads(rule->parts, rule->part_count, name))
            return true;
        if (!rule->each && any_reads(rule->map, rule->map_count, name))
            return true;
    }
    return false;
}

bool map_reads(const struct conf_mapping *mapping, const char *name)
{
    bool pass = !mapping->file && mapping->count == 0;
    return pass || any_reads(mapping->rules, mapping->count, name);
}

int map_apply(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
              json_t **out, json_t *notes, struct koppel_error *err)
{
    return map_apply_watched(mapping, source, verb, NULL, out, notes, err);
}

int map_apply_watched(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
                      const struct map_watch *watch, json_t **out, json_t *notes,
                      struct koppel_error *err)
{
    struct run r = {source, verb, watch, notes, err};
    bool pass = !mapping->file && mapping->count == 0;
    json_t *record = pass ? json_deep_copy(source) : json_object();
    if (!record)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (apply_rules(&r, mapping->rules, mapping->count, source, record) != 0) {
        json_decref(record);
        return -1;
    }
    *out = record;
    return 0;
}
