/* SPDX-License-Identifier: MIT
 * Where the bytes of a configuration's files come from: the disk, with texts in memory laid over
 * it. An edit is checked this way before it is saved. */
#ifndef KOPPEL_CONFIG_CONF_SOURCE_H
#define KOPPEL_CONFIG_CONF_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct conf_loader;

#define CONF_SOURCE_LIMIT (4 * 1024 * 1024) /* bytes of one file */

/* A file as it is to be. */
struct conf_source_text {
    const char *path; /* absolute, or relative to the configuration directory */
    const char *text; /* NULL: as if there were no such file */
    size_t bytes;     /* of text, without a NUL behind it */
};

/* What is laid over the disk. All of it stays the caller's, and is read only while loading. */
struct conf_source {
    const struct conf_source_text *texts;
    int count;
};

/* The whole text of a regular file of the disk, NUL-terminated (free it). NULL: *why says why not,
 * in words that live until the next failure. */
char *conf_source_disk(const char *path, size_t *bytes, const char **why);
/* The same of an absolute path, with what is laid over the disk; the conf that is loaded notes
 * it. */
char *conf_source_read(struct conf_loader *l, const char *path, size_t *bytes, const char **why);
/* Was the file read, or tried to be, while this was loaded? */
bool conf_source_was_read(struct conf_loader *l, const char *path);
bool conf_source_exists(struct conf_loader *l, const char *path);
/* Paths of the directory's entries in the order of their bytes, but for those that begin with a
 * point; all of it is held. dir: absolute; one that is not there has none. -1: it cannot be read,
 * and errno says why. */
int conf_source_list(struct conf_loader *l, const char *dir, const char ***paths);

#endif
