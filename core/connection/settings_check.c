/* SPDX-License-Identifier: MIT
 * Configured values against the peer's choice lists. */
#include "connection/settings_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/fold.h"
#include "base/path.h"
#include "catalogue/catalogue.h"
#include "connection/connection_find.h"
#include "connection/host.h"
#include "connection/settings_list.h"

#define PATH_BYTES 512
#define WHAT_BYTES (2 * PATH_BYTES + 64)

void settings_check_init(struct settings_check *s, struct connection *c, settings_wrong *wrong,
                         void *arg)
{
    *s = (struct settings_check){.connection = c, .wrong = wrong, .arg = arg};
}

void settings_check_done(struct settings_check *s)
{
    settings_list_done(s);
}

/* ---- settings and options ---- */

/* One setting; where it takes several values with commas, each of them. path: of its group. */
static int setting_check(struct settings_check *s, const struct cat_setting *c,
                         const struct conf_setting *given, const char *path,
                         struct koppel_error *err)
{
    char what[WHAT_BYTES], whole[PATH_BYTES], *save = NULL, *all;
    const struct list_row *row;
    int rc = 0;
    if (!c || !c->choices || !given->at.file || !given->text)
        return 0;
    all = strdup(given->text);
    if (!all)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    snprintf(what, sizeof what, "setting \"%s\"", given->name);
    snprintf(whole, sizeof whole, "%s/%s", path, given->name);
    for (char *one = strtok_r(all, c->many ? "," : "", &save); one && rc == 0;
         one = strtok_r(NULL, c->many ? "," : "", &save)) {
        size_t bytes;
        char *value = one + (fold_trim(one, &bytes) - one);
        value[bytes] = '\0';
        struct settings_value v = {c->choices, value, given->at, whole, what};
        rc = settings_list_check(s, &v, &row, err);
    }
    free(all);
    return rc;
}

int settings_check_connection(struct settings_check *s, struct koppel_error *err)
{
    const struct conf_connection *conf = connection_conf(s->connection);
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "connections/%s/settings", conf->name);
    for (int i = 0; i < conf->setting_count; i++) {
        const struct conf_setting *v = &conf->settings[i];
        if (setting_check(s, catalogue_setting(conf->catalogue, v->name), v, path, err) < 0)
            return -1;
    }
    return 0;
}

int settings_check_source(struct settings_check *s, const struct conf_flow *flow,
                          struct koppel_error *err)
{
    const struct cat_entity *e =
        catalogue_entity(connection_conf(s->connection)->catalogue, flow->from_entity);
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "flows/%s/options", flow->name);
    for (int i = 0; e && i < flow->given_option_count; i++) {
        const struct conf_setting *v = &flow->given_options[i];
        for (int k = 0; k < e->option_count; k++) {
            if (strcmp(e->options[k].name, v->name) == 0 &&
                setting_check(s, &e->options[k], v, path, err) < 0)
                return -1;
        }
    }
    return 0;
}

/* ---- what mappings send ---- */

/* What all rules of one mapping share. */
struct walk {
    struct settings_check *check;
    const struct conf_flow *flow;
    const struct cat_entity *entity;
    struct koppel_error *err;
};

/* A value of the rule against the field's list. *row: as settings_list_check. */
static int scalar_check(const struct walk *w, const char *list, const json_t *value,
                        const struct conf_at *at, const char *what, const struct list_row **row)
{
    char digits[32];
    struct settings_value v = {list, json_string_value(value), *at, NULL, what};
    *row = NULL;
    if (json_is_integer(value)) {
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        v.value = digits;
    }
    return v.value ? settings_list_check(w->check, &v, row, w->err) : 0;
}

/* The value as the rule's functions make it: they are pure, so they give now what they give
 * later. */
static json_t *converted(const struct conf_rule *rule, json_t *value)
{
    struct koppel_error ignored = {0};
    json_incref(value);
    for (int i = 0; i < rule->via_count && value; i++) {
        json_t *made = NULL;
        if (host_convert(&rule->via[i].call, value, rule->via[i].home, &made, &ignored) < 0)
            made = NULL; /* the run will park it, with the function's own words */
        json_decref(value);
        value = made;
    }
    return value;
}

/* The percentage in a table's key ("NL|21", "21%", "9.0"): false where it has none, or several, or
 * where the VAT is shifted: then it is that of the goods, and the code's own is zero. */
