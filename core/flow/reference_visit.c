/* SPDX-License-Identifier: MIT
 * What a record refers to: each reference of its destination's entity, with what the flow makes of
 * it and the links it has. */
#include "flow/reference_visit.h"

#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "mapping/map.h"

#define NEST_MAX 16 /* a category inside a category inside ... */

static const struct conf_reference *configured(const struct flow *f, const char *name)
{
    for (int i = 0; i < f->conf->reference_count; i++) {
        if (strcmp(f->conf->references[i].name, name) == 0)
            return &f->conf->references[i];
    }
    return NULL;
}

/* The links of a reference are those of the flow that carries the same records, where there is one:
 * the source's entity of that model gives the scope its name. */
static void reference_scope(const struct flow *f, const struct cat_reference *ref,
                            char out[REFERENCE_SCOPE_BYTES])
{
    const struct catalogue *c = f->conf->from->catalogue;
    const char *source = ref->name;
    for (int i = 0; i < c->entity_count; i++) {
        const struct cat_entity *e = &c->entities[i];
        if (e->model && ref->model && strcmp(e->model, ref->model) == 0 && (e->can & CAN_READ)) {
            source = e->name;
            break;
        }
    }
    snprintf(out, REFERENCE_SCOPE_BYTES, "%s/%s>%s/%s", f->conf->from->name, source,
             f->conf->to->name, ref->entity);
}

struct each {
    struct wanted *wanted;
    reference_visitor *visit;
    struct koppel_error *err;
    int index;
};

static int visit_each(void *arg, json_t *part)
{
    struct each *each = arg;
    char buf[32];
    each->index++;
    /* a line without an article number is text or a cost, and refers to nothing */
    if (!json_is_object(part) || !*reference_find_text(part, "number", buf))
        return 0;
    each->wanted->part = part;
    if (each->visit(each->wanted, each->err) != 0)
        return err_prefix(each->err, "line %d", each->index);
    return 0;
}

/* Visits what one reference names in core. outer: the reference inside which it stands; NULL: the
 * record itself. make: an absent object is made, so that a default can be written into it. */
static int visit_one(struct work *work, const struct cat_reference *ref, json_t *core,
                     const struct wanted *outer, bool make, reference_visitor *visit,
                     struct koppel_error *err)
{
    const struct flow *f = work->flow;
    const struct conf_reference *conf = configured(f, ref->name);
    if (!conf && outer && strcmp(outer->ref->entity, ref->entity) == 0)
        conf = outer->conf; /* a category's parent is treated as the category itself */
    if (!conf || conf->missing == MISSING_IGNORE)
        return 0;
    struct wanted w = {.work = work,
                       .ref = ref,
                       .conf = conf,
                       .entity = catalogue_entity(f->conf->to->catalogue, ref->entity),
                       .behaviour = behaviour_for(ref->model),
                       .depth = outer ? outer->depth + 1 : 0};
    w.means = (struct means){.find = (w.entity->can & CAN_FIND) && w.entity->match_count > 0};
    reference_scope(f, ref, w.scope);
    if (path_is_plural(ref->path)) {
        struct each each = {.wanted = &w, .visit = visit, .err = err};
        return path_each(ref->path, core, visit_each, &each);
    }
    w.part = path_get(ref->path, core);
    bool absent = !json_is_object(w.part) || json_object_size(w.part) == 0;
    if (absent && (!make || (ref->optional && !conf->fallback)))
        return 0;
    if (!json_is_object(w.part)) {
        w.part = json_object();
        if (path_set_take(ref->path, core, w.part) != 0)
            return err_set(err, KOPPEL_E_BUG, "out of memory");
    }
    return visit(&w, err);
}

/* A mapping that takes nothing from where a reference stands has no use for it. */
static bool is_wanted(const struct flow *f, const struct cat_reference *ref)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(ref->from, ".["), ref->from);
    return map_reads(&f->conf->send, name);
}

int reference_visit(struct work *w, bool make, reference_visitor *visit, struct koppel_error *err)
{
    const struct flow *f = w->flow;
    for (int i = 0; i < f->dest->reference_count; i++) {
        const struct cat_reference *ref = &f->dest->references[i];
        if (is_wanted(f, ref) && visit_one(w, ref, w->core, NULL, make, visit, err) != 0)
            return -1;
    }
    return 0;
}

int reference_visit_nested(struct wanted *w, reference_visitor *visit, struct koppel_error *err)
{
    if (w->depth >= NEST_MAX)
        return err_reason(err, KOPPEL_E_REJECTED, "reference.depth",
                          "references more than %d deep: does a record of %s refer to itself?",
                          NEST_MAX, w->work->flow->conf->from->name);
    for (int i = 0; i < w->entity->reference_count; i++) {
        if (visit_one(w->work, &w->entity->references[i], w->part, w, true, visit, err) != 0)
            return -1;
    }
    return 0;
}
