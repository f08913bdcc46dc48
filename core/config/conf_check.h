/* SPDX-License-Identifier: MIT
 * What only all files together show. */
#ifndef KOPPEL_CONFIG_CONF_CHECK_H
#define KOPPEL_CONFIG_CONF_CHECK_H

#include "config/conf_loader.h"

void conf_check(struct conf_loader *l);

#endif
