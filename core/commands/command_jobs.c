/* SPDX-License-Identifier: MIT
 * koppel jobs: jobs with their outcome, newest first. */
#include "commands/command_jobs.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/visible.h"
#include "commands/session.h"
#include "flow/flow.h"
#include "flow/remedy.h"

static int print_job(void *arg, const struct store_job_row *row)
{
    const bool *json = arg;
    char id[JOB_ID_BYTES], at[CLOCK_TEXT_BYTES];
    job_id_format((struct job_id){row->flow, row->part, row->off}, id);
    clock_format(row->at_ms, at);
    const char *reason = row->reason ? row->reason : "", *detail = row->detail ? row->detail : "";
    const char *remedy = row->state == JOB_PARKED ? remedy_for(reason) : "";
    if (*json) {
        command_print_json(json_pack(
            "{s:o,s:o,s:s,s:s,s:i,s:o,s:o,s:s,s:o}", "job", command_json_text(id), "key",
            command_json_text(row->key), "state", job_state_name(row->state), "at", at, "attempts",
            row->attempt, "reason", command_json_text(reason), "detail", command_json_text(detail),
            "remedy", remedy, "remote_id", command_json_text(row->remote_id)));
        return 0;
    }
    visible_print(stdout, "%s  %s  %-8s %s%s%s\n", id, at, job_state_name(row->state), reason,
                  *detail ? ": " : "",
                  detail);
    if (*remedy)
        visible_print(stdout, "    remedy: %s\n", remedy);
    return 0;
}

int command_jobs(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    struct store_job_filter filter = {.flow = line->flow, .state = -1};
    struct store_page page = {.limit = line->limit, .budget_ms = INT64_MAX / 2};
    enum job_state state;
    bool json = line->json;
    if (line->state) {
        if (job_state_parse(line->state, &state) != 0)
            return COMMAND_MISUSED;
        filter.state = (int)state;
    }
    int rc = session_look(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    if (line->flow && !session_flow(&s, line->flow))
        rc = EXIT_USAGE;
    else if (s.store->ops->jobs(s.store, &filter, &page, print_job, &json, &err) != 0)
        rc = command_failed(&err);
    session_close(&s);
    return rc;
}
