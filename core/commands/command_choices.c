/* SPDX-License-Identifier: MIT
 * koppel choices: what a system has in one of its lists, for settings and tables. */
#include "commands/command_choices.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/visible.h"
#include "commands/session.h"
#include "connection/connection_choices.h"

static int print_lists(const struct conf_connection *conf, bool json)
{
    for (int i = 0; i < conf->catalogue->choice_count; i++) {
        const char *name = conf->catalogue->choices[i];
        if (json)
            command_print_json(json_pack("{s:o}", "list", command_json_text(name)));
        else
            visible_print(stdout, "%s\n", name);
    }
    return EXIT_OK;
}

static int print_choices(struct connection *c, const char *list, bool json)
{
    struct koppel_error err = {0};
    struct koppel_list rows = {0};
    int rc = EXIT_OK;
    if (connection_choices(c, list, &rows, &err) != 0)
        rc = command_failed(&err);
    for (int i = 0; i < rows.count && rc == EXIT_OK; i++) {
        if (json)
            command_print_json(json_pack("{s:o,s:o}", "value",
                                         command_json_text(rows.rows[i].value), "title",
                                         command_json_text(rows.rows[i].title)));
        else
            visible_print(stdout, "%-16s %s\n", rows.rows[i].value, rows.rows[i].title);
    }
    list_done(&rows);
    return rc;
}

/* The lists that the connector has; the nearest one where this is none of them. */
static bool known_list(const struct conf_connection *conf, const char *list)
{
    const struct catalogue *cat = conf->catalogue;
    for (int i = 0; i < cat->choice_count; i++) {
        if (strcmp(cat->choices[i], list) == 0)
            return true;
    }
    const char *nearest = nearest_name(list, cat->choices, cat->choice_count);
    visible_print(stderr, "koppel: %s has no list \"%s\"%s%s%s; koppel choices %s shows them\n",
                  conf->name, list, nearest ? ", perhaps \"" : "", nearest ? nearest : "",
                  nearest ? "\"" : "", conf->name);
    return false;
}

int command_choices(const struct command_line *line)
{
    struct session s;
    int rc = session_load(&s, line);
    if (rc != EXIT_OK)
        return rc;
    const struct conf_connection *conf = session_connection(&s, line->words[0]);
    if (!conf) {
        rc = EXIT_USAGE;
    } else if (line->count == 1) {
        rc = print_lists(conf, line->json);
    } else if (!known_list(conf, line->words[1])) {
        rc = EXIT_USAGE;
    } else {
        rc = session_start(&s, ENGINE_LOOK);
        if (rc != EXIT_OK)
            return rc;
        rc = print_choices(engine_connection(&s.engine, conf), line->words[1], line->json);
    }
    session_close(&s);
    return rc;
}
