/* SPDX-License-Identifier: MIT
 * The last steps of a set-up. */
#include "service/setup_end.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "flow/preview.h"
#include "service/ask.h"
#include "service/save.h"
#include "service/setup_plan.h"
#include "service/setup_question.h"
#include "service/setup_text.h"

#define RECORDS 5 /* of a dry run, per flow */
#define DAY_BYTES 11

static json_t *words(struct setup_work *w, const char *key)
{
    return setup_text(key, w->language, NULL);
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- dry run ---- */

struct showing {
    const struct service_ask *ask;
    json_t *rows;
};

/* What a person knows the record by, and what would become of it. */
static int take_row(void *arg, json_t *row)
{
    struct showing *s = arg;
    const json_t *core = json_object_get(row, "core"), *who = json_object_get(core, "customer");
    json_t *shown = json_pack("{s:O?,s:O?,s:O?,s:O?,s:O?,s:O?,s:O?,s:O?,s:O?,s:O?}", "key",
                              json_object_get(row, "key"), "reference",
                              json_object_get(core, "reference"), "date",
                              json_object_get(core, "date"), "name",
                              json_object_get(who ? who : core, "name"), "total",
                              json_object_get(core, "total_incl"), "outcome",
                              json_object_get(row, "outcome"), "reason",
                              json_object_get(row, "reason"), "detail",
                              json_object_get(row, "detail"), "remedy",
                              json_object_get(row, "remedy"), "destination",
                              json_object_get(row, "destination"));
    return ask_stopped(s->ask) ? -1 : json_array_append_new(s->rows, shown);
}

static json_t *preview_of(struct setup_work *w, const struct conf_flow *conf)
{
    struct flow flow;
    struct koppel_error why = {0};
    struct showing showing = {w->ask, json_array()};
    atomic_bool stop = false;
    int rc = flow_init(&flow, conf, generation_connection(w->generation, conf->from),
                       generation_connection(w->generation, conf->to), w->service->store, &stop,
                       &why);
    if (rc == 0) {
        struct preview p = {.flow = &flow, .visit = take_row, .arg = &showing};
        flow.silent = true;
        preview_init(&p);
        rc = preview_last(&p, RECORDS, &why);
        preview_done(&p);
    }
    flow_done(&flow);
    return json_pack("{s:s,s:o,s:o}", "flow", conf->name, "rows", showing.rows, "error",
                     rc == 0 ? json_null() : json_string_nocheck(why.text));
}

/* Mistakes that the files have together are told here, before anything is written. */
static int load_all(struct setup_work *w, json_t *step, struct koppel_error *err)
{
    json_t *mistakes = NULL;
    int rc = setup_work_load(w, true, &mistakes, err);
    if (rc == 1)
        setup_question_blame(step, mistakes, "");
    json_decref(mistakes);
    return rc;
}

int setup_end_preview(struct setup_work *w, const char *subject, json_t **step,
                      struct koppel_error *err)
{
    json_t *flows = json_array(), *one;
    size_t i;
    (void)subject;
    *step = setup_step_new(w, "preview", "preview", words(w, "preview.title"),
                           words(w, "preview.text"));
    int rc = load_all(w, *step, err);
    json_array_foreach(json_object_get(w->draft.json, "flows"), i, one) {
        const struct conf_flow *flow = rc == 0 ? conf_flow(w->conf, member(one, "name")) : NULL;
        if (flow && !flow->cannot)
            (void)json_array_append_new(flows, preview_of(w, flow));
    }
    (void)json_object_set_new(*step, "preview", json_pack("{s:o}", "flows", flows));
    return rc < 0 ? -1 : 0;
}

/* Nothing is asked here, but what is wrong has to be mended first. */
static int mended(struct setup_work *w, setup_step_build *build, json_t **step,
                  struct koppel_error *err)
{
    json_t *mistakes = NULL;
    int rc = setup_work_load(w, true, &mistakes, err);
    json_decref(mistakes);
    if (rc == 1 && build(w, "", step, err) != 0)
        rc = -1;
    return rc;
}

int setup_end_preview_answer(struct setup_work *w, const char *subject, const json_t *answers,
                             json_t **step, struct koppel_error *err)
{
    (void)subject;
    if (json_is_true(json_object_get(answers, "again")))
        return 1;
    return mended(w, setup_end_preview, step, err);
}

/* ---- from when on ---- */

int setup_end_start(struct setup_work *w, const char *subject, json_t **step,
                    struct koppel_error *err)
{
    static const char *const values[] = {"now", "date", "all"};
    (void)subject;
    (void)err;
    *step = setup_step_new(w, "start", "form", words(w, "start.title"), words(w, "start.text"));
    json_t *q = setup_question_add(*step, "start", "choice", words(w, "start.start"),
                                   words(w, "start.start.help"));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char key[32];
        snprintf(key, sizeof key, "start.%s", values[i]);
        setup_question_choice(q, values[i], words(w, key));
    }
    setup_question_put(q, "required", json_true());
    setup_question_put(q, "default", json_string("now"));
    setup_question_before(w, "start", q);
    q = setup_question_add(*step, "since", "date", words(w, "start.since"),
                           words(w, "start.since.help"));
    setup_question_put(q, "required", json_true());
    setup_question_put(q, "requires", json_pack("{s:s,s:s}", "name", "start", "value", "date"));
    setup_question_before(w, "start", q);
    return 0;
}

