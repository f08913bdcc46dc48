/* SPDX-License-Identifier: MIT
 * The value that a rule gives: its source, what that goes through, and what stands in for it. */
#include "mapping/map_value.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/fact.h"
#include "config/conf_keys.h"
#include "mapping/condition.h"
#include "mapping/map_recorder.h"
#include "mapping/value.h"
#include "mapping/via.h"

#define JOINED_LIMIT (1 << 20) /* longest joined value */

int map_value_refuse(const struct map_run *r, const struct conf_rule *rule, const char *what)
{
    err_reason(r->err, KOPPEL_E_REJECTED, "map.value", "field %s%s", path_text(rule->to), what);
    return fact_add(r->err, "field", path_text(rule->to));
}

/* ---- the source of a rule: a new reference, or NULL in *out where there is no value ---- */

static int part_value(const struct map_run *r, const struct conf_rule *part, const json_t *source,
                      json_t **out);

/* Objects and lists are copied: later rules may change what stands in the result. */
static json_t *own(json_t *value)
{
    bool plain = !json_is_array(value) && !json_is_object(value);
    return plain ? json_incref(value) : json_deep_copy(value);
}

static int add_element(void *arg, json_t *value)
{
    return json_is_null(value) ? 0 : json_array_append_new(arg, own(value));
}

/* Of a path with [], what is there in every element. */
static json_t *from_each(const struct path *path, const json_t *source)
{
    json_t *list = json_array();
    if (list && path_each(path, source, add_element, list) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *from_one(const struct map_run *r, const struct path *path, const json_t *source)
{
    bool many = path_is_plural(path);
    json_t *value = many ? from_each(path, source) : condition_value(path, source, r->root);
    map_recorder_from(r->recorder, r->place, path, value);
    if (many)
        return value;
    return value && !json_is_null(value) ? own(value) : NULL;
}

/* Values as one text. A blank one keeps its place, so that a table's keys have a fixed form; where
 * all are blank there is no value. */
static void add_text(struct buf *text, const char *join, const char *one, bool first)
{
    if (!first)
        buf_add_text(text, join);
    buf_add_text(text, one);
}

/* Every element of a list that is a text or number. */
static bool add_list(struct buf *text, const char *join, const json_t *list, bool first)
{
    bool any = false;
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element) {
        char digits[32];
        const char *one;
        if (!value_text(element, digits, &one) || !*one)
            continue;
        add_text(text, join, one, first && !any);
        any = true;
    }
    return any;
}

static int joined(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                  json_t **out)
{
    struct buf text;
    char room[256];
    int n = rule->parts ? rule->part_count : rule->from_count, rc = 0;
    bool any = false;
    buf_init_in(&text, room, sizeof room, JOINED_LIMIT);
    for (int i = 0; i < n && rc == 0; i++) {
        char digits[32];
        const char *one = "";
        json_t *value = rule->parts ? NULL : from_one(r, rule->from[i], source);
        if (rule->parts)
            rc = part_value(r, &rule->parts[i], source, &value);
        if (json_is_array(value)) {
            any = add_list(&text, rule->join, value, i == 0) || any;
        } else {
            any = (value && value_text(value, digits, &one) && *one) || any;
            add_text(&text, rule->join, one, i == 0);
        }
        json_decref(value);
    }
    if (rc == 0 && any) {
        *out = buf_ok(&text) ? json_string(buf_text(&text)) : NULL;
        if (!*out)
            rc = map_value_refuse(r, rule, ": the joined value is too long");
    }
    buf_done(&text);
    return rc;
}

static int calculated(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                      json_t **out)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal result;
    struct koppel_error why = {0};
    map_recorder_expression(r->recorder, r->place, rule->expr, source, r->root);
    if (expr_eval(rule->expr, source, r->root, 0, &result, &why) == 0) {
        decimal_format(result, text);
        *out = expr_compares(rule->expr) ? json_boolean(!decimal_is_zero(result))
                                         : json_string(text);
        return *out ? 0 : err_set(r->err, KOPPEL_E_BUG, "out of memory");
    }
    if (strcmp(why.reason, "expr.missing") == 0)
        return 0;
    err_reason(r->err, KOPPEL_E_REJECTED, "map.value", "field %s: %s", path_text(rule->to),
               why.text);
    return fact_add(r->err, "field", path_text(rule->to));
}

static int raw_value(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                     struct map_value *out)
{
    if (rule->expr) {
        out->because = "expr";
        return calculated(r, rule, source, &out->value);
    }
    out->because = rule->parts ? "parts" : "from";
    if (rule->parts || rule->from_count > 1 || (rule->joins && rule->from_count == 1))
        return joined(r, rule, source, &out->value);
    if (rule->value_json) {
        out->value = json_incref(rule->value_json);
        out->because = "value";
    } else if (rule->from_count == 1) {
        out->value = from_one(r, rule->from[0], source);
    }
    return 0;
}

/* ---- what a value goes through ---- */

static void tell_via(void *recorder, const char *function, const json_t *value)
{
    map_recorder_via(recorder, function, value);
}

