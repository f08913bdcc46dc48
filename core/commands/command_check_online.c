/* SPDX-License-Identifier: MIT
 * koppel check --online: asks the systems themselves. Are the logins good, do they know the values
 * that are configured, and does the published description still say what the connectors do? */
#include "commands/command_check_online.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/visible.h"
#include "config/conf_report.h"
#include "connection/connection_probe.h"
#include "connection/connection_verify.h"
#include "connection/described_check.h"
#include "connection/settings_check.h"

#define PATH_BYTES 512

/* What the check found so far. */
struct online {
    struct session *session;
    struct conf_report *report;
    FILE *out;  /* NULL: only mistakes are told */
    int failed; /* connections that did not answer */
};

static void note(const struct online *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note(const struct online *o, const char *format, ...)
{
    char text[ERR_TEXT_BYTES + PATH_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (o->out)
        visible_print(o->out, "%s\n", text);
}

/* The same value may be met by several flows: they share a table, or a shipped mapping. */
static void wrong(void *arg, const struct conf_mistake *m)
{
    struct online *o = arg;
    for (int i = 0; i < o->report->count; i++) {
        const struct conf_mistake *before = &o->report->items[i];
        if (m->line == before->line && strcmp(m->file, before->file) == 0 &&
            strcmp(m->text, before->text) == 0)
            return;
    }
    conf_report_put(o->report, m);
}

/* The setting that a failure is about: the one that a step points at, else a secret where the
 * log-in was refused, else an address. */
static const struct conf_setting *to_blame(const struct conf_connection *c,
                                           const struct koppel_list *steps,
                                           const struct koppel_error *err)
{
    for (int i = 0; steps && i < steps->count; i++) {
        if (steps->rows[i].outcome == KOPPEL_STEP_FAILED && steps->rows[i].setting)
            return conf_setting(c, steps->rows[i].setting);
    }
    for (int i = c->setting_count - 1; i >= 0; i--) {
        const struct cat_setting *s = catalogue_setting(c->catalogue, c->settings[i].name);
        if (s && c->settings[i].at.file &&
            (err->kind == KOPPEL_E_AUTH ? s->secret : s->type == SETTING_URL))
            return &c->settings[i];
    }
    return NULL;
}

/* A failure to ask is told; other connections are asked all the same. A log-in that is refused is a
 * mistake; one that nobody made yet, or a system that is away, may be right tomorrow. steps may be
 * NULL. */
static void failed(struct online *o, const struct conf_connection *c,
                   const struct koppel_list *steps, const struct koppel_error *err)
{
    const struct conf_setting *s = to_blame(c, steps, err);
    bool mistake = (err->kind == KOPPEL_E_AUTH || err->kind == KOPPEL_E_CONFIG) &&
                   strncmp(err->reason, "oauth.", strlen("oauth.")) != 0;
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "connections/%s%s%s", c->name, s ? "/settings/" : "",
             s ? s->name : "");
    struct conf_at at = s && s->at.file ? s->at : c->at;
    wrong(o, &(struct conf_mistake){.file = (char *)at.file,
                                    .line = at.line,
                                    .path = path,
                                    .warning = !mistake,
                                    .text = (char *)err->text});
    o->failed += !mistake;
}

static bool probe(struct online *o, struct connection *c)
{
    struct koppel_error err = {0};
    struct koppel_list facts = {0};
    const struct conf_connection *conf = connection_conf(c);
    bool answers = connection_probe(c, &facts, NULL, &err) == 0;
    if (answers)
        note(o, "connection %s answers", conf->name);
    else
        failed(o, conf, &facts, &err);
    for (int i = 0; i < facts.count; i++)
        note(o, "  %s: %s", facts.rows[i].value, facts.rows[i].title);
    list_done(&facts);
    return answers;
}

/* ---- configured values ---- */

static void check_values(struct online *o, struct connection *c)
{
    const struct conf *conf = o->session->conf;
    struct koppel_error err = {0};
    struct settings_check check;
    settings_check_init(&check, c, wrong, o);
    int rc = settings_check_connection(&check, &err);
    for (int i = 0; i < conf->flow_count && rc == 0; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if (f->from == connection_conf(c))
            rc = settings_check_source(&check, f, &err);
        if (rc == 0 && f->to == connection_conf(c)) {
            rc = settings_check_flow(&check, f, &err);
            if (rc == 0)
                rc = settings_check_defaults(&check, f, &err);
        }
    }
    if (rc != 0)
        failed(o, connection_conf(c), NULL, &err);
    settings_check_done(&check);
}

/* ---- the published description ---- */

/* One part of a path, without brackets; moves on to the next. "" at the end. */
static size_t part_take(const char **path, const char **part)
{
    const char *p = *path;
    size_t n = strcspn(p, ".[");
    *part = p;
    p += n;
    while (*p == '[') {
        p += strcspn(p, "]");
        p += *p == ']';
    }
    *path = p + (*p == '.');
    return n;
}

/* Are two paths the same, or does one hold the other? Brackets do not count. */
static bool related(const char *a, const char *b)
{
    while (*a && *b) {
        const char *x, *y;
        size_t n = part_take(&a, &x), m = part_take(&b, &y);
        if (n != m || strncmp(x, y, n) != 0)
            return false;
    }
    return true;
}

/* A path in the catalogue's names, though it be told in the peer's own, as far as the catalogue
 * knows it. false: it names no field, but an operation or the entity as a whole. */
static bool field_path(const struct cat_entity *e, const char *told, char out[PATH_BYTES])
{
    const struct cat_field *fields = e->fields;
    int count = e->field_count;
    size_t used = 0;
    out[0] = '\0';
    while (*told) {
        const char *part;
        size_t n = part_take(&told, &part);
        const struct cat_field *found = NULL;
        for (int i = 0; i < count && !found; i++) {
            const struct cat_field *f = &fields[i];
            if ((strlen(f->name) == n && strncmp(f->name, part, n) == 0) ||
                (strlen(f->wire) == n && strncmp(f->wire, part, n) == 0))
                found = f;
        }
        if (!found && used > 0)
            snprintf(out + used, PATH_BYTES - used, ".%s", part);
        if (!found || used >= PATH_BYTES - 1)
            return used > 0;
        int more = snprintf(out + used, PATH_BYTES - used, "%s%s", used ? "." : "", found->name);
        used += more > 0 ? (size_t)more : 0;
        fields = found->fields;
        count = found->field_count;
    }
    return used > 0;
}

static void path_join(char out[PATH_BYTES], const char *prefix, const char *rest)
{
    snprintf(out, PATH_BYTES, "%s%s%s", prefix, prefix[0] && rest[0] ? "." : "", rest);
}

static bool rules_send(const struct conf_rule *rules, int count, const char *prefix,
                       const char *field)
{
    char path[PATH_BYTES];
    for (int i = 0; i < count; i++) {
        path_join(path, prefix, path_text(rules[i].to));
        if (rules[i].map_count > 0 ? rules_send(rules[i].map, rules[i].map_count, path, field)
                                   : related(path, field))
            return true;
    }
    return false;
}

/* A condition that asks of the record as a whole may read all of it. */
static bool condition_reads(const struct conf_condition *c, const char *prefix, const char *field)
{
    char path[PATH_BYTES];
    const struct path *p = c->field;
    for (int i = 0; c->expr && (p = expr_path(c->expr, i)); i++) {
        path_join(path, prefix, path_text(p));
        if (related(path, field))
            return true;
    }
    for (int i = 0; i < c->inner_count; i++) {
        if (condition_reads(&c->inner[i], prefix, field))
            return true;
    }
    if (c->op >= COND_EXPR)
        return false;
    path_join(path, prefix, p ? path_text(p) : "");
    return !p || related(path, field);
}

static bool rule_reads(const struct conf_rule *r, const char *prefix, const char *field)
{
    char path[PATH_BYTES];
    for (int i = 0; i < r->when_count; i++) {
        if (condition_reads(&r->when[i], prefix, field))
            return true;
    }
    for (int i = 0; i < r->from_count; i++) {
        path_join(path, prefix, path_text(r->from[i]));
        if (related(path, field))
            return true;
    }
    return false;
}

static bool rules_read(const struct conf_rule *rules, int count, const char *prefix,
                       const char *field)
{
    char path[PATH_BYTES];
    for (int i = 0; i < count; i++) {
        path_join(path, prefix, rules[i].each ? path_text(rules[i].each) : "");
        if (rule_reads(&rules[i], prefix, field) ||
            rules_read(rules[i].map, rules[i].map_count, path, field))
            return true;
    }
    return false;
}

/* What the engine itself takes from an entity, mapping or not. */
static bool engine_uses(const struct cat_entity *e, const char *field)
{
    const char *const own[] = {e->key, e->document, e->editable, e->balance};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (own[i] && *own[i] && related(own[i], field))
            return true;
    }
    return false;
}

