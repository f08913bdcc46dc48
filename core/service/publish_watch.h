/* SPDX-License-Identifier: MIT
 * A host that serves takes what is published, within a second or two. */
#ifndef KOPPEL_SERVICE_PUBLISH_WATCH_H
#define KOPPEL_SERVICE_PUBLISH_WATCH_H

#include "engine/engine.h"
#include "plugin/plugins.h"

struct publish_watch;

/* Looks once a second, where the store is one of several hosts. What could not be taken is tried
 * again after half a minute, as what is missing may come; a secret that is lacking is looked for
 * then, and only one that came makes it take the same anew. NULL and err. Both are borrowed. */
struct publish_watch *publish_watch_open(struct engine *e, struct plugins *plugins,
                                         struct koppel_error *err);
void publish_watch_close(struct publish_watch *w); /* takes NULL */

#endif
