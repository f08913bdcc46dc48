/* SPDX-License-Identifier: MIT
 * Which value tables flows need, and what their rows are asked by. */
#include "service/setup_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/decimal.h"
#include "base/path.h"
#include "config/conf.h"
#include "model/model.h"
#include "service/setup_text.h"

#define PATH_BYTES 256
#define KEYS_MAX 400
#define PARTS_MAX 4

/* One flow, and one of its mappings. */
struct walk {
    struct setup_work *work;
    const struct conf_flow *flow;
    const struct model *model;
    const struct cat_entity *source, *dest;
    bool send;       /* the mapping to the destination; else the one from the source */
    json_t *tables;  /* what is made */
    json_t *regions; /* codes of countries, and "shifted" */
    struct koppel_error *err;
};

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *named(json_t *list, const char *name, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        if (strcmp(member(one, name), value) == 0)
            return one;
    }
    return NULL;
}

static void join(char out[PATH_BYTES], const char *before, const char *path)
{
    snprintf(out, PATH_BYTES, "%.120s%s%.120s", before, *before && *path ? "." : "", path);
}

/* ---- what a value of a core field may be ---- */

static void add_part(json_t *parts, const char *role, const char *value, json_t *title_take,
                     json_t *facts)
{
    if (named(parts, "value", value)) {
        json_decref(title_take);
        return;
    }
    (void)json_array_append_new(parts, json_pack("{s:s,s:o,s:o,s:O?}", "role", role, "value",
                                                 json_string_nocheck(value), "title", title_take,
                                                 "facts", facts));
}

static json_t *kind_title(const struct walk *x, const char *kind)
{
    char key[64];
    snprintf(key, sizeof key, "key.%.50s", kind);
    return setup_text_raw(key, x->work->language) ? setup_text(key, x->work->language, NULL)
                                                  : json_string_nocheck(kind);
}

static void add_regions(const struct walk *x, json_t *parts)
{
    size_t i;
    json_t *one;
    json_array_foreach(x->regions, i, one) {
        const char *code = json_string_value(one);
        const char *name = country_name(code, x->work->language);
        add_part(parts, "region", code, name ? json_string_nocheck(name) : kind_title(x, code),
                 NULL);
    }
}

/* Those that the rule's conditions on that field let through. */
static bool is_wanted(const struct conf_rule *rule, const char *field, const char *value)
{
    for (int i = 0; i < rule->when_count; i++) {
        const struct conf_condition *c = &rule->when[i];
        bool there = false;
        if (c->op != COND_IS || !c->field || strcmp(path_text(c->field), field) != 0)
            continue;
        for (int k = 0; k < c->value_count; k++)
            there = there || strcmp(c->values[k].text, value) == 0;
        if (there == c->negate)
            return false;
    }
    return true;
}

/* "21.00", as most systems write it; false: it is no number. */
static bool rate_text(const char *rate, char out[DECIMAL_TEXT_BYTES], json_t **title,
                      const struct walk *x)
{
    struct decimal d;
    char plain[DECIMAL_TEXT_BYTES];
    if (!rate || decimal_parse(rate, &d) != 0 || decimal_round(d, 2, ROUND_HALF_UP, &d) != 0)
        return false;
    decimal_format(d, out);
    decimal_format(decimal_trim(d, 0), plain);
    *title = setup_text("key.rate", x->work->language, json_pack("{s:s}", "rate", plain));
    return true;
}

static int add_list(const struct walk *x, json_t *parts, const char *list, bool rates)
{
    const struct koppel_list *rows = setup_work_list(x->work, x->flow->from->name, list, x->err);
    if (!rows)
        return -1;
    for (int i = 0; i < rows->count; i++) {
        const struct list_row *row = &rows->rows[i];
        char text[DECIMAL_TEXT_BYTES];
        json_t *title;
        const char *kind = list_fact(row, "kind");
        if (row->outcome || list_fact(row, "not") || (kind && strcmp(kind, "purchase") == 0))
            continue;
        if (!rates)
            add_part(parts, "list", row->value, json_string_nocheck(row->title), row->facts);
        else if (rate_text(list_fact(row, "rate"), text, &title, x))
            add_part(parts, "rate", text, title, NULL);
    }
    return 0;
}

