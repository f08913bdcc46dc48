/* SPDX-License-Identifier: MIT
 * Configured values against the peer's choice lists. */
#include "connection/settings_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/nearest.h"
#include "base/path.h"
#include "catalogue/catalogue.h"
#include "connection/connection_choices.h"
#include "connection/host.h"

#define TEXT_LIMIT 4096
#define PATH_BYTES 512
#define WHAT_BYTES (2 * PATH_BYTES + 64)
#define SHOWN 6 /* values that are listed where none is near */

struct settings_list {
    const char *name; /* the catalogue's */
    struct koppel_list rows;
};

void settings_check_init(struct settings_check *s, struct connection *c, settings_wrong *wrong,
                         void *arg)
{
    *s = (struct settings_check){.connection = c, .wrong = wrong, .arg = arg};
}

void settings_check_done(struct settings_check *s)
{
    for (int i = 0; i < s->list_count; i++)
        list_done(&s->lists[i].rows);
    free(s->lists);
    *s = (struct settings_check){0};
}

/* The list, fetched when it is first needed; NULL and err where that fails. */
static const struct koppel_list *list_get(struct settings_check *s, const char *name,
                                          struct koppel_error *err)
{
    for (int i = 0; i < s->list_count; i++) {
        if (strcmp(s->lists[i].name, name) == 0)
            return &s->lists[i].rows;
    }
    struct settings_list *grown = realloc(s->lists,
                                          sizeof *grown * (size_t)(s->list_count + 1));
    if (!grown) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    s->lists = grown;
    struct settings_list *l = &grown[s->list_count];
    *l = (struct settings_list){.name = name};
    if (connection_choices(s->connection, name, &l->rows, err) < 0) {
        list_done(&l->rows);
        err_prefix(err, "list %s", name);
        return NULL;
    }
    s->list_count++;
    return &l->rows;
}

static const struct list_row *row_of(const struct koppel_list *l, const char *value)
{
    for (int i = 0; i < l->count; i++) {
        if (strcmp(l->rows[i].value, value) == 0)
            return &l->rows[i];
    }
    return NULL;
}

/* Why a value that is in the list must not be set after all; false: nothing speaks against it. */
static bool is_unfit(const struct list_row *row, char *out, size_t room)
{
    char today[CLOCK_TEXT_BYTES];
    const char *not = list_fact(row, "not"), *until = list_fact(row, "until");
    clock_format(clock_now_ms(), today);
    if (not && not[0])
        snprintf(out, room, "%s", not);
    else if (until && strlen(until) >= 10 && strncmp(until, today, 10) < 0)
        snprintf(out, room, "it ended on %.10s", until);
    else
        return false;
    return true;
}

/* The row that was meant: spelled alike, or named by its title. */
static const struct list_row *nearest(const struct koppel_list *l, const char *value)
{
    const char **names = calloc((size_t)l->count + 1, sizeof *names);
    const char *near = NULL;
    for (int i = 0; i < l->count; i++) {
        if (strcasecmp(l->rows[i].value, value) == 0 || strcasecmp(l->rows[i].title, value) == 0) {
            free(names);
            return &l->rows[i];
        }
        if (names)
            names[i] = l->rows[i].value;
    }
    /* Numbers that look alike are no slips of the pen. */
    if (names && value[strspn(value, "0123456789")])
        near = nearest_name(value, names, l->count);
    free(names);
    for (int i = 0; near && i < l->count; i++) {
        if (l->rows[i].value == near)
            return &l->rows[i];
    }
    return NULL;
}

static void add_row(struct buf *out, const struct list_row *row)
{
    buf_printf(out, "\"%s\"", row->value);
    if (row->title[0] && strcmp(row->title, row->value) != 0)
        buf_printf(out, " (%s)", row->title);
}

/* "; did you mean ...?" or "; it has ...". */
static void add_remedy(struct buf *out, const struct koppel_list *l, const char *value)
{
    const struct list_row *row = nearest(l, value);
    if (row) {
        buf_add_text(out, "; did you mean ");
        add_row(out, row);
        buf_add_char(out, '?');
        return;
    }
    buf_add_text(out, l->count ? "; it has " : "; it is empty");
    for (int i = 0; i < l->count && i < SHOWN; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        add_row(out, &l->rows[i]);
    }
    if (l->count > SHOWN)
        buf_printf(out, " and %d more", l->count - SHOWN);
}

/* Holds one value against a list. what: how the sentence begins. */
static int value_check(struct settings_check *s, const char *list, const char *value,
                       const struct conf_at *at, const char *what, struct koppel_error *err)
{
    struct buf text;
    if (!value[0])
        return 0;
    const struct koppel_list *l = list_get(s, list, err);
    if (!l)
        return -1;
    const struct list_row *row = row_of(l, value);
    char why[WHAT_BYTES];
    if (row && !is_unfit(row, why, sizeof why))
        return 0;
    buf_init(&text, TEXT_LIMIT);
    if (row)
        buf_printf(&text, "%s is \"%s\" (%s) of list %s in connection \"%s\": %s", what, value,
                   row->title, list, connection_conf(s->connection)->name, why);
    else
        buf_printf(&text, "%s is \"%s\", which connection \"%s\" does not have in its list %s",
                   what, value, connection_conf(s->connection)->name, list);
    if (!row)
        add_remedy(&text, l, value);
    s->wrong(s->arg, at, buf_text(&text));
    buf_done(&text);
    return 0;
}

