/* SPDX-License-Identifier: MIT
 * Which two systems, and where the shop is. */
#include "service/setup_systems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "base/zone.h"
#include "model/model.h"
#include "plugin/plugins_names.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

#define STEP "systems"
#define NEW "new:" /* begins the value of a connector that a connection is made of */
#define IS "is:"   /* of a connection that is there */
#define NAME_BYTES 64

static json_t *words(struct setup_work *w, const char *key)
{
    return setup_text(key, w->language, NULL);
}

static const char *title_of(struct setup_work *w, const struct plugin *p)
{
    return catalogue_words(json_object_get(p->catalogue->json, "title"), w->language);
}

/* Does the connector handle what a core model has a shape for? A file has none by itself. */
static bool is_system(const struct plugin *p)
{
    for (int i = 0; i < p->catalogue->entity_count; i++) {
        const struct model *m = model_find(p->catalogue->entities[i].model);
        if (m && m->record)
            return p->entry.kind == KOPPEL_KIND_CONNECTOR;
    }
    return false;
}

static const char *base_of(const struct plugin *p)
{
    return p->catalogue->as ? p->catalogue->as : p->entry.name;
}

static bool is_taken(const struct setup_work *w, const json_t *systems, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)systems, i, one) {
        if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
            return true;
    }
    return conf_connection(w->conf, name) != NULL;
}

static void free_name(const struct setup_work *w, const json_t *systems, const struct plugin *p,
                      char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, "%.40s", base_of(p));
    for (int n = 2; is_taken(w, systems, out); n++)
        snprintf(out, NAME_BYTES, "%.40s%d", base_of(p), n);
}

/* ---- asked ---- */

static json_t *choice_title(struct setup_work *w, const struct plugin *p, const char *key,
                            const char *name)
{
    return setup_text(key, w->language,
                      json_pack("{s:s,s:s}", "title", title_of(w, p), "name", name));
}

static void add_new(struct setup_work *w, json_t *q, const struct plugin *p, bool first)
{
    char value[NAME_BYTES + sizeof NEW], name[NAME_BYTES];
    free_name(w, NULL, p, name);
    bool more = strcmp(name, base_of(p)) != 0;
    snprintf(value, sizeof value, NEW "%.60s", p->entry.name);
    setup_question_choice(q, value, choice_title(w, p, more ? "choice.more" : "choice.new", name));
    if (first && p->catalogue->as)
        (void)json_array_append_new(json_object_get(q, "default"), json_string(value));
}

/* How many kinds of sales a system tells of: the one that sells comes first. */
static int sales_of(const struct plugin *p)
{
    int count = 0;
    for (int i = 0; i < p->catalogue->entity_count; i++) {
        const struct cat_entity *e = &p->catalogue->entities[i];
        const struct model *m = model_find(e->model);
        count += m && m->record && (e->can & CAN_READ) && (e->sale || m->record->sale);
    }
    return count;
}

static int by_sales(const void *a, const void *b)
{
    const struct plugin *const *x = a, *const *y = b;
    int more = sales_of(*y) - sales_of(*x);
    return more ? more : strcmp((*x)->entry.name, (*y)->entry.name);
}

static void add_new_ones(struct setup_work *w, json_t *q)
{
    int count = 0, found = 0;
    char **names = plugins_names(w->service->plugins, &count);
    const struct plugin **systems = calloc((size_t)count + 1, sizeof *systems);
    for (int i = 0; systems && i < count; i++) {
        struct koppel_error ignored = {0};
        const struct plugin *p = plugins_load(w->service->plugins, names[i], &ignored);
        if (p && is_system(p))
            systems[found++] = p;
    }
    if (systems)
        qsort(systems, (size_t)found, sizeof *systems, by_sales);
    for (int i = 0; i < found; i++)
        add_new(w, q, systems[i], w->conf->connection_count == 0);
    free(systems);
    plugins_names_free(names, count);
}

static void add_choices(struct setup_work *w, json_t *q)
{
    for (int i = 0; i < w->conf->connection_count; i++) {
        const struct conf_connection *c = &w->conf->connections[i];
        char value[NAME_BYTES + sizeof IS];
        if (!is_system(c->plugin))
            continue;
        snprintf(value, sizeof value, IS "%.60s", c->name);
        setup_question_choice(q, value, choice_title(w, c->plugin, "choice.is", c->name));
    }
    add_new_ones(w, q);
}

static void add_place(struct setup_work *w, json_t *step, const char *name, const char *now)
{
    char key[64], help[64];
    snprintf(key, sizeof key, STEP ".%.20s", name);
    snprintf(help, sizeof help, STEP ".%.20s.help", name);
    json_t *q = setup_question_add(step, name, "text", words(w, key), words(w, help));
    setup_question_put(q, "default", json_string(now));
    setup_question_put(q, "required", json_true());
    setup_question_before(w, STEP, q);
}

