/* SPDX-License-Identifier: MIT
 * The overlay of a connection: a JSON file that changes its connector's catalogue. */
#ifndef KOPPEL_CONFIG_CONF_OVERLAY_H
#define KOPPEL_CONFIG_CONF_OVERLAY_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* The catalogue with the overlay that the connection's group names; held. The catalogue itself
 * where it names none, or a wrong one, which was reported: so the other mistakes are found. */
const struct catalogue *conf_overlay_load(struct conf_loader *l, config_setting_t *group,
                                          const struct plugin *plugin,
                                          const struct catalogue *base);

#endif
