/* SPDX-License-Identifier: MIT
 * koppel edit: a job's record, changed by a person, tried again. */
#include "commands/command_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/record_file.h"

/* {"path": "value"} of the words PATH=VALUE; NULL: one is none. */
static json_t *read_words(const struct command_line *line)
{
    json_t *set = json_object();
    for (int i = 1; i < line->count; i++) {
        char path[256];
        const char *value = strchr(line->words[i], '=');
        size_t n = value ? (size_t)(value - line->words[i]) : 0;
        if (n == 0 || n >= sizeof path) {
            visible_print(stderr, "koppel: \"%s\" is no PATH=VALUE\n", line->words[i]);
            json_decref(set);
            return NULL;
        }
        snprintf(path, sizeof path, "%.*s", (int)n, line->words[i]);
        json_object_set_new(set, path, json_string(value + 1));
    }
    return set;
}

/* The record that a file holds; NULL: it was told why not. */
static json_t *read_file(const char *name)
{
    json_t *records = record_file_read(name), *record = NULL;
    if (json_array_size(records) == 1)
        record = json_incref(json_array_get(records, 0));
    else if (records)
        visible_print(stderr, "koppel: %s holds more than one record\n", name);
    json_decref(records);
    return record;
}

int command_edit(const struct command_line *line)
{
    json_t *out, *in = json_pack("{s:s}", "job", line->words[0]);
    if (!line->why || (line->file != NULL) == (line->count > 1)) {
        json_decref(in);
        return COMMAND_MISUSED; /* a file, or what is to be changed */
    }
    json_object_set_new(in, "why", json_string(line->why));
    json_t *change = line->file ? read_file(line->file) : read_words(line);
    if (!change) {
        json_decref(in);
        return EXIT_USAGE;
    }
    json_object_set_new(in, line->file ? "record" : "set", change);
    int rc = command_ask(line, "jobs.edit", in, NULL, NULL, &out);
    if (rc == EXIT_OK)
        visible_print(stdout, "%s is due with the changed record\n", line->words[0]);
    json_decref(out);
    return rc;
}
