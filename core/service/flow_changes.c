/* SPDX-License-Identifier: MIT
 * Several edits of a flow as one save, on the file that they were made for. */
#include "service/flow_changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "engine/revision.h"
#include "flow/cases.h"
#include "service/ask.h"
#include "service/configs_edit.h"
#include "service/flow_edits.h"
#include "service/save_hidden.h"

/* What changed since the file was what `match` names. */
static int theirs(struct service *s, const struct flow_edits *e, const char *match, json_t **out,
                  struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    char *was = NULL;
    size_t bytes;
    *out = json_null();
    if (!match || strcmp(match, e->digest) == 0)
        return 0;
    if (revision_text(&p, match, &was, &bytes, err) != 0)
        return -1;
    char *diff = was ? save_hidden_diff(&p, s->plugins, e->file, was, e->flow->was) : NULL;
    if (diff)
        *out = json_string_nocheck(diff);
    free(diff);
    free(was);
    return 0;
}

/* The edits do not fit what stands there now. */
static int no_fit(const struct koppel_error *why, json_t **out)
{
    *out = json_pack("{s:b,s:b,s:n,s:[],s:[],s:n,s:s}", "saved", 0, "active", 0, "revision",
                     "files", "mistakes", "reload", "fails", why->text);
    return *out ? 0 : -1;
}

/* What comes out of the case now is expected from now on. */
static int accept_one(struct flow_edits *e, const struct conf_flow *flow, const char *name,
                      struct koppel_error *err)
{
    const struct conf_case *one = NULL;
    json_t *got = NULL;
    char *lines = NULL, *text = NULL;
    for (int i = 0; i < flow->case_count; i++) {
        if (strcmp(flow->cases[i].name, name) == 0 && flow->cases[i].source)
            one = &flow->cases[i];
    }
    if (!one)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "flow %s has no case %s",
                          flow->name, name);
    struct conf_edit_file *file = conf_edit_files_get(&e->files, one->out_file, err);
    if (!file || cases_try(flow, one, &got, err) != 0)
        return -1;
    json_object_del(got, "explain");
    lines = json_text_lines(got);
    int n = lines ? asprintf(&text, "%s\n", lines) : -1;
    if (n >= 0)
        conf_edit_files_put(file, text, (size_t)n);
    free(lines);
    json_decref(got);
    return n >= 0 ? 0 : err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* With mistakes no case is run: these are told instead. */
static int accept_cases(struct service *s, struct flow_edits *e, const struct service_ask *ask,
                        struct koppel_error *err)
{
    const json_t *names = json_object_get(ask->in, "accept");
    struct conf_report report = {0};
    struct conf *conf = json_array_size(names) > 0 ? flow_edits_load(e, s, &report) : NULL;
    const struct conf_flow *flow = conf ? conf_flow(conf, ask_text(ask, "flow")) : NULL;
    size_t i;
    json_t *name;
    int rc = 0;
    json_array_foreach((json_t *)names, i, name) {
        if (flow && rc == 0)
            rc = accept_one(e, flow, json_string_value(name), err);
    }
    conf_free(conf);
    conf_report_done(&report);
    return rc;
}

static int change(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    const char *match = ask_text(ask, "match");
    bool plan = ask_flag(ask, "plan");
    struct flow_edits e;
    json_t *before = NULL;
    int rc = flow_edits_open(&e, s, ask_text(ask, "flow"), err);
    bool moved = rc == 0 && match && strcmp(match, e.digest) != 0;
    if (moved && !plan)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_CHANGED, "%s changed since it was read; "
                        "nothing was saved", conf_edit_files_name(&e.files, e.file));
    if (rc == 0 && plan)
        rc = theirs(s, &e, match, &before, err);
    if (rc == 0) {
        struct koppel_error why = {0};
        if (flow_edits_apply(&e, json_object_get(ask->in, "edits"), &why) == 0) {
            rc = accept_cases(s, &e, ask, err);
            if (rc == 0)
                rc = configs_edit_save(s, ask, &e.files, out, err);
        } else if (plan) {
            rc = no_fit(&why, out);
        } else {
            *err = why;
            rc = -1;
        }
    }
    if (rc == 0 && plan) {
        json_object_set_new(*out, "moved", json_boolean(moved));
        json_object_set(*out, "theirs", before);
        if (!json_object_get(*out, "fails"))
            json_object_set_new(*out, "fails", json_null());
    }
    if (rc == 0)
        json_object_set_new(*out, "digest", json_string(e.digest));
    json_decref(before);
    flow_edits_done(&e);
    return rc;
}

int flow_changes_save(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    return configs_edit_locked(s, ask, change, out, err);
}
