/* SPDX-License-Identifier: MIT
 * The references of a flow: what the destination's entity needs first, and the policy for each. */
#include "config/conf_reference.h"

#include <string.h>

#include "base/fold.h"
#include "base/nearest.h"
#include "config/conf_connection.h"
#include "config/conf_file.h"
#include "config/conf_filled.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mapping.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_policy.h"

static const char **match_names(struct conf_loader *l, const struct cat_entity *e, int *count)
{
    *count = e ? e->match_count : 0;
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        names[i] = conf_held_copy(l->held, e->match[i].core);
    return names;
}

static void reference_match(struct conf_loader *l, config_setting_t *group,
                            const struct cat_entity *e, struct conf_reference *r)
{
    int known = 0;
    const char **names = match_names(l, e, &known);
    config_setting_t *match = conf_member_get(group, "match");
    if (!match) {
        r->match = names;
        r->match_count = known;
        return;
    }
    r->match = conf_member_texts(l, match, &r->match_count);
    if (r->match_count == 0)
        conf_mistake(l, match, "\"match\" names no field; it takes %s",
                     known ? conf_member_joined(l, names, known) : "nothing");
    for (int i = 0; e && i < r->match_count; i++) {
        for (int k = 0; k < i; k++) {
            if (strcmp(r->match[i], r->match[k]) == 0)
                conf_mistake(l, match, "\"match\" names \"%s\" twice", r->match[i]);
        }
        bool found = false;
        for (int k = 0; k < known && !found; k++)
            found = strcmp(names[k], r->match[i]) == 0;
        if (!found)
            conf_mistake_near(l, match, nearest_name(r->match[i], names, known),
                              "\"%s\" cannot match a \"%s\"; it takes %s", r->match[i], e->name,
                              known ? conf_member_joined(l, names, known) : "nothing");
    }
}

/* The record that is used instead. */
static void reference_default(struct conf_loader *l, config_setting_t *group,
                              struct conf_reference *r)
{
    config_setting_t *s = conf_member_get(group, "default");
    const char *fallback = conf_member_text(l, group, "default", NULL);
    r->force = conf_member_bool(l, group, "force", false);
    if (fallback) {
        r->fallback = conf_held_copy(l->held, fallback);
        r->fallback_at = conf_mistake_at(l, s);
    }
    if (fallback && fold_is_blank(fallback))
        conf_mistake(l, s, "\"default\" is empty: give the number of the %s to use instead, or "
                           "leave it out",
                     r->name);
    if (fallback && r->missing == MISSING_IGNORE && !r->force)
        conf_mistake(l, s, "\"default\" does nothing beside missing = \"ignore\"");
    if ((r->missing == MISSING_DEFAULT || r->force) && !s)
        conf_mistake(l, group, "%s needs a \"default\"",
                     r->force ? "\"force\"" : "missing = \"default\"");
}

/* What the reference's group may say: two of it are about customers. */
static void reference_names(struct conf_loader *l, config_setting_t *group,
                            const struct cat_reference *c)
{
    static const char *const keys[] = {"match", "missing",     "existing", "default",
                                       "force", "type_change", "shared"};
    bool customer = strcmp(c->model, "customer") == 0;
    for (int i = 5; !customer && i < COUNT(keys); i++) {
        if (conf_member_get(group, keys[i]))
            conf_mistake(l, conf_member_get(group, keys[i]),
                         "\"%s\" is about customers, and \"%s\" is none", keys[i], c->name);
    }
    conf_member_check_names(l, group, keys, COUNT(keys));
}

static void reference_policy(struct conf_loader *l, config_setting_t *group,
                             const struct cat_reference *c, const struct cat_entity *e,
                             struct conf_reference *r)
{
    static const char *const types[] = {"park", "convert", "new"};
    static const char *const missing[] = {"park", "create", "default", "ignore"};
    static const char *const existing[] = {"keep", "update"};
    static const char *const shared[] = {"share", "park"};
    r->settings = json_pack("{s:s}", "shared", shared[0]);
    conf_held_keep(l->held, conf_held_must(r->settings), conf_held_json_done);
    if (!group)
        return;
    reference_names(l, group, c);
    r->missing = (enum missing_policy)conf_member_choice(l, group, "missing", missing,
                                                         COUNT(missing), (int)r->missing);
    r->update_existing = conf_member_choice(l, group, "existing", existing, COUNT(existing),
                                            r->update_existing) == 1;
    r->type_change = types[conf_member_choice(l, group, "type_change", types, COUNT(types), 0)];
    json_object_set_new(r->settings, "shared",
                        json_string(shared[conf_member_choice(l, group, "shared", shared,
                                                              COUNT(shared), 0)]));
    reference_default(l, group, r);
    if (e && r->missing == MISSING_CREATE && !(e->can & CAN_CREATE))
        conf_mistake(l, conf_member_get(group, "missing"), "entity \"%s\" cannot be created",
                     e->name);
    if (e && r->update_existing && !(e->can & CAN_UPDATE))
        conf_mistake(l, conf_member_get(group, "existing"), "entity \"%s\" cannot be updated",
                     e->name);
}

