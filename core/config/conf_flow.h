/* SPDX-License-Identifier: MIT
 * A file of flows.d. */
#ifndef KOPPEL_CONFIG_CONF_FLOW_H
#define KOPPEL_CONFIG_CONF_FLOW_H

#include "config/conf_file.h"

void conf_flow_load(struct conf_loader *l, struct conf_file *f, struct conf_flow *w);

#endif
