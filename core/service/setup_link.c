/* SPDX-License-Identifier: MIT
 * Which records go where. */
#include "service/setup_link.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/conf_load.h"
#include "model/model.h"
#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

#define STEP "link"
#define CANDIDATE "flows.d/set-up-candidate-%d.conf"
#define CANDIDATES_MAX 200
#define NAME_BYTES 64

/* A way that records may go. */
struct way {
    const char *from, *to; /* systems */
    const struct cat_entity *source, *dest;
    const struct model *model;
    bool works; /* the configuration with it has no mistake of its own */
};

struct ways {
    struct way items[CANDIDATES_MAX];
    int count;
};

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const struct model *model_of(const struct cat_entity *e)
{
    const struct model *m = model_find(e->model);
    return m && m->record ? m : NULL;
}

/* Which sales it tells of; NULL: of none. */
static const char *sale_of(const struct way *way)
{
    return way->source->sale ? way->source->sale : way->model->record->sale;
}

/* ---- what is possible ---- */

static void collect(struct ways *all, const char *from, const struct catalogue *a, const char *to,
                    const struct catalogue *b)
{
    for (int i = 0; i < a->entity_count; i++) {
        const struct cat_entity *source = &a->entities[i];
        const struct model *m = model_of(source);
        for (int k = 0; m && k < b->entity_count && all->count < CANDIDATES_MAX; k++) {
            const struct cat_entity *dest = &b->entities[k];
            if ((source->can & CAN_READ) && (dest->can & CAN_CREATE) && model_of(dest) == m)
                all->items[all->count++] = (struct way){from, to, source, dest, m, true};
        }
    }
}

/* A flow that is off, as two that exclude each other are tried at once. */
static char *candidate(const struct way *way, int i)
{
    char *text = NULL;
    return asprintf(&text,
                    "name = \"set-up-candidate-%d\";\nenabled = false;\nfrom = { connection = "
                    "\"%s\"; entity = \"%s\"; };\nto = { connection = \"%s\"; entity = "
                    "\"%s\"; };\n",
                    i, way->from, way->source->name, way->to, way->dest->name) < 0
               ? NULL
               : text;
}

/* A way without a shipped mapping, or without a place there, is none. */
static void mark_broken(struct ways *all, const struct conf_report *report)
{
    for (int i = 0; i < all->count; i++) {
        char name[64];
        snprintf(name, sizeof name, CANDIDATE, i);
        for (int k = 0; k < report->count; k++) {
            const char *file = report->items[k].file;
            size_t n = strlen(file), m = strlen(name);
            if (!report->items[k].warning && n >= m && strcmp(file + n - m, name) == 0)
                all->items[i].works = false;
        }
    }
}

static int try_all(struct setup_work *w, struct ways *all, struct koppel_error *err)
{
    int own = w->files.count, count = 0, rc = 0;
    struct conf_source_text *texts = calloc((size_t)(own + all->count) + 1, sizeof *texts);
    char (*names)[64] = calloc((size_t)all->count + 1, sizeof *names);
    struct conf_report report = {0};
    for (int i = 0; texts && i < own; i++)
        texts[count++] = (struct conf_source_text){w->files.items[i].path, w->files.items[i].text,
                                                   w->files.items[i].bytes};
    for (int i = 0; texts && names && i < all->count; i++) {
        char *text = candidate(&all->items[i], i);
        snprintf(names[i], sizeof names[i], CANDIDATE, i);
        texts[count++] = (struct conf_source_text){names[i], text, text ? strlen(text) : 0};
    }
    if (!texts || !names)
        rc = err_set(err, KOPPEL_E_RETRY, "out of memory");
    struct conf_source source = {.texts = texts, .count = count};
    if (rc == 0) {
        conf_free(conf_load_tables_later(w->service->dir, &source, w->service->plugins, &report));
        mark_broken(all, &report);
    }
    conf_report_done(&report);
    for (int i = own; texts && i < count; i++)
        free((char *)texts[i].text);
    free(texts);
    free(names);
    return rc;
}

/* The draft's flows are not among the files meanwhile. */
static int find_ways(struct setup_work *w, struct ways *all, struct koppel_error *err)
{
    const json_t *systems = json_object_get(w->draft.json, "systems");
    const char *a = member(json_array_get(systems, 0), "name");
    const char *b = member(json_array_get(systems, 1), "name");
    const struct catalogue *first = setup_work_catalogue(w, a, err);
    const struct catalogue *second = first ? setup_work_catalogue(w, b, err) : NULL;
    json_t *flows = json_incref(json_object_get(w->draft.json, "flows"));
    all->count = 0;
    if (!second) {
        json_decref(flows);
        return -1;
    }
    collect(all, a, first, b, second);
    collect(all, b, second, a, first);
    (void)json_object_del(w->draft.json, "flows");
    int rc = setup_work_must(w, false, err);
    if (rc == 0)
        rc = try_all(w, all, err);
    if (flows)
        (void)json_object_set_new(w->draft.json, "flows", flows);
    return rc;
}

