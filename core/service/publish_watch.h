/* SPDX-License-Identifier: MIT
 * A host that serves takes what is published, within a second or two. */
#ifndef KOPPEL_SERVICE_PUBLISH_WATCH_H
#define KOPPEL_SERVICE_PUBLISH_WATCH_H

#include "engine/engine.h"
#include "plugin/plugins.h"

struct publish_watch;

/* Looks once a second, where the store is one of several hosts; what could not be taken is tried
 * again after a minute, as a secret that is missing may come. NULL and err. Both are borrowed. */
struct publish_watch *publish_watch_open(struct engine *e, struct plugins *plugins,
                                         struct koppel_error *err);
void publish_watch_close(struct publish_watch *w); /* takes NULL */

#endif
