/* SPDX-License-Identifier: MIT
 * The checks on a plugin that was opened. */
#ifndef KOPPEL_PLUGIN_PLUGINS_CHECK_H
#define KOPPEL_PLUGIN_PLUGINS_CHECK_H

#include "plugin/plugins.h"

/* Copies what the plugin gave as its entry, as far as both sides know it; name: as its file says.
 */
int plugins_check_entry(struct plugin *plugin, const struct koppel_plugin *theirs, const char *name,
                       struct koppel_error *err);
/* Has the connector a function for everything that the catalogue, its own or a description, says
 * that it can do? */
int plugins_check_able(const struct plugin *plugin, const struct catalogue *catalogue,
                       struct koppel_error *err);
/* Copies its functions and holds them against its catalogue, which is there by now. */
int plugins_check_ops(struct plugin *plugin, struct koppel_error *err);

#endif
