/* SPDX-License-Identifier: MIT
 * The functions that a value, or a whole record, goes through. */
#ifndef KOPPEL_CONFIG_CONF_VIA_H
#define KOPPEL_CONFIG_CONF_VIA_H

#include <libconfig.h>

#include "config/conf_loader.h"

/* s: one function or a list of them; each is a text "name:argument:argument", or a list of the name
 * and its arguments, which may be lists themselves. record: functions of whole records are meant,
 * else those of values. What is wrong is reported, and left out. */
void conf_via_load(struct conf_loader *l, config_setting_t *s, bool record, struct conf_via **out,
                   int *count);

#endif
