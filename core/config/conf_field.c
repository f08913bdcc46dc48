/* SPDX-License-Identifier: MIT
 * Names of fields: paths, and whether what they lead to exists. */
#include "config/conf_field.h"

#include <string.h>

#include "base/expr_parse.h"
#include "base/nearest.h"
#include "base/words.h"
#include "config/conf_filled.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mistake.h"

static const struct conf_type any = {CONF_TYPE_ANY, NULL};

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

/* ---- along a path ---- */

/* Whose fields a path names. */
struct owner {
    const struct cat_entity *entity;
    const char *words; /* `the core model "order"` */
    const char *more;  /* what an unknown name could be instead; "" */
};

/* A way from the top: path as it stands in the text, whole with the scope before it. */
struct way {
    struct conf_loader *l;
    const config_setting_t *at;
    const struct owner *owner;
    const char *whole;
};

static const struct cat_field *named(const struct way *w, const struct cat_field *fields, int count,
                                     const char *name)
{
    const char **names = conf_held_alloc(w->l->held, sizeof *names * (size_t)(count + 1));
    for (int i = 0; i < count; i++) {
        names[i] = fields[i].name;
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    const char *near = nearest_name(name, names, count);
    conf_mistake_near(w->l, w->at, near, "\"%s\" is no field of %s%s", w->whole, w->owner->words,
                      near ? "" : w->owner->more);
    return NULL;
}

/* Can one go on below this field? More names follow where deeper; it has brackets where elements.
 */
static bool check_step(const struct way *w, const struct cat_field *f, bool elements, bool deeper)
{
    bool list = f->type == FIELD_LIST;
    if (elements && !list) {
        conf_mistake(w->l, w->at, "\"%s\": \"%s\" of %s is %s, no list", w->whole, f->name,
                     w->owner->words, conf_type_words((int)f->type));
        return false;
    }
    if (deeper && list && !elements) {
        conf_mistake(w->l, w->at,
                     "\"%s\": \"%s\" of %s is a list; write \"%s[0]\" for one of its elements, or "
                     "\"%s[]\" for all",
                     w->whole, f->name, w->owner->words, f->name, f->name);
        return false;
    }
    if (deeper && !list && f->type != FIELD_OBJECT) {
        conf_mistake(w->l, w->at, "\"%s\": \"%s\" of %s is %s, with nothing inside", w->whole,
                     f->name, w->owner->words, conf_type_words((int)f->type));
        return false;
    }
    return true;
}

static struct conf_type element_of(const struct cat_field *f)
{
    return f->field_count ? (struct conf_type){FIELD_OBJECT, f} : any;
}

/* What is inside of an object or list that is not described may have any name. false: a mistake,
 * which is told. */
static bool walk(const struct way *w, struct conf_type *out)
{
    const struct cat_field *fields = w->owner->entity->fields;
    int count = w->owner->entity->field_count;
    char *work = conf_held_copy(w->l->held, w->whole), *save = NULL, *next;
    for (char *part = strtok_r(work, ".", &save); part; part = next) {
        size_t name = strcspn(part, "[");
        bool elements = part[name] == '[';
        bool nested = elements && strchr(part + name + 1, '[');
        part[name] = 0;
        next = strtok_r(NULL, ".", &save);
        const struct cat_field *f = named(w, fields, count, part);
        if (!f || !check_step(w, f, elements, next != NULL))
            return false;
        *out = elements ? element_of(f) : (struct conf_type){(int)f->type, f};
        if (nested || (next && !f->field_count)) {
            *out = any;
            return true;
        }
        fields = f->fields;
        count = f->field_count;
    }
    return true;
}

static struct conf_type follow(struct conf_loader *l, const config_setting_t *s,
                               const struct owner *owner, const char *scope, const char *path)
{
    struct conf_type found = any;
    struct way w = {.l = l, .at = s, .owner = owner, .whole = path};
    bool self = !*path || strcmp(path, ".") == 0;
    if (!owner->entity || owner->entity->field_count == 0)
        return any;
    if (scope && *scope)
        w.whole = self                ? scope
                  : path[0] == '['    ? conf_held_text(l->held, "%s%s", scope, path)
                                      : conf_held_text(l->held, "%s.%s", scope, path);
    else if (self)
        return (struct conf_type){FIELD_OBJECT, NULL};
    return walk(&w, &found) ? found : any;
}

/* Does the entity have a field of the path's first name? */
static bool has_first(const struct cat_entity *e, const char *path)
{
    size_t n = strcspn(path, ".[");
    for (int i = 0; e && i < e->field_count; i++) {
        if (strlen(e->fields[i].name) == n && strncmp(e->fields[i].name, path, n) == 0)
            return true;
    }
    return false;
}

static struct owner core_owner(struct conf_loader *l, const struct conf_field_context *m)
{
    return (struct owner){m->model->record,
                          conf_held_text(l->held, "the core model \"%s\"", m->model->name),
                          "; a field of your own is named custom.NAME"};
}

static struct owner entity_owner(struct conf_loader *l, const struct conf_field_context *m)
{
    return (struct owner){m->entity, conf_held_text(l->held, "entity \"%s\"", m->entity->name), ""};
}

/* ---- what every record of the core may have besides its fields ---- */

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
    conf_mistake_near(l, s, nearest_name(last, names, count), "there is no \"settings.%s\"", name);
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
    conf_mistake_near(l, s, nearest_name(name, names, model->count),
                      "model \"%s\" has no setting \"%s\"", model->name, name);
}

