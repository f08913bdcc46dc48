/* SPDX-License-Identifier: MIT
 * The names of the plugins that lie in the directories. */
#include "plugin/plugins_names.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 1000

struct name_list {
    char **names;
    int count, room;
};

static int add_name(struct name_list *l, const char *name)
{
    for (int i = 0; i < l->count; i++) {
        if (strcmp(l->names[i], name) == 0)
            return 0;
    }
    if (l->count == NAMES_MAX)
        return -1;
    if (l->count == l->room) {
        int room = l->room ? l->room * 2 : 16;
        char **names = realloc(l->names, (size_t)room * sizeof(*names));
        if (!names)
            return -1;
        l->names = names;
        l->room = room;
    }
    l->names[l->count] = strdup(name);
    if (!l->names[l->count])
        return -1;
    l->count++;
    return 0;
}

/* The plugin's name where this directory entry is one, in any of the three forms. */
static bool entry_name(const char *dir, const char *entry, char out[PLUGINS_NAME_BYTES + 1])
{
    char path[PATH_MAX];
    size_t n = strlen(entry);
    if (n > 3 && n - 3 <= PLUGINS_NAME_BYTES && strcmp(entry + n - 3, ".so") == 0) {
        memcpy(out, entry, n - 3);
        out[n - 3] = '\0';
        return plugins_is_name(out);
    }
    if (!plugins_is_name(entry))
        return false;
    for (int form = 1; form < PLUGINS_FORMS; form++) {
        if (plugins_candidate(dir, entry, form, path) == 0 && access(path, F_OK) == 0) {
            memcpy(out, entry, n + 1);
            return true;
        }
    }
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **plugins_names(struct plugins *p, int *count)
{
    struct name_list list = {0};
    char name[PLUGINS_NAME_BYTES + 1];
    const char *path;
    for (int i = 0; (path = plugins_dir(p, i)) != NULL; i++) {
        DIR *dir = opendir(path);
        struct dirent *entry;
        while (dir && (entry = readdir(dir))) {
            if (entry_name(path, entry->d_name, name) && add_name(&list, name) < 0)
                break;
        }
        if (dir)
            closedir(dir);
    }
    if (list.count > 1)
        qsort(list.names, (size_t)list.count, sizeof(*list.names), compare_names);
    *count = list.count;
    return list.names;
}

void plugins_names_free(char **names, int count)
{
    for (int i = 0; names && i < count; i++)
        free(names[i]);
    free(names);
}
