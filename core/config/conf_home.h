/* SPDX-License-Identifier: MIT
 * The home setting: country, currency, zone and language of the shop. */
#ifndef KOPPEL_CONFIG_CONF_HOME_H
#define KOPPEL_CONFIG_CONF_HOME_H

#include <jansson.h>
#include <libconfig.h>

#include "config/conf_loader.h"

/* The group `home` of koppel.conf, NULL where it has none: everything has its default then. */
void conf_home_load(struct conf_loader *l, config_setting_t *group, struct conf_home *out);
/* A flow with another home is another one. */
void conf_home_digest(struct conf_loader *l, const struct conf_home *home);
/* What mappings and models see of it, put into the settings of a flow. */
void conf_home_tell(const struct conf_home *home, json_t *settings);

#endif
