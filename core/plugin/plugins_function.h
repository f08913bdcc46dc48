/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_PLUGIN_PLUGINS_FUNCTION_H
#define KOPPEL_PLUGIN_PLUGINS_FUNCTION_H

#include "plugin/plugins.h"

/* Its functions go before those of the same name of other plugins, so that none that is added makes
 * another thing of "trim" or "join". */
#define PLUGINS_FUNCTION_FIRST "text"

/* Finds "trim" or "text.trim" among all transform plugins. -1: unknown, or two others than the
 * first have it (err says). */
int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err);

#endif
