/* SPDX-License-Identifier: MIT */
#ifndef KOPPEL_PLUGIN_PLUGINS_FUNCTION_H
#define KOPPEL_PLUGIN_PLUGINS_FUNCTION_H

#include "plugin/plugins.h"

/* Finds "trim" or "text.trim" among all transform plugins. -1: unknown or ambiguous (err says). */
int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err);

#endif