/* ---- what excludes each other ---- */

static bool is_goods(const struct way *way)
{
    return strcmp(way->model->name, "product") == 0 || strcmp(way->model->name, "category") == 0;
}

/* As config/conf_check.c: the same sale twice, or records that would go round. */
static bool excludes(const struct way *a, const struct way *b)
{
    bool same = strcmp(a->from, b->from) == 0;
    const char *sale = sale_of(a), *other = sale_of(b);
    if (same)
        return a->source != b->source && sale && other && strcmp(sale, other) == 0;
    return (is_goods(a) && is_goods(b)) || (a->source == b->dest && a->dest == b->source);
}

/* ---- asked ---- */

static json_t *question_of(struct setup_work *w, json_t *step, const struct way *way)
{
    char name[2 * SETUP_PLAN_NAME], help[64];
    snprintf(name, sizeof name, "%.70s.%.70s", way->from, way->source->name);
    snprintf(help, sizeof help, "link.help.%.40s", way->model->name);
    json_t *facts = json_pack("{s:o,s:o,s:o}", "entity",
                              setup_step_entity(w, way->from, way->source->name), "from",
                              setup_work_title(w, way->from), "to", setup_work_title(w, way->to));
    json_t *q = setup_question_add(step, name, "choice",
                                   setup_text("link.question", w->language, facts),
                                   setup_text_raw(help, w->language)
                                       ? setup_text(help, w->language, NULL)
                                       : NULL);
    setup_question_choice(q, "none", setup_text("link.none", w->language, NULL));
    setup_question_put(q, "default", json_string("none"));
    return q;
}

static void add_excluded(json_t *q, const struct ways *all, const struct way *way)
{
    json_t *names = json_array();
    const struct cat_entity *last = NULL;
    for (int i = 0; i < all->count; i++) {
        const struct way *other = &all->items[i];
        if (other->works && excludes(way, other) && other->source != last)
            (void)json_array_append_new(names, json_sprintf("%s.%s", other->from,
                                                            other->source->name));
        last = other->source;
    }
    setup_question_put(q, "excludes", names);
}

