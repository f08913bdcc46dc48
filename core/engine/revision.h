/* SPDX-License-Identifier: MIT
 * Configurations as they were active: whole texts in the store, sealed, each text once. */
#ifndef KOPPEL_ENGINE_REVISION_H
#define KOPPEL_ENGINE_REVISION_H

#include <jansson.h>
#include <stdbool.h>

#include "config/conf.h"
#include "engine/revision_set.h"
#include "store/store.h"

/* Where revisions are. All borrowed. */
struct revision_place {
    struct store *store;
    const struct secret *key; /* names texts by a keyed digest */
    const char *dir;          /* the configuration directory, absolute */
};

/* How a configuration came to be. */
struct revision_origin {
    const char *who;
    const char *how; /* "hand", "cli", "gui", "rollback" */
    const char *why; /* NULL: nobody said */
};

/* Numbers a set of files; where it is the same as the last one that was active, *seq is that one's
 * and nothing is added. conf: the configuration that they make, whose flows' versions are kept with
 * them; NULL: it was never active, and is only kept for its texts. */
int revision_put(const struct revision_place *p, const struct revision_set *set,
                 const struct conf *conf, const struct revision_origin *origin, int64_t *seq,
                 struct koppel_error *err);
/* A configuration was loaded and is active now. *seq (may be NULL). */
int revision_activated(const struct revision_place *p, const struct conf *conf,
                       const struct revision_origin *origin, int64_t *seq,
                       struct koppel_error *err);

/* A revision: {"revision", "at" (ms), "who", "how", "why", "active", "files": [{"path" (relative
 * where it is inside the directory), "text" (its digest), "bytes"}], "changes": [{"path",
 * "change": "added" | "changed" | "removed"}] (none of the first one), "flows": {name: version},
 * "cases": as revision_facts_cases}.
 * seq 0: what is published to all hosts, else the last that was active. *out NULL: there is
 * none. */
int revision_get(const struct revision_place *p, int64_t seq, json_t **out,
                 struct koppel_error *err);
/* Calls visit for each, newest first, before that number (0: from the newest); it ends where visit
 * gives other than 0. */
int revision_each(const struct revision_place *p, int64_t before, int limit,
                  int (*visit)(void *arg, json_t *revision), void *arg, struct koppel_error *err);
/* A path as revisions have it: relative where it is inside the directory. Borrowed. */
const char *revision_name(const struct revision_place *p, const char *path);
/* The text of a file of a revision (the caller frees it); NULL in *out: it is not kept. */
int revision_text(const struct revision_place *p, const char *digest, char **out, size_t *bytes,
                  struct koppel_error *err);
/* The digest by which a text is kept: hex, the caller frees it. NULL: no memory. */
char *revision_digest(const struct revision_place *p, const char *text, size_t bytes);
/* Keeps a text, where it is not kept yet. */
int revision_keep(const struct revision_place *p, const char *text, size_t bytes, char **digest,
                  struct koppel_error *err);
/* The newest revision of which a flow had this version; 0: none is known. */
int revision_of_version(const struct revision_place *p, const char *flow, const char *version,
                        int64_t *seq, struct koppel_error *err);
/* Drops revisions from before a moment, but for the newest `kept`, the last that was active and
 * those after it, and what is published; and the texts that no revision needs any more. *count:
 * how many revisions went. */
int revision_drop(struct store *store, int64_t before_ms, int64_t kept, int *count,
                  struct koppel_error *err);

#endif
