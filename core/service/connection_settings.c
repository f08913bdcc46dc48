/* SPDX-License-Identifier: MIT
 * The settings of a connection. */
#include "service/connection_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/sealed.h"
#include "config/conf_edit.h"
#include "config/conf_edit_where.h"
#include "config/conf_load.h"
#include "connection/connection_probe.h"
#include "engine/pause.h"
#include "service/ask.h"
#include "service/configs_edit.h"
#include "service/lifecycle.h"
#include "service/save.h"
#include "service/save_may.h"
#include "service/setup_connect.h"
#include "service/setup_files.h"
#include "service/setup_question.h"
#include "service/test_steps.h"

#define PATH_BYTES 300
#define VALUE_BYTES 8192
#define SECRETS_MAX 16

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- shown ---- */

static json_t *flows_of(const struct conf *conf, const struct conf_connection *c)
{
    json_t *flows = json_array();
    for (int i = 0; i < conf->flow_count; i++) {
        const struct conf_flow *f = &conf->flows[i];
        if (f->from == c || f->to == c)
            (void)json_array_append_new(flows, json_string(f->name));
    }
    return flows;
}

static void add_value(json_t *question, const struct cat_setting *c, const struct conf_setting *v)
{
    if (c->secret) {
        if (v && v->secret)
            setup_question_put(question, "set", json_true());
        (void)json_object_del(question, "required"); /* what is there stays */
        return;
    }
    if (!v || !v->at.file)
        return;
    setup_question_put(question, "value", c->type == SETTING_BOOLEAN
                                              ? json_boolean(v->number)
                                              : json_string_nocheck(v->text));
}

int connection_settings_show(struct service *s, const struct service_ask *ask, json_t **out,
                             struct koppel_error *err)
{
    const struct conf_connection *c = ask_connection(s, ask_text(ask, "connection"), err);
    struct setup_work w;
    char *refused = NULL;
    json_t *step = json_object();
    if (!c || save_may(s, c->at.file, &refused, err) != 0) {
        json_decref(step);
        return -1;
    }
    setup_work_init(&w, s, ask);
    const struct catalogue *cat = c->catalogue;
    for (int i = 0; i < cat->setting_count; i++)
        add_value(setup_question_add_setting(&w, step, &cat->settings[i],
                                             json_object_get(cat->json, "settings")),
                  &cat->settings[i], conf_setting(c, cat->settings[i].name));
    const char *title = catalogue_words(json_object_get(cat->json, "title"), w.language);
    *out = json_pack("{s:s,s:s,s:s,s:o,s:o,s:O,s:o}", "connection", c->name, "connector",
                     c->plugin->entry.name, "title", title ? title : cat->title, "file",
                     ask_json_text(c->at.file), "refused", ask_json_text(refused),
                     "settings", json_object_get(step, "questions"), "flows",
                     flows_of(s->conf, c));
    free(refused);
    json_decref(step);
    setup_work_done(&w);
    return *out ? 0 : no_memory(err);
}

/* ---- edited ---- */

struct replacing {
    struct service *s;
    const struct service_ask *ask;
    const struct conf_connection *c;
    struct conf_edit_files files;
    json_t *secrets; /* name -> text of its sealed file */
};

/* A text stands in quotes, whatever it looks like. */
static bool written(const struct cat_setting *c, const char *text, char out[VALUE_BYTES])
{
    size_t n = 0;
    if (c->type == SETTING_INTEGER || c->type == SETTING_BOOLEAN)
        return snprintf(out, VALUE_BYTES, "%s", text) < VALUE_BYTES;
    out[n++] = '"';
    for (; *text && n < VALUE_BYTES - 4; text++) {
        if (*text == '"' || *text == '\\')
            out[n++] = '\\';
        if ((unsigned char)*text < ' ')
            return false;
        out[n++] = *text;
    }
    out[n++] = '"';
    out[n] = '\0';
    return *text == '\0';
}

static json_t *meant(struct replacing *r, const struct cat_setting *c, const json_t *given)
{
    char digits[32];
    if (c->secret && json_is_string(given))
        return setup_connect_secret(r->s->conf->key, r->secrets, r->c->name, c->name,
                                    json_string_value(given));
    if (!json_is_integer(given))
        return json_incref((json_t *)given);
    snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    return json_string(digits);
}

