/* SPDX-License-Identifier: MIT
 * Saving changed files of the configuration: checked as a whole before, kept as a revision, and
 * either all of it or nothing, whenever the program ends. */
#ifndef KOPPEL_SERVICE_SAVE_H
#define KOPPEL_SERVICE_SAVE_H

#include "engine/revision.h"
#include "service/service.h"

/* A file as it was read, and as it is to be. All borrowed. */
struct save_file {
    const char *path; /* absolute */
    const char *was;  /* NULL: it was not there */
    size_t was_bytes;
    const char *now;  /* NULL: it goes */
    size_t now_bytes;
};

struct save_order {
    const struct save_file *files;
    int count;
    const char *how; /* "cli", "gui", "rollback" */
    const char *why; /* NULL: nobody said */
};

/* Whoever edits holds this from reading the files until they are saved. -1 and err: another one
 * holds it. Ended by save_unlock. */
int save_lock(const struct service *s, int *lock, struct koppel_error *err);
void save_unlock(int lock);

/* Saves under the lock. *out: {"saved": bool, "active": bool, "revision": number or null, "files":
 * [{"path", "diff"}], "mistakes": [as conf_report_json], "reload": what the engine that runs made
 * of it (lifecycle_take), or null}.
 * Not saved: with mistakes that were not there before, or with "refused", why a file cannot be
 * written; the diff is a patch then. Saved, but not active: mistakes that were there before remain.
 * Where the store fails behind the files they are saved, without a revision, and a warning among
 * the mistakes says so.
 * -1 and err: it could not be tried, or a file changed since it was read. */
int save_files(struct service *s, const struct service_ask *ask, const struct save_order *order,
               json_t **out, struct koppel_error *err);

/* The same, and nothing is written: "saved" tells whether it could be. */
int save_try(struct service *s, const struct save_order *order, json_t **out,
             struct koppel_error *err);

/* A save that a crash cut short: finished where some of its files were written, undone where none
 * was. Costs one look at the disk where there was none. *wrote: files changed by it. Under the
 * lock, or where nothing else runs yet. */
int save_recover(const struct revision_place *p, const char *store_path, bool *wrote,
                 struct koppel_error *err);
/* An engine begins with this configuration: what a crash left over is finished, and the
 * configuration is kept as a revision, if it is whole: half of a save may be none. -1 and err
 * (KOPPEL_E_RETRY): files changed by that, so it is to be loaded anew. */
int save_start(struct store *store, const struct conf *conf, struct koppel_error *err);

#endif