static int through_functions(const struct map_run *r, const struct conf_rule *rule, json_t **value)
{
    const char *failed;
    if (rule->via_count == 0 ||
        via_apply(rule->via, rule->via_count, value, tell_via, r->recorder, &failed, r->err) == 0)
        return 0;
    if (!r->err->reason[0])
        snprintf(r->err->reason, sizeof r->err->reason, "map.value");
    err_prefix(r->err, "field %s, %s", path_text(rule->to), failed);
    return fact_add(r->err, "field", path_text(rule->to));
}

/* No mistake, but whoever wrote the table may not have thought of this value. */
static void tell_default(const struct map_run *r, const struct conf_rule *rule, const char *key,
                         const char *row, const char *value)
{
    if (!r->tell)
        return;
    if (r->tell->notes)
        json_array_append_new(r->tell->notes,
                              json_sprintf("%s: no row \"%s\" in table %s, the default row "
                                           "\"%s\" gave \"%s\"",
                                           path_text(rule->to), key, rule->table->name, row,
                                           value));
    if (r->tell->default_row)
        r->tell->default_row(r->tell->arg, rule->table->name, key, row, value);
}

static int unmapped(const struct map_run *r, const struct conf_rule *rule, const char *key,
                    struct map_value *v)
{
    const char *file = rule->table->at.file;
    v->because = "unmapped";
    if (rule->unmapped == UNMAPPED_PASS)
        return 0;
    if (rule->unmapped == UNMAPPED_LEAVE) {
        json_decref(v->value);
        v->value = NULL;
        return 0;
    }
    if (rule->unmapped == UNMAPPED_DEFAULT && rule->fallback) {
        json_decref(v->value);
        v->value = json_incref(rule->fallback);
        return 0;
    }
    err_reason(r->err, KOPPEL_E_REJECTED, "map.unmapped",
               "field %s: table %s has no row for \"%s\"; add one to %s", path_text(rule->to),
               rule->table->name, key, file ? file : "the table");
    fact_add(r->err, "table", rule->table->name);
    return fact_add(r->err, "value", key);
}

/* NULL: the table has none. */
static const struct grid_row *row_of(const struct conf_rule *rule, const char *key)
{
    struct buf formed;
    char room[256];
    if (!rule->rows || !rule->number_keys)
        return grid_find(rule->table->grid, key);
    buf_init_in(&formed, room, sizeof room, JOINED_LIMIT);
    conf_keys_form(rule, key, &formed);
    const struct grid_row *row = buf_ok(&formed) ? grid_find(rule->rows, buf_text(&formed)) : NULL;
    buf_done(&formed);
    return row;
}

static int through_table(const struct map_run *r, const struct conf_rule *rule,
                         struct map_value *v)
{
    char digits[32];
    const char *key;
    if (!value_text(v->value, digits, &key)) {
        err_reason(r->err, KOPPEL_E_REJECTED, "map.value",
                   "field %s: a list or object cannot be looked up in table %s",
                   path_text(rule->to), rule->table->name);
        return fact_add(r->err, "field", path_text(rule->to));
    }
    const struct grid_row *row = row_of(rule, key);
    map_recorder_table(r->recorder, rule->table, key, row ? row->key : NULL);
    if (!row)
        return unmapped(r, rule, key, v);
    if (row->any)
        tell_default(r, rule, key, row->key, json_string_value(row->value));
    json_decref(v->value);
    v->value = json_incref(row->value);
    v->because = "table";
    return 0;
}

int map_value(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
              struct map_value *out)
{
    *out = (struct map_value){0};
    if (rule->force) {
        *out = (struct map_value){json_incref(rule->fallback), "force"};
        return 0;
    }
    if (raw_value(r, rule, source, out) != 0 || through_functions(r, rule, &out->value) != 0)
        goto fail;
    bool blank = value_is_blank(out->value);
    if (blank && rule->fallback) {
        json_decref(out->value);
        *out = (struct map_value){json_incref(rule->fallback), "default"};
        return 0;
    }
    if (!blank && rule->table) {
        if (through_table(r, rule, out) != 0)
            goto fail;
        blank = value_is_blank(out->value);
    }
    bool written = rule->value_json || (out->value && out->value == rule->fallback);
    if (!written && blank) {
        json_decref(out->value);
        *out = (struct map_value){NULL, "nothing"};
    }
    return 0;
fail:
    json_decref(out->value);
    out->value = NULL;
    return -1;
}

/* A part whose conditions do not hold gives its default. */
static int part_value(const struct map_run *r, const struct conf_rule *part, const json_t *source,
                      json_t **out)
{
    const struct conf_condition *failed = NULL;
    struct map_value v = {0};
    json_t *outer = map_recorder_part(r->recorder, part);
    int rc = 0;
    int holds = condition_all(part->when, part->when_count, source, r->root, &failed, r->err);
    if (holds < 0) {
        rc = err_prefix(r->err, "field %s", path_text(part->to));
    } else if (holds) {
        rc = map_value(r, part, source, &v);
    } else {
        map_recorder_condition(r->recorder, failed, source, r->root);
        v = (struct map_value){json_incref(part->fallback), part->fallback ? "default" : "when"};
    }
    map_recorder_part_end(r->recorder, outer, v.value, v.because);
    *out = v.value;
    return rc;
}
