/* SPDX-License-Identifier: MIT
 * Settings against the list of a catalogue or a core model. */
#ifndef KOPPEL_CONFIG_CONF_SETTING_H
#define KOPPEL_CONFIG_CONF_SETTING_H

#include <libconfig.h>
#include <stdbool.h>

#include "config/conf_loader.h"
#include "catalogue/catalogue.h"

/* group against the list; out has room for count. absent (never NULL): where what is missing is
 * told. Returns how many have a value. */
int conf_setting_load(struct conf_loader *l, config_setting_t *group,
                      const config_setting_t *absent, const struct cat_setting *list, int count,
                      struct conf_setting *out);

/* Is the text one of the names that the setting takes in place of an expression? */
bool conf_setting_is_ready(const struct cat_setting *c, const char *text);

#endif