/* The source's list behind a core field, by the rules that fill it. */
static int trace(const struct walk *x, const struct conf_rule *rules, int count, const char *to,
                 const char *from, const char *field, bool rates, json_t *parts)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        char path[PATH_BYTES], below[PATH_BYTES], source[PATH_BYTES];
        join(path, to, path_text(r->to));
        if (r->map_count > 0) {
            snprintf(below, sizeof below, "%.200s%s", path, r->each || r->append ? "[]" : "");
            join(source, from, r->each ? path_text(r->each) : "");
            if (r->each)
                snprintf(source + strlen(source), sizeof source - strlen(source), "[]");
            if (trace(x, r->map, r->map_count, below, source, field, rates, parts) != 0)
                return -1;
        }
        for (int k = 0; strcmp(path, field) == 0 && k < r->from_count; k++) {
            join(source, from, path_text(r->from[k]));
            const struct cat_field *f = catalogue_field(x->source, source);
            if (f && f->choices && !r->table && add_list(x, parts, f->choices, rates) != 0)
                return -1;
        }
    }
    return 0;
}

/* All that a core field may hold; none: it is not known. */
static int values_of(const struct walk *x, const struct conf_rule *rule, const char *field,
                     const char *relative, json_t *parts)
{
    const struct cat_field *f = x->model->record ? catalogue_field(x->model->record, field) : NULL;
    char code[PATH_BYTES];
    size_t n = strlen(field);
    if (f && strcmp(f->name, "region") == 0)
        return add_regions(x, parts), 0;
    for (int i = 0; f && i < f->value_count; i++) {
        if (is_wanted(rule, relative, f->values[i]))
            add_part(parts, "kind", f->values[i], kind_title(x, f->values[i]), NULL);
    }
    if (json_array_size(parts) > 0)
        return 0;
    if (trace(x, x->flow->get.rules, x->flow->get.count, "", "", field, false, parts) != 0)
        return -1;
    if (json_array_size(parts) > 0 || n < 4 || strcmp(field + n - 4, "rate") != 0)
        return 0;
    /* a percentage comes with its code */
    snprintf(code, sizeof code, "%.*scode", (int)(n - 4), field);
    return trace(x, x->flow->get.rules, x->flow->get.count, "", "", code, true, parts);
}

/* What a field of the source may hold, of a table that is asked while it is read. */
static int values_there(const struct walk *x, const char *path, json_t *parts)
{
    const struct cat_field *f = catalogue_field(x->source, path);
    return f && f->choices ? add_list(x, parts, f->choices, false) : 0;
}

/* ---- keys ---- */

static void add_key(json_t *keys, const json_t *parts)
{
    size_t i;
    json_t *one;
    char key[PATH_BYTES] = "", title[2 * PATH_BYTES] = "";
    json_array_foreach((json_t *)parts, i, one) {
        size_t n = strlen(key), m = strlen(title);
        snprintf(key + n, sizeof key - n, "%s%.100s", i ? "|" : "", member(one, "value"));
        snprintf(title + m, sizeof title - m, "%s%.150s", i ? ", " : "", member(one, "title"));
    }
    if (*key && !named(keys, "key", key) && json_array_size(keys) < KEYS_MAX)
        (void)json_array_append_new(keys, json_pack("{s:o,s:o,s:O}", "key",
                                                    json_string_nocheck(key), "title",
                                                    json_string_nocheck(title), "parts", parts));
}

/* Every way to take one of each column. */
static void multiply(json_t *keys, json_t *const *columns, int count, int at, json_t *parts)
{
    size_t i;
    json_t *one;
    if (at == count) {
        json_t *copy = json_copy(parts);
        add_key(keys, copy);
        json_decref(copy);
        return;
    }
    json_array_foreach(columns[at], i, one) {
        (void)json_array_append(parts, one);
        multiply(keys, columns, count, at + 1, parts);
        (void)json_array_remove(parts, json_array_size(parts) - 1);
    }
}