static int edit_one(struct replacing *r, const char *name, const json_t *given,
                    struct koppel_error *err)
{
    const struct cat_setting *c = catalogue_setting(r->c->catalogue, name);
    char path[PATH_BYTES], value[VALUE_BYTES], *file = NULL;
    struct conf_edit_order order = {.kind = CONF_EDIT_SET, .value = value};
    if (!c)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "%s has no setting \"%s\"",
                          r->c->name, name);
    json_t *kept = meant(r, c, given);
    char *text = kept ? setup_files_value(kept) : NULL;
    json_decref(kept);
    const struct conf_setting *now = conf_setting(r->c, name);
    if (!text && c->secret && !json_is_null(given))
        return 0; /* it stays */
    if (!text && (!now || !now->at.file))
        return 0;
    if (!text)
        order.kind = CONF_EDIT_UNSET;
    else if (!written(c, text, value))
        order.kind = CONF_EDIT_MOVE;
    free(text);
    if (order.kind == CONF_EDIT_MOVE)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "setting \"%s\" is too long, or "
                          "has control characters", name);
    snprintf(path, sizeof path, "connections/%.100s/settings/%.100s", r->c->name, name);
    int rc = conf_edit_where(&r->files, path, &file, &order.path, err);
    order.file = file;
    if (rc == 0)
        rc = conf_edit(&r->files, &order, err);
    free(file);
    return rc;
}

/* ---- tried ---- */

static json_t *facts_of(struct connection *c)
{
    struct koppel_list rows = {0};
    struct koppel_error ignored = {0};
    json_t *facts = connection_probe(c, &rows, NULL, &ignored) == 0 ? json_object() : NULL;
    for (int i = 0; facts && i < rows.count; i++) {
        if (!rows.rows[i].outcome)
            (void)json_object_set_new(facts, rows.rows[i].value,
                                      ask_json_text(rows.rows[i].title));
    }
    list_done(&rows);
    return facts;
}

/* Files of the edit and of new secrets, as they are to be; paths of secrets are made. */
static int collect(struct replacing *r, struct save_file *files, char **paths, int *count,
                   struct koppel_error *err)
{
    const char *name;
    json_t *text;
    int made = 0;
    for (int i = 0; i < r->files.count; i++) {
        const struct conf_edit_file *f = r->files.items[i];
        if (f->bytes != f->was_bytes || memcmp(f->text, f->was, f->bytes) != 0)
            files[(*count)++] = (struct save_file){f->path, f->was, f->was_bytes, f->text,
                                                   f->bytes};
    }
    json_object_foreach(r->secrets, name, text) {
        struct save_file f = {.now = json_string_value(text),
                              .now_bytes = json_string_length(text)};
        const char *why;
        if (made == SECRETS_MAX ||
            asprintf(&paths[made], "%s/" SEALED_FOLDER "/%s" SEALED_ENDING, r->s->dir, name) < 0)
            return no_memory(err);
        f.path = paths[made++];
        f.was = conf_source_now(f.path, &f.was_bytes, &why);
        bool same = f.was && f.was_bytes == f.now_bytes &&
                    memcmp(f.was, f.now, f.now_bytes) == 0;
        if (!same)
            files[(*count)++] = f;
        else
            free((char *)f.was);
    }
    return 0;
}

/* What the connection would be, tested; *out NULL: the configuration has mistakes, in *mistakes. */
static int try_it(struct replacing *r, const struct save_file *files, int count, json_t **out,
                  json_t **mistakes, struct koppel_error *err)
{
    struct conf_source_text *texts = calloc((size_t)count + 1, sizeof *texts);
    struct conf_source source = {.texts = texts, .count = count};
    struct conf_report report = {0};
    for (int i = 0; texts && i < count; i++)
        texts[i] = (struct conf_source_text){files[i].path, files[i].now, files[i].now_bytes};
    struct conf *conf = texts ? conf_load(r->s->dir, &source, r->s->plugins, &report) : NULL;
    *mistakes = lifecycle_mistakes(&report);
    *out = NULL;
    conf_report_done(&report);
    free(texts);
    if (!conf)
        return *mistakes ? 0 : no_memory(err);
    struct generation *g = generation_new(conf, r->s->store, r->s->held, NULL, NULL, err);
    const struct conf_connection *c = g ? conf_connection(g->conf, r->c->name) : NULL;
    int rc = c ? test_steps_run(generation_connection(g, c), g->conf, r->ask, out, err) : -1;
    generation_free(g);
    return rc;
}