/* The reference by which a flow needs the entity; NULL: none. */
static const struct conf_reference *reference_to(const struct conf_flow *f,
                                                 const struct cat_entity *e,
                                                 const struct cat_reference **declared)
{
    const struct cat_entity *dest = catalogue_entity(f->to->catalogue, f->to_entity);
    for (int i = 0; dest && i < f->reference_count; i++) {
        *declared = catalogue_reference(dest, f->references[i].name);
        if (*declared && strcmp((*declared)->entity, e->name) == 0)
            return &f->references[i];
    }
    return NULL;
}

static bool reference_uses(const struct conf_reference *r, const struct cat_reference *declared,
                           const struct cat_entity *e, const char *field)
{
    if (related(declared->key, field) || rules_send(r->send.rules, r->send.count, "", field))
        return true;
    for (int i = 0; i < e->match_count; i++) {
        if (related(e->match[i].field, field))
            return true;
    }
    return false;
}

/* Does the flow need this field of the entity? field NULL: anything of it. */
static bool flow_uses(const struct conf_flow *f, const struct conf_connection *c,
                      const struct cat_entity *e, const char *field)
{
    const struct cat_reference *declared = NULL;
    const struct conf_reference *r = f->to == c ? reference_to(f, e, &declared) : NULL;
    bool source = f->from == c && strcmp(f->from_entity, e->name) == 0;
    bool dest = f->to == c && strcmp(f->to_entity, e->name) == 0;
    if (!field || (!source && !dest && !r))
        return source || dest || r;
    return engine_uses(e, field) || (source && rules_read(f->get.rules, f->get.count, "", field)) ||
           (dest && rules_send(f->send.rules, f->send.count, "", field)) ||
           (r && reference_uses(r, declared, e, field));
}

