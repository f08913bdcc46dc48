/* SPDX-License-Identifier: MIT
 * The files of a configuration. A secret is known by what names it: a reference in one of the
 * files, or by its look where nothing does. */
#include "service/backup_list.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/regular.h"
#include "base/sealed.h"
#include "config/conf_source.h"
#include "service/ask.h"

#define BYTES_MAX (4 * 1024 * 1024)
#define FILES_MAX 10000

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

void backup_list_done(struct backup_list *l)
{
    for (int i = 0; i < l->count; i++) {
        free((char *)l->files[i].name);
        free((char *)l->files[i].text);
    }
    free(l->files);
    json_decref(l->secrets);
    json_decref(l->left_out);
    *l = (struct backup_list){0};
}

/* ---- reading ---- */

/* NULL: it is no text of a size that a configuration has. */
static char *read_text(const char *path, size_t *bytes)
{
    const char *why;
    FILE *in = regular_open(path, &why);
    char *text = in ? malloc(BYTES_MAX + 1) : NULL;
    *bytes = text ? fread(text, 1, BYTES_MAX + 1, in) : 0;
    bool fits = text && !ferror(in) && *bytes <= BYTES_MAX && !memchr(text, 0, *bytes);
    if (in)
        fclose(in);
    if (!fits) {
        free(text);
        return NULL;
    }
    text[*bytes] = 0;
    char *small = realloc(text, *bytes + 1);
    return small ? small : text;
}

static int add(struct backup_list *l, const char *name, unsigned mode, char *text_take,
               size_t bytes)
{
    if ((l->count & (l->count - 1)) == 0) { /* room doubles at the powers of two */
        size_t room = l->count ? (size_t)l->count * 2 : 1;
        struct backup_file *more = realloc(l->files, room * sizeof *more);
        if (!more) {
            free(text_take);
            return -1;
        }
        l->files = more;
    }
    char *copy = strdup(name);
    if (!copy) {
        free(text_take);
        return -1;
    }
    l->files[l->count++] = (struct backup_file){copy, mode & 0777, text_take, bytes};
    return 0;
}

static int read_file(struct backup_list *l, const FTSENT *e, const char *name)
{
    size_t bytes;
    char *text = l->count < FILES_MAX ? read_text(e->fts_accpath, &bytes) : NULL;
    struct stat st;
    if (!text)
        return json_array_append_new(l->left_out, ask_json_text(name));
    if (stat(e->fts_accpath, &st) != 0)
        st.st_mode = 0600;
    return add(l, name, st.st_mode, text, bytes);
}

static bool belongs_to_store(const char *path, const char *store_path)
{
    return strncmp(path, store_path, strlen(store_path)) == 0;
}

static int read_all(struct backup_list *l, const char *dir, const char *store_path)
{
    char *roots[] = {(char *)(uintptr_t)dir, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int rc = tree ? 0 : -1;
    size_t skip = strlen(dir) + 1;
    errno = 0;
    for (FTSENT *e; rc == 0 && (e = fts_read(tree));) {
        if (e->fts_level > 0 && e->fts_name[0] == '.')
            (void)fts_set(tree, e, FTS_SKIP);
        else if ((e->fts_info == FTS_F || e->fts_info == FTS_SL) &&
                 !belongs_to_store(e->fts_path, store_path))
            rc = read_file(l, e, e->fts_path + skip);
    }
    if (tree)
        fts_close(tree);
    return rc;
}

/* ---- secrets ---- */

static bool has_text(const json_t *list, const char *text)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        if (strcmp(json_string_value(one), text) == 0)
            return true;
    }
    return false;
}

/* Every reference that stands in quotes in a file; what is sealed is among the files. */
static int find_references(struct backup_list *l, const char *text)
{
    for (const char *at = strchr(text, '"'); at; at = strchr(at + 1, '"')) {
        const char *end = strpbrk(at + 1, "\"\n");
        char word[PATH_MAX];
        if (!end || end - at > (long)sizeof word - 1)
            continue;
        snprintf(word, sizeof word, "%.*s", (int)(end - at - 1), at + 1);
        if (secret_is_reference(word) && !sealed_name(word) && !has_text(l->secrets, word) &&
            json_array_append_new(l->secrets, ask_json_text(word)) != 0)
            return -1;
    }
    return 0;
}

/* A sealing key that nothing names: 64 hexadecimal digits and no more. */
static bool looks_like_key(const struct backup_file *f)
{
    size_t n = strspn(f->text, "0123456789abcdefABCDEF");
    return n == (size_t)SECRET_KEY_BYTES * 2 && strspn(f->text + n, "\r\n") == f->bytes - n;
}

/* Does a reference lead to this file, however its path is written? */
static bool is_named(const struct backup_list *l, const char *dir, const char *name)
{
    char path[PATH_MAX];
    struct stat file, other;
    size_t i;
    json_t *one;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (stat(path, &file) != 0)
        return false;
    json_array_foreach(l->secrets, i, one) {
        const char *at = json_string_value(one);
        if (strncmp(at, "file:", 5) != 0)
            continue;
        snprintf(path, sizeof path, "%s%s%s", at[5] == '/' ? "" : dir, at[5] == '/' ? "" : "/",
                 at + 5);
        if (stat(path, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino)
            return true;
    }
    return false;
}

static int leave_secrets_out(struct backup_list *l, const char *dir)
{
    int kept = 0, rc = 0;
    for (int i = 0; i < l->count && rc == 0; i++)
        rc = find_references(l, l->files[i].text);
    for (int i = 0; i < l->count; i++) {
        struct backup_file f = l->files[i];
        bool named = is_named(l, dir, f.name);
        if (!named && !looks_like_key(&f)) {
            l->files[kept++] = f;
            continue;
        }
        if (rc == 0 && !named)
            rc = json_array_append_new(l->secrets, json_sprintf("file:%s", f.name));
        free((char *)f.name);
        free((char *)f.text);
    }
    l->count = kept;
    return rc;
}

int backup_list_fill(struct backup_list *l, const char *dir, const char *store_path,
                     struct koppel_error *err)
{
    *l = (struct backup_list){.secrets = json_array(), .left_out = json_array()};
    if (!l->secrets || !l->left_out)
        return no_memory(err);
    errno = 0;
    if (read_all(l, dir, store_path) != 0)
        return errno && errno != ENOMEM
                   ? err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", dir,
                                strerror(errno))
                   : no_memory(err);
    return leave_secrets_out(l, dir) == 0 ? 0 : no_memory(err);
}

static int add_standing(void *arg, const char *name, const char *text, size_t bytes)
{
    char *copy = malloc(bytes + 1);
    if (!copy)
        return -1;
    memcpy(copy, text, bytes);
    copy[bytes] = 0;
    return add(arg, name, 0600, copy, bytes);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct backup_file *)a)->name, ((const struct backup_file *)b)->name);
}

int backup_list_now(struct backup_list *l, const char *dir, const char *store_path,
                    struct koppel_error *err)
{
    bool stands;
    *l = (struct backup_list){.secrets = json_array(), .left_out = json_array()};
    if (!l->secrets || !l->left_out || conf_source_standing(dir, &stands, add_standing, l) != 0)
        return no_memory(err);
    if (stands) {
        if (l->count > 0)
            qsort(l->files, (size_t)l->count, sizeof *l->files, by_name);
        return leave_secrets_out(l, dir) == 0 ? 0 : no_memory(err);
    }
    backup_list_done(l);
    return backup_list_fill(l, dir, store_path, err);
}
