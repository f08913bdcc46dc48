/* SPDX-License-Identifier: MIT
 * Opens one plugin's file; the only place that knows libltdl. */
#ifndef KOPPEL_PLUGIN_PLUGINS_OPEN_H
#define KOPPEL_PLUGIN_PLUGINS_OPEN_H

#include "plugin/plugins.h"

int plugins_open_start(struct koppel_error *err); /* counted; each with a stop */
void plugins_open_stop(void);
/* path is absolute, and stolen, also on failure; name: as the file says. NULL and err where the
 * plugin is refused. */
struct plugin *plugins_open(char *path, const char *name, struct koppel_error *err);
void plugins_open_free(struct plugin *plugin); /* forgets; the code stays mapped */

#endif
