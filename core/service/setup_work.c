/* SPDX-License-Identifier: MIT
 * What the steps of a set-up are made from. */
#include "service/setup_work.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_load.h"
#include "connection/connection_choices.h"
#include "service/ask.h"
#include "service/lifecycle.h"
#include "service/setup_plan.h"
#include "service/setup_text.h"

struct setup_work_list {
    struct setup_work_list *next;
    char *connection, *name;
    struct koppel_list rows;
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

void setup_work_init(struct setup_work *w, struct service *s, const struct service_ask *ask)
{
    *w = (struct setup_work){.service = s, .ask = ask,
                             .language = setup_text_language(ask_text(ask, "lang"))};
}

static void unload(struct setup_work *w)
{
    generation_free(w->generation);
    setup_files_done(&w->files);
    w->generation = NULL;
    w->conf = NULL;
}

void setup_work_done(struct setup_work *w)
{
    while (w->lists) {
        struct setup_work_list *gone = w->lists;
        w->lists = gone->next;
        list_done(&gone->rows);
        free(gone->connection);
        free(gone->name);
        free(gone);
    }
    unload(w);
    setup_draft_done(&w->draft);
}

/* ---- the configuration ---- */

static struct conf *load(struct setup_work *w, bool tables, struct conf_report *report)
{
    struct conf_source_text *texts = calloc((size_t)w->files.count + 1, sizeof *texts);
    struct conf_source source = {.texts = texts, .count = w->files.count};
    for (int i = 0; texts && i < w->files.count; i++)
        texts[i] = (struct conf_source_text){w->files.items[i].path, w->files.items[i].text,
                                             w->files.items[i].bytes};
    const char *dir = w->service->dir;
    struct plugins *plugins = w->service->plugins;
    struct conf *conf = !texts   ? NULL
                        : tables ? conf_load(dir, &source, plugins, report)
                                 : conf_load_tables_later(dir, &source, plugins, report);
    free(texts);
    return conf;
}

int setup_work_load(struct setup_work *w, bool tables, json_t **mistakes,
                    struct koppel_error *err)
{
    struct conf_report report = {0};
    unload(w);
    *mistakes = NULL;
    if (setup_files_make(w->service, &w->draft, tables, &w->files, err) != 0)
        return -1;
    struct conf *conf = load(w, tables, &report);
    *mistakes = lifecycle_mistakes(&report);
    conf_report_done(&report);
    if (!conf)
        return *mistakes ? 1 : no_memory(err);
    /* what is active lends its connections, with their log-ins and circuits */
    w->generation = generation_new(conf, w->service->store, w->service->held, NULL, NULL, err);
    w->conf = w->generation ? w->generation->conf : NULL;
    return w->conf ? 0 : -1;
}

int setup_work_must(struct setup_work *w, bool tables, struct koppel_error *err)
{
    json_t *mistakes, *one;
    size_t i;
    int rc = setup_work_load(w, tables, &mistakes, err);
    json_array_foreach(mistakes, i, one) {
        if (rc != 1 || json_is_true(json_object_get(one, "warning")))
            continue;
        rc = err_reason(err, KOPPEL_E_CONFIG, "config.rejected", "%s:%d: %s",
                        json_string_value(json_object_get(one, "file")),
                        (int)json_integer_value(json_object_get(one, "line")),
                        json_string_value(json_object_get(one, "text")));
    }
    json_decref(mistakes);
    return rc == 1 ? no_memory(err) : rc;
}

/* ---- systems ---- */

struct connection *setup_work_connection(struct setup_work *w, const char *name,
                                         struct koppel_error *err)
{
    const struct conf_connection *conf = w->conf ? conf_connection(w->conf, name) : NULL;
    struct connection *c = conf ? generation_connection(w->generation, conf) : NULL;
    if (!c)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no connection \"%s\"", name);
    return c;
}

const struct koppel_list *setup_work_list(struct setup_work *w, const char *connection,
                                          const char *list, struct koppel_error *err)
{
    for (struct setup_work_list *l = w->lists; l; l = l->next) {
        if (strcmp(l->connection, connection) == 0 && strcmp(l->name, list) == 0)
            return &l->rows;
    }
    struct connection *c = setup_work_connection(w, connection, err);
    struct setup_work_list *l = c ? calloc(1, sizeof *l) : NULL;
    if (!c)
        return NULL;
    if (!l || !(l->connection = strdup(connection)) || !(l->name = strdup(list))) {
        no_memory(err);
    } else if (connection_choices(c, list, &l->rows, err) == 0) {
        l->next = w->lists;
        w->lists = l;
        return &l->rows;
    }
    if (l) {
        list_done(&l->rows);
        free(l->connection);
        free(l->name);
    }
    free(l);
    return NULL;
}

const struct catalogue *setup_work_catalogue(struct setup_work *w, const char *system,
                                             struct koppel_error *err)
{
    const json_t *one = setup_plan_named(&w->draft, "systems", system);
    const char *name = json_string_value(json_object_get(one, "plugin"));
    const struct plugin *p = name ? plugins_load(w->service->plugins, name, err) : NULL;
    if (!name)
        err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "there is no system \"%s\"", system);
    return p ? p->catalogue : NULL;
}

json_t *setup_work_title(struct setup_work *w, const char *system)
{
    struct koppel_error ignored = {0};
    const struct catalogue *c = setup_work_catalogue(w, system, &ignored);
    const char *title = c ? catalogue_words(json_object_get(c->json, "title"), w->language) : NULL;
    const json_t *one = setup_plan_named(&w->draft, "systems", system);
    const char *plain = c ? c->as : NULL;
    /* a second one of a kind is called by its name, too */
    if (title && one && plain && strcmp(plain, system) != 0)
        return json_sprintf("%s (%s)", title, system);
    return json_string_nocheck(title ? title : system);
}
