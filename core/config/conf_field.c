/* SPDX-License-Identifier: MIT
 * Names of fields: paths, and whether what they lead to exists. */
#include "config/conf_field.h"

#include <string.h>

#include "base/expr_parse.h"
#include "base/words.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"

static void path_done(void *p)
{
    path_free(p);
}

struct path *conf_field_path(struct conf_loader *l, const config_setting_t *s, const char *text)
{
    struct koppel_error err = {0};
    struct path *p = path_parse(text, &err);
    if (!p) {
        conf_mistake(l, s, "%s", err.text);
        return NULL;
    }
    conf_held_keep(l->held, p, path_done);
    return p;
}

/* Walks the names of a path. true: one of them is no field; *near then says what stood nearest.
 * What is inside of an object or list that is not described may have any name. */
static bool unknown(struct conf_loader *l, const struct cat_entity *e, const char *path,
                    const struct cat_field **found, const char **near)
{
    const struct cat_field *fields = e->fields;
    int count = e->field_count;
    char *work = conf_held_copy(l->held, path), *save = NULL;
    *found = NULL;
    for (char *part = strtok_r(work, ".", &save); part; part = strtok_r(NULL, ".", &save)) {
        part[strcspn(part, "[")] = 0;
        const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(count + 1));
        const struct cat_field *field = NULL;
        for (int i = 0; i < count; i++) {
            names[i] = fields[i].name;
            if (strcmp(fields[i].name, part) == 0)
                field = &fields[i];
        }
        if (!field) {
            *near = conf_mistake_hint(l, part, names, count);
            return true;
        }
        bool open = field->type == FIELD_OBJECT || field->type == FIELD_LIST;
        *found = field;
        if (field->field_count == 0 && open)
            return false;
        fields = field->fields;
        count = field->field_count;
    }
    return false;
}

static const struct cat_field *to_check(struct conf_loader *l, const config_setting_t *s,
                                        const struct cat_entity *e, const char *path)
{
    const struct cat_field *field = NULL;
    const char *near;
    if (!e || e->field_count == 0 || !*path)
        return NULL;
    if (unknown(l, e, path, &field, &near)) {
        conf_mistake(l, s, "\"%s\" is no field of entity \"%s\"%s", path, e->name, near);
        return NULL;
    }
    if (field && field->read_only)
        conf_mistake(l, s, "field \"%s\" of entity \"%s\" is read-only", path, e->name);
    return field;
}

/* Is one of the names of the path this one? last: only the last counts. */
static bool has_name(const char *path, const char *name, bool last)
{
    size_t n = strlen(name);
    for (const char *p = path; p; p = strchr(p, '.')) {
        p += *p == '.';
        if (strncmp(p, name, n) == 0 && (!p[n] || p[n] == '[' || (!last && p[n] == '.')))
            return true;
    }
    return false;
}

/* What every flow has besides the settings of its model: the home setting and the words. */
static void given_check(struct conf_loader *l, const config_setting_t *s, const char *name)
{
    static const char *const home[] = {"country", "currency", "zone", "language"};
    const char *names[64];
    bool of_home = strncmp(name, "home.", 5) == 0;
    int count = 0;
    for (; of_home && count < COUNT(home); count++)
        names[count] = home[count];
    for (; !of_home && count < COUNT(names) && words_name(count); count++)
        names[count] = words_name(count);
    const char *last = strchr(name, '.') + 1;
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], last) == 0)
            return;
    }
    conf_mistake(l, s, "there is no \"settings.%s\"%s", name,
                        conf_mistake_hint(l, last, names, count));
}

static void setting_check(struct conf_loader *l, const config_setting_t *s,
                          const struct model *model, const char *name)
{
    if (strncmp(name, "home.", 5) == 0 || strncmp(name, "words.", 6) == 0) {
        given_check(l, s, name);
        return;
    }
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(model->count + 1));
    for (int i = 0; i < model->count; i++) {
        names[i] = model->settings[i].name;
        if (strcmp(names[i], name) == 0)
            return;
    }
    conf_mistake(l, s, "model \"%s\" has no setting \"%s\"%s", model->name, name,
                 conf_mistake_hint(l, name, names, model->count));
}

