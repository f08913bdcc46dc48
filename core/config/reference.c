/* SPDX-License-Identifier: MIT
 * The references of a flow: what the destination's entity needs first, and the policy for each. */
#include <string.h>

#include "config/config_internal.h"

static const char **match_names(struct loader *l, const struct cat_entity *e, int *count)
{
    *count = e ? e->match_count : 0;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(*count + 1));
    for (int i = 0; i < *count; i++)
        names[i] = conf_copy(l->held, e->match[i].core);
    return names;
}

static void reference_match(struct loader *l, config_setting_t *group, const struct cat_entity *e,
                            struct conf_reference *r)
{
    int known = 0;
    const char **names = match_names(l, e, &known);
    config_setting_t *match = get_member(group, "match");
    if (!match) {
        r->match = names;
        r->match_count = known;
        return;
    }
    r->match = get_texts(l, match, &r->match_count);
    for (int i = 0; e && i < r->match_count; i++) {
        bool found = false;
        for (int k = 0; k < known && !found; k++)
            found = strcmp(names[k], r->match[i]) == 0;
        if (!found)
            mistake(l, match, "\"%s\" cannot match a \"%s\"; it takes %s%s", r->match[i], e->name,
                    known ? joined(l, names, known) : "nothing",
                    hint(l, r->match[i], names, known));
    }
}

/* What holds where the flow says nothing: articles are never invented, all else is made when
 * needed, and customers are kept up to date. */
static void reference_defaults(const struct cat_reference *c, const struct cat_entity *e,
                               struct conf_reference *r)
{
    bool article = strcmp(c->name, "article") == 0;
    r->missing = e && (e->can & CAN_CREATE) && !article ? MISSING_CREATE : MISSING_PARK;
    r->update_existing = e && (e->can & CAN_UPDATE) && strcmp(c->model, "customer") == 0;
    r->type_change = "park";
}

static void reference_policy(struct loader *l, config_setting_t *group, const struct cat_entity *e,
                             struct conf_reference *r)
{
    static const char *const keys[] = {"match",   "missing", "existing",
                                       "default", "force",   "type_change"};
    static const char *const types[] = {"park", "convert", "new"};
    static const char *const missing[] = {"park", "create", "default"};
    static const char *const existing[] = {"keep", "update"};
    if (!group)
        return;
    check_keys(l, group, keys, COUNT(keys));
    r->missing = (enum missing_policy)get_choice(l, group, "missing", missing, COUNT(missing),
                                                 (int)r->missing);
    r->update_existing = get_choice(l, group, "existing", existing, COUNT(existing),
                                    r->update_existing) == 1;
    r->type_change = types[get_choice(l, group, "type_change", types, COUNT(types), 0)];
    const char *fallback = get_text(l, group, "default", NULL);
    r->fallback = fallback ? conf_copy(l->held, fallback) : NULL;
    r->force = get_bool(l, group, "force", false);
    if (e && r->missing == MISSING_CREATE && !(e->can & CAN_CREATE))
        mistake(l, get_member(group, "missing"), "entity \"%s\" cannot be created", e->name);
    if (e && r->update_existing && !(e->can & CAN_UPDATE))
        mistake(l, get_member(group, "existing"), "entity \"%s\" cannot be updated", e->name);
    if ((r->missing == MISSING_DEFAULT || r->force) && !fallback
        && !get_member(group, "default"))
        mistake(l, group, "%s needs a \"default\"",
                r->force ? "\"force\"" : "missing = \"default\"");
}

static void reference_load(struct loader *l, struct file *f, struct conf_flow *w,
                           const struct cat_reference *c, config_setting_t *group,
                           struct conf_reference *r)
{
    const struct cat_entity *e = catalogue_entity(w->to->catalogue, c->entity);
    r->name = conf_copy(l->held, c->name);
    r->at = at_of(l, group ? group : name_of(f));
    reference_match(l, group, e, r);
    reference_defaults(c, e, r);
    reference_policy(l, group, e, r);
    if (!e || !(e->can & (CAN_CREATE | CAN_UPDATE)))
        return;
    bool needed = r->missing == MISSING_CREATE || r->update_existing;
    const char *path = mapping_find(l, connector_name(w->to), e->name, "send");
    struct map_context m = {.entity = e, .model = model_find(c->model), .tables = w->tables,
                            .table_count = w->table_count};
    config_setting_t *tables = get_member(f->root, "tables");
    m.flow = tables ? tables : name_of(f);
    if (path && needed)
        mapping_load(l, path, group ? group : name_of(f), &m, &r->send);
    else if (needed)
        mistake(l, group ? group : name_of(f),
                "there is no mapping mappings/%s/%s.send.conf to write a \"%s\" with",
                connector_name(w->to), e->name, c->name);
}

void references_load(struct loader *l, struct file *f, struct conf_flow *w,
                     const struct cat_entity *to)
{
    config_setting_t *group = get_group(l, f->root, "references");
    if (!to)
        return;
    int n = to->reference_count;
    const char **names = conf_alloc(l->held, sizeof *names * (size_t)(n + 1));
    w->references = conf_alloc(l->held, sizeof *w->references * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        names[i] = to->references[i].name;
        reference_load(l, f, w, &to->references[i],
                       group ? get_group(l, group, names[i]) : NULL,
                       &w->references[w->reference_count++]);
    }
    for (int i = 0; group && i < config_setting_length(group); i++) {
        config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
        if (!catalogue_reference(to, config_setting_name(s)))
            mistake(l, s, "entity \"%s\" has no reference \"%s\"%s", to->name,
                    config_setting_name(s), hint(l, config_setting_name(s), names, n));
    }
}
