/* SPDX-License-Identifier: MIT
 * koppel new: writes a folder with a plugin that builds and passes the kit, to be changed. */
#include "commands/command_new.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/visible.h"
#include "commands/skeleton.h"
#include "plugin/plugins_names.h"

/* Is there a plugin of this name? It would never be found behind that. */
static bool is_taken(const char *name, struct koppel_error *err)
{
    struct plugins *plugins = command_plugins_new(err);
    int count = 0;
    bool taken = false;
    if (!plugins)
        return false;
    char **names = plugins_names(plugins, &count);
    for (int i = 0; i < count; i++)
        taken = taken || strcmp(names[i], name) == 0;
    plugins_names_free(names, count);
    plugins_free(plugins);
    return taken;
}

int command_new(const struct command_line *line)
{
    const char *kind = line->words[0], *name = line->words[1];
    struct koppel_error err = {0};
    char folder[SKELETON_NAME_BYTES + sizeof "/debian"];
    int count = 0;
    if (strcmp(kind, "connector") != 0 && strcmp(kind, "transform") != 0)
        return COMMAND_MISUSED;
    if (!skeleton_is_name(name)) {
        visible_print(stderr, "koppel: \"%s\" is no name for a plugin; small letters and digits, "
                              "such as acme\n", name);
        return EXIT_USAGE;
    }
    if (is_taken(name, &err)) {
        visible_print(stderr, "koppel: there is a plugin %s already; take another name\n", name);
        return EXIT_USAGE;
    }
    if (skeleton_copy(kind, name, name, &count, &err) < 0)
        return command_failed(&err);
    snprintf(folder, sizeof folder, "%s/debian", name);
    if (line->debian && skeleton_copy("debian", folder, name, &count, &err) < 0)
        return command_failed(&err);
    visible_print(stdout, "%s has %d files of a %s that works with a service that does not exist\n"
                          "next: cd %s && make && make check, then change what is marked\n",
                  name, count, kind, name);
    return EXIT_OK;
}