/* What every record of the core may have besides its fields: the integrator's own fields, the
 * flow's settings, what an earlier step left. */
static bool common_field(struct conf_loader *l, const config_setting_t *s,
                         const struct conf_field_context *m, const char *path, bool writes)
{
    if (has_name(path, "custom", false))
        return true;
    if (writes)
        return false;
    if (strncmp(path, "settings.", 9) == 0) {
        setting_check(l, s, m->model, path + 9);
        return true;
    }
    return strcmp(path, "settings") == 0 || strcmp(path, "gone") == 0 ||
           has_name(path, "ref", true);
}

static const struct cat_field *core_field(struct conf_loader *l, const config_setting_t *s,
                                          const struct conf_field_context *m, const char *path,
                                          bool writes)
{
    const struct cat_field *field = NULL;
    const char *near;
    if (!m->model || !m->model->record || common_field(l, s, m, path, writes))
        return NULL;
    const char *full =
        m->scope && *m->scope ? conf_held_text(l->held, "%s.%s", m->scope, path) : path;
    if (!*path || strcmp(path, ".") == 0)
        return NULL;
    if (unknown(l, m->model->record, full, &field, &near)) {
        conf_mistake(l, s, "\"%s\" is no field of the core model \"%s\"%s", full, m->model->name,
                     *near ? near : "; a field of your own is named custom.NAME");
        return NULL;
    }
    return field;
}

const struct cat_field *conf_field_check_read(struct conf_loader *l, const config_setting_t *s,
                                              const struct conf_field_context *m, const char *path)
{
    return m->get ? NULL : core_field(l, s, m, path, false);
}

void conf_field_check_list(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const char *path)
{
    const struct cat_field *field = core_field(l, s, m, path, false);
    if (field && field->type != FIELD_LIST)
        conf_mistake(l, s, "\"%s\" of the core model \"%s\" is no list", path, m->model->name);
}

const struct cat_field *conf_field_check_write(struct conf_loader *l, const config_setting_t *s,
                                               const struct conf_field_context *m, const char *path)
{
    if (!m->get)
        return to_check(l, s, m->entity, path);
    const struct cat_field *field = core_field(l, s, m, path, true);
    if (field && field->read_only)
        conf_mistake(l, s, "\"%s\" of the core model \"%s\" is filled by Koppel itself", path,
                     m->model->name);
    return field;
}

void conf_field_check_value(struct conf_loader *l, const config_setting_t *s,
                            const struct cat_field *field, const char *text)
{
    for (int i = 0; field && text && i < field->value_count; i++) {
        if (strcmp(field->values[i], text) == 0)
            return;
    }
    if (field && text && field->value_count)
        conf_mistake(
            l, s, "\"%s\" is never \"%s\"; it is one of %s%s", field->name, text,
            conf_member_joined(l, (const char *const *)field->values, field->value_count),
            conf_mistake_hint(l, text, (const char *const *)field->values, field->value_count));
}

static void expr_done(void *e)
{
    expr_free(e);
}

struct expr *conf_field_expr(struct conf_loader *l, config_setting_t *s,
                             const struct conf_field_context *m)
{
    struct koppel_error err = {0};
    const char *text = config_setting_get_string(s);
    if (!text) {
        conf_mistake(l, s, "\"%s\" must be text in quotes", config_setting_name(s));
        return NULL;
    }
    struct expr *e = expr_parse(text, &err);
    if (!e) {
        conf_mistake(l, s, "%s", err.text);
        return NULL;
    }
    conf_held_keep(l->held, e, expr_done);
    conf_field_check_expr(l, s, m, e);
    return e;
}

static void pattern_done(void *p)
{
    pattern_free(p);
}

struct pattern *conf_field_pattern(struct conf_loader *l, const config_setting_t *s,
                                   const char *text)
{
    struct koppel_error err = {0};
    struct pattern *p = pattern_parse(text, &err);
    if (p)
        conf_held_keep(l->held, p, pattern_done);
    else
        conf_mistake(l, s, "%s", err.text);
    return p;
}

void conf_field_check_expr(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const struct expr *e)
{
    for (int i = 0; expr_path(e, i); i++)
        (void)conf_field_check_read(l, s, m, path_text(expr_path(e, i)));
}
