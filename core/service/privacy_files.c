/* SPDX-License-Identifier: MIT
 * Files of the configuration that name a person. */
#include "service/privacy_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_source.h"

#define DEPTH 4 /* mappings/CONNECTOR/NAME.cases/FILE */

struct walk {
    const char *dir;
    struct address *address;
    json_t *out;
};

static bool ends(const char *name, const char *end)
{
    size_t n = strlen(name), k = strlen(end);
    return n > k && strcmp(name + n - k, end) == 0;
}

static int is_shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

/* Is it of the files that pages show? */
static bool is_text(const char *name)
{
    return ends(name, ".conf") || ends(name, ".csv") || ends(name, ".json");
}

static bool is_named(const json_t *names, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(names, i, one) {
        if (strcmp(json_string_value(one), name) == 0)
            return true;
    }
    return false;
}

static int see_text(void *arg, const char *name, const char *text, size_t bytes)
{
    struct walk *w = arg;
    int found = is_text(name) && !is_named(w->out, name) ? address_in(w->address, text, bytes) : 0;
    return found <= 0 ? found : json_array_append_new(w->out, json_string_nocheck(name));
}

static int see_file(struct walk *w, const char *path)
{
    const char *why;
    size_t bytes = 0;
    char *text = conf_source_disk(path, &bytes, &why);
    int rc = text ? see_text(w, path + strlen(w->dir) + 1, text, bytes) : 0;
    free(text);
    return rc;
}

static int see_folder(struct walk *w, const char *folder, int depth)
{
    struct dirent **list = NULL;
    int n = scandir(folder, &list, is_shown, alphasort), rc = 0;
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        char *path = NULL;
        if (rc == 0 && asprintf(&path, "%s/%s", folder, name) < 0)
            rc = -1;
        else if (rc == 0 && list[i]->d_type == DT_DIR && depth < DEPTH)
            rc = see_folder(w, path, depth + 1);
        else if (rc == 0 && is_text(name))
            rc = see_file(w, path);
        free(path);
        free(list[i]);
    }
    free(list);
    return rc;
}

int privacy_files(const char *dir, struct address *a, json_t *out)
{
    struct walk w = {dir, a, out};
    bool ignored;
    int rc = conf_source_standing(dir, &ignored, see_text, &w);
    /* the disk too: what does not count there now is published by the next koppel publish --over */
    return rc == 0 ? see_folder(&w, dir, 1) : rc;
}