int setup_link_build(struct setup_work *w, const char *subject, json_t **step,
                     struct koppel_error *err)
{
    struct ways *all = calloc(1, sizeof *all);
    const struct cat_entity *last = NULL;
    json_t *q = NULL;
    bool proposed = false;
    (void)subject;
    if (!all || find_ways(w, all, err) != 0) {
        free(all);
        return all ? -1 : err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    *step = setup_step_new(w, STEP, "matrix", setup_text("link.title", w->language, NULL),
                           setup_text("link.text", w->language, NULL));
    for (int i = 0; i < all->count; i++) {
        const struct way *way = &all->items[i];
        if (!way->works)
            continue;
        if (way->source != last || !q) {
            q = question_of(w, *step, way);
            add_excluded(q, all, way);
            setup_question_before(w, STEP, q);
            /* what is sold is what most begin with */
            if (!proposed && sale_of(way))
                setup_question_put(q, "default", json_string(way->dest->name));
            proposed = proposed || sale_of(way);
        }
        last = way->source;
        setup_question_choice(q, way->dest->name, setup_step_entity(w, way->to, way->dest->name));
    }
    free(all);
    return 0;
}

/* ---- answered ---- */

/* "Packing slips" is "packing-slips". */
static void plain_name(const char *title, char out[NAME_BYTES])
{
    size_t n = 0;
    for (; *title && n < NAME_BYTES - 1; title++) {
        if (isalnum((unsigned char)*title))
            out[n++] = (char)tolower((unsigned char)*title);
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    out[n] = '\0';
}

static void flow_name(struct setup_work *w, const struct way *way, char out[SETUP_PLAN_NAME])
{
    char base[NAME_BYTES];
    plain_name(way->source->title, base);
    snprintf(out, SETUP_PLAN_NAME, "%.14s%.40s", member(w->draft.json, "prefix"), base);
    for (int n = 2; conf_flow(w->conf, out) || setup_plan_named(&w->draft, "flows", out); n++)
        snprintf(out, SETUP_PLAN_NAME, "%.14s%.40s-%d", member(w->draft.json, "prefix"), base, n);
}

/* The source's rule for the number of its documents, as the inside of a rule. NULL: it is not a
 * plain one. */
static json_t *rule_of(const struct conf_flow *flow)
{
    for (int i = 0; flow && i < flow->get.count; i++) {
        const struct conf_rule *r = &flow->get.rules[i];
        struct buf out;
        if (strcmp(path_text(r->to), "reference") != 0 || r->from_count == 0 || r->when_count > 0)
            continue;
        buf_init(&out, 4096);
        buf_add_text(&out, "from = [ ");
        for (int k = 0; k < r->from_count; k++)
            buf_printf(&out, "%s\"%s\"", k > 0 ? ", " : "", path_text(r->from[k]));
        buf_printf(&out, " ]; join = \"%s\";", r->join);
        json_t *text = json_string_nocheck(buf_text(&out));
        buf_done(&out);
        return text;
    }
    return NULL;
}

static void add_flow(struct setup_work *w, json_t *flows, const struct way *way)
{
    char name[SETUP_PLAN_NAME];
    json_t *references = json_array();
    flow_name(w, way, name);
    for (int i = 0; i < way->dest->reference_count; i++)
        (void)json_array_append_new(references, json_string(way->dest->references[i].name));
    (void)json_array_append_new(
        flows, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "name", name, "from", way->from,
                         "entity", way->source->name, "to", way->to, "to_entity", way->dest->name,
                         "model", way->model->name, "title", way->source->title, "references",
                         references));
}

static const struct way *way_of(const struct ways *all, const char *question, const char *dest)
{
    for (int i = 0; i < all->count; i++) {
        const struct way *way = &all->items[i];
        char name[2 * SETUP_PLAN_NAME];
        snprintf(name, sizeof name, "%.70s.%.70s", way->from, way->source->name);
        if (way->works && strcmp(name, question) == 0 && strcmp(way->dest->name, dest) == 0)
            return way;
    }
    return NULL;
}

static void check_pairs(struct setup_work *w, json_t *step, const struct ways *all,
                        const json_t *answers)
{
    const char *name, *other;
    json_t *dest, *there;
    json_object_foreach((json_t *)answers, name, dest) {
        const struct way *a = way_of(all, name, json_string_value(dest));
        json_object_foreach((json_t *)answers, other, there) {
            const struct way *b = way_of(all, other, json_string_value(there));
            if (strcmp(name, other) <= 0 || !a || !b || !(excludes(a, b) || excludes(b, a)))
                continue;
            json_t *facts = json_pack("{s:o}", "other",
                                      setup_step_entity(w, b->from, b->source->name));
            setup_question_wrong(step, name, setup_text("error.excludes", w->language, facts));
        }
    }
}

/* What only the loaded flows tell. */
static int finish(struct setup_work *w, struct koppel_error *err)
{
    size_t i;
    json_t *one;
    bool dates = false;
    if (setup_work_must(w, false, err) != 0)
        return -1;
    json_array_foreach(json_object_get(w->draft.json, "flows"), i, one) {
        const struct conf_flow *flow = conf_flow(w->conf, member(one, "name"));
        const struct model *m = model_find(member(one, "model"));
        setup_question_put(one, "reference", rule_of(flow));
        dates = dates || (m && m->record && catalogue_field(m->record, "date"));
    }
    (void)json_object_set_new(w->draft.json, "dates", json_boolean(dates));
    return 0;
}

int setup_link_answer(struct setup_work *w, const char *subject, const json_t *answers,
                      json_t **step, struct koppel_error *err)
{
    struct ways *all = calloc(1, sizeof *all);
    json_t *flows = json_array(), *dest;
    const char *name;
    int rc = all ? find_ways(w, all, err) : err_set(err, KOPPEL_E_RETRY, "out of memory");
    (void)subject;
    (void)json_object_set_new(w->draft.json, "flows", flows);
    json_object_foreach((json_t *)answers, name, dest) {
        const struct way *way = rc == 0 ? way_of(all, name, json_string_value(dest)) : NULL;
        if (way)
            add_flow(w, flows, way);
    }
    if (rc == 0)
        check_pairs(w, *step, all, answers);
    if (rc == 0 && json_array_size(flows) == 0)
        setup_question_wrong(*step, NULL, setup_text("error.none", w->language, NULL));
    if (rc == 0 && setup_question_has_wrong(*step))
        rc = 1;
    free(all);
    if (rc != 0)
        return rc;
    setup_draft_answer(&w->draft, STEP, (json_t *)answers);
    (void)json_object_del(w->draft.json, "tables");
    return finish(w, err);
}
