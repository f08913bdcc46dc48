/* SPDX-License-Identifier: MIT
 * koppel restore: what a backup holds, in the place of the store or in a folder of its own. */
#include "commands/command_restore.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text(const json_t *out, const char *name)
{
    return json_string_value(json_object_get(out, name));
}

static long long number(const json_t *out, const char *name)
{
    return json_integer_value(json_object_get(out, name));
}

/* What it means that a store knows less than the world. */
static void print_meaning(const json_t *out)
{
    visible_print(stdout,
                  "It is older than what was delivered since. Each of the %lld records that it"
                  " knows at a destination\nis looked up there before it is written again; so are"
                  " the %lld jobs that had not ended, and all\nthat is read until each source was"
                  " read to its end once. What is there already is not made twice.\nWhat can"
                  " neither be looked up nor repeated safely is parked as \"unsure\": see koppel"
                  " jobs.\nPauses, and persons who were erased, are as they were then: see koppel"
                  " status, koppel person.\n", number(out, "links"), number(out, "open"));
}

static void print_restored(const json_t *out)
{
    visible_print(stdout, "%s is as it was at %s\n", text(out, "store"), text(out, "made"));
    if (text(out, "replaced"))
        visible_print(stdout, "what stood there is %s now: remove it when all is well\n",
                      text(out, "replaced"));
    if (json_is_true(json_object_get(out, "older")))
        print_meaning(out);
    else
        puts("Nothing was written since: it goes on where it was.");
}

static void print_unpacked(const json_t *out)
{
    visible_print(stdout, "%s is the store as it was at %s, with %lld files of its configuration"
                          " beside it\n", text(out, "store"), text(out, "made"),
                  number(out, "files"));
    if (text(out, "named"))
        visible_print(stdout, "koppel.conf there names %s: set store.path, or move the store\n",
                      text(out, "named"));
    puts("Where it is used in the place of another one:");
    print_meaning(out);
}

int command_restore(const struct command_line *line)
{
    json_t *out, *in = json_object();
    char *file = command_path(line->words[0]), *to = line->to ? command_path(line->to) : NULL;
    if (!in || !file || (line->to && !to) ||
        json_object_set_new(in, "file", json_string(file)) != 0 ||
        (to && json_object_set_new(in, "to", json_string(to)) != 0)) {
        json_decref(in);
        in = NULL;
    }
    free(file);
    free(to);
    int rc = command_ask(line, line->to ? "backups.unpack" : "backups.restore", in, NULL, NULL,
                         &out);
    if (rc != EXIT_OK)
        return rc;
    if (line->json) {
        command_print_json(out);
        return EXIT_OK;
    }
    if (line->to)
        print_unpacked(out);
    else
        print_restored(out);
    json_decref(out);
    return EXIT_OK;
}
