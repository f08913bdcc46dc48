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

static char *copy_of(const char *from, size_t bytes)
{
    char *text = conf_held_must(malloc(bytes + 1));
    memcpy(text, from, bytes);
    text[bytes] = 0;
    return text;
}

/* "DIR/tables/../a.csv" and "DIR/./a.csv" are DIR/a.csv, as on the disk. Freed by the caller. */
static char *plain_path(const char *path)
{
    char *out = conf_held_must(malloc(strlen(path) + 2)), *end = out;
    for (const char *at = path; *at;) {
        size_t n = strcspn(at + 1, "/");
        bool here = n == 0 || (n == 1 && at[1] == '.');
        if (n == 2 && at[1] == '.' && at[2] == '.') {
            while (end > out && *--end != '/')
                ;
        } else if (!here) {
            memcpy(end, at, n + 1);
            end += n + 1;
        }
        at += n + 1;
    }
    *end = '\0';
    return out;
}

/* What stands in the place of the file; NULL: nothing does, and the disk counts where it is not
 * *covered. */
static const struct conf_ground_file *ground_of(const struct conf_ground *g, const char *path,
                                                bool *covered)
{
    char *plain = *path == '/' ? plain_path(path) : NULL;
    *covered = plain && conf_ground_covers(g, plain);
    const struct conf_ground_file *f = *covered ? conf_ground_file(g, plain) : NULL;
    free(plain);
    return f;
}

static char *ground_read(const struct conf_ground *g, const char *path, size_t *bytes,
                         const char **why)
{
    bool covered;
    const struct conf_ground_file *f = ground_of(g, path, &covered);
    if (!covered)
        return conf_source_disk(path, bytes, why);
    if (!f) {
        *why = strerror(ENOENT);
        return NULL;
    }
    *bytes = f->bytes;
    return copy_of(f->text, f->bytes);
}

static bool ground_there(const struct conf_ground *g, const char *path)
{
    bool covered;
    const struct conf_ground_file *f = ground_of(g, path, &covered);
    if (!covered)
        return access(path, F_OK) == 0;
    errno = f ? 0 : ENOENT;
    return f != NULL;
}

char *conf_source_now(const char *path, size_t *bytes, const char **why)
{
    struct conf_ground *g = conf_ground_hold();
    char *text = ground_read(g, path, bytes, why);
    conf_ground_let_go(g);
    return text;
}

bool conf_source_there(const char *path)
{
    struct conf_ground *g = conf_ground_hold();
    bool there = ground_there(g, path);
    conf_ground_let_go(g);
    return there;
}

static int is_conf(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && n > 5 && strcmp(d->d_name + n - 5, ".conf") == 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Is it DIR/NAME.conf? */
static bool is_conf_of(const char *folder, const char *path)
{
    size_t n = strlen(folder), m = strlen(path);
    return strncmp(path, folder, n) == 0 && path[n] == '/' && path[n + 1] != '.' &&
           !strchr(path + n + 1, '/') && m > n + 6 && strcmp(path + m - 5, ".conf") == 0;
}

int conf_source_standing(const char *dir, bool *stands,
                         int (*visit)(void *arg, const char *name, const char *text, size_t bytes),
                         void *arg)
{
    struct conf_ground *g = conf_ground_hold_for(dir);
    int rc = 0;
    *stands = g != NULL;
    for (int i = 0; g && i < g->count && rc == 0; i++)
        rc = visit(arg, g->files[i].path + strlen(g->dir) + 1, g->files[i].text,
                   g->files[i].bytes);
    conf_ground_let_go(g);
    return rc;
}

int conf_source_confs(const char *folder, char ***paths)
{
    struct dirent **list = NULL;
    struct conf_ground *g = conf_ground_hold();
    bool covered = conf_ground_covers(g, folder);
    int n = covered ? g->count : scandir(folder, &list, is_conf, NULL), count = 0;
    *paths = conf_held_must(calloc((size_t)(n > 0 ? n : 0) + 1, sizeof **paths));
    for (int i = 0; i < n; i++) {
        char *path = NULL;
        if (covered && is_conf_of(folder, g->files[i].path))
            path = conf_held_must(strdup(g->files[i].path));
        else if (!covered && asprintf(&path, "%s/%s", folder, list[i]->d_name) < 0)
            path = conf_held_must(NULL);
        if (path)
            (*paths)[count++] = path;
        if (!covered)
            free(list[i]);
    }
    free(list);
    conf_ground_let_go(g);
    qsort(*paths, (size_t)count, sizeof **paths, by_path);
    return count;
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
    *bytes = t->bytes;
    return copy_of(t->text, t->bytes);
}

char *conf_source_text(const struct conf_source *source, const char *path, size_t *bytes,
                       const char **why)
{
    for (int i = 0; source && i < source->count; i++) {
        if (strcmp(source->texts[i].path, path) == 0)
            return memory_read(&source->texts[i], bytes, why);
    }
    if (source && source->disk)
        return conf_source_disk(path, bytes, why);
    return source && source->ground ? ground_read(source->ground, path, bytes, why)
                                    : conf_source_now(path, bytes, why);
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
    char *text = t ? memory_read(t, bytes, why) : ground_read(l->ground, path, bytes, why);
    if (text && l->conf && !l->unnoted) /* a loader of single files has none */
        note(l->conf, path, text, *bytes);
    return text;
}

bool conf_source_exists(struct conf_loader *l, const char *path)
{
    const struct conf_source_text *t = over(l, path);
    return t ? t->text != NULL : ground_there(l->ground, path);
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
    bool grounded = conf_ground_covers(l->ground, dir);
    int more = l->source ? l->source->count : 0, count = 0;
    int under = grounded ? l->ground->count : 0;
    int n = grounded ? 0 : scandir(dir, &entries, is_shown, NULL);
    if (n < 0 && errno != ENOENT)
        return -1;
    size_t room = (size_t)((n > 0 ? n : 0) + under + more + 1);
    *paths = conf_held_alloc(l->held, sizeof **paths * room);
    for (int i = 0; i < under; i++) {
        const char *path = conf_held_copy(l->held, l->ground->files[i].path);
        const struct conf_source_text *t = over(l, path);
        if (is_inside(dir, path) && (!t || t->text))
            (*paths)[count++] = path;
    }
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
