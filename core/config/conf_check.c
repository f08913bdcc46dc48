/* SPDX-License-Identifier: MIT
 * Checks between the files of a configuration. */
#include "config/conf_check.h"

#include <string.h>

#include "config/conf_loader.h"
#include "config/conf_never.h"
#include "config/conf_report.h"
#include "model/model.h"

static void twice(struct conf_loader *l, const char *what, const char *name, struct conf_at first,
                  struct conf_at second)
{
    conf_report_add(l->report, false, second.file, second.line,
                    "%s \"%s\" is there already, at %s:%d", what, name, first.file, first.line);
}

static bool is_goods(const char *model)
{
    return strcmp(model, "product") == 0 || strcmp(model, "category") == 0;
}

/* Two flows that hand the same records back and forth would never come to rest; goods would even
 * where the entities differ. One of them may wait in the configuration, switched off. */
static void opposite_check(struct conf_loader *l, const struct conf_flow *a,
                           const struct conf_flow *b)
{
    if (!a->from || !a->to || a->from != b->to || a->to != b->from || !a->enabled || !b->enabled)
        return;
    if (is_goods(a->model) && is_goods(b->model))
        conf_report_add(l->report, false, a->at.file, a->at.line,
                        "flow \"%s\" carries %s records from \"%s\" to \"%s\", and flow \"%s\" at "
                        "%s:%d %s records the other way; articles travel in one direction only, as "
                        "two would undo each other: set enabled = false in one of them",
                        a->name, a->model, a->from->name, a->to->name, b->name, b->at.file,
                        b->at.line, b->model);
    else if (strcmp(a->from_entity, b->to_entity) == 0 && strcmp(a->to_entity, b->from_entity) == 0)
        conf_report_add(l->report, false, a->at.file, a->at.line,
                        "flow \"%s\" is the opposite of flow \"%s\" at %s:%d; the same records "
                        "would go round for ever, so set enabled = false in one of them",
                        a->name, b->name, b->at.file, b->at.line);
}

/* Which sales the records of an entity tell of; NULL: of none. */
static const char *sale_of(const struct conf_connection *c, const char *entity)
{
    const struct cat_entity *e = c->catalogue ? catalogue_entity(c->catalogue, entity) : NULL;
    const struct model *m = e ? model_find(e->model) : NULL;
    return e && e->sale ? e->sale : m && m->record ? m->record->sale : NULL;
}

/* Sales that two flows take to the same books, as orders and as their invoices, or as invoices and
 * as journal entries. */
static void double_check(struct conf_loader *l, const struct conf_flow *a,
                         const struct conf_flow *b)
{
    if (!a->enabled || !b->enabled || !a->from || !a->to || a->from != b->from || a->to != b->to)
        return;
    const char *sale = sale_of(a->from, a->from_entity), *other = sale_of(b->from, b->from_entity);
    if (!sale || !other || strcmp(sale, other) != 0 ||
        conf_never_both(a->filter, a->filter_count, b->filter, b->filter_count,
                        model_find(a->model)))
        return;
    if (strcmp(a->from_entity, b->from_entity) == 0)
        conf_report_add(l->report, true, a->at.file, a->at.line,
                        "flow \"%s\" and flow \"%s\" at %s:%d both take \"%s\" of \"%s\" to "
                        "\"%s\"; unless their filters keep them apart, each is booked twice",
                        a->name, b->name, b->at.file, b->at.line, a->from_entity, a->from->name,
                        a->to->name);
    else
        conf_report_add(l->report, true, a->at.file, a->at.line,
                        "flow \"%s\" takes \"%s\" of \"%s\" to \"%s\", and flow \"%s\" at %s:%d "
                        "\"%s\", which tells of the same sales; unless their filters keep them "
                        "apart, each is booked twice",
                        a->name, a->from_entity, a->from->name, a->to->name, b->name, b->at.file,
                        b->at.line, b->from_entity);
}

void conf_check(struct conf_loader *l)
{
    const struct conf *c = l->conf;
    for (int i = 0; i < c->connection_count; i++) {
        for (int k = 0; k < i; k++) {
            if (*c->connections[i].name &&
                strcmp(c->connections[i].name, c->connections[k].name) == 0)
                twice(l, "connection", c->connections[i].name, c->connections[k].at,
                      c->connections[i].at);
        }
    }
    for (int i = 0; i < c->flow_count; i++) {
        const struct conf_flow *a = &c->flows[i];
        for (int k = 0; k < i; k++) {
            const struct conf_flow *b = &c->flows[k];
            if (*a->name && strcmp(a->name, b->name) == 0)
                twice(l, "flow", a->name, b->at, a->at);
            opposite_check(l, a, b);
            double_check(l, a, b);
        }
    }
}
