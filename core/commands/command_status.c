/* SPDX-License-Identifier: MIT
 * koppel status: the counts of every flow. */
#include "commands/command_status.h"

#include <stdio.h>
#include <string.h>

#include "commands/command_report.h"
#include "commands/session.h"

/* A call into a plugin that does not come back, as the engine has noted it. */
static int print_blocked(void *arg, const char *name, const char *words)
{
    const bool *json = arg;
    const char *connection = name + strlen(CONNECTION_BLOCKED);
    if (*json)
        command_print_json(json_pack("{s:s,s:s}", "connection", connection, "blocked", words));
    else
        printf("connection %s\n  a call does not come back: %s\n", connection, words);
    return 0;
}

int command_status(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_look(&s, line, ENGINE_LOOK);
    if (rc != EXIT_OK)
        return rc;
    for (int i = 0; i < s.conf->flow_count; i++) {
        bool open = false;
        if (command_report_flow(s.store, s.conf->flows[i].name, line->json, &open, &err) !=
            0) {
            rc = command_failed(&err);
            break;
        }
        if (open)
            rc = EXIT_PARKED;
    }
    bool json = line->json;
    if (s.store->ops->notes(s.store, CONNECTION_BLOCKED, print_blocked, &json, &err) != 0)
        rc = command_failed(&err);
    session_close(&s);
    return rc;
}