int setup_systems_build(struct setup_work *w, const char *subject, json_t **step,
                        struct koppel_error *err)
{
    (void)subject;
    if (setup_work_must(w, false, err) != 0)
        return -1;
    *step = setup_step_new(w, STEP, "form", words(w, "systems.title"), words(w, "systems.text"));
    json_t *q = setup_question_add(*step, "systems", "choice", words(w, "systems.systems"),
                                   words(w, "systems.systems.help"));
    setup_question_put(q, "many", json_true());
    setup_question_put(q, "required", json_true());
    setup_question_put(q, "default", json_array());
    add_choices(w, q);
    setup_question_before(w, STEP, q);
    /* where there are connections, this was said before */
    const struct conf_home *home = &w->service->conf->home;
    if (w->conf->connection_count == 0 || setup_draft_text(&w->draft, STEP, "country")) {
        add_place(w, *step, "country", home->country);
        add_place(w, *step, "currency", home->currency);
        add_place(w, *step, "zone", home->zone);
    }
    return 0;
}

/* ---- answered ---- */

static bool has_lists(const struct catalogue *c)
{
    for (int i = 0; i < c->setting_count; i++) {
        if (c->settings[i].ask && c->settings[i].choices)
            return true;
    }
    return false;
}

static json_t *system_of(struct setup_work *w, const json_t *systems, const char *value,
                         struct koppel_error *err)
{
    char name[NAME_BYTES];
    if (strncmp(value, IS, strlen(IS)) == 0) {
        const struct conf_connection *c = conf_connection(w->conf, value + strlen(IS));
        return c ? json_pack("{s:s,s:s,s:b}", "name", c->name, "plugin", c->plugin->entry.name,
                             "new", 0)
                 : NULL;
    }
    const struct plugin *p = plugins_load(w->service->plugins, value + strlen(NEW), err);
    if (!p)
        return NULL;
    free_name(w, systems, p, name);
    return json_pack("{s:s,s:s,s:b,s:b,s:b,s:b}", "name", name, "plugin", p->entry.name, "new", 1,
                     "again", strcmp(name, base_of(p)) != 0, "oauth", p->catalogue->oauth, "lists",
                     has_lists(p->catalogue));
}

/* Names of flows and tables begin with that of a further system of its kind. */
static void put_systems(struct setup_work *w, json_t *systems)
{
    json_t *draft = w->draft.json, *one;
    size_t i;
    if (json_equal(systems, json_object_get(draft, "systems")))
        return;
    (void)json_object_set(draft, "systems", systems);
    (void)json_object_set_new(draft, "prefix", json_string(""));
    json_array_foreach(systems, i, one) {
        if (json_is_true(json_object_get(one, "again")))
            (void)json_object_set_new(draft, "prefix",
                                      json_sprintf("%s-", json_string_value(
                                                              json_object_get(one, "name"))));
    }
    (void)json_object_del(draft, "flows");
    (void)json_object_del(draft, "tables");
}

static void check_place(struct setup_work *w, json_t *step, const json_t *answers)
{
    const char *country = json_string_value(json_object_get(answers, "country"));
    const char *currency = json_string_value(json_object_get(answers, "currency"));
    const char *zone = json_string_value(json_object_get(answers, "zone"));
    const char *const names[] = {"country", "currency", "zone"};
    const char *const values[] = {country, currency, zone};
    bool fine[] = {!country || (strlen(country) == 2 && country_find(country)),
                   !currency || country_currency_places(currency) >= 0, !zone || zone_find(zone)};
    for (int i = 0; i < 3; i++) {
        if (!fine[i])
            setup_question_wrong(step, names[i],
                                 setup_text("error.form", w->language,
                                            json_pack("{s:o}", "value",
                                                      json_string_nocheck(values[i]))));
    }
}

int setup_systems_answer(struct setup_work *w, const char *subject, const json_t *answers,
                         json_t **step, struct koppel_error *err)
{
    const json_t *chosen = json_object_get(answers, "systems");
    json_t *systems = json_array(), *one;
    size_t i;
    int rc = 0;
    (void)subject;
    check_place(w, *step, answers);
    if (json_array_size(chosen) != 2)
        setup_question_wrong(*step, "systems", words(w, "error.two"));
    json_array_foreach((json_t *)chosen, i, one) {
        json_t *system = rc == 0 ? system_of(w, systems, json_string_value(one), err) : NULL;
        rc = system ? json_array_append_new(systems, system) : -1;
    }
    if (rc == 0 && setup_question_has_wrong(*step))
        rc = 1;
    if (rc == 0) {
        setup_draft_answer(&w->draft, STEP, (json_t *)answers);
        put_systems(w, systems);
    }
    json_decref(systems);
    return rc;
}