static json_t *not_saved(json_t *mistakes, json_t *test)
{
    return json_pack("{s:b,s:b,s:n,s:[],s:O,s:n,s:O?}", "saved", 0, "active", 0, "revision",
                     "files", "mistakes", mistakes, "reload", "test", test);
}

static int save(struct replacing *r, const struct save_file *files, int count, json_t *test,
                json_t **out, struct koppel_error *err)
{
    struct save_order order = {files, count, r->ask->who->via, ask_text(r->ask, "why")};
    int rc = save_files(r->s, r->ask, &order, out, err);
    if (rc == 0)
        (void)json_object_set(*out, "test", test);
    if (rc == 0 && json_is_true(json_object_get(*out, "saved")) &&
        pause_end_for_login(r->s->store, r->s->conf, r->c, err) != 0) {
        /* the files are written; a page that said "failed" would have them written again */
        log_warning(LOG_ABOUT(.event = "saved", .reason = err->reason),
                    "%s is saved, but flows that wait for its log-in stay paused: %s", r->c->name,
                    err->text);
        *err = (struct koppel_error){0};
    }
    return rc;
}

/* Tried, compared, and saved. */
static int carry_out(struct replacing *r, const struct save_file *files, int count, json_t **out,
                     struct koppel_error *err)
{
    json_t *test = NULL, *mistakes = NULL;
    json_t *before = facts_of(engine_connection(r->s->engine, r->c));
    int rc = try_it(r, files, count, &test, &mistakes, err);
    json_t *now = json_object_get(test, "facts");
    const char *outcome = json_string_value(json_object_get(test, "outcome"));
    bool works = outcome && strcmp(outcome, "failed") != 0;
    bool known = before && now && works;
    bool same = !known || json_equal(before, now);
    if (rc == 0 && (!works || (!same && !ask_flag(r->ask, "force"))))
        *out = not_saved(mistakes, test);
    else if (rc == 0)
        rc = save(r, files, count, test, out, err);
    if (rc == 0) {
        (void)json_object_set_new(*out, "same", known ? json_boolean(same) : json_null());
        (void)json_object_set_new(*out, "before", before ? json_incref(before) : json_object());
        (void)json_object_set_new(*out, "now", now ? json_incref(now) : json_object());
    }
    json_decref(before);
    json_decref(test);
    json_decref(mistakes);
    return rc;
}

static int replace(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err)
{
    struct replacing r = {.s = s, .ask = ask, .files.dir = s->dir, .secrets = json_object(),
                          .c = ask_connection(s, ask_text(ask, "connection"), err)};
    struct save_file files[SECRETS_MAX + 8] = {{0}};
    char *paths[SECRETS_MAX] = {NULL};
    const char *name;
    json_t *given;
    int count = 0, rc = r.c ? 0 : -1;
    json_object_foreach(json_object_get(ask->in, "settings"), name, given) {
        if (rc == 0)
            rc = edit_one(&r, name, given, err);
    }
    if (rc == 0 && r.files.count > 8)
        rc = err_set(err, KOPPEL_E_CONFIG, "%s stands in too many files", r.c->name);
    if (rc == 0)
        rc = collect(&r, files, paths, &count, err);
    if (rc == 0)
        rc = carry_out(&r, files, count, out, err);
    for (int i = 0; i < SECRETS_MAX; i++) {
        for (int k = 0; k < count && paths[i]; k++) {
            if (files[k].path == paths[i])
                free((char *)files[k].was);
        }
        free(paths[i]);
    }
    json_decref(r.secrets);
    conf_edit_files_done(&r.files);
    return rc;
}

int connection_settings_replace(struct service *s, const struct service_ask *ask, json_t **out,
                                struct koppel_error *err)
{
    return configs_edit_locked(s, ask, replace, out, err);
}