int settings_check_connection(struct settings_check *s, struct koppel_error *err)
{
    const struct conf_connection *conf = connection_conf(s->connection);
    char what[WHAT_BYTES];
    for (int i = 0; i < conf->setting_count; i++) {
        const struct conf_setting *v = &conf->settings[i];
        const struct cat_setting *c = catalogue_setting(conf->catalogue, v->name);
        if (!c || !c->choices || !v->at.file || !v->text)
            continue;
        snprintf(what, sizeof what, "setting \"%s\"", v->name);
        if (value_check(s, c->choices, v->text, &v->at, what, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- what mappings send ---- */

/* What all rules of one mapping share. */
struct walk {
    struct settings_check *check;
    const struct cat_entity *entity;
    struct koppel_error *err;
};

static int scalar_check(const struct walk *w, const char *list, const json_t *value,
                        const struct conf_at *at, const char *what)
{
    char digits[32];
    if (json_is_string(value))
        return value_check(w->check, list, json_string_value(value), at, what, w->err);
    if (!json_is_integer(value))
        return 0;
    snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return value_check(w->check, list, digits, at, what, w->err);
}

/* The literal as its functions make it: they are pure, so they give now what they give later. */
static json_t *literal(const struct conf_rule *rule)
{
    struct koppel_error ignored = {0};
    json_t *value = json_incref(rule->value_json);
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

/* A code of purchases in what is sold. */
static int kind_check(const struct walk *w, const char *list, const char *value,
                      const struct conf_at *at, const char *what)
{
    struct buf text;
    const struct koppel_list *l = list_get(w->check, list, w->err);
    const struct list_row *row = l ? row_of(l, value) : NULL;
    const char *kind = row ? list_fact(row, "kind") : NULL;
    if (!l)
        return -1;
    if (!kind || strcmp(kind, "purchase") != 0 || !w->entity->model ||
        strcmp(w->entity->model, "order") != 0)
        return 0;
    buf_init(&text, TEXT_LIMIT);
    buf_printf(&text, "%s is \"%s\" (%s): it is for purchases, and this is a sale", what, value,
               row->title);
    w->check->wrong(w->check->arg, at, buf_text(&text));
    buf_done(&text);
    return 0;
}

/* A row that leads from one rate to a code of another is a mistake that no peer will notice. */
static int rate_check(const struct walk *w, const char *list, const char *key, const char *value,
                      const struct conf_at *at, const char *what)
{
    struct decimal wanted, has;
    struct buf text;
    const struct koppel_list *l = list_get(w->check, list, w->err);
    const struct list_row *row = l ? row_of(l, value) : NULL;
    const char *rate = row ? list_fact(row, "rate") : NULL;
    if (!l)
        return -1;
    if (!rate || decimal_parse(rate, &has) != 0 || !key_rate(key, &wanted)
        || decimal_compare(wanted, has) == 0)
        return 0;
    buf_init(&text, TEXT_LIMIT);
    buf_printf(&text, "%s is \"%s\" (%s), whose rate is %s %%", what, value, row->title, rate);
    w->check->wrong(w->check->arg, at, buf_text(&text));
    buf_done(&text);
    return 0;
}

static int table_check(const struct walk *w, const char *list, const struct conf_table *table,
                       const char *path)
{
    const char *key;
    json_t *value;
    char what[WHAT_BYTES];
    json_object_foreach(table->rows, key, value) {
        snprintf(what, sizeof what, "field \"%s\" by row \"%s\" of table \"%s\"", path, key,
                 table->name);
        if (scalar_check(w, list, value, &table->at, what) < 0)
            return -1;
        const char *text = json_string_value(value);
        if (text && (kind_check(w, list, text, &table->at, what) < 0 ||
                     rate_check(w, list, key, text, &table->at, what) < 0))
            return -1;
    }
    return 0;
}

static int rule_check(const struct walk *w, const struct conf_rule *rule, const char *path)
{
    const struct cat_field *field = catalogue_field(w->entity, path);
    char what[WHAT_BYTES];
    int rc = 0;
    if (!field || !field->choices)
        return 0;
    snprintf(what, sizeof what, "field \"%s\"", path);
    if (rule->value_json && !rule->table) {
        json_t *value = literal(rule);
        rc = scalar_check(w, field->choices, value, &rule->at, what);
        json_decref(value);
    }
    snprintf(what, sizeof what, "the default of field \"%s\"", path);
    if (rc == 0 && rule->fallback)
        rc = scalar_check(w, field->choices, rule->fallback, &rule->at, what);
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
    struct walk w = {s, catalogue_entity(cat, flow->to_entity), err};
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

/* ---- for the engine ---- */

struct first_wrong {
    struct koppel_error *err;
    int count;
};

static void keep_first(void *arg, const struct conf_at *at, const char *text)
{
    struct first_wrong *f = arg;
    if (f->count++ > 0)
        return;
    err_reason(f->err, KOPPEL_E_CONFIG, "settings.value", "%s:%d: %s", at->file, at->line, text);
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
