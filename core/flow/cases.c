/* SPDX-License-Identifier: MIT
 * Runs the cases of a flow, and says what differs. */
#include "flow/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_text.h"
#include "config/conf_held.h"
#include "flow/cases_differ.h"
#include "flow/preview.h"
#include "store/store_memory.h"

#define WOULD "would be sent"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* ---- a flow that reaches nobody ---- */

struct cases_stage {
    struct store *store;
    struct connection *from, *to;
    struct flow flow;
    atomic_bool stop;
    bool open;
};

static void stage_close(struct cases_stage *s)
{
    if (s->open)
        flow_done(&s->flow);
    connection_free(s->from);
    connection_free(s->to);
    if (s->store)
        s->store->ops->close(s->store);
}

static int stage_open(struct cases_stage *s, const struct conf_flow *conf, struct koppel_error *err)
{
    *s = (struct cases_stage){0};
    if (store_memory.open(&(struct store_conf){0}, STORE_ENGINE, &s->store, err) != 0)
        return -1;
    s->from = connection_new(conf->from, s->store, err);
    s->to = s->from ? connection_new(conf->to, s->store, err) : NULL;
    if (!s->to)
        return -1;
    s->open = true;
    int rc = flow_init(&s->flow, conf, s->from, s->to, s->store, &s->stop, err);
    s->flow.silent = true;
    return rc;
}

static int take_row(void *arg, json_t *row)
{
    *(json_t **)arg = json_incref(row);
    return 0;
}

/* *row: as preview_record gives it. */
static int stage_run(struct cases_stage *s, const struct conf_case *one, json_t **row,
                     struct koppel_error *err)
{
    struct preview p = {.flow = &s->flow, .visit = take_row, .arg = row};
    p.how = PREVIEW_ALONE | (one->known ? PREVIEW_KNOWN : 0) | (one->is_core ? PREVIEW_CORE : 0);
    *row = NULL;
    clock_pretend(one->day_ms);
    preview_init(&p);
    int rc = preview_record(&p, one->key, 1, one->source, err);
    preview_done(&p);
    clock_pretend(0);
    return rc;
}

/* ---- what came out ---- */

/* A member of the row, where there is one. */
static void carry(json_t *to, const json_t *row, const char *name)
{
    json_t *value = json_object_get(row, name);
    if (value && !json_is_null(value) && (!json_is_string(value) || json_string_length(value) > 0))
        json_object_set(to, name, value);
}

static json_t *got_of(const json_t *row)
{
    const char *outcome = json_string_value(json_object_get(row, "outcome"));
    bool sent = outcome && strcmp(outcome, WOULD) == 0;
    json_t *got = json_pack("{s:s}", "outcome", sent ? "sent" : outcome);
    carry(got, row, "reason");
    carry(got, row, "core");
    carry(got, row, "destination");
    return got;
}

/* What the output names is to be so; core and destination where it has them, reason always. */
static json_t *differences(const json_t *out, const json_t *got)
{
    static const char *const parts[] = {"outcome", "reason", "core", "destination"};
    json_t *all = json_array();
    int rc = all ? 0 : -1;
    for (int i = 0; i < 4 && rc == 0; i++) {
        const json_t *expected = json_object_get(out, parts[i]);
        if (expected || i == 1)
            rc = cases_differ(parts[i], expected, json_object_get(got, parts[i]), all);
    }
    if (rc == 0)
        return all;
    json_decref(all);
    return NULL;
}

/* ---- which rules gave something ---- */

static void place_name(char out[4352], const char *file, int line)
{
    snprintf(out, 4352, "%.4200s:%d", file ? file : "", line);
}

static void note_rows(json_t *ran, const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        const json_t *rule = json_object_get(row, "rule");
        char place[4352];
        place_name(place, json_string_value(json_object_get(rule, "file")),
                   (int)json_integer_value(json_object_get(rule, "line")));
        if (json_is_true(json_object_get(row, "applied")))
            json_object_set_new_nocheck(ran, place, json_true());
    }
}

