/* SPDX-License-Identifier: MIT
 * koppel backup: store and configuration in one file. */
#include "commands/command_backup.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/visible.h"
#include "commands/command_ask.h"

static void print_names(const char *before, const json_t *names, const char *after)
{
    const char *between = "";
    size_t i;
    json_t *name;
    if (json_array_size(names) == 0)
        return;
    printf("%s", before);
    json_array_foreach(names, i, name) {
        visible_print(stdout, "%s%s", between, json_string_value(name));
        between = ", ";
    }
    puts(after);
}

int command_backup(const struct command_line *line)
{
    json_t *out;
    char *path = command_path(line->words[0]), size[COMMAND_SIZE_BYTES];
    int rc = command_ask(line, "backups.make", path ? json_pack("{s:s}", "file", path) : NULL, NULL,
                         NULL, &out);
    free(path);
    if (rc != EXIT_OK)
        return rc;
    if (line->json) {
        command_print_json(out);
        return EXIT_OK;
    }
    visible_print(stdout, "%s: the store and %lld files of the configuration, %s\n",
                  json_string_value(json_object_get(out, "file")),
                  json_integer_value(json_object_get(out, "files")),
                  command_size(json_integer_value(json_object_get(out, "bytes")), size));
    print_names("not in it: ", json_object_get(out, "secrets"),
                "; keep these elsewhere: nobody can read the backup without its key");
    print_names("left out, as they are no texts of a configuration: ",
                json_object_get(out, "left_out"), "");
    json_decref(out);
    return EXIT_OK;
}
