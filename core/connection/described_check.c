/* SPDX-License-Identifier: MIT
 * Paths of mappings in the fields that an account has of its own. */
#include "connection/described_check.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/nearest.h"
#include "connection/connection_describe.h"

#define PATH_BYTES 512
#define FIELDS_MAX 256 /* that a name is looked for among, for the nearest one */

struct checking {
    const struct conf_connection *connection;
    const struct cat_entity *plain, *described;
    void (*wrong)(void *arg, const struct conf_mistake *m);
    void *arg;
};

static const struct cat_field *field_of(const struct cat_field *fields, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

static void tell(const struct checking *k, const struct conf_at *at, const char *path,
                 const struct cat_field *in, const char *name)
{
    const char *names[FIELDS_MAX];
    char text[2 * PATH_BYTES];
    int count = 0;
    for (int i = 0; i < in->field_count && count < FIELDS_MAX; i++)
        names[count++] = in->fields[i].name;
    const char *near = nearest_name(name, names, count);
    snprintf(text, sizeof text,
             "\"%s\" is no field that entity \"%s\" has in the account of %s%s%s%s", path,
             k->plain->name, k->connection->name, near ? "; did you mean \"" : "", near ? near : "",
             near ? "\"?" : "");
    struct conf_mistake m = {.file = (char *)at->file, .line = at->line, .text = text,
                             .nearest = (char *)near};
    k->wrong(k->arg, &m);
}

/* Along the path in both: where the catalogue leaves open what is inside and the account says it,
 * the next name must be one of those. Gives that field; NULL: the path leads to none of them. */
static const struct cat_field *check_path(const struct checking *k, const struct conf_at *at,
                                          const char *path)
{
    char work[PATH_BYTES], *save = NULL;
    const struct cat_entity *e = k->plain, *d = k->described;
    const struct cat_field *plain = NULL, *described = NULL;
    snprintf(work, sizeof work, "%s", path);
    for (char *name = strtok_r(work, ".", &save); name; name = strtok_r(NULL, ".", &save)) {
        name[strcspn(name, "[")] = '\0';
        if (plain && described && plain->field_count == 0 && described->field_count > 0) {
            const struct cat_field *own =
                field_of(described->fields, described->field_count, name);
            if (!own)
                tell(k, at, path, described, name);
            return own;
        }
        plain = plain ? field_of(plain->fields, plain->field_count, name)
                      : field_of(e->fields, e->field_count, name);
        described = described ? field_of(described->fields, described->field_count, name)
                              : field_of(d->fields, d->field_count, name);
        if (!plain || !described)
            return NULL;
    }
    return NULL;
}

static const struct cat_field *check_below(const struct checking *k, const struct conf_at *at,
                                           const char *scope, const char *path)
{
    char whole[PATH_BYTES];
    snprintf(whole, sizeof whole, "%s%s", scope, path);
    return check_path(k, at, whole);
}

/* ---- values that are written out ---- */

static bool fits(enum field_type type, const json_t *value)
{
    const char *text = json_string_value(value);
    struct decimal number;
    struct date day;
    switch (type) {
    case FIELD_BOOLEAN:
        return json_is_boolean(value) ||
               (text && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0));
    case FIELD_INTEGER:
        return json_is_integer(value) ||
               (text && decimal_parse(text, &number) == 0 && number.places == 0);
    case FIELD_DECIMAL:
        return json_is_integer(value) || (text && decimal_parse(text, &number) == 0);
    case FIELD_DATE:
    case FIELD_TIME:
        return text && date_parse(text, &day, NULL) == 0;
    default:
        return true;
    }
}

static void check_literal(const struct checking *k, const struct conf_rule *r,
                          const struct cat_field *field, const json_t *value)
{
    static const char *const types[] = {[FIELD_TEXT] = "text",       [FIELD_DECIMAL] = "a decimal",
                                        [FIELD_INTEGER] = "a whole number",
                                        [FIELD_BOOLEAN] = "true or false",
                                        [FIELD_DATE] = "a date",     [FIELD_TIME] = "a time",
                                        [FIELD_OBJECT] = "an object", [FIELD_LIST] = "a list"};
    char text[2 * PATH_BYTES];
    if (!value || fits(field->type, value))
        return;
    const char *said = json_string_value(value);
    snprintf(text, sizeof text, "\"%s\" takes %s in the account of %s%s%s%s", path_text(r->to),
             types[field->type], k->connection->name, said ? ", not \"" : "", said ? said : "",
             said ? "\"" : "");
    struct conf_mistake m = {.file = (char *)r->at.file, .line = r->at.line, .text = text};
    k->wrong(k->arg, &m);
}

/* What a rule fills. */
static void check_filled(const struct checking *k, const struct conf_rule *r, const char *scope)
{
    const struct cat_field *field = check_below(k, &r->at, scope, path_text(r->to));
    if (!field)
        return;
    if (!r->table && r->via_count == 0)
        check_literal(k, r, field, r->value_json);
    check_literal(k, r, field, r->fallback);
}

/* What the rules read, or fill. */
static void check_rules(const struct checking *k, const struct conf_rule *rules, int count,
                        bool reads, const char *scope)
{
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        const char *into = reads ? r->each ? path_text(r->each) : NULL : path_text(r->to);
        const struct path *path;
        char inner[PATH_BYTES];
        if (!reads && !r->map)
            check_filled(k, r, scope);
        for (int n = 0; reads && n < r->from_count; n++)
            check_below(k, &r->at, scope, path_text(r->from[n]));
        for (int n = 0; reads && r->expr && (path = expr_path(r->expr, n)); n++)
            check_below(k, &r->at, scope, path_text(path));
        if (reads)
            check_rules(k, r->parts, r->part_count, true, scope);
        snprintf(inner, sizeof inner, "%s%s%s", scope, into ? into : "", into ? "." : "");
        check_rules(k, r->map, r->map_count, reads, inner);
    }
}

static bool is_used(const struct conf *conf, const struct conf_connection *c,
                    const struct cat_entity *e)
{
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if ((f->from == c && strcmp(f->from_entity, e->name) == 0) ||
            (f->to == c && strcmp(f->to_entity, e->name) == 0))
            return true;
    }
    return false;
}

static void check_flows(const struct checking *k, const struct conf *conf)
{
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if (f->from == k->connection && strcmp(f->from_entity, k->plain->name) == 0)
            check_rules(k, f->get.rules, f->get.count, true, "");
        if (f->to == k->connection && strcmp(f->to_entity, k->plain->name) == 0)
            check_rules(k, f->send.rules, f->send.count, false, "");
    }
}

int described_check(struct connection *c, const struct conf *conf,
                    void (*wrong)(void *arg, const struct conf_mistake *m), void *arg,
                    struct koppel_error *err)
{
    const struct conf_connection *own = connection_conf(c);
    for (int i = 0; i < own->catalogue->entity_count; i++) {
        const struct cat_entity *e = &own->catalogue->entities[i];
        struct catalogue *merged = NULL;
        if (!(e->can & CAN_DESCRIBE) || !is_used(conf, own, e))
            continue;
        if (connection_describe(c, e->name, &merged, err) != 0)
            return err_prefix(err, "entity %s", e->name);
        struct checking k = {own, e, catalogue_entity(merged, e->name), wrong, arg};
        check_flows(&k, conf);
        catalogue_free(merged);
    }
    return 0;
}
