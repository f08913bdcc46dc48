/* SPDX-License-Identifier: MIT
 * Files of a configuration: of the disk, with texts in memory laid over it. */
#include "config/conf_source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/regular.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"

/* Two ways of writing one path lead to one file: "tables/../tables/a.csv", or a link. */
static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return strcmp(a, b) == 0 ||
           (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

/* What is laid over this file; NULL: the disk's holds. */
static const struct conf_source_text *over(struct conf_loader *l, const char *path)
{
    for (int i = 0; l->source && i < l->source->count; i++) {
        const struct conf_source_text *t = &l->source->texts[i];
        if (same_file(conf_loader_absolute(l, t->path), path))
            return t;
    }
    return NULL;
}

char *conf_source_disk(const char *path, size_t *bytes, const char **why)
{
    FILE *in = regular_open(path, why);
    if (!in)
        return NULL;
    char *text = conf_held_must(malloc(CONF_SOURCE_LIMIT + 1));
    errno = 0;
    *bytes = fread(text, 1, CONF_SOURCE_LIMIT + 1, in);
    int failed = ferror(in) ? (errno ? errno : EIO) : *bytes > CONF_SOURCE_LIMIT ? EFBIG : 0;
    fclose(in);
    if (failed) {
        free(text);
        *why = strerror(failed);
        return NULL;
    }
    text[*bytes] = 0;
    return conf_held_must(realloc(text, *bytes + 1));
}

struct conf_source_name {
    struct conf_source_name *next;
    const char *path;
};

bool conf_source_was_read(struct conf_loader *l, const char *path)
{
    for (const struct conf_source_name *n = l->read; n; n = n->next) {
        if (same_file(n->path, path))
            return true;
    }
    return false;
}

static char *memory_read(const struct conf_source_text *t, size_t *bytes, const char **why)
{
    if (!t->text || t->bytes > CONF_SOURCE_LIMIT) {
        *why = strerror(t->text ? EFBIG : ENOENT);
        return NULL;
    }
    char *text = conf_held_must(malloc(t->bytes + 1));
    memcpy(text, t->text, t->bytes);
    text[t->bytes] = 0;
    *bytes = t->bytes;
    return text;
}

static void note(struct conf *c, const char *path, const char *text, size_t bytes)
{
    for (int i = 0; i < c->read_count; i++) {
        if (strcmp(c->reads[i].path, path) == 0)
            return;
    }
    c->reads = conf_held_must(realloc(c->reads, sizeof *c->reads * ((size_t)c->read_count + 1)));
    struct conf_read *r = &c->reads[c->read_count++];
    r->path = conf_held_copy(&c->held, path);
    crypto_generichash(r->digest, sizeof r->digest, (const unsigned char *)text, bytes, NULL, 0);
}

char *conf_source_read(struct conf_loader *l, const char *path, size_t *bytes, const char **why)
{
    struct conf_source_name *n = conf_held_alloc(l->held, sizeof *n);
    *n = (struct conf_source_name){l->read, conf_held_copy(l->held, path)};
    l->read = n;
    const struct conf_source_text *t = over(l, path);
    char *text = t ? memory_read(t, bytes, why) : conf_source_disk(path, bytes, why);
    if (text && l->conf) /* a loader of single files has none */
        note(l->conf, path, text, *bytes);
    return text;
}

bool conf_source_exists(struct conf_loader *l, const char *path)
{
    const struct conf_source_text *t = over(l, path);
    return t ? t->text != NULL : access(path, F_OK) == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_listed(const char *const *paths, int count, const char *path)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(paths[i], path) == 0)
            return true;
    }
    return false;
}

/* Is it an entry of the directory itself? */
static bool is_inside(const char *dir, const char *path)
{
    size_t n = strlen(dir);
    return strncmp(path, dir, n) == 0 && path[n] == '/' && path[n + 1] && path[n + 1] != '.' &&
           !strchr(path + n + 1, '/');
}

static int is_shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

int conf_source_list(struct conf_loader *l, const char *dir, const char ***paths)
{
    struct dirent **entries = NULL;
    int more = l->source ? l->source->count : 0, count = 0;
    int n = scandir(dir, &entries, is_shown, NULL);
    if (n < 0 && errno != ENOENT)
        return -1;
    *paths = conf_held_alloc(l->held, sizeof **paths * (size_t)((n > 0 ? n : 0) + more + 1));
    for (int i = 0; i < n; i++) {
        const char *path = conf_held_text(l->held, "%s/%s", dir, entries[i]->d_name);
        const struct conf_source_text *t = over(l, path);
        if (!t || t->text)
            (*paths)[count++] = path;
        free(entries[i]);
    }
    free(entries);
    for (int i = 0; i < more; i++) {
        const char *path = conf_loader_absolute(l, l->source->texts[i].path);
        if (l->source->texts[i].text && is_inside(dir, path) && !is_listed(*paths, count, path))
            (*paths)[count++] = path;
    }
    qsort(*paths, (size_t)count, sizeof **paths, by_bytes);
    return count;
}