/* "now" is the day on which it was said, in the zone of the shop. */
static void today(const struct setup_work *w, char out[DATE_TEXT_BYTES])
{
    struct date day;
    const char *zone = setup_draft_text(&w->draft, "systems", "zone");
    (void)date_from_unix_ms(clock_now_ms(), &day);
    day.has_time = day.has_offset = true;
    (void)date_home(&day, zone_find(zone ? zone : w->service->conf->home.zone));
    date_format_day(&day, out);
}

int setup_end_start_answer(struct setup_work *w, const char *subject, const json_t *answers,
                           json_t **step, struct koppel_error *err)
{
    char day[DATE_TEXT_BYTES];
    json_t *kept = json_copy((json_t *)answers);
    (void)subject;
    (void)step;
    (void)err;
    if (strcmp(member(answers, "start"), "now") == 0) {
        today(w, day);
        (void)json_object_set_new(kept, "since", json_string(day));
    }
    setup_draft_answer(&w->draft, "start", kept);
    json_decref(kept);
    return 0;
}

/* ---- review ---- */

static json_t *file_of(struct setup_work *w, const struct setup_file *f)
{
    const char *name = f->path + strlen(w->service->dir) + 1;
    json_t *text = f->sealed ? words(w, "review.sealed") : json_string_nocheck(f->text);
    return json_pack("{s:o,s:o,s:b,s:b}", "path", json_string_nocheck(name), "text", text,
                     "sealed", f->sealed, "new", f->was == NULL);
}

int setup_end_review(struct setup_work *w, const char *subject, json_t **step,
                     struct koppel_error *err)
{
    json_t *files = json_array();
    (void)subject;
    *step = setup_step_new(w, "review", "review", words(w, "review.title"),
                           words(w, "review.text"));
    int rc = load_all(w, *step, err);
    for (int i = 0; i < w->files.count; i++)
        (void)json_array_append_new(files, file_of(w, &w->files.items[i]));
    (void)json_object_set_new(*step, "files", files);
    return rc < 0 ? -1 : 0;
}

int setup_end_review_answer(struct setup_work *w, const char *subject, const json_t *answers,
                            json_t **step, struct koppel_error *err)
{
    (void)subject;
    (void)answers;
    (void)step;
    (void)w;
    return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                      "the review is answered by saving (setup.save)");
}

/* ---- saved ---- */

