/* SPDX-License-Identifier: MIT
 * What the commands share: how an error ends the program, and what is printed. */
#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_text.h"
#include "base/nearest.h"
#include "base/visible.h"
#include "connection/host.h"

#ifndef KOPPEL_PLUGINDIR
#define KOPPEL_PLUGINDIR "/usr/lib/koppel/plugins"
#endif

int command_code(const struct koppel_error *err)
{
    return err->kind == KOPPEL_E_CONFIG ? EXIT_CONFIG : EXIT_FAILED;
}

int command_failed(const struct koppel_error *err)
{
    visible_print(stderr, "koppel: %s\n", err->text[0] ? err->text : "failed without a reason");
    return command_code(err);
}

int command_unknown(const char *thing, const char *name, const char *place,
                    const char *const *names, int count)
{
    const char *nearest = nearest_name(name, names, count);
    visible_print(stderr, "koppel: no %s \"%s\" in %s%s%s%s\n", thing, name, place,
                  nearest ? ", perhaps \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
    return EXIT_USAGE;
}

struct plugins *command_plugins_new(struct koppel_error *err)
{
    const char *own = getenv("KOPPEL_PLUGINS");
    const char *const dirs[] = {own && *own ? own : KOPPEL_PLUGINDIR, NULL};
    return plugins_new(dirs, &host_table, err);
}

/* Something was not printed, and told. */
static bool output_lost;

char *command_path(const char *word)
{
    char *path = NULL, *here = *word == '/' ? NULL : getcwd(NULL, 0);
    if (*word == '/')
        return strdup(word);
    if (here && asprintf(&path, "%s/%s", here, word) < 0)
        path = NULL;
    free(here);
    return path;
}

const char *command_size(long long bytes, char out[COMMAND_SIZE_BYTES])
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    long long tenths = bytes * 10;
    int unit = 0;
    for (; tenths >= 10240 && unit < 4; unit++)
        tenths /= 1024;
    if (unit == 0)
        snprintf(out, COMMAND_SIZE_BYTES, "%lld bytes", bytes);
    else
        snprintf(out, COMMAND_SIZE_BYTES, "%lld.%lld %s", tenths / 10, tenths % 10, units[unit]);
    return out;
}

json_t *command_words(const struct command_line *line, int from)
{
    json_t *list = json_array();
    for (int i = from; i < line->count; i++)
        (void)json_array_append_new(list, command_json_text(line->words[i]));
    return list;
}

json_t *command_json_text(const char *text)
{
    return text ? json_string_nocheck(text) : json_null();
}

void command_print_json(json_t *value_take)
{
    char *text = value_take ? json_text(value_take, false, NULL) : NULL;
    json_decref(value_take);
    if (!text) {
        visible_print(stderr, "koppel: a row cannot be told as JSON; without --json it can\n");
        output_lost = true;
        return;
    }
    visible_print(stdout, "%s\n", text); /* its escapes are those of JSON, too */
    free(text);
}

int command_end(int rc)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        visible_print(stderr, "koppel: the output cannot be written: %s\n", strerror(errno));
        output_lost = true;
    }
    return output_lost ? command_worse(rc, EXIT_FAILED) : rc;
}

int command_worse(int a, int b)
{
    return a > b ? a : b;
}
