/* SPDX-License-Identifier: MIT
 * What goes to a maintainer. It is made of what other questions answer, of which only members stay
 * that are known to name nobody. */
#include "service/system_bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_book_json.h"
#include "base/clock.h"
#include "base/json_text.h"
#include "service/ask.h"
#include "service/connections.h"
#include "service/files.h"
#include "service/flows.h"
#include "service/history.h"
#include "service/jobs.h"
#include "service/lifecycle.h"
#include "service/retention.h"
#include "service/system.h"

#define RUNS 100

typedef int question(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);

/* Of a list, only these members of each row; NULL behind the last. */
static json_t *only(const json_t *list, const char *const *members)
{
    json_t *out = json_array();
    size_t i;
    const json_t *row;
    json_array_foreach(list, i, row) {
        json_t *kept = json_object();
        for (const char *const *m = members; *m; m++)
            (void)json_object_set(kept, *m, json_object_get(row, *m));
        (void)json_array_append_new(out, kept);
    }
    return out;
}

/* What a question answers; where it fails its error's kind and reason, as the text may hold what a
 * system said. */
static json_t *asked(struct service *s, const struct service_ask *ask, question *q, json_t *in)
{
    struct koppel_error err = {0};
    struct service_ask own = {.who = ask->who, .in = in, .stop = ask->stop};
    json_t *out = NULL;
    if (q(s, &own, &out, &err) != 0)
        out = json_pack("{s:s,s:s}", "failed", err_kind_name(err.kind), "reason", err.reason);
    json_decref(in);
    return out;
}

/* Rows of what a question answers, or its failure. */
static void add_rows(json_t *to, const char *name, json_t *answer_take, const char *list,
                     const char *const *members)
{
    json_t *rows = json_object_get(answer_take, list);
    (void)json_object_set_new(to, name, rows ? only(rows, members) : json_incref(answer_take));
    json_decref(answer_take);
}

/* Runs: who ordered one is a user's name. */
static const char *const run_members[] = {"number", "at",     "flow",   "run",      "trigger",
                                          "begun",  "ended",  "read",   "done",     "skipped",
                                          "parked", "waiting", "reasons", "complete", "error",
                                          "revision", "version", NULL};
static const char *const flow_members[] = {
    "flow", "enabled", "failing", "state",   "read",    "done", "skipped", "parked",
    "waiting", "pending", "due", "reasons", "next_run", "last_good", NULL};
static const char *const cause_members[] = {"cause", "flow", "reason", "parked",
                                            "waiting", "first", "last", NULL};
static const char *const connection_members[] = {
    "connection", "connector", "circuit", "since", "called", "answered",
    "login", "token_until", "login_until", "certificate_until", NULL};
static const char *const file_members[] = {"file", "bytes", "writable", "change", NULL};
static const char *const mistake_members[] = {"file", "line", "path", "nearest", "warning", NULL};
static const char *const alert_members[] = {"alert", "rule", "severity", "state", "count",
                                            "since", "opened", "told", "over", "flaps", NULL};

/* Of an error its kind and reason alone. */
static void hide_errors(json_t *runs)
{
    size_t i;
    json_t *run;
    json_array_foreach(runs, i, run)
        (void)json_object_del(json_object_get(run, "error"), "text");
}

static void add_mistakes(struct service *s, json_t *to)
{
    struct conf_report report = {0};
    conf_free(lifecycle_load(s->dir, NULL, s->plugins, &report));
    json_t *all = lifecycle_mistakes(&report);
    (void)json_object_set_new(to, "mistakes", only(all, mistake_members));
    json_decref(all);
    conf_report_done(&report);
}

static void add_alerts(struct service *s, json_t *to)
{
    struct alert_book book = {0};
    struct koppel_error ignored = {0};
    int64_t rev = 0;
    json_t *rows = json_array();
    if (alert_book_json_load(&book, s->store, &rev, &ignored) == 0) {
        for (int i = 0; i < book.count; i++)
            (void)json_array_append_new(rows, alert_book_json_row(book.alerts[i]));
    }
    (void)json_object_set_new(to, "alerts", only(rows, alert_members));
    json_decref(rows);
    alert_book_done(&book);
}

int system_bundle(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    json_t *all = json_object();
    char at[CLOCK_TEXT_BYTES];
    clock_format(clock_now_ms() / 1000 * 1000, at);
    (void)json_object_set_new(all, "made", json_string(at));
    (void)json_object_set_new(all, "system", asked(s, ask, system_show, json_object()));
    (void)json_object_set_new(all, "keep", asked(s, ask, retention_plan, json_object()));
    add_rows(all, "flows", asked(s, ask, flows_status, json_object()), "flows", flow_members);
    add_rows(all, "causes", asked(s, ask, jobs_causes, json_object()), "causes", cause_members);
    add_rows(all, "runs", asked(s, ask, history_runs, json_pack("{s:i}", "limit", RUNS)), "runs",
             run_members);
    hide_errors(json_object_get(all, "runs"));
    add_rows(all, "files", asked(s, ask, files_list, json_object()), "files", file_members);
    if (s->engine && s->whole)
        add_rows(all, "connections", asked(s, ask, connections_list, json_object()), "connections",
                 connection_members);
    add_mistakes(s, all);
    add_alerts(s, all);
    char *text = json_text_lines(all);
    if (text)
        *out = json_pack("{s:o,s:o}", "name", json_sprintf("koppel-support-%.10s.json", at), "text",
                         ask_json_text(text));
    free(text);
    json_decref(all);
    return *out ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}
