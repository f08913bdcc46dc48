/* SPDX-License-Identifier: MIT
 * Mapping rules in words and as data. */
#include "mapping/rule_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "mapping/condition.h"

#define WORDS_LIMIT 65536 /* bytes of a rule in words */

/* ---- in words ---- */

static void add_json(struct buf *out, const json_t *value)
{
    char *text = json_text(value, false, NULL);
    buf_add_text(out, text ? text : "");
    free(text);
}

static void add_conditions(struct buf *out, const struct conf_rule *rule)
{
    for (int i = 0; i < rule->when_count; i++) {
        buf_add_text(out, i ? " and " : ", when ");
        condition_words(&rule->when[i], out);
    }
}

static void add_from(struct buf *out, const struct conf_rule *rule)
{
    for (int i = 0; i < rule->from_count; i++)
        buf_printf(out, "%s%s", i ? " + " : "", path_text(rule->from[i]));
    if (rule->from_count > 1 || rule->joins)
        buf_printf(out, ", joined with \"%s\"", rule->join);
}

static void add_parts(struct buf *out, const struct conf_rule *rule)
{
    for (int i = 0; i < rule->part_count; i++) {
        buf_add_text(out, i ? " + (" : "(");
        rule_words(&rule->parts[i], out);
        buf_add_text(out, ")");
    }
    buf_printf(out, ", joined with \"%s\"", rule->join);
}

static void add_source(struct buf *out, const struct conf_rule *rule)
{
    if (rule->each)
        buf_printf(out, "for each of %s", path_text(rule->each));
    else if (rule->map)
        buf_add_text(out, "one object");
    else if (rule->expr)
        buf_printf(out, "= %s", expr_text(rule->expr));
    else if (rule->parts)
        add_parts(out, rule);
    else if (rule->value_json)
        add_json(out, rule->value_json);
    else
        add_from(out, rule);
}

static void add_table(struct buf *out, const struct conf_rule *rule)
{
    static const char *const unmapped[] = {[UNMAPPED_PARK] = "",
                                           [UNMAPPED_DEFAULT] = ", without a row the default",
                                           [UNMAPPED_PASS] = ", without a row as it is",
                                           [UNMAPPED_LEAVE] = ", without a row nothing"};
    if (rule->table)
        buf_printf(out, ", table %s%s", rule->table->name, unmapped[rule->unmapped]);
}

void rule_words(const struct conf_rule *rule, struct buf *out)
{
    static const char *const on[] = {[RULE_BOTH] = "", [RULE_CREATE] = ", only when it is made",
                                     [RULE_UPDATE] = ", only when it is changed"};
    if (rule->force) {
        buf_add_text(out, "always ");
        add_json(out, rule->fallback);
    } else {
        add_source(out, rule);
        for (int i = 0; i < rule->via_count; i++)
            buf_printf(out, ", via %s", rule->via[i].text);
        add_table(out, rule);
        if (rule->fallback) {
            buf_add_text(out, ", default ");
            add_json(out, rule->fallback);
        }
    }
    if (rule->append)
        buf_add_text(out, ", added to the list");
    if (rule->clear)
        buf_add_text(out, ", cleared where there is none");
    if (rule->required)
        buf_add_text(out, ", required");
    buf_add_text(out, on[rule->on]);
    add_conditions(out, rule);
}

/* ---- as data ---- */

json_t *rule_words_place(const struct conf_at *at)
{
    return json_pack("{s:s?,s:i}", "file", at->file, "line", at->line);
}

static void add_path(json_t *list, const struct path *path)
{
    json_array_append_new(list, json_string(path_text(path)));
}

static void add_read(json_t *list, const struct conf_rule *rule)
{
    const struct path *path;
    for (int i = 0; i < rule->from_count; i++)
        add_path(list, rule->from[i]);
    for (int i = 0; rule->expr && (path = expr_path(rule->expr, i)); i++)
        add_path(list, path);
    for (int i = 0; i < rule->part_count; i++)
        add_read(list, &rule->parts[i]);
}

/* Earlier rules of the list that fill the same field. */
static json_t *places_before(const struct conf_rule *rules, int index)
{
    json_t *over = json_array();
    for (int i = 0; i < index && !rules[index].append; i++) {
        if (strcmp(path_text(rules[i].to), path_text(rules[index].to)) == 0)
            json_array_append_new(over, rule_words_place(&rules[i].at));
    }
    return over;
}

static json_t *rule_json(const struct conf_rule *rules, int index)
{
    const struct conf_rule *rule = &rules[index];
    struct buf words;
    json_t *from = json_array(), *over = places_before(rules, index);
    buf_init(&words, WORDS_LIMIT);
    rule_words(rule, &words);
    add_read(from, rule);
    json_t *out = json_pack("{s:s,s:s?,s:i,s:s,s:o}", "to", path_text(rule->to), "file",
                            rule->at.file, "line", rule->at.line, "words",
                            buf_ok(&words) ? buf_text(&words) : "", "from", from);
    if (out && rule->each)
        json_object_set_new(out, "each", json_string(path_text(rule->each)));
    if (out && rule->map)
        json_object_set_new(out, "map", rule_words_list(rule->map, rule->map_count));
    if (out && json_array_size(over) > 0)
        json_object_set(out, "over", over);
    json_decref(over);
    buf_done(&words);
    return out;
}

json_t *rule_words_list(const struct conf_rule *rules, int count)
{
    json_t *list = json_array();
    for (int i = 0; list && i < count; i++) {
        if (json_array_append_new(list, rule_json(rules, i)) == 0)
            continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}
