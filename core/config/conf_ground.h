/* SPDX-License-Identifier: MIT
 * What stands in the place of a configuration directory's files: a published configuration, in
 * memory. A program has one directory, so it has at most one ground; without one the disk holds. */
#ifndef KOPPEL_CONFIG_CONF_GROUND_H
#define KOPPEL_CONFIG_CONF_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf_ground_file {
    char *path; /* absolute, inside the directory */
    char *text;
    size_t bytes;
};

/* Does not change once it is made; goes with the last who holds it. */
struct conf_ground {
    char *dir; /* absolute */
    int64_t revision;
    struct conf_ground_file *files;
    int count;
    int refs; /* this file's */
};

/* NULL: no memory. Takes the files over in any case. */
struct conf_ground *conf_ground_new(const char *dir, int64_t revision,
                                    struct conf_ground_file *files_take, int count);
/* It stands there from now on; NULL: the disk does. Takes it over. */
void conf_ground_put(struct conf_ground *ground_take);
/* What stands there; NULL: the disk does. */
struct conf_ground *conf_ground_hold(void);
/* The same, where it stands for this directory. */
struct conf_ground *conf_ground_hold_for(const char *dir);
void conf_ground_let_go(struct conf_ground *ground); /* takes NULL */

/* Does it stand for this path, so that the disk does not count? false for NULL. */
bool conf_ground_covers(const struct conf_ground *ground, const char *path);
/* The file of that path; NULL: there is none. */
const struct conf_ground_file *conf_ground_file(const struct conf_ground *ground, const char *path);
/* Frees such files. */
void conf_ground_files_done(struct conf_ground_file *files, int count);

#endif
