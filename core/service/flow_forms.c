/* SPDX-License-Identifier: MIT
 * A flow as a form shows it. */
#include "service/flow_forms.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_edit_json.h"
#include "config/conf_load.h"
#include "engine/revision.h"
#include "mapping/condition.h"
#include "service/ask.h"
#include "service/flow_edits.h"
#include "service/flow_fields.h"
#include "service/lifecycle.h"
#include "service/save.h"
#include "service/save_may.h"

#define WORDS_LIMIT 65536 /* bytes of a condition in words */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- parts of it ---- */

static json_t *filter(const struct conf_flow *flow)
{
    json_t *out = json_array();
    for (int i = 0; out && i < flow->filter_count; i++) {
        struct buf words;
        buf_init(&words, WORDS_LIMIT);
        condition_words(&flow->filter[i], &words);
        json_array_append_new(out, json_pack("{s:o,s:i}", "words",
                                             json_string_nocheck(buf_text(&words)), "line",
                                             flow->filter[i].at.line));
        buf_done(&words);
    }
    return out;
}

/* The mistakes that it would make switched on: of two that exclude one another, say. */
static json_t *closed(struct service *s, const struct conf_flow *flow)
{
    struct flow_edits e;
    struct koppel_error ignored = {0};
    struct conf_report report = {0};
    json_t *edits = json_pack("[{s:s,s:b}]", "path", "enabled", "data", 1), *out = json_array();
    if (!flow->enabled && flow_edits_open(&e, s, flow->name, &ignored) == 0) {
        if (flow_edits_apply(&e, edits, &ignored) == 0)
            conf_free(flow_edits_load(&e, s, &report));
        for (int i = 0; i < report.count; i++) {
            if (!report.items[i].warning)
                json_array_append_new(out, conf_report_json(&report.items[i]));
        }
        flow_edits_done(&e);
    }
    conf_report_done(&report);
    json_decref(edits);
    return out;
}

static int revision_now(struct service *s, json_t **out, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    json_t *active = NULL;
    if (!s->store || revision_get(&p, 0, &active, err) != 0)
        return s->store ? -1 : 0;
    *out = json_incref(json_object_get(active, "revision"));
    json_decref(active);
    return 0;
}

/* ---- the whole ---- */

static int put(json_t *out, struct service *s, struct flow_edits *e, const struct conf_flow *flow,
               struct koppel_error *err)
{
    struct conf_edit_node *root = conf_edit_tree_read(&e->files, e->file, err);
    json_t *revision = NULL;
    char *refused = NULL;
    int rc = root ? revision_now(s, &revision, err) : -1;
    if (rc == 0)
        rc = save_may(s, e->file, &refused, err);
    if (rc == 0)
        rc = json_object_update_new(
            out, json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:o}", "file",
                           conf_edit_files_name(&e->files, e->file), "digest", e->digest,
                           "refused", ask_json_text(refused), "revision",
                           revision ? json_incref(revision) : json_null(), "data",
                           conf_edit_json(root), "lines", conf_edit_json_lines(root), "model",
                           flow && flow->model ? json_string(flow->model) : json_null()));
    conf_edit_tree_free(root);
    json_decref(revision);
    free(refused);
    return rc == 0 || err->kind ? rc : no_memory(err);
}

int flow_forms_show(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    const char *name = ask_text(ask, "flow");
    struct flow_edits e = {0};
    struct conf_report report = {0};
    struct conf *conf = NULL;
    json_t *form = json_pack("{s:s}", "flow", name);
    int rc = form ? flow_edits_open(&e, s, name, err) : no_memory(err);
    if (rc == 0)
        conf = conf_load(s->dir, NULL, s->plugins, &report);
    const struct conf *known = conf ? conf : s->whole ? s->conf : NULL;
    const struct conf_flow *flow = known ? conf_flow(known, name) : NULL;
    if (rc == 0)
        rc = put(form, s, &e, flow, err);
    if (rc == 0)
        rc = json_object_update_new(
            form, json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "mistakes",
                            lifecycle_mistakes(&report), "fields",
                            flow ? flow_fields(flow) : json_array(), "filter",
                            flow ? filter(flow) : json_array(), "from",
                            flow ? flow_fields_end(flow->from, flow->from_entity) : json_null(),
                            "to", flow ? flow_fields_end(flow->to, flow->to_entity) : json_null(),
                            "closed", conf && flow ? closed(s, flow) : json_array(), "enabled",
                            flow && flow->enabled));
    if (rc == 0)
        *out = json_incref(form);
    json_decref(form);
    conf_free(conf);
    conf_report_done(&report);
    flow_edits_done(&e);
    return rc == 0 || err->kind ? rc : no_memory(err);
}
