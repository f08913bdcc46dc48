/* SPDX-License-Identifier: MIT
 * koppel user: who may log in to the dashboard. */
#include "commands/command_user.h"

#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

/* A link for the first user. */
static int claim(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "users.claim", json_object(), NULL, NULL, &out);
    if (rc == EXIT_OK && line->json)
        command_print_json(json_incref(out));
    else if (rc == EXIT_OK)
        visible_print(stdout, "%s\n", text_of(out, "url"));
    json_decref(out);
    return rc;
}

int command_user(const struct command_line *line)
{
    static const struct {
        const char *name;
        int words;
        int (*run)(const struct command_line *line);
    } orders[] = {{"claim", 1, claim}};
    const char *names[sizeof orders / sizeof *orders];
    const int count = (int)(sizeof orders / sizeof *orders);
    for (int i = 0; i < count; i++) {
        names[i] = orders[i].name;
        if (strcmp(line->words[0], names[i]) == 0)
            return line->count == orders[i].words ? orders[i].run(line) : COMMAND_MISUSED;
    }
    return command_unknown("order", line->words[0], "koppel user", names, count);
}
