/* SPDX-License-Identifier: MIT
 * The files that make a configuration, with their texts. */
#ifndef KOPPEL_ENGINE_REVISION_SET_H
#define KOPPEL_ENGINE_REVISION_SET_H

#include <stdbool.h>

#include "config/conf.h"
#include "config/conf_source.h"

/* One file of a configuration. */
struct revision_file {
    char *path; /* absolute */
    char *text;
    size_t bytes;
};
struct revision_set {
    struct revision_file *files;
    int count;
};
void revision_set_done(struct revision_set *set);
/* The files that made the configuration, from where it was loaded (source, as for conf_load).
 * *changed: one of them is not what was loaded any more, and the set is not to be used. */
int revision_set_read(struct revision_set *out, const struct conf *conf,
                      const struct conf_source *source, bool *changed, struct koppel_error *err);

#endif