/* What an order line says of an article is not the article: where the source has such records of
 * their own, what is missing is made of those. */
static void reference_source(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                             const struct cat_reference *c, config_setting_t *group,
                             struct conf_reference *r)
{
    const struct catalogue *from = w->from ? w->from->catalogue : NULL;
    const char *model = strcmp(c->model, "article") == 0 ? "product" : c->model;
    if (!from || r->missing != MISSING_CREATE || strcmp(model, "product") != 0)
        return;
    for (int i = 0; i < from->entity_count; i++) {
        const struct cat_entity *e = &from->entities[i];
        const char *path =
            e->model && strcmp(e->model, model) == 0 && e->key && (e->can & CAN_FETCH)
                ? conf_mapping_find(l, conf_connection_connector(w->from), e->name, "get")
                : NULL;
        struct conf_field_context m = {.get = true,
                                       .entity = e,
                                       .model = model_find(model),
                                       .tables = w->tables,
                                       .table_count = w->table_count,
                                       .flow = conf_file_name_of(f)};
        if (!path)
            continue;
        r->source = conf_held_copy(l->held, e->name);
        conf_mapping_load(l, path, group ? group : conf_file_name_of(f), &m, &r->get);
        return;
    }
}

static void reference_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                           const struct cat_reference *c, config_setting_t *group,
                           struct conf_reference *r)
{
    const struct cat_entity *e = catalogue_entity(w->to->catalogue, c->entity);
    int errors = l->report->errors;
    r->name = conf_held_copy(l->held, c->name);
    r->at = conf_mistake_at(l, group ? group : conf_file_name_of(f));
    reference_match(l, group, e, r);
    conf_policy_defaults(c, e, r);
    reference_policy(l, group, c, e, r);
    reference_source(l, f, w, c, group, r);
    if (!e || !(e->can & (CAN_CREATE | CAN_UPDATE)))
        return;
    bool needed = r->missing == MISSING_CREATE || r->update_existing;
    const char *path = conf_mapping_find(l, conf_connection_connector(w->to), e->name, "send");
    struct conf_field_context m = {.entity = e,
                                   .model = model_find(c->model),
                                   .tables = w->tables,
                                   .table_count = w->table_count};
    config_setting_t *tables = conf_member_get(f->root, "tables");
    m.flow = tables ? tables : conf_file_name_of(f);
    if (path && needed)
        conf_mapping_load(l, path, group ? group : conf_file_name_of(f), &m, &r->send);
    else if (needed)
        conf_mistake(l, group ? group : conf_file_name_of(f),
                     "there is no mapping mappings/%s/%s.send.conf to write a \"%s\" with",
                     conf_connection_connector(w->to), e->name, c->name);
    if (path && needed && r->missing == MISSING_CREATE && l->report->errors == errors)
        conf_filled_check(l, conf_filled_of(l, &r->send), e,
                          conf_held_text(l->held, "entity \"%s\"", e->name), r->at);
}

void conf_reference_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w,
                         const struct cat_entity *to)
{
    config_setting_t *group = conf_member_group(l, f->root, "references");
    if (!to)
        return;
    int n = to->reference_count;
    const char **names = conf_held_alloc(l->held, sizeof *names * (size_t)(n + 1));
    w->references = conf_held_alloc(l->held, sizeof *w->references * (size_t)(n + 1));
    for (int i = 0; i < n; i++)
        names[i] = to->references[i].name;
    for (int i = 0; group && i < config_setting_length(group); i++) {
        config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(s), *near = nearest_name(name, names, n);
        if (catalogue_reference(to, name))
            continue;
        conf_mistake_near(l, s, near, "entity \"%s\" has no reference \"%s\"", to->name, name);
        conf_member_rename(s, near);
    }
    for (int i = 0; i < n; i++)
        reference_load(l, f, w, &to->references[i],
                       group ? conf_member_group(l, group, names[i]) : NULL,
                       &w->references[w->reference_count++]);
}
