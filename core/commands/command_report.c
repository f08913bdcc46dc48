/* SPDX-License-Identifier: MIT
 * A flow's counts, for people and for scripts. */
#include "commands/command_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command.h"
#include "flow/flow.h"
#include "flow/remedy.h"

static int collect(void *arg, enum job_state state, const char *reason, int64_t count)
{
    const char *remedy = state == JOB_PARKED ? remedy_for(reason) : "";
    return json_array_append_new(arg, json_pack("{s:s,s:o,s:I,s:s}", "state", job_state_name(state),
                                                "reason", command_json_text(reason), "count",
                                                (json_int_t)count, "remedy", remedy));
}

static void print_reasons(const json_t *reasons, enum job_state state, int64_t total)
{
    size_t i;
    json_t *row;
    visible_print(stdout, "  %-8s %8" PRId64 "\n", job_state_name(state), total);
    json_array_foreach(reasons, i, row)
    {
        const char *reason = json_string_value(json_object_get(row, "reason"));
        const char *remedy = json_string_value(json_object_get(row, "remedy"));
        if (strcmp(json_string_value(json_object_get(row, "state")), job_state_name(state)) != 0 ||
            !*reason)
            continue;
        visible_print(stdout, "    %8" JSON_INTEGER_FORMAT "  %s%s%s\n",
               json_integer_value(json_object_get(row, "count")), reason, *remedy ? ": " : "",
                      remedy);
    }
}

int command_report_flow(struct store *s, const char *flow, bool json, bool *open,
                        struct koppel_error *err)
{
    struct store_counts c = {0};
    json_t *reasons = json_array();
    if (!reasons)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    if (s->ops->counts(s, flow, &c, err) != 0 ||
        s->ops->reasons(s, flow, collect, reasons, err) != 0) {
        json_decref(reasons);
        return -1;
    }
    char *paused = NULL;
    if (flow_paused(s, flow, &paused, err) != 0) {
        json_decref(reasons);
        return -1;
    }
    *open = c.parked > 0 || c.waiting > 0 || c.pending > 0 || paused;
    if (json) {
        command_print_json(json_pack(
            "{s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:O}", "flow", command_json_text(flow), "read",
            (json_int_t)c.read, "done", (json_int_t)c.done, "skipped", (json_int_t)c.skipped,
            "parked", (json_int_t)c.parked, "waiting", (json_int_t)c.waiting, "pending",
            (json_int_t)c.pending, "paused", command_json_text(paused), "reasons", reasons));
    } else {
        visible_print(stdout, "flow %s\n  %-8s %8" PRId64 "\n", flow, "read", c.read);
        print_reasons(reasons, JOB_DONE, c.done);
        print_reasons(reasons, JOB_SKIPPED, c.skipped);
        print_reasons(reasons, JOB_PARKED, c.parked);
        if (c.waiting > 0)
            print_reasons(reasons, JOB_WAITING, c.waiting);
        if (c.pending > 0)
            visible_print(stdout, "  %-8s %8" PRId64 "\n", "pending", c.pending);
        if (paused)
            visible_print(stdout, "  paused: %s\n", paused);
    }
    fflush(stdout);
    free(paused);
    json_decref(reasons);
    return 0;
}
