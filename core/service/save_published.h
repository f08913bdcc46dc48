/* SPDX-License-Identifier: MIT
 * Saving what is published: it is changed by publishing it anew, for all hosts, and stands on no
 * disk. */
#ifndef KOPPEL_SERVICE_SAVE_PUBLISHED_H
#define KOPPEL_SERVICE_SAVE_PUBLISHED_H

#include "service/save.h"

/* Publishes what was checked: conf, loaded with the change. Its number is put into out as
 * "revision". -1 and err: nothing was published. */
int save_published(struct service *s, const struct service_ask *ask, const struct save_order *o,
                   const struct conf *conf, const struct conf_source *change, json_t *out,
                   struct koppel_error *err);
/* A new file that nothing uses would not be published, and be gone. *refused: says so (caller
 * frees); it stays where it is set, where conf is NULL and where nothing is published. */
int save_published_use(const struct save_order *o, const struct conf *conf, char **refused,
                       struct koppel_error *err);

#endif
