/* SPDX-License-Identifier: MIT
 * What stands in the place of a configuration directory's files. */
#include "config/conf_ground.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows, and all refs */
static struct conf_ground *now;

void conf_ground_files_done(struct conf_ground_file *files, int count)
{
    for (int i = 0; i < count; i++) {
        free(files[i].path);
        if (files[i].text)
            sodium_memzero(files[i].text, files[i].bytes);
        free(files[i].text);
    }
    free(files);
}

struct conf_ground *conf_ground_new(const char *dir, int64_t revision,
                                    struct conf_ground_file *files_take, int count)
{
    struct conf_ground *g = calloc(1, sizeof *g);
    char *own = strdup(dir);
    if (!g || !own) {
        free(g);
        free(own);
        conf_ground_files_done(files_take, count);
        return NULL;
    }
    *g = (struct conf_ground){own, revision, files_take, count, 1};
    return g;
}

struct conf_ground *conf_ground_hold(void)
{
    pthread_mutex_lock(&lock);
    struct conf_ground *g = now;
    if (g)
        g->refs++;
    pthread_mutex_unlock(&lock);
    return g;
}

struct conf_ground *conf_ground_hold_for(const char *dir)
{
    struct conf_ground *g = conf_ground_hold();
    if (g && strcmp(g->dir, dir) == 0)
        return g;
    conf_ground_let_go(g);
    return NULL;
}

void conf_ground_let_go(struct conf_ground *g)
{
    if (!g)
        return;
    pthread_mutex_lock(&lock);
    bool last = --g->refs == 0;
    pthread_mutex_unlock(&lock);
    if (!last)
        return;
    conf_ground_files_done(g->files, g->count);
    free(g->dir);
    free(g);
}

void conf_ground_put(struct conf_ground *ground_take)
{
    pthread_mutex_lock(&lock);
    struct conf_ground *before = now;
    now = ground_take;
    pthread_mutex_unlock(&lock);
    conf_ground_let_go(before);
}

bool conf_ground_covers(const struct conf_ground *g, const char *path)
{
    size_t n = g ? strlen(g->dir) : 0;
    return g && strncmp(path, g->dir, n) == 0 && path[n] == '/';
}

const struct conf_ground_file *conf_ground_file(const struct conf_ground *g, const char *path)
{
    for (int i = 0; g && i < g->count; i++) {
        if (strcmp(g->files[i].path, path) == 0)
            return &g->files[i];
    }
    return NULL;
}
