/* SPDX-License-Identifier: MIT
 * The files of a configuration while they are edited. */
#include "config/conf_edit_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_source.h"

static void file_free(struct conf_edit_file *file)
{
    if (!file)
        return;
    conf_edit_scan_done(&file->scan);
    free(file->text != file->was ? file->text : NULL);
    free(file->was);
    free(file->path);
    free(file);
}

/* An entry without a text. */
static struct conf_edit_file *add(struct conf_edit_files *f, const char *path,
                                  struct koppel_error *err)
{
    struct conf_edit_file **more = realloc(f->items, sizeof *more * ((size_t)f->count + 1));
    struct conf_edit_file *file = calloc(1, sizeof *file);
    if (more)
        f->items = more;
    if (more && file && (file->path = strdup(path)))
        return file;
    file_free(file);
    (void)err_set(err, KOPPEL_E_RETRY, "out of memory");
    return NULL;
}

static struct conf_edit_file *read_or(struct conf_edit_files *f, const char *path, bool may_lack,
                                      struct koppel_error *err)
{
    const char *why = NULL;
    for (int i = 0; i < f->count; i++) {
        if (strcmp(f->items[i]->path, path) == 0)
            return f->items[i];
    }
    struct conf_edit_file *file = add(f, path, err);
    if (!file)
        return NULL;
    file->was = file->text = conf_source_now(path, &file->was_bytes, &why);
    file->bytes = file->was_bytes;
    if (!file->was && may_lack && !conf_source_there(path) && errno == ENOENT) {
        file->text = calloc(1, 1);
        file->was_bytes = file->bytes = 0;
    }
    if (!file->text) {
        (void)err_set(err, KOPPEL_E_CONFIG, "%s: cannot be read: %s", conf_edit_files_name(f, path),
                      why ? why : "out of memory");
        file_free(file);
        return NULL;
    }
    return f->items[f->count++] = file;
}

struct conf_edit_file *conf_edit_files_get(struct conf_edit_files *f, const char *path,
                                           struct koppel_error *err)
{
    return read_or(f, path, false, err);
}

struct conf_edit_file *conf_edit_files_open(struct conf_edit_files *f, const char *path,
                                            struct koppel_error *err)
{
    return read_or(f, path, true, err);
}

int conf_edit_files_scan(struct conf_edit_file *file, struct koppel_error *err)
{
    return file->scan.tokens ? 0 : conf_edit_scan(&file->scan, file->text, err);
}

void conf_edit_files_put(struct conf_edit_file *file, char *text_take, size_t bytes)
{
    if (file->text != file->was)
        free(file->text);
    file->text = text_take;
    file->bytes = bytes;
    conf_edit_scan_done(&file->scan);
}

void conf_edit_files_done(struct conf_edit_files *f)
{
    for (int i = 0; i < f->count; i++)
        file_free(f->items[i]);
    free(f->items);
    *f = (struct conf_edit_files){0};
}

const char *conf_edit_files_name(const struct conf_edit_files *f, const char *path)
{
    size_t n = strlen(f->dir);
    return strncmp(path, f->dir, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}
