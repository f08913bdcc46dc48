/* SPDX-License-Identifier: MIT
 * koppel status: the counts of every flow. */
#include "commands/command_status.h"

#include "commands/session.h"
#include "commands/command_report.h"

int command_status(const struct command_line *line)
{
    struct session s;
    struct koppel_error err = {0};
    int rc = session_look(&s, line);
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
    session_close(&s);
    return rc;
}
