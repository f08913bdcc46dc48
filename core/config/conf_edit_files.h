/* SPDX-License-Identifier: MIT
 * The files of a configuration while they are edited: each is read once, and changed in memory. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_FILES_H
#define KOPPEL_CONFIG_CONF_EDIT_FILES_H

#include <stddef.h>

#include "base/err.h"
#include "config/conf_edit_scan.h"

struct conf_edit_file {
    char *path;       /* absolute */
    char *was;        /* its text as it was read; NULL: it is not there */
    size_t was_bytes;
    char *text;       /* as it is now */
    size_t bytes;
    struct conf_edit_scan scan; /* of text; made by conf_edit_files_scan */
};

struct conf_edit_files {
    const char *dir; /* the configuration directory, absolute; borrowed */
    struct conf_edit_file **items;
    int count;
};

/* The file of this absolute path, read where it was not yet. NULL and err: it cannot be read. */
struct conf_edit_file *conf_edit_files_get(struct conf_edit_files *f, const char *path,
                                           struct koppel_error *err);
/* The same; where there is no such file one that is empty, and `was` is NULL. */
struct conf_edit_file *conf_edit_files_open(struct conf_edit_files *f, const char *path,
                                            struct koppel_error *err);
/* Its tokens, where they are not there yet. */
int conf_edit_files_scan(struct conf_edit_file *file, struct koppel_error *err);
/* Gives it another text, which is its own from now on. */
void conf_edit_files_put(struct conf_edit_file *file, char *text_take, size_t bytes);
void conf_edit_files_done(struct conf_edit_files *f);

/* An absolute path as it is told: relative to the directory where it is inside. Borrowed. */
const char *conf_edit_files_name(const struct conf_edit_files *f, const char *path);

#endif
