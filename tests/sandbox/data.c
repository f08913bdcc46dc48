// SPDX-License-Identifier: MIT
// The files the sandbox is seeded from; see data.h.
#include "data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES 8

static struct file {
    char name[40];
    json_t *json;
} files[FILES];

static void complain(const char *name, const char *why)
{
    fprintf(stderr, "koppel-sandbox: %s: %s\n", name, why);
    exit(1);
}

static FILE *file_in(const char *folder, const char *name)
{
    char path[4300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "r");
}

static FILE *file_open(const char *name)
{
    char folder[4200], program[4096];
    ssize_t bytes = readlink("/proc/self/exe", program, sizeof program - 1);
    program[bytes > 0 ? bytes : 0] = '\0';
    char *last = strrchr(program, '/');
    snprintf(folder, sizeof folder, "%.*s/data", last ? (int)(last - program) : 0, program);
    FILE *in = file_in(folder, name);
    return in ? in : file_in(SANDBOX_DATADIR, name);
}

char *data_text(const char *name)
{
    FILE *in = file_open(name);
    size_t bytes = 0, room = 0;
    char *text = NULL;
    if (!in)
        complain(name, "neither beside the program in data/ nor in " SANDBOX_DATADIR);
    for (size_t got = 1; got > 0; bytes += got) {
        if (room - bytes < 65536) {
            room += 131072;
            text = realloc(text, room);
            if (!text)
                complain(name, "out of memory");
        }
        got = fread(text + bytes, 1, room - bytes - 1, in);
    }
    if (ferror(in))
        complain(name, "cannot be read");
    fclose(in);
    text[bytes] = '\0';
    return text;
}

json_t *data_json(const char *name)
{
    json_error_t why;
    int i = 0;
    while (i < FILES && files[i].json) {
        if (strcmp(files[i].name, name) == 0)
            return files[i].json;
        i++;
    }
    if (i == FILES)
        complain(name, "too many files");

    char *text = data_text(name);
    files[i].json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    free(text);
    if (!files[i].json)
        complain(name, why.text);
    snprintf(files[i].name, sizeof files[i].name, "%s", name);
    return files[i].json;
}

const char *data_word(const json_t *record, const char *member)
{
    const char *text = json_string_value(json_object_get(record, member));
    return text ? text : "";
}

json_int_t data_number(const json_t *record, const char *member)
{
    return json_integer_value(json_object_get(record, member));
}

bool data_is(const json_t *record, const char *member)
{
    return json_is_true(json_object_get(record, member));
}

const char *data_pick(const json_t *record, const char *list, size_t n)
{
    const json_t *texts = json_object_get(record, list);
    size_t count = json_array_size(texts);
    const char *text = count ? json_string_value(json_array_get(texts, n % count)) : NULL;
    if (!text)
        complain(list, "is no list of texts");
    return text;
}