/* The folders of the files; they are empty until these are there. */
static int make_folders(const struct setup_work *w, struct koppel_error *err)
{
    for (int i = 0; i < w->files.count; i++) {
        char *folder = strdup(w->files.items[i].path);
        char *slash = folder ? strrchr(folder, '/') : NULL;
        if (slash)
            *slash = '\0';
        int rc = !folder ? ENOMEM : mkdir(folder, 0750) == 0 || errno == EEXIST ? 0 : errno;
        if (rc != 0)
            err_set(err, KOPPEL_E_CONFIG, "%s: %s", folder ? folder : "?", strerror(rc));
        free(folder);
        if (rc != 0)
            return -1;
    }
    return 0;
}

static int write_files(struct setup_work *w, json_t **out, struct koppel_error *err)
{
    struct service *s = w->service;
    struct save_file *files = calloc((size_t)w->files.count + 1, sizeof *files);
    struct save_order order = {.files = files, .how = w->ask->who->via,
                               .why = ask_text(w->ask, "why")};
    if (!files)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    for (int i = 0; i < w->files.count; i++) {
        const struct setup_file *f = &w->files.items[i];
        bool same = f->was && f->bytes == f->was_bytes && memcmp(f->text, f->was, f->bytes) == 0;
        if (!same)
            files[order.count++] =
                (struct save_file){f->path, f->was, f->was_bytes, f->text, f->bytes};
    }
    int rc = save_files(s, w->ask, &order, out, err);
    free(files);
    return rc;
}

static json_t *done_step(struct setup_work *w, json_t *saved)
{
    json_t *flows = json_array(), *one;
    char names[400] = "";
    size_t i;
    bool serves = w->service->serves && json_is_true(json_object_get(saved, "active"));
    json_array_foreach(json_object_get(w->draft.json, "flows"), i, one) {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s%.80s", i ? ", " : "", member(one, "name"));
        (void)json_array_append(flows, json_object_get(one, "name"));
    }
    json_t *text = setup_text(serves ? "done.running" : "done.saved", w->language,
                              json_pack("{s:s}", "flows", names));
    json_t *step = setup_step_new(w, "done", "done", words(w, "done.title"), text);
    (void)json_object_set_new(step, "back", json_false());
    (void)json_object_set_new(step, "done",
                              json_pack("{s:o,s:b,s:O}", "flows", flows, "running", serves,
                                        "saved", saved));
    return step;
}

/* *saved: NULL where the step has errors. What a crash left over is finished before the files are
 * read. */
static int save_under_lock(struct setup_work *w, json_t **step, json_t **saved,
                           struct koppel_error *err)
{
    struct service *s = w->service;
    struct revision_place p = {s->store, s->conf->key, s->dir};
    bool wrote;
    if (save_recover(&p, s->conf->store_path, &wrote, err) != 0 ||
        setup_end_review(w, "", step, err) != 0)
        return -1;
    if (setup_question_has_wrong(*step))
        return 0;
    return make_folders(w, err) == 0 ? write_files(w, saved, err) : -1;
}

int setup_end_save(struct setup_work *w, json_t **step, struct koppel_error *err)
{
    json_t *saved = NULL;
    int lock;
    if (save_lock(w->service, &lock, err) != 0)
        return -1;
    int rc = save_under_lock(w, step, &saved, err);
    save_unlock(lock);
    if (rc != 0 || !saved)
        return rc;
    if (json_is_true(json_object_get(saved, "saved"))) {
        json_decref(*step);
        *step = done_step(w, saved);
        /* the files are written: a draft that stays asks nothing of anybody */
        if (setup_draft_drop(w->service->store, w->draft.id, err) != 0) {
            log_warning(LOG_ABOUT(.event = "setup", .reason = err->reason),
                        "it is saved, but its draft stays: %s", err->text);
            *err = (struct koppel_error){0};
        }
    } else {
        setup_question_blame(*step, json_object_get(saved, "mistakes"), "");
        if (json_object_get(saved, "refused"))
            setup_question_wrong(*step, NULL, json_incref(json_object_get(saved, "refused")));
        (void)json_object_set(*step, "saved", saved);
    }
    json_decref(saved);
    return rc;
}