/* The first flow that needs the field, or NULL. */
static const char *used_by(const struct online *o, const struct conf_connection *c,
                           const struct cat_entity *e, const char *field)
{
    const struct conf *conf = o->session->conf;
    for (int i = 0; i < conf->flow_count; i++) {
        if (flow_uses(&conf->flows[i], c, e, field))
            return conf->flows[i].name;
    }
    return NULL;
}

static void difference(struct online *o, const struct conf_connection *c,
                       const struct cat_entity *e, const struct list_row *row)
{
    char field[PATH_BYTES];
    bool is_field = field_path(e, row->value, field);
    const char *flow = used_by(o, c, e, is_field ? field : NULL);
    if (flow) {
        conf_report_add(o->report, false, c->at.file, c->at.line,
                        "connection %s: entity %s, %s: %s; flow %s uses it", c->name, e->name,
                        row->value, row->title, flow);
    } else {
        note(o, "  note: entity %s, %s: %s; no flow uses it", e->name, row->value, row->title);
    }
}

static void check_description(struct online *o, struct connection *c)
{
    const struct conf_connection *conf = connection_conf(c);
    for (int i = 0; i < conf->catalogue->entity_count; i++) {
        const struct cat_entity *e = &conf->catalogue->entities[i];
        struct koppel_error err = {0};
        struct koppel_list rows = {0};
        if (!used_by(o, conf, e, NULL))
            continue;
        if (connection_verify(c, e->name, &rows, &err) != 0) {
            /* It is the connection that has none, and many services publish none: one note. */
            if (strcmp(err.reason, "description.none") == 0) {
                note(o, "  note: nothing was compared with a published description: %s", err.text);
                list_done(&rows);
                return;
            }
            failed(o, conf, NULL, &err); /* nor is what keeps it from being had one entity's */
            list_done(&rows);
            return;
        }
        for (int k = 0; k < rows.count; k++)
            difference(o, conf, e, &rows.rows[k]);
        list_done(&rows);
    }
}

/* Fields that the account has of its own. */
static void check_own_fields(struct online *o, struct connection *c)
{
    struct koppel_error err = {0};
    if (described_check(c, o->session->conf, wrong, o, &err) != 0)
        failed(o, connection_conf(c), NULL, &err);
}

int command_check_online(struct session *s, FILE *out, struct conf_report *report)
{
    struct online o = {.session = s, .report = report, .out = out};
    for (int i = 0; i < s->conf->connection_count; i++) {
        struct connection *c = engine_connection(&s->engine, &s->conf->connections[i]);
        if (!probe(&o, c))
            continue;
        check_values(&o, c);
        check_description(&o, c);
        check_own_fields(&o, c);
    }
    return report->errors > 0 ? EXIT_CONFIG : o.failed > 0 ? EXIT_FAILED : EXIT_OK;
}
