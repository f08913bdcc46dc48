/* SPDX-License-Identifier: MIT
 * Mapping rules: one record in, one record out. The order in which a rule decides is that of
 * koppel.conf(5): when, force, its source, via, default for nothing, table, unmapped, empty. */
#include "mapping/map.h"

#include <string.h>

#include "base/fact.h"
#include "mapping/condition.h"
#include "mapping/map_recorder.h"
#include "mapping/map_run.h"
#include "mapping/map_value.h"
#include "mapping/value.h"

/* ---- where a value goes ---- */

/* value is stolen. */
static int put(const struct map_run *r, const struct conf_rule *rule, json_t *out, json_t *value)
{
    json_t *list = rule->append ? path_get(rule->to, out) : NULL;
    if (list && !json_is_array(list)) {
        json_decref(value);
        return map_value_refuse(r, rule, " is no list that could be added to");
    }
    if (list)
        return json_array_append_new(list, value) == 0
                   ? 0 : map_value_refuse(r, rule, " cannot be added to");
    if (rule->append)
        value = json_pack("[o]", value);
    return path_set_take(rule->to, out, value) == 0 ? 0
                                                    : map_value_refuse(r, rule, " cannot be set");
}

/* Every element of a list; with append behind those that are there. */
static int put_list(const struct map_run *r, const struct conf_rule *rule, json_t *out,
                    json_t *mapped)
{
    json_t *list = rule->append ? path_get(rule->to, out) : NULL;
    if (!list)
        return path_set_take(rule->to, out, mapped) == 0
                   ? 0 : map_value_refuse(r, rule, " cannot be set");
    int rc = json_is_array(list) && json_array_extend(list, mapped) == 0
                 ? 0 : map_value_refuse(r, rule, " is no list that could be added to");
    json_decref(mapped);
    return rc;
}

/* The number of the element that the rule adds; -1: it adds none. */
static long next_element(const struct conf_rule *rule, const json_t *out)
{
    return rule->append ? (long)json_array_size(path_get(rule->to, out)) : -1;
}

/* ---- rules ---- */

static int apply_rules(const struct map_run *r, const struct conf_rule *rules, int count,
                       const json_t *source, json_t *out);

static int apply_each(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                      json_t *out)
{
    json_t *list = path_get(rule->each, source);
    if (!json_is_array(list)) {
        map_recorder_from(r->recorder, r->place, rule->each, list);
        map_recorder_end(r->recorder, NULL, "nothing");
        return 0;
    }
    map_recorder_open(r->recorder, "each", json_array_size(list));
    json_t *mapped = json_array();
    struct map_place place = {.up = r->place, .from = rule->each, .to = rule->to,
                              .made = rule->append ? next_element(rule, out) : 0};
    struct map_run inner = *r;
    json_t *element;
    inner.place = &place;
    json_array_foreach(list, place.index, element) {
        json_t *one = json_object();
        if (!one || json_array_append_new(mapped, one) != 0) {
            json_decref(mapped);
            return err_set(r->err, KOPPEL_E_BUG, "out of memory");
        }
        if (apply_rules(&inner, rule->map, rule->map_count, element, one) != 0) {
            json_decref(mapped);
            return err_prefix(r->err, "%s %zu", path_text(rule->each), place.index + 1);
        }
        place.made++;
    }
    return put_list(r, rule, out, mapped);
}

/* One object; without any member it is left out. */
static int apply_map(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                     json_t *out)
{
    struct map_place place = {.up = r->place, .to = rule->to, .made = next_element(rule, out)};
    struct map_run inner = *r;
    json_t *one = json_object();
    map_recorder_open(r->recorder, "map", 1);
    inner.place = &place;
    int rc = one ? apply_rules(&inner, rule->map, rule->map_count, source, one)
                 : err_set(r->err, KOPPEL_E_BUG, "out of memory");
    if (rc == 0 && json_object_size(one) > 0)
        return put(r, rule, out, one);
    json_decref(one);
    return rc;
}

static int apply_value(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                       json_t *out)
{
    struct map_value v;
    if (map_value(r, rule, source, &v) != 0)
        return -1;
    if (rule->required && value_is_blank(v.value)) {
        json_decref(v.value);
        err_reason(r->err, KOPPEL_E_REJECTED, "map.required",
                   "field %s is required and has no value", path_text(rule->to));
        return fact_add(r->err, "field", path_text(rule->to));
    }
    if (!v.value && rule->clear)
        v = (struct map_value){json_string(""), "clear"};
    map_recorder_end(r->recorder, v.value, v.because);
    return v.value ? put(r, rule, out, v.value) : 0;
}

/* Is the rule meant for this record, and this write? -1: that cannot be decided. */
static int applies(const struct map_run *r, const struct conf_rule *rule, const json_t *source)
{
    const struct conf_condition *failed = NULL;
    if (rule->on != RULE_BOTH && (rule->on == RULE_CREATE) != (r->verb == MAP_CREATE)) {
        map_recorder_end(r->recorder, NULL, rule->on == RULE_CREATE ? "create" : "update");
        return 0;
    }
    if (rule->when_count == 0)
        return 1;
    int holds = condition_all(rule->when, rule->when_count, source, r->root, &failed, r->err);
    if (holds < 0)
        return err_prefix(r->err, "field %s", path_text(rule->to));
    if (!holds) {
        map_recorder_condition(r->recorder, failed, source, r->root);
        map_recorder_end(r->recorder, NULL, "when");
    }
    return holds;
}

static int apply_rule(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
                      json_t *out)
{
    if (r->recorder)
        map_recorder_begin(r->recorder, r->place, rule,
                           rule->map ? -1 : next_element(rule, out));
    int rc = applies(r, rule, source);
    if (rc > 0)
        rc = rule->each  ? apply_each(r, rule, source, out)
             : rule->map ? apply_map(r, rule, source, out)
                         : apply_value(r, rule, source, out);
    if (rc != 0)
        map_recorder_fail(r->recorder, r->err);
    return rc;
}

static int apply_rules(const struct map_run *r, const struct conf_rule *rules, int count,
                       const json_t *source, json_t *out)
{
    for (int i = 0; i < count; i++) {
        if (apply_rule(r, &rules[i], source, out) != 0)
            return -1;
    }
    return 0;
}

int map_apply(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
              const struct map_tell *tell, json_t **out, struct koppel_error *err)
{
    struct map_run r = {.root = source, .verb = verb, .tell = tell,
                        .recorder = tell ? tell->recorder : NULL, .err = err};
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

/* ---- what a mapping reads ---- */

/* Is it the member, or something below it? */
static bool is_below(const char *path, const char *name)
{
    size_t n = strlen(name);
    return strncmp(path, name, n) == 0 && (path[n] == '\0' || path[n] == '.' || path[n] == '[');
}

static bool any_reads(const struct conf_rule *rules, int count, const char *name)
{
    const struct path *path;
    for (int i = 0; i < count; i++) {
        const struct conf_rule *rule = &rules[i];
        if (rule->each && is_below(path_text(rule->each), name))
            return true;
        for (int k = 0; k < rule->from_count; k++) {
            if (is_below(path_text(rule->from[k]), name))
                return true;
        }
        for (int k = 0; rule->expr && (path = expr_path(rule->expr, k)); k++) {
            if (is_below(path_text(path), name))
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
