/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_PLUGIN_PLUGINS_NAMES_H
#define KOPPEL_PLUGIN_PLUGINS_NAMES_H

#include "plugin/plugins.h"

/* Names of every .so in the directories, sorted, for `koppel plugins`; caller frees with
 * plugins_names_free. */
char **plugins_names(struct plugins *p, int *count);
void plugins_names_free(char **names, int count);

#endif
