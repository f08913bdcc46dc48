/* SPDX-License-Identifier: MIT
 * Mapping rules: one record in, one record out. The order in which a rule decides is that of
 * koppel.conf(5): when, force, from or value, via, default for nothing, table, unmapped. */
#include "flow/map.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "plugin/host.h"

#define MAP_TEXT_LIMIT (1 << 20) /* longest joined value */

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
    if (!json_is_string(value))
        return false;
    const char *text = json_string_value(value);
    return text[strspn(text, " \t\r\n")] == '\0';
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

static bool holds(const struct conf_condition *c, const json_t *record)
{
    const json_t *value = path_get(c->field, record);
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

bool map_conditions(const struct conf_condition *conditions, int count, const json_t *record)
{
    for (int i = 0; i < count; i++) {
        if (!holds(&conditions[i], record))
            return false;
    }
    return true;
}

/* The rule's raw value, a new reference; NULL in *out where there is none. */
static int rule_value(const struct conf_rule *rule, const json_t *source, json_t **out,
                      struct koppel_error *err)
{
    *out = NULL;
    if (rule->value_json) {
        *out = json_incref(rule->value_json);
        return 0;
    }
    if (rule->from_count == 1) {
        json_t *value = path_get(rule->from[0], source);
        *out = value && !json_is_null(value) ? json_incref(value) : NULL;
        return 0;
    }
    struct buf joined;
    buf_init(&joined, MAP_TEXT_LIMIT);
    bool any = false;
    for (int i = 0; i < rule->from_count; i++) {
        char digits[32];
        const char *text = "";
        json_t *value = path_get(rule->from[i], source);
        if (value && map_text(value, digits, &text) && *text)
            any = true;
        if (i > 0)
            buf_add_text(&joined, rule->join ? rule->join : "|");
        buf_add_text(&joined, text);
    }
    int rc = 0;
    if (any) {
        *out = buf_ok(&joined) ? json_string(buf_text(&joined)) : NULL;
        if (!*out)
            rc = err_reason(err, KOPPEL_E_REJECTED, "map.value", "field %s: the joined value is too long",
                            path_text(rule->to));
    }
    buf_done(&joined);
    return rc;
}

static int rule_via(const struct conf_rule *rule, json_t **value, struct koppel_error *err)
{
    for (int i = 0; i < rule->via_count; i++) {
        json_t *converted = NULL;
        if (host_convert(rule->via[i].plugin, rule->via[i].function, *value ? *value : json_null(),
                         rule->via[i].args, &converted, err) != 0) {
            if (!err->reason[0])
                snprintf(err->reason, sizeof err->reason, "map.value");
            return err_prefix(err, "field %s, %s", path_text(rule->to), rule->via[i].text);
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

/* The row for a key: the key itself, the same with "*" for its first part, then "*". */
static json_t *table_row(const struct conf_table *table, const char *key, bool *is_default)
{
    json_t *row = json_object_get(table->rows, key);
    *is_default = false;
    if (row)
        return row;
    *is_default = true;
    const char *bar = strchr(key, '|');
    if (bar) {
        char general[256];
        int n = snprintf(general, sizeof general, "*%s", bar);
        if (n > 0 && (size_t)n < sizeof general) {
            row = json_object_get(table->rows, general);
            if (row)
                return row;
        }
    }
    return json_object_get(table->rows, "*");
}

static int rule_table(const struct conf_rule *rule, json_t **value, json_t *notes,
                      struct koppel_error *err)
{
    char digits[32];
    const char *key;
    if (!map_text(*value, digits, &key))
        return err_reason(err, KOPPEL_E_REJECTED, "map.value",
                          "field %s: a list or object cannot be looked up in table %s",
                          path_text(rule->to), rule->table->name);
    bool is_default;
    json_t *row = table_row(rule->table, key, &is_default);
    if (row) {
        if (is_default && notes) {
            json_t *note = json_sprintf("%s: no row \"%s\" in table %s, the default row was used",
                                        path_text(rule->to), key, rule->table->name);
            if (note)
                json_array_append_new(notes, note);
        }
        json_incref(row);
        json_decref(*value);
        *value = row;
        return 0;
    }
    switch (rule->unmapped) {
    case UNMAPPED_PASS:
        return 0;
    case UNMAPPED_DEFAULT:
        if (rule->fallback) {
            json_decref(*value);
            *value = json_incref(rule->fallback);
            return 0;
        }
        break;
    case UNMAPPED_PARK:
        break;
    }
    return err_reason(err, KOPPEL_E_REJECTED, "map.unmapped",
                      "field %s: table %s has no row for \"%s\"; add one to %s", path_text(rule->to),
                      rule->table->name, key, rule->table->at.file ? rule->table->at.file : "the table");
}

static int apply_rules(const struct conf_rule *rules, int count, const json_t *source,
                       enum map_verb verb, json_t *out, json_t *notes, struct koppel_error *err);

static int rule_each(const struct conf_rule *rule, const json_t *source, enum map_verb verb,
                     json_t *out, json_t *notes, struct koppel_error *err)
{
    json_t *list = path_get(rule->each, source);
    if (!json_is_array(list))
        return 0;
    json_t *mapped = json_array();
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element) {
        json_t *one = json_object();
        if (!one || json_array_append_new(mapped, one) != 0 ||
            apply_rules(rule->map, rule->map_count, element, verb, one, notes, err) != 0) {
            json_decref(mapped);
            return err->kind ? err_prefix(err, "%s %zu", path_text(rule->each), i + 1)
                             : err_set(err, KOPPEL_E_BUG, "out of memory");
        }
    }
    if (path_set_take(rule->to, out, mapped) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "map.value", "field %s cannot be set",
                          path_text(rule->to));
    return 0;
}

static int apply_rule(const struct conf_rule *rule, const json_t *source, enum map_verb verb,
                      json_t *out, json_t *notes, struct koppel_error *err)
{
    if ((rule->on == RULE_CREATE && verb != MAP_CREATE) ||
        (rule->on == RULE_UPDATE && verb != MAP_UPDATE))
        return 0;
    if (!map_conditions(rule->when, rule->when_count, source))
        return 0;
    if (rule->each)
        return rule_each(rule, source, verb, out, notes, err);

    json_t *value = NULL;
    if (rule->force) {
        value = json_incref(rule->fallback);
    } else {
        if (rule_value(rule, source, &value, err) != 0 || rule_via(rule, &value, err) != 0)
            goto fail;
        if (is_blank(value) && rule->fallback) {
            json_decref(value);
            value = json_incref(rule->fallback);
        } else if (value && !is_blank(value) && rule->table &&
                   rule_table(rule, &value, notes, err) != 0) {
            goto fail;
        }
    }
    if (is_blank(value) && rule->required) {
        err_reason(err, KOPPEL_E_REJECTED, "map.required", "field %s is required and has no value",
                   path_text(rule->to));
        goto fail;
    }
    if (!value)
        return 0;
    if (path_set_take(rule->to, out, value) != 0)
        return err_reason(err, KOPPEL_E_REJECTED, "map.value", "field %s cannot be set",
                          path_text(rule->to));
    return 0;
fail:
    json_decref(value);
    return -1;
}

static int apply_rules(const struct conf_rule *rules, int count, const json_t *source,
                       enum map_verb verb, json_t *out, json_t *notes, struct koppel_error *err)
{
    for (int i = 0; i < count; i++) {
        if (apply_rule(&rules[i], source, verb, out, notes, err) != 0)
            return -1;
    }
    return 0;
}

static bool reads(const struct path *path, const char *name)
{
    size_t n = strlen(name);
    const char *text = path ? path_text(path) : "";
    return strncmp(text, name, n) == 0 && (text[n] == '\0' || text[n] == '.' || text[n] == '[');
}

bool map_reads(const struct conf_mapping *mapping, const char *name)
{
    for (int i = 0; i < mapping->count; i++) {
        const struct conf_rule *rule = &mapping->rules[i];
        if (reads(rule->each, name))
            return true;
        for (int k = 0; k < rule->from_count; k++) {
            if (reads(rule->from[k], name))
                return true;
        }
    }
    return false;
}

int map_apply(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
              json_t **out, json_t *notes, struct koppel_error *err)
{
    json_t *record = json_object();
    if (!record)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (apply_rules(mapping->rules, mapping->count, source, verb, record, notes, err) != 0) {
        json_decref(record);
        return -1;
    }
    *out = record;
    return 0;
}