static bool key_rate(const char *key, struct decimal *out)
{
    int found = 0;
    if (strncmp(key, "shifted|", strlen("shifted|")) == 0)
        return false;
    while (*key) {
        char part[32];
        size_t n = strcspn(key, "|");
        if (n > 0 && n < sizeof part) {
            memcpy(part, key, n);
            part[key[n - 1] == '%' ? n - 1 : n] = '\0';
            found += decimal_parse(part, out) == 0;
        }
        key += n + (key[n] == '|');
    }
    return found == 1;
}

/* A code of purchases in what is sold; and a row that leads from one rate to a code of another, a
 * mistake that no peer will notice. */
static void code_check(const struct walk *w, const struct settings_value *v, const char *key,
                       const struct list_row *row)
{
    struct decimal wanted, has;
    const char *kind = list_fact(row, "kind"), *rate = list_fact(row, "rate");
    bool sale = w->entity->model && strcmp(w->entity->model, "order") == 0;
    if (sale && kind && strcmp(kind, "purchase") == 0)
        settings_list_wrong(w->check, v, NULL,
                            "%s is \"%s\" (%s): it is for purchases, and this is a sale", v->what,
                            v->value, row->title);
    if (rate && decimal_parse(rate, &has) == 0 && key_rate(key, &wanted) &&
        decimal_compare(wanted, has) != 0)
        settings_list_wrong(w->check, v, NULL, "%s is \"%s\" (%s), whose rate is %s %%", v->what,
                            v->value, row->title, rate);
}

static int table_check(const struct walk *w, const char *list, const struct conf_table *table,
                       const char *path)
{
    const struct grid_row *of;
    char what[WHAT_BYTES];
    for (int i = 0; (of = grid_at(table->grid, i)); i++) {
        const struct list_row *row = NULL;
        struct conf_at at = {table->at.file, of->line};
        struct settings_value v = {list, json_string_value(of->value), at, NULL, what};
        snprintf(what, sizeof what, "field \"%s\" by row \"%s\" of table \"%s\"", path, of->key,
                 table->name);
        if (v.value && settings_list_check(w->check, &v, &row, w->err) < 0)
            return -1;
        if (row)
            code_check(w, &v, of->key, row);
    }
    return 0;
}

/* The setting of the flow that the rule sends as it is; NULL: it sends something else, or what
 * nobody set. */
static const struct conf_setting *sent_setting(const struct walk *w, const struct conf_rule *rule)
{
    const char *path = rule->from_count == 1 ? path_text(rule->from[0]) : "";
    if (strncmp(path, "settings.", strlen("settings.")) != 0)
        return NULL;
    for (int i = 0; i < w->flow->given_setting_count; i++) {
        const struct conf_setting *v = &w->flow->given_settings[i];
        if (strcmp(v->name, path + strlen("settings.")) == 0)
            return v->at.file ? v : NULL;
    }
    return NULL;
}

static int setting_sent_check(const struct walk *w, const char *list, const struct conf_rule *rule,
                              const struct conf_setting *given)
{
    const struct list_row *row;
    char what[WHAT_BYTES], path[PATH_BYTES];
    snprintf(what, sizeof what, "setting \"%s\"", given->name);
    snprintf(path, sizeof path, "flows/%s/settings/%s", w->flow->name, given->name);
    json_t *text = json_string(given->text), *value = converted(rule, text);
    struct settings_value v = {list, json_string_value(value), given->at, path, what};
    int rc = v.value ? settings_list_check(w->check, &v, &row, w->err) : 0;
    json_decref(value);
    json_decref(text);
    return rc;
}

static int rule_check(const struct walk *w, const struct conf_rule *rule, const char *path)
{
    const struct cat_field *field = catalogue_field(w->entity, path);
    const struct conf_setting *given = sent_setting(w, rule);
    const struct list_row *row;
    char what[WHAT_BYTES];
    int rc = 0;
    if (!field || !field->choices)
        return 0;
    snprintf(what, sizeof what, "field \"%s\"", path);
    if (rule->value_json && !rule->table) {
        json_t *value = converted(rule, rule->value_json);
        rc = scalar_check(w, field->choices, value, &rule->at, what, &row);
        json_decref(value);
    }
    if (rc == 0 && given && !rule->table)
        rc = setting_sent_check(w, field->choices, rule, given);
    snprintf(what, sizeof what, "the default of field \"%s\"", path);
    if (rc == 0 && rule->fallback)
        rc = scalar_check(w, field->choices, rule->fallback, &rule->at, what, &row);
    if (rc == 0 && rule->table)
        rc = table_check(w, field->choices, rule->table, path);
    return rc;
}

