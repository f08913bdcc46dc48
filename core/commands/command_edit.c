/* SPDX-License-Identifier: MIT
 * koppel edit: a job's record, changed by a person, tried again. */
#include "commands/command_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/json_text.h"
#include "base/visible.h"
#include "commands/command_ask.h"
#include "commands/editor.h"
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

/* The record as it is now, with what a person made of it before; NULL: it was told why not. */
static json_t *current(const struct command_line *line, int *rc)
{
    json_t *job, *record;
    *rc = command_ask(line, "jobs.show",
                      json_pack("{s:o}", "job", command_json_text(line->words[0])), NULL, NULL,
                      &job);
    if (*rc != EXIT_OK)
        return NULL;
    record = json_object_get(job, "record");
    if (!json_is_object(record))
        record = json_object_get(job, "source");
    record = json_is_object(record) ? json_incref(record) : NULL;
    json_decref(job);
    if (!record) {
        visible_print(stderr, "koppel: its record was erased, or cannot be read: give a whole one"
                      " with --file\n");
        *rc = EXIT_FAILED;
    }
    return record;
}

/* On a terminal a slip in the JSON is mended where it was made. */
static bool again(const char *why)
{
    char answer[16] = "";
    visible_print(stderr, "koppel: %s\n", why);
    if (!isatty(STDIN_FILENO))
        return false;
    visible_print(stderr, "Edit it again? [Y/n] ");
    return fgets(answer, sizeof answer, stdin) && answer[0] != 'n' && answer[0] != 'N';
}

/* Until it is a record; NULL: it was told why not. text is freed. */
static json_t *changed(char *text_take, int *rc)
{
    struct koppel_error err = {0};
    char *text = text_take;
    for (;;) {
        struct json_read_error place;
        char *made = NULL;
        bool failed = editor_change(text, &made, &err) != 0;
        free(text);
        text = made;
        if (failed) {
            *rc = command_failed(&err);
            return NULL;
        }
        json_t *record = json_read_text(text, &place);
        if (json_is_object(record)) {
            free(text);
            return record;
        }
        if (record)
            err_set(&err, KOPPEL_E_REJECTED, "this is no record, which is an object");
        else
            (void)json_read_fail(&place, KOPPEL_E_REJECTED, "this is no JSON", &err);
        json_decref(record);
        *rc = EXIT_USAGE;
        if (!again(err.text)) {
            free(text);
            return NULL;
        }
    }
}

/* What the person makes of the record; NULL with EXIT_OK: nothing else. */
static json_t *edit(const struct command_line *line, int *rc)
{
    json_t *before = current(line, rc);
    char *text = before ? json_text_lines(before) : NULL;
    json_t *after = text ? changed(text, rc) : NULL;
    if (after) {
        *rc = EXIT_OK;
        if (json_equal(before, after)) {
            visible_print(stdout, "nothing was changed\n");
            json_decref(after);
            after = NULL;
        }
    }
    json_decref(before);
    return after;
}

int command_edit(const struct command_line *line)
{
    json_t *out, *in, *change;
    int rc = EXIT_USAGE;
    bool words = line->count > 1;
    if (!line->why || (line->file && words))
        return COMMAND_MISUSED; /* a file, or what is to be changed */
    change = line->file ? read_file(line->file) : words ? read_words(line) : edit(line, &rc);
    if (!change)
        return rc;
    in = json_pack("{s:o,s:s,s:o}", "job", command_json_text(line->words[0]), "why", line->why,
                   words ? "set" : "record", change);
    rc = command_ask(line, "jobs.edit", in, NULL, NULL, &out);
    if (rc == EXIT_OK)
        visible_print(stdout, "%s is due with the changed record\n", line->words[0]);
    json_decref(out);
    return rc;
}
