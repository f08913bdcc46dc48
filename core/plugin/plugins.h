/* SPDX-License-Identifier: MIT
 * Plugins: found, opened and checked.
 *
 * Plugins are opened by absolute path with immediate binding, never unloaded. Every refusal is one
 * sentence that names the path, what was expected and what was found. Loading is for any thread;
 * the directories are named in main, before threads.
 */
#ifndef KOPPEL_PLUGIN_PLUGINS_H
#define KOPPEL_PLUGIN_PLUGINS_H

#include <limits.h>
#include <pthread.h>

#include "base/err.h"
#include "catalogue/catalogue.h"

struct plugin {
    char *path;                    /* absolute */
    struct koppel_plugin entry;    /* the host's copy; members the plugin lacks are zero */
    struct koppel_connector connector;
    struct koppel_transform transform;
    struct catalogue *catalogue;
    const struct koppel_host *host; /* what it is called with */
    pthread_mutex_t *turn;         /* KOPPEL_THREADS_PLUGIN: held during every call; else NULL */
};

struct plugins;

/* dirs: searched in order, NULL-terminated; relative ones are made absolute. host: what plugins are
 * given when their functions are prepared (plugins_call.h). */
struct plugins *plugins_new(const char *const *dirs, const struct koppel_host *host,
                            struct koppel_error *err);
void plugins_free(struct plugins *p); /* forgets; the code stays mapped */

/* By name ("asperion") from the directories, or by a path that contains '/'. The same name gives
 * the same plugin. NULL and err where refused. */
const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err);
/* For the files beside this one: directory number i, NULL behind the last one; is this a name that
 * a plugin may have; and where `name` may lie under dir, in one of so many forms (installed, or in
 * a libtool build directory). -1: the path is too long. */
#define PLUGINS_NAME_BYTES 64
#define PLUGINS_FORMS 3
const char *plugins_dir(const struct plugins *p, int i);
bool plugins_is_name(const char *name);
int plugins_candidate(const char *dir, const char *name, int form, char out[PATH_MAX]);

#endif
