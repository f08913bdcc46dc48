/* SPDX-License-Identifier: MIT
 * Where the bytes of a configuration's files come from: the disk, with texts in memory laid over
 * it. An edit is checked this way before it is saved. */
#ifndef KOPPEL_CONFIG_CONF_SOURCE_H
#define KOPPEL_CONFIG_CONF_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/conf_ground.h"

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
    bool disk; /* the files themselves, whatever stands in their place */
    /* This one in the place of the files; borrowed, read only while loading. NULL: what stands
     * there */
    struct conf_ground *ground;
};

/* The whole text of a regular file of the disk, NUL-terminated (free it). NULL: *why says why not,
 * in words that live until the next failure. */
char *conf_source_disk(const char *path, size_t *bytes, const char **why);
/* The same, where something may stand in the place of the directory's files. */
char *conf_source_now(const char *path, size_t *bytes, const char **why);
/* Absolute paths of the folder's files that end in .conf, in the order of their bytes: the caller
 * frees each, and the list. How many. */
int conf_source_confs(const char *folder, char ***paths);
/* Calls visit for each file of what stands in the place of the directory's, with its name there; it
 * ends where visit gives other than 0, which is given back. *stands: false: the disk counts. */
int conf_source_standing(const char *dir, bool *stands,
                         int (*visit)(void *arg, const char *name, const char *text, size_t bytes),
                         void *arg);
/* The text of an absolute path as who loads with this source reads it; NULL: as without one. */
char *conf_source_text(const struct conf_source *source, const char *path, size_t *bytes,
                       const char **why);
/* Is there such a file? errno says why not. */
bool conf_source_there(const char *path);
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