static int column_of(const struct walk *x, const struct conf_rule *rule,
                     const struct conf_rule *part, int i, const char *from, json_t *out)
{
    char path[PATH_BYTES];
    if (part->value) {
        add_part(out, "word", part->value, kind_title(x, part->value), NULL);
        return 0;
    }
    if (i >= part->from_count)
        return 0;
    join(path, from, path_text(part->from[i]));
    return x->send ? values_of(x, rule, path, path_text(part->from[i]), out)
                   : values_there(x, path, out);
}

static int keys_of(const struct walk *x, const struct conf_rule *rule, const char *from,
                   json_t *keys)
{
    json_t *columns[PARTS_MAX] = {NULL}, *parts = json_array();
    int count = rule->part_count ? rule->part_count : rule->from_count ? rule->from_count : 1;
    int rc = count <= PARTS_MAX ? 0 : 1;
    for (int i = 0; rc == 0 && i < count; i++) {
        columns[i] = json_array();
        rc = rule->part_count ? column_of(x, rule, &rule->parts[i], 0, from, columns[i])
                              : column_of(x, rule, rule, i, from, columns[i]);
    }
    if (rc == 0)
        multiply(keys, columns, count, 0, parts);
    for (int i = 0; i < PARTS_MAX; i++)
        json_decref(columns[i]);
    json_decref(parts);
    return rc < 0 ? -1 : 0;
}

/* ---- tables ---- */

static json_t *table_of(const struct walk *x, const char *name)
{
    json_t *table = named(x->tables, "name", name);
    if (!table) {
        table = json_pack("{s:s,s:s,s:b,s:s,s:s,s:s,s:[],s:[]}", "name", name, "title", name,
                          "rates", 0, "connection", x->flow->to->name, "from", x->flow->from->name,
                          "to", x->flow->to->name, "flows", "keys");
        (void)json_array_append_new(x->tables, table);
    }
    json_t *flows = json_object_get(table, "flows");
    size_t i;
    json_t *one;
    bool there = false;
    json_array_foreach(flows, i, one)
        there = there || strcmp(json_string_value(one), x->flow->name) == 0;
    if (!there)
        (void)json_array_append_new(flows, json_string(x->flow->name));
    return table;
}

static int look_at_list(const struct walk *x, json_t *table, const struct cat_field *f)
{
    const struct koppel_list *rows = setup_work_list(x->work, x->flow->to->name, f->choices,
                                                     x->err);
    if (!rows)
        return -1;
    (void)json_object_set_new(table, "list", json_string(f->choices));
    for (int i = 0; i < rows->count; i++) {
        const char *rate = list_fact(&rows->rows[i], "rate");
        if (rate)
            (void)json_object_set_new(table, "rates", json_true());
    }
    return 0;
}

static int use(const struct walk *x, const struct conf_rule *rule, const char *to,
               const char *from)
{
    json_t *table = table_of(x, rule->table->name);
    const struct cat_field *core = x->model->record ? catalogue_field(x->model->record, to) : NULL;
    const struct cat_field *f = x->send ? catalogue_field(x->dest, to) : NULL;
    if (f || core)
        (void)json_object_set_new(table, "title", json_string_nocheck(f ? f->title : core->title));
    if (rule->unmapped == UNMAPPED_PARK)
        (void)json_object_set_new(table, "needed", json_true());
    if (f && f->choices && !json_object_get(table, "list") && look_at_list(x, table, f) != 0)
        return -1;
    return keys_of(x, rule, from, json_object_get(table, "keys"));
}

