/* SPDX-License-Identifier: MIT
 * koppel store: taking it to another place, or on to a newer schema. */
#include "commands/command_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static int show(void *arg, const json_t *progress)
{
    char *last = arg;
    const char *table = json_string_value(json_object_get(progress, "table"));
    bool any = json_integer_value(json_object_get(progress, "rows")) > 0;
    if (table && any && strcmp(last, table) != 0) {
        visible_print(stderr, "%s\n", table);
        snprintf(last, COMMAND_SIZE_BYTES, "%s", table);
    }
    return 0;
}

/* A file is meant from here, a connection string as it is. */
static char *place(const char *word)
{
    return strchr(word, '=') ? strdup(word) : command_path(word);
}

static int upgrade(const struct command_line *line)
{
    json_t *out;
    int rc = command_ask(line, "store.upgrade", json_object(), NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    int from = (int)json_integer_value(json_object_get(out, "from"));
    int to = (int)json_integer_value(json_object_get(out, "to"));
    bool later = json_is_true(json_object_get(out, "later"));
    if (line->json) {
        command_print_json(out);
        return later ? EXIT_FAILED : EXIT_OK;
    }
    if (to > from)
        visible_print(stdout, "the schema is %d now; it was %d\n", to, from);
    else if (!later)
        visible_print(stdout, "nothing to do: it is what this program knows\n");
    if (later)
        visible_print(stderr, "koppel: a host with an older program runs, which could not go on;"
                              " upgrade it first (koppel hosts)\n");
    json_decref(out);
    return later ? EXIT_FAILED : EXIT_OK;
}

int command_store(const struct command_line *line)
{
    if (line->count == 1 && strcmp(line->words[0], "upgrade") == 0)
        return upgrade(line);
    json_t *out, *in = NULL;
    char last[COMMAND_SIZE_BYTES] = "";
    if (line->count != 3 || strcmp(line->words[0], "move") != 0)
        return COMMAND_MISUSED;
    char *from = place(line->words[1]), *to = place(line->words[2]);
    if (from && to)
        in = json_pack("{s:s,s:s}", "from", from, "to", to);
    int rc = command_ask(line, "store.move", in, line->json ? NULL : show, last, &out);
    if (rc == EXIT_OK && line->json)
        command_print_json(out);
    else if (rc == EXIT_OK)
        visible_print(stdout, "%lld rows; all of it was compared. Now name %s with `store` in"
                              " koppel.conf: no engine takes %s any more\n",
                      (long long)json_integer_value(json_object_get(out, "rows")), to, from);
    if (rc == EXIT_OK && !line->json)
        json_decref(out);
    free(from);
    free(to);
    return rc;
}
