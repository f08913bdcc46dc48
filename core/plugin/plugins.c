/* SPDX-License-Identifier: MIT
 * The directories of plugins, and those that were loaded from them. */
#include "plugin/plugins.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/plugins_open.h"

#define DIRS_MAX 64
#define PLUGINS_MAX 1000

struct plugins {
    char *dirs[DIRS_MAX]; /* absolute */
    int dir_count;
    const struct koppel_host *host;
    pthread_mutex_t lock; /* guards what follows, and libltdl */
    struct plugin *list[PLUGINS_MAX]; /* pointers: a struct plugin never moves */
    int count;
};

static char *absolute(const char *path)
{
    char *real = realpath(path, NULL);
    char here[PATH_MAX], *made = NULL;
    if (real || path[0] == '/')
        return real ? real : strdup(path);
    if (!getcwd(here, sizeof(here)) || asprintf(&made, "%s/%s", here, path) < 0)
        return NULL;
    return made;
}

struct plugins *plugins_new(const char *const *dirs, const struct koppel_host *host,
                            struct koppel_error *err)
{
    struct plugins *p = calloc(1, sizeof(*p));
    if (!p) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    if (plugins_open_start(err) < 0) {
        free(p);
        return NULL;
    }
    p->host = host;
    pthread_mutex_init(&p->lock, NULL);
    for (int i = 0; dirs[i]; i++) {
        if (p->dir_count == DIRS_MAX) {
            err_set(err, KOPPEL_E_CONFIG, "more than %d plugin directories", DIRS_MAX);
            goto fail;
        }
        p->dirs[p->dir_count] = absolute(dirs[i]);
        if (!p->dirs[p->dir_count]) {
            err_set(err, KOPPEL_E_RETRY, "out of memory");
            goto fail;
        }
        p->dir_count++;
    }
    return p;
fail:
    plugins_free(p);
    return NULL;
}

void plugins_free(struct plugins *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        plugins_open_free(p->list[i]);
    for (int i = 0; i < p->dir_count; i++)
        free(p->dirs[i]);
    pthread_mutex_destroy(&p->lock);
    free(p);
    plugins_open_stop();
}

const char *plugins_dir(const struct plugins *p, int i)
{
    return i < p->dir_count ? p->dirs[i] : NULL;
}

int plugins_candidate(const char *dir, const char *name, int form, char out[PATH_MAX])
{
    int n = form == 0 ? snprintf(out, PATH_MAX, "%s/%s.so", dir, name)
          : form == 1 ? snprintf(out, PATH_MAX, "%s/%s/%s.so", dir, name, name)
                      : snprintf(out, PATH_MAX, "%s/%s/.libs/%s.so", dir, name, name);
    return n > 0 && n < PATH_MAX ? 0 : -1;
}

bool plugins_is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return n > 0 && name[n] == '\0' && n <= PLUGINS_NAME_BYTES;
}

/* The absolute path of the plugin's file; the caller frees it. */
static char *find_file(const struct plugins *p, const char *name, struct koppel_error *err)
{
    char path[PATH_MAX], dirs[512] = "";
    char *found = NULL;
    if (strchr(name, '/')) {
        found = realpath(name, NULL);
        if (!found)
            err_set(err, KOPPEL_E_CONFIG, "plugin %s: %s", name, strerror(errno));
        return found;
    }
    if (!plugins_is_name(name)) {
        err_set(err, KOPPEL_E_CONFIG, "\"%s\" is no name of a plugin: letters, digits, _ and -",
                name);
        return NULL;
    }
    for (int i = 0; i < p->dir_count; i++) {
        for (int form = 0; form < PLUGINS_FORMS; form++) {
            if (plugins_candidate(p->dirs[i], name, form, path) == 0 && access(path, F_OK) == 0
                && (found = realpath(path, NULL)))
                return found;
        }
        size_t used = strlen(dirs);
        snprintf(dirs + used, sizeof(dirs) - used, "%s%s", used ? ", " : "", p->dirs[i]);
    }
    err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\": no %s.so in %s", name, name,
            dirs[0] ? dirs : "any directory (none is configured)");
    return NULL;
}

/* "asperion" of "/usr/lib/koppel/plugins/asperion.so". */
static int name_of(const char *path, char out[PLUGINS_NAME_BYTES + 1], struct koppel_error *err)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t n = strlen(base);
    if (n < 4 || n - 3 > PLUGINS_NAME_BYTES || strcmp(base + n - 3, ".so") != 0)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected a file NAME.so, found \"%s\"", path, base);
    memcpy(out, base, n - 3);
    out[n - 3] = '\0';
    return 0;
}

/* Under the lock. */
static const struct plugin *load(struct plugins *p, const char *name, struct koppel_error *err)
{
    char short_name[PLUGINS_NAME_BYTES + 1];
    for (int i = 0; i < p->count; i++) {
        if (strcmp(p->list[i]->entry.name, name) == 0)
            return p->list[i];
    }
    char *path = find_file(p, name, err);
    if (!path)
        return NULL;
    if (name_of(path, short_name, err) < 0) {
        free(path);
        return NULL;
    }
    for (int i = 0; i < p->count; i++) {
        if (strcmp(p->list[i]->entry.name, short_name) != 0)
            continue;
        bool same = strcmp(p->list[i]->path, path) == 0;
        if (!same)
            err_set(err, KOPPEL_E_CONFIG, "plugin %s: another plugin named \"%s\" is loaded "
                    "already, from %s", path, short_name, p->list[i]->path);
        free(path);
        return same ? p->list[i] : NULL;
    }
    if (p->count == PLUGINS_MAX) {
        err_set(err, KOPPEL_E_CONFIG, "plugin %s: more than %d plugins", path, PLUGINS_MAX);
        free(path);
        return NULL;
    }
    struct plugin *plugin = plugins_open(path, short_name, err);
    if (!plugin)
        return NULL;
    plugin->host = p->host;
    p->list[p->count++] = plugin;
    return plugin;
}

const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err)
{
    pthread_mutex_lock(&p->lock);
    const struct plugin *found = load(p, name, err);
    pthread_mutex_unlock(&p->lock);
    return found;
}