static void add_uncovered(const struct conf *conf, json_t *out, const json_t *ran,
                          const struct conf_rule *rules, int count)
{
    size_t n = strlen(conf->dir);
    for (int i = 0; i < count; i++) {
        const struct conf_rule *r = &rules[i];
        const char *file = r->at.file ? r->at.file : "";
        char place[4352];
        place_name(place, r->at.file, r->at.line);
        if (!json_object_get(ran, place))
            json_array_append_new(out, json_pack("{s:s,s:i,s:s,s:b}", "file", file, "line",
                                                 r->at.line, "to", r->to ? path_text(r->to) : "",
                                                 "own", strncmp(file, conf->dir, n) == 0));
        else
            add_uncovered(conf, out, ran, r->map, r->map_count);
    }
}

/* ---- all of a flow ---- */

static int run_one(struct cases_stage *s, const struct conf_case *one, json_t *cases, json_t *ran,
                   struct koppel_error *err)
{
    json_t *row = NULL;
    if (stage_run(s, one, &row, err) != 0)
        return -1;
    json_t *got = got_of(row), *explain = json_object_get(row, "explain");
    json_t *all = one->out ? differences(one->out, got) : json_array();
    note_rows(ran, json_object_get(explain, "get"));
    note_rows(ran, json_object_get(explain, "send"));
    bool passes = one->out && json_array_size(all) == 0;
    int rc = all ? json_array_append_new(
                       cases, json_pack("{s:s,s:b,s:b,s:O,s:O,s:O}", "case", one->name, "passes",
                                        passes, "accepted", one->out != NULL, "differences", all,
                                        "got", got, "detail", json_object_get(row, "detail")))
                 : -1;
    json_decref(row);
    json_decref(got);
    json_decref(all);
    return rc == 0 ? 0 : no_memory(err);
}

int cases_run(const struct conf *conf, const struct conf_flow *flow, const char *name,
              json_t **out, struct koppel_error *err)
{
    struct cases_stage stage;
    json_t *cases = json_array(), *ran = json_object(), *uncovered = json_array();
    int rc = cases && ran && uncovered ? stage_open(&stage, flow, err) : no_memory(err);
    for (int i = 0; i < flow->case_count && rc == 0; i++) {
        const struct conf_case *one = &flow->cases[i];
        if (one->source && (!name || strcmp(name, one->name) == 0))
            rc = run_one(&stage, one, cases, ran, err);
    }
    if (rc == 0 && !name) {
        add_uncovered(conf, uncovered, ran, flow->get.rules, flow->get.count);
        add_uncovered(conf, uncovered, ran, flow->send.rules, flow->send.count);
    }
    if (rc == 0)
        *out = json_pack("{s:s,s:O,s:O}", "flow", flow->name, "cases", cases, "uncovered",
                         uncovered);
    if (cases && ran && uncovered)
        stage_close(&stage);
    json_decref(cases);
    json_decref(ran);
    json_decref(uncovered);
    return rc;
}

int cases_stage_open(struct cases_stage **out, const struct conf_flow *flow,
                     struct koppel_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out ? stage_open(*out, flow, err) : no_memory(err);
}

int cases_stage_row(struct cases_stage *s, const struct conf_case *one, json_t **row,
                    struct koppel_error *err)
{
    return stage_run(s, one, row, err);
}

void cases_stage_close(struct cases_stage *s)
{
    if (s)
        stage_close(s);
    free(s);
}

int cases_row(const struct conf_flow *flow, const struct conf_case *one, json_t **row,
              struct koppel_error *err)
{
    struct cases_stage stage;
    *row = NULL;
    int rc = stage_open(&stage, flow, err);
    if (rc == 0)
        rc = stage_run(&stage, one, row, err);
    stage_close(&stage);
    return rc;
}

int cases_try(const struct conf_flow *flow, const struct conf_case *one, json_t **got,
              struct koppel_error *err)
{
    json_t *row;
    int rc = cases_row(flow, one, &row, err);
    if (rc == 0) {
        *got = got_of(row);
        json_object_set(*got, "explain", json_object_get(row, "explain"));
    }
    json_decref(row);
    return rc;
}