/* A field of the integrator's own that nothing fills is empty for ever. */
static void custom_check(struct conf_loader *l, const config_setting_t *s,
                         const struct conf_field_context *m, const char *path)
{
    const char *whole =
        m->scope && *m->scope ? conf_held_text(l->held, "%s.%s", m->scope, path) : path;
    if (!m->filled || conf_filled_has(m->filled, whole))
        return;
    conf_mistake_near(l, s, conf_filled_nearest(m->filled, whole),
                      "nothing fills \"%s\"; a rule of \"get_map\" can", whole);
}

/* The integrator's own fields, the flow's settings, what an earlier step left. */
static bool common_field(struct conf_loader *l, const config_setting_t *s,
                         const struct conf_field_context *m, const char *path, bool writes)
{
    if (has_name(path, "custom", false)) {
        if (!writes)
            custom_check(l, s, m, path);
        return true;
    }
    if (writes)
        return false;
    if (strncmp(path, "settings.", 9) == 0) {
        setting_check(l, s, m->model, path + 9);
        return true;
    }
    return strcmp(path, "settings") == 0 || strcmp(path, "gone") == 0 ||
           has_name(path, "ref", true);
}

/* ---- for mappings ---- */

struct conf_type conf_field_read(struct conf_loader *l, const config_setting_t *s,
                                 const struct conf_field_context *m, const char *path)
{
    if (m->get) {
        if (!m->entity)
            return any;
        struct owner source = entity_owner(l, m);
        if (m->model && !(m->scope && *m->scope) && has_first(m->model->record, path))
            source.more = "; it is one of the core, which \"map\" and \"filter\" read";
        return follow(l, s, &source, m->scope, path);
    }
    if (!m->model || !m->model->record || common_field(l, s, m, path, false))
        return any;
    struct owner core = core_owner(l, m);
    if (!(m->scope && *m->scope) && has_first(m->source, path))
        core.more = "; it is one of the source: a rule of \"get_map\" brings it to the core, as "
                    "custom.NAME where no field fits";
    return follow(l, s, &core, m->scope, path);
}

struct conf_type conf_field_write(struct conf_loader *l, const config_setting_t *s,
                                  const struct conf_field_context *m, const char *path)
{
    if (!*path || (m->get ? !m->model || !m->model->record : !m->entity))
        return any;
    if (m->get && common_field(l, s, m, path, true))
        return any;
    struct owner owner = m->get ? core_owner(l, m) : entity_owner(l, m);
    struct conf_type t = follow(l, s, &owner, NULL, path);
    if (t.field && t.field->read_only && m->get)
        conf_mistake(l, s, "\"%s\" of the core model \"%s\" is filled by Koppel itself", path,
                     m->model->name);
    else if (t.field && t.field->read_only)
        conf_mistake(l, s, "field \"%s\" of entity \"%s\" is read-only", path, m->entity->name);
    return t;
}

/* ---- expressions and patterns ---- */

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
    char why[PATTERN_WHY_BYTES];
    struct pattern *p = pattern_parse(text, why);
    if (p)
        conf_held_keep(l->held, p, pattern_done);
    else
        conf_mistake(l, s, "%s", why);
    return p;
}

void conf_field_check_expr(struct conf_loader *l, const config_setting_t *s,
                           const struct conf_field_context *m, const struct expr *e)
{
    for (int i = 0; expr_path(e, i); i++) {
        const char *path = path_text(expr_path(e, i));
        struct conf_type t = conf_field_read(l, s, m, path);
        if (t.type >= 0 && t.type != FIELD_TEXT && t.type != FIELD_DECIMAL &&
            t.type != FIELD_INTEGER)
            conf_mistake(l, s, "an expression calculates with numbers, \"%s\" is %s", path,
                         conf_type_words(t.type));
    }
}
