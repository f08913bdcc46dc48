/* SPDX-License-Identifier: MIT
 * Backups of a store: one file, a copy of the store as it was at one moment, with files beside it
 * (those of the configuration). It is a database of its own, which SQLite's tools read too; what is
 * sealed in the store is sealed in it, and so are the texts of the files. The key is not in it. */
#ifndef KOPPEL_STORE_BACKUP_H
#define KOPPEL_STORE_BACKUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "store/store.h"

/* A file that is kept with the store. */
struct backup_file {
    const char *name; /* relative, without ".." */
    unsigned mode;    /* permissions */
    const char *text;
    size_t bytes;
};

/* What a backup holds. */
struct backup_about {
    int64_t made_ms;
    char id[STORE_ID_BYTES]; /* of the store */
    int64_t commits;
    int64_t links, open;     /* records that are known at a destination; jobs that have not ended */
};

struct backup;

/* Looks at the whole of a backup: is it one, undamaged, and does the key fit? */
int backup_open(const char *path, const struct secret *key, struct backup **out,
                struct koppel_error *err);
void backup_close(struct backup *b); /* takes NULL */
const struct backup_about *backup_about(const struct backup *b);
/* Does the witness beside a store say that more has happened than this backup knows? 1, 0, or -1
 * and err. */
int backup_is_behind(const struct backup *b, const char *store_path, struct koppel_error *err);
/* Its files by name; visit ends the list where it gives other than 0, which is given back. */
int backup_files(struct backup *b, int (*visit)(void *arg, const struct backup_file *f), void *arg,
                 struct koppel_error *err);
/* Puts the store at a path, where no engine may run. One that stands there is kept beside it:
 * *replaced is its name then (free it), NULL otherwise. The witness stays as it is: by it the next
 * engine sees that its store is an older one. On -1 it is as after backup_undo. */
int backup_put(struct backup *b, const char *store_path, char **replaced, struct koppel_error *err);
/* Undoes the backup_put that this backup was used for, as err tells why: what stood there stands
 * there again, its witness beside it, and *replaced is freed and NULL. Where that cannot be done
 * *replaced is where it still is, and err tells both. */
void backup_undo(struct backup *b, const char *store_path, char **replaced,
                 struct koppel_error *err);

#endif
