/* SPDX-License-Identifier: MIT
 * Finds, opens and checks plugins; the only place that knows libltdl.
 *
 * Plugins are opened by absolute path with immediate binding, never unloaded. Every refusal is one
 * sentence that names the path, what was expected and what was found. Call in main, before threads.
 */
#ifndef KOPPEL_PLUGIN_LOADER_H
#define KOPPEL_PLUGIN_LOADER_H

#include <pthread.h>

#include "base/err.h"
#include "catalogue/catalogue.h"

struct plugin {
    char *path;                    /* absolute */
    struct koppel_plugin entry;    /* the host's copy; members the plugin lacks are zero */
    struct koppel_connector connector;
    struct koppel_transform transform;
    struct catalogue *catalogue;
    pthread_mutex_t *turn;         /* KOPPEL_THREADS_PLUGIN: held during every call; else NULL */
};

struct plugins;

/* dirs: searched in order, NULL-terminated; relative ones are made absolute. */
struct plugins *plugins_new(const char *const *dirs, struct koppel_error *err);
void plugins_free(struct plugins *p); /* forgets; the code stays mapped */

/* By name ("asperion") from the directories, or by a path that contains '/'. The same name gives
 * the same plugin. NULL and err where refused. */
const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err);
/* Names of every .so in the directories, sorted, for `koppel plugins`; caller frees with
 * plugins_names_free. */
char **plugins_names(struct plugins *p, int *count);
void plugins_names_free(char **names, int count);

/* Finds "trim" or "text.trim" among all transform plugins. -1: unknown or ambiguous (err says). */
int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err);

#endif