static int walk(const struct walk *x, const struct conf_rule *rules, int count, const char *to,
                const char *from)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        char path[PATH_BYTES], below[PATH_BYTES], inner[PATH_BYTES];
        join(path, to, r->to ? path_text(r->to) : "");
        snprintf(below, sizeof below, "%.200s%s", path, r->each || r->append ? "[]" : "");
        snprintf(inner, sizeof inner, "%.200s", from);
        if (r->each) {
            join(inner, from, path_text(r->each));
            snprintf(inner + strlen(inner), sizeof inner - strlen(inner), "[]");
        }
        if (r->map_count > 0 && walk(x, r->map, r->map_count, below, inner) != 0)
            return -1;
        for (int k = 0; k < r->part_count; k++) {
            if (r->parts[k].table && use(x, &r->parts[k], path, from) != 0)
                return -1;
        }
        if (r->table && use(x, r, path, from) != 0)
            return -1;
    }
    return 0;
}

/* ---- regions ---- */

static void add_region(json_t *regions, const char *code)
{
    size_t i;
    json_t *one;
    json_array_foreach(regions, i, one) {
        if (strcmp(json_string_value(one), code) == 0)
            return;
    }
    (void)json_array_append_new(regions, json_string(code));
}

/* The countries of the lists that tables choose from: where the destination has a VAT code for one,
 * it is sold to. */
static int regions_of(const struct walk *x, const struct conf_rule *rules, int count,
                      const char *to)
{
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        join(path, to, path_text(rules[i].to));
        const struct cat_field *f = catalogue_field(x->dest, path);
        if (rules[i].map_count > 0 &&
            regions_of(x, rules[i].map, rules[i].map_count, path) != 0)
            return -1;
        if (!rules[i].table || !f || !f->choices)
            continue;
        const struct koppel_list *rows = setup_work_list(x->work, x->flow->to->name, f->choices,
                                                         x->err);
        for (int k = 0; rows && k < rows->count; k++) {
            const char *country = list_fact(&rows->rows[k], "country");
            const char *kind = list_fact(&rows->rows[k], "kind");
            const char *code = country ? country_find(country) : NULL;
            if (code && !list_fact(&rows->rows[k], "not") && !(kind && strcmp(kind, "sales") != 0))
                add_region(x->regions, code);
        }
        if (!rows)
            return -1;
    }
    return 0;
}

static int look_at_flow(struct setup_work *w, const char *name, json_t *tables,
                        struct koppel_error *err)
{
    struct walk x = {.work = w, .flow = conf_flow(w->conf, name), .tables = tables, .err = err,
                     .regions = json_array()};
    int rc = x.flow ? 0 : err_set(err, KOPPEL_E_BUG, "flow %s is not there", name);
    if (rc == 0) {
        x.model = model_find(x.flow->model);
        x.source = catalogue_entity(x.flow->from->catalogue, x.flow->from_entity);
        x.dest = catalogue_entity(x.flow->to->catalogue, x.flow->to_entity);
        add_region(x.regions, w->conf->home.country);
        rc = regions_of(&x, x.flow->send.rules, x.flow->send.count, "");
        add_region(x.regions, "shifted");
    }
    if (rc == 0)
        rc = walk(&x, x.flow->get.rules, x.flow->get.count, "", "");
    x.send = true;
    if (rc == 0)
        rc = walk(&x, x.flow->send.rules, x.flow->send.count, "", "");
    json_decref(x.regions);
    return rc;
}

/* Those with rates first; else in the order in which the mappings ask for them. */
static json_t *in_order(json_t *tables_take)
{
    json_t *out = json_array(), *one;
    size_t i;
    for (int rates = 1; rates >= 0; rates--) {
        json_array_foreach(tables_take, i, one) {
            bool known = json_array_size(json_object_get(one, "keys")) > 0;
            if (json_is_true(json_object_get(one, "rates")) == rates &&
                (known || json_is_true(json_object_get(one, "needed"))))
                (void)json_array_append(out, one);
        }
    }
    json_decref(tables_take);
    return out;
}

json_t *setup_keys_tables(struct setup_work *w, struct koppel_error *err)
{
    json_t *tables = json_array(), *one;
    size_t i;
    int rc = 0;
    json_array_foreach(json_object_get(w->draft.json, "flows"), i, one) {
        if (rc == 0)
            rc = look_at_flow(w, member(one, "name"), tables, err);
    }
    if (rc == 0)
        return in_order(tables);
    json_decref(tables);
    return NULL;
}
