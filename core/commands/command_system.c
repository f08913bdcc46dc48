/* SPDX-License-Identifier: MIT
 * koppel system: the program and its machine, and what a maintainer asks for. */
#include "commands/command_system.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/visible.h"
#include "commands/command_ask.h"

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static long long number(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static const char *size_of(const json_t *row, const char *name, char out[COMMAND_SIZE_BYTES])
{
    long long bytes = number(row, name);
    if (bytes < 0)
        snprintf(out, COMMAND_SIZE_BYTES, "unknown");
    return bytes < 0 ? out : command_size(bytes, out);
}

static void print_engine(const json_t *out)
{
    char up[CLOCK_DURATION_BYTES];
    if (!json_is_string(json_object_get(out, "started"))) {
        puts("engine: none runs");
        return;
    }
    clock_format_duration(number(out, "up_ms") / 60000 * 60000, up);
    visible_print(stdout, "engine: runs since %s (%s)%s, %lld threads\n", text_of(out, "started"),
                  up, json_is_true(json_object_get(out, "safe")) ? ", in safe mode" : "",
                  number(out, "threads"));
}

static void print(const json_t *out)
{
    const json_t *machine = json_object_get(out, "machine"), *store = json_object_get(out, "store"),
                 *flows = json_object_get(out, "flows"), *one;
    char a[COMMAND_SIZE_BYTES], b[COMMAND_SIZE_BYTES], c[COMMAND_SIZE_BYTES];
    size_t i;
    visible_print(stdout, "koppel %s, %s\n", text_of(out, "version"), text_of(out, "dir"));
    print_engine(out);
    visible_print(stdout, "machine: %s, %s, %lld processors, %s of memory\n",
                  text_of(machine, "system"), text_of(machine, "kernel"),
                  number(machine, "processors"), size_of(machine, "memory", a));
    visible_print(stdout, "store: %s: %s, log %s; %s of its disk are free\n",
                  text_of(store, "path"), size_of(store, "file", a), size_of(store, "log", b),
                  size_of(store, "disk_free", c));
    visible_print(stdout, "configuration: %lld flows, %lld of them on; %lld connections\n",
                  number(flows, "all"), number(flows, "enabled"), number(out, "connections"));
    json_array_foreach(json_object_get(out, "plugins"), i, one)
        visible_print(stdout, "plugin %s %s%s\n", text_of(one, "name"), text_of(one, "version"),
                      text_of(one, "error"));
}

int command_system(const struct command_line *line)
{
    static const char *const words[] = {"bundle"};
    bool bundle = line->count > 0 && strcmp(line->words[0], words[0]) == 0;
    json_t *out;
    if (line->count > 0 && !bundle)
        return command_unknown("word", line->words[0], "koppel system", words, 1);
    int rc = command_ask(line, bundle ? "system.bundle" : "system.show", json_object(), NULL, NULL,
                         &out);
    if (rc != EXIT_OK)
        return rc;
    if (bundle)
        printf("%s\n", text_of(out, "text"));
    else if (line->json)
        command_print_json(json_incref(out));
    else
        print(out);
    json_decref(out);
    return EXIT_OK;
}
