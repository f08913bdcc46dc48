/* SPDX-License-Identifier: MIT
 * One configuration for all hosts that share a store: a revision that is published. Each host holds
 * it in memory, in the place of the files of its directory (config/conf_ground.h); of its own
 * koppel.conf count store, key, workers, metrics and dashboard. */
#ifndef KOPPEL_SERVICE_PUBLISHED_H
#define KOPPEL_SERVICE_PUBLISHED_H

#include "config/conf_ground.h"
#include "engine/revision.h"

/* What is published, if it is not there yet, takes the place of the directory's files; nothing is
 * published: the files count. -1: neither could be told, and what stood there stays. */
int published_pull(const struct revision_place *p, struct koppel_error *err);
/* The same before anything is opened: looks into the store that the directory names. */
int published_first(const char *dir, struct koppel_error *err);
/* A revision, to load it. The caller lets go. NULL and err. */
struct conf_ground *published_ground(const struct revision_place *p, int64_t seq,
                                     struct koppel_error *err);

/* In words, what a host does not take of a configuration; the caller frees it. NULL: nothing. */
char *published_lacks(const struct conf *conf);

/* Would this file become part of a revision, as the configuration reads it? */
bool published_takes(const struct conf *conf, const char *path);
/* A configuration becomes a revision; source: as it was loaded with. */
int published_keep(const struct revision_place *p, const struct conf *conf,
                   const struct conf_source *source, const struct revision_origin *origin,
                   int64_t *seq, struct koppel_error *err);
/* Makes a revision what is published, in the place of `over`. KOPPEL_E_RETRY: another one stands
 * there. */
int published_put(struct store *store, int64_t seq, int64_t over, struct koppel_error *err);
/* That one stands there: err. Always -1. */
int published_another(int64_t stands, struct koppel_error *err);
/* A change of what is published is published itself: both of the above, of a conf that was loaded
 * with the change laid over what is published. */
int published_change(const struct revision_place *p, const struct conf *conf,
                     const struct conf_source *change, const struct revision_origin *origin,
                     int64_t *revision, struct koppel_error *err);

#endif
