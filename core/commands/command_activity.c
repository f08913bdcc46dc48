/* SPDX-License-Identifier: MIT
 * koppel activity: one job from its source payload through every attempt. */
#include "commands/command_activity.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/visible.h"
#include "commands/session.h"

static int collect(void *arg, const struct store_activity *a)
{
    char at[CLOCK_TEXT_BYTES];
    clock_format(a->at_ms, at);
    json_t *steps = a->steps ? json_read_text(a->steps, NULL) : NULL;
    json_t *row = json_pack("{s:s,s:i,s:o?}", "at", at, "attempt", a->attempt, "activity", steps);
    return json_array_append_new(arg, row);
}

int command_activity(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    struct job_id id;
    char flow[JOB_ID_BYTES], at[CLOCK_TEXT_BYTES];
    struct store_job_row row = {0};
    char *payload = NULL;
    int found = 0;
    if (job_id_parse(line->words[0], flow, &id) != 0) {
        visible_print(stderr, "koppel: \"%s\" is no job; koppel jobs lists them\n", line->words[0]);
        return EXIT_USAGE;
    }
    int rc = session_look(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    struct store *store = s.store;
    json_t *attempts = json_array();
    if (store->ops->job(store, id, &row, &payload, &found, &err) != 0 ||
        (found && store->ops->activity(store, id, collect, attempts, &err) != 0)) {
        rc = command_failed(&err);
    } else if (!found) {
        visible_print(stderr, "koppel: there is no job %s\n", line->words[0]);
        rc = EXIT_FAILED;
    } else {
        clock_format(row.at_ms, at);
        json_t *source = payload ? json_read_text(payload, NULL) : NULL;
        json_t *all = json_pack(
            "{s:o,s:o,s:s,s:s,s:o,s:o,s:o,s:o?,s:O}", "job", command_json_text(line->words[0]),
            "key", command_json_text(row.key), "accepted", at, "state", job_state_name(row.state),
            "reason", command_json_text(row.reason ? row.reason : ""), "detail",
            command_json_text(row.detail ? row.detail : ""), "remote_id",
            command_json_text(row.remote_id), "source", source, "attempts", attempts);
        if (line->json) {
            command_print_json(all);
        } else {
            char *text = json_text_lines(all);
            visible_print(stdout, "%s\n", text ? text : "the job cannot be shown");
            free(text);
            json_decref(all);
        }
    }
    json_decref(attempts);
    free(payload);
    store_job_row_done(&row);
    session_close(&s);
    return rc;
}
