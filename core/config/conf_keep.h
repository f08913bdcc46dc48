/* SPDX-License-Identifier: MIT
 * The group `keep` of koppel.conf: how long what is kept, and how much of the disk is left free. */
#ifndef KOPPEL_CONFIG_CONF_KEEP_H
#define KOPPEL_CONFIG_CONF_KEEP_H

#include <libconfig.h>

#include "config/conf.h"
#include "config/conf_loader.h"

/* group NULL: the defaults. */
void conf_keep_load(struct conf_loader *l, config_setting_t *group, struct conf_keep *out);

#endif
