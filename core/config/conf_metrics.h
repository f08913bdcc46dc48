/* SPDX-License-Identifier: MIT
 * The group `metrics` of koppel.conf: where those that watch the program may ask. */
#ifndef KOPPEL_CONFIG_CONF_METRICS_H
#define KOPPEL_CONFIG_CONF_METRICS_H

#include <libconfig.h>

#include "config/conf.h"
#include "config/conf_listen.h"
#include "config/conf_loader.h"

/* group NULL: nobody may. *out: "ADDRESS:PORT" (held), NULL: not set. */
void conf_metrics_load(struct conf_loader *l, config_setting_t *group, const char **out);

/* "127.0.0.1:9484" or "[::1]:9484": numbers of this machine alone. */
bool conf_metrics_may(const char *text, union conf_listen *out);

#endif
