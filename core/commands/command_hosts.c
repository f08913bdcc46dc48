/* SPDX-License-Identifier: MIT
 * koppel hosts: the engines that share the store. */
#include "commands/command_hosts.h"

#include "commands/history_rows.h"
#include "commands/paper.h"

static void add_host(struct paper *p, const json_t *host, const struct zone *zone)
{
    char at[PAPER_TIME_BYTES];
    bool alive = json_is_true(json_object_get(host, "alive"));
    bool leads = json_is_true(json_object_get(host, "leads"));
    paper_cell(p, PAPER_STRONG, "%s", history_rows_text(host, "host"));
    paper_cell(p, PAPER_FAINT, "%" JSON_INTEGER_FORMAT,
               json_integer_value(json_object_get(host, "pid")));
    paper_cell(p, alive ? PAPER_GOOD : PAPER_CARE, "%s",
               !alive ? "silent" : leads ? "leads" : "works");
    paper_cell(p, PAPER_FAINT, "%s", history_rows_text(host, "program"));
    if (json_integer_value(json_object_get(host, "revision")) > 0)
        paper_cell(p, PAPER_PLAIN, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(host, "revision")));
    else
        paper_cell(p, PAPER_FAINT, "%s", "files");
    paper_cell(p, PAPER_PLAIN, "%" JSON_INTEGER_FORMAT,
               json_integer_value(json_object_get(host, "partitions")));
    paper_cell(p, PAPER_PLAIN, "%s",
               paper_ago_text(history_rows_text(host, "started"), "", zone, at));
    paper_cell(p, PAPER_PLAIN, "%s", paper_ago_text(history_rows_text(host, "seen"), "", zone, at));
    paper_cell(p, PAPER_BAD, "%s", history_rows_text(host, "lacks"));
}

int command_hosts(const struct command_line *line)
{
    static const char *const heads[] = {"HOST", ">PID", "STATE", "PROGRAM", ">REVISION",
                                        ">PARTITIONS", "STARTED", "SEEN", "NOT TAKEN"};
    static const struct history_rows rows = {"hosts.list", "hosts", heads,
                                             sizeof heads / sizeof *heads, add_host,
                                             "no other engine: several share a store on"
                                             " PostgreSQL only"};
    return history_rows_print(line, &rows, json_object());
}
