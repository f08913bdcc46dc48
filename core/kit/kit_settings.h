/* SPDX-License-Identifier: MIT
 * Settings for a connector that nobody configured: a value that fits for each that its catalogue
 * has. */
#ifndef KOPPEL_KIT_KIT_SETTINGS_H
#define KOPPEL_KIT_KIT_SETTINGS_H

#include "config/conf.h"
#include "plugin/plugins.h"

#define KIT_SETTINGS_ADDRESS "http://127.0.0.1:9"

/* notes: the author's, whose values go first. least: only the required ones, and what has a
 * default. NULL: no memory. Freed by kit_settings_free. */
struct conf_connection *kit_settings_make(const struct plugin *plugin,
                                           const struct catalogue *catalogue,
                                           const struct conf_kit *notes, bool least);
void kit_settings_free(struct conf_connection *c);

#endif
