/* SPDX-License-Identifier: MIT
 * koppel status: the counts of every flow, and calls that do not come back. */
#include "commands/command_status.h"

#include <stdio.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/command_report.h"
#include "service/flows.h"

int command_status(const struct command_line *line)
{
    json_t *out, *row;
    size_t i;
    int rc = command_ask(line, "flows.status", json_object(), NULL, NULL, &out);
    json_array_foreach(json_object_get(out, "flows"), i, row) {
        command_report_flow(row, line->json);
        if (flows_are_open(row))
            rc = command_worse(rc, EXIT_PARKED);
    }
    json_array_foreach(json_object_get(out, "connections"), i, row) {
        if (line->json)
            command_print_json(json_incref(row));
        else
            visible_print(stdout, "connection %s\n  a call does not come back: %s\n",
                          json_string_value(json_object_get(row, "connection")),
                          json_string_value(json_object_get(row, "blocked")));
    }
    json_decref(out);
    return rc;
}