/* ---- what fails ---- */

/* The first difference in words; values are those of a case, which has nobody's data. */
static void say(const json_t *one, char *out, size_t room)
{
    const json_t *all = json_object_get(one, "differences"), *first = json_array_get(all, 0);
    size_t more = json_array_size(all) - 1;
    const json_t *expected = json_object_get(first, "expected");
    const json_t *got = json_object_get(first, "got");
    char *a = expected ? json_text(expected, true, NULL) : NULL;
    char *b = got ? json_text(got, true, NULL) : NULL;
    int n = snprintf(out, room, "%s is %.80s, expected %.80s",
                     json_string_value(json_object_get(first, "path")), b ? b : "not there",
                     a ? a : "nothing");
    if (more > 0 && n > 0 && (size_t)n < room)
        snprintf(out + n, room - (size_t)n, ", and %zu more differ%s", more, more == 1 ? "s" : "");
    free(a);
    free(b);
}

/* A case that fails stays the same mistake, whatever it says of it. */
static void report_case(const struct conf_flow *flow, const struct conf_case *c, const json_t *got,
                        bool warning, struct conf_report *report)
{
    char words[512], *text = NULL, *path = NULL;
    say(got, words, sizeof words);
    if (asprintf(&text, "case %s of flow %s fails: %s; koppel test %s shows all", c->name,
                 flow->name, words, flow->name) < 0)
        text = NULL;
    if (asprintf(&path, "flows/%s/cases/%s", flow->name, c->name) < 0)
        path = NULL;
    conf_report_put(report, &(struct conf_mistake){.file = (char *)c->out_file,
                                                   .line = 1,
                                                   .path = path,
                                                   .warning = warning,
                                                   .text = text ? text : words});
    free(text);
    free(path);
}

/* Reports what fails of a flow; how many do. *name: the first of them. */
static int report_flow(const struct conf *conf, const struct conf_flow *flow, bool warning,
                       struct conf_report *report, const char **name)
{
    struct koppel_error problem = {0};
    json_t *out = NULL;
    int failed = 0;
    if (cases_run(conf, flow, NULL, &out, &problem) != 0) {
        *name = "";
        conf_report_add(report, warning, flow->at.file, flow->at.line,
                        "its cases cannot be run: %s", problem.text);
        return 1;
    }
    const json_t *cases = json_object_get(out, "cases"), *one;
    for (int i = 0, at = 0; i < flow->case_count; i++) {
        const struct conf_case *c = &flow->cases[i];
        if (!c->source)
            continue;
        one = json_array_get(cases, (size_t)at++);
        if (!c->out || json_is_true(json_object_get(one, "passes")))
            continue;
        *name = failed++ == 0 ? c->name : *name;
        report_case(flow, c, one, warning, report);
    }
    json_decref(out);
    return failed;
}

void cases_check(const struct conf *conf, struct conf_report *report)
{
    const char *name;
    for (int i = 0; i < conf->flow_count; i++) {
        if (conf->flows[i].enabled && conf->flows[i].case_count > 0)
            (void)report_flow(conf, &conf->flows[i], false, report, &name);
    }
}

void cases_hold(struct conf *conf, struct conf_report *report)
{
    for (int i = 0; i < conf->flow_count; i++) {
        struct conf_flow *f = &conf->flows[i];
        const char *name = NULL;
        int failed =
            f->enabled && f->case_count > 0 ? report_flow(conf, f, true, report, &name) : 0;
        if (failed == 0)
            continue;
        f->enabled = false;
        f->failing = conf_held_text(&conf->held, "its case %s fails, so it stays off; see: koppel "
                                    "test %s", name, f->name);
        conf_report_add(report, true, f->at.file, f->at.line, "flow %s stays off: %d of its %d "
                        "cases fail", f->name, failed, f->case_count);
    }
}
