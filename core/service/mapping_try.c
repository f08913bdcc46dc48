/* SPDX-License-Identifier: MIT
 * Edits of a flow, tried in memory. */
#include "service/mapping_try.h"

#include "flow/cases.h"
#include "service/ask.h"
#include "service/flow_edits.h"
#include "service/lifecycle.h"

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static int try_record(const struct conf_flow *flow, const json_t *given, json_t *rows,
                      struct koppel_error *err)
{
    const char *key = json_string_value(json_object_get(given, "key"));
    struct conf_case one = {.key = key ? key : "?", .source = json_object_get(given, "record")};
    json_t *row = NULL;
    if (!json_is_object(one.source))
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "a record is {\"key\", \"record\": {...}}");
    if (cases_row(flow, &one, &row, err) != 0)
        return -1;
    return json_array_append_new(rows, row) == 0 ? 0 : no_memory(err);
}

/* Each of the records, and the cases where they are asked for. */
static int try_all(const struct conf *conf, const struct service_ask *ask, json_t *rows,
                   json_t **cases, struct koppel_error *err)
{
    const struct conf_flow *flow = conf_flow(conf, ask_text(ask, "flow"));
    size_t i;
    json_t *one;
    int rc = flow ? 0
                  : err_reason(err, KOPPEL_E_REJECTED, SERVICE_UNKNOWN, "the flow is gone");
    json_array_foreach(json_object_get(ask->in, "records"), i, one) {
        if (rc == 0 && !ask_stopped(ask))
            rc = try_record(flow, one, rows, err);
    }
    if (rc == 0 && ask_flag(ask, "cases"))
        rc = cases_run(conf, flow, NULL, cases, err);
    return rc;
}

int mapping_try_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err)
{
    struct flow_edits e = {0};
    struct conf_report report = {0};
    struct conf *conf = NULL;
    json_t *rows = json_array(), *cases = NULL;
    int rc = rows ? flow_edits_open(&e, s, ask_text(ask, "flow"), err) : no_memory(err);
    if (rc == 0 && json_array_size(json_object_get(ask->in, "records")) > MAPPING_TRY_RECORDS)
        rc = err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG, "at most %d records",
                        MAPPING_TRY_RECORDS);
    if (rc == 0) {
        bool sound = flow_edits_apply(&e, json_object_get(ask->in, "edits"), err) == 0;
        conf = flow_edits_load(&e, s, &report);
        if (sound && conf)
            rc = try_all(conf, ask, rows, &cases, err);
        else if (report.errors == 0)
            rc = sound ? no_memory(err) : -1;
        else if (!sound && report.items[0].path)
            rc = -1; /* what no grammar knows has no path: that says it better */
    }
    if (rc == 0)
        *out = json_pack("{s:o,s:O,s:O?}", "mistakes",
                         conf ? json_array() : lifecycle_mistakes(&report), "rows", rows, "cases",
                         cases);
    json_decref(rows);
    json_decref(cases);
    conf_free(conf);
    conf_report_done(&report);
    flow_edits_done(&e);
    return rc;
}