static int rules_check(const struct walk *w, const struct conf_rule *rules, int count,
                       const char *prefix)
{
    char path[PATH_BYTES];
    for (int i = 0; i < count; i++) {
        const char *to = path_text(rules[i].to);
        snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] && to[0] ? "." : "", to);
        int rc = rules[i].map_count > 0 ? rules_check(w, rules[i].map, rules[i].map_count, path)
                                        : rule_check(w, &rules[i], path);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int settings_check_flow(struct settings_check *s, const struct conf_flow *flow,
                        struct koppel_error *err)
{
    const struct catalogue *cat = connection_conf(s->connection)->catalogue;
    struct walk w = {s, flow, catalogue_entity(cat, flow->to_entity), err};
    if (!w.entity)
        return 0;
    if (rules_check(&w, flow->send.rules, flow->send.count, "") < 0)
        return -1;
    const struct cat_entity *dest = w.entity;
    for (int i = 0; i < flow->reference_count; i++) {
        const struct conf_reference *r = &flow->references[i];
        const struct cat_reference *c = catalogue_reference(dest, r->name);
        w.entity = c ? catalogue_entity(cat, c->entity) : NULL;
        if (w.entity && rules_check(&w, r->send.rules, r->send.count, "") < 0)
            return -1;
    }
    return 0;
}

/* ---- default records ---- */

static int default_check(struct settings_check *s, const struct conf_flow *flow,
                         const struct conf_reference *r, const struct cat_entity *e,
                         const char *field, struct koppel_error *err)
{
    struct koppel_results found;
    char what[WHAT_BYTES], path[PATH_BYTES];
    if (results_init(&found, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc =
        connection_find(s->connection, e->name, field, &r->fallback, NULL, 1, &found, NULL, err);
    if (rc == 0 && found.entries[0].err.kind) {
        *err = found.entries[0].err;
        rc = -1;
    }
    if (rc == 0 && found.entries[0].hit_count == 0) {
        snprintf(what, sizeof what, "the default %s", r->name);
        snprintf(path, sizeof path, "flows/%s/references/%s/default", flow->name, r->name);
        settings_list_wrong(
            s, &(struct settings_value){NULL, r->fallback, r->fallback_at, path, what}, NULL,
            "%s \"%s\" is not in connection \"%s\": no %s there has %s %s", what, r->fallback,
            connection_conf(s->connection)->name, e->name, field, r->fallback);
    }
    results_done(&found);
    return rc;
}

int settings_check_defaults(struct settings_check *s, const struct conf_flow *flow,
                            struct koppel_error *err)
{
    const struct catalogue *cat = connection_conf(s->connection)->catalogue;
    const struct cat_entity *dest = catalogue_entity(cat, flow->to_entity);
    for (int i = 0; dest && i < flow->reference_count; i++) {
        const struct conf_reference *r = &flow->references[i];
        const struct cat_reference *c = catalogue_reference(dest, r->name);
        const struct cat_entity *e = c ? catalogue_entity(cat, c->entity) : NULL;
        const char *field = e ? catalogue_number(e, c->key) : NULL;
        if (r->fallback && field && catalogue_finds(e, field) &&
            default_check(s, flow, r, e, field, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- for the engine ---- */

struct first_wrong {
    struct koppel_error *err;
    int count;
};

static void keep_first(void *arg, const struct conf_mistake *m)
{
    struct first_wrong *f = arg;
    if (f->count++ > 0)
        return;
    err_reason(f->err, KOPPEL_E_CONFIG, "settings.value", "%s:%d: %s", m->file, m->line, m->text);
}

int settings_check(struct connection *to, const struct conf_flow *flow, struct koppel_error *err)
{
    struct koppel_error first = {0}, why = {0};
    struct first_wrong f = {&first, 0};
    struct settings_check s;
    settings_check_init(&s, to, keep_first, &f);
    int rc = settings_check_connection(&s, &why);
    if (rc == 0)
        rc = settings_check_flow(&s, flow, &why);
    settings_check_done(&s);
    if (f.count > 0)
        why = first;
    if (rc == 0 && f.count == 0)
        return 0;
    if (err)
        *err = why;
    return -1;
}
