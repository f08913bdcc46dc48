/* SPDX-License-Identifier: MIT
 * A further certificate authority, the setting tls_ca of connections and channels. */
#ifndef KOPPEL_CONFIG_CONF_AUTHORITY_H
#define KOPPEL_CONFIG_CONF_AUTHORITY_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* The text (PEM) of the file that the group names, held: what is published stands on no disk. NULL:
 * it names none, or what is wrong was reported. */
const char *conf_authority_load(struct conf_loader *l, config_setting_t *group);

#endif
