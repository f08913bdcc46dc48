/* SPDX-License-Identifier: MIT
 * Cases of a flow: records that are run through it offline, beside what is to become of them.
 *
 * flows.d/orders.conf has them in flows.d/orders.cases, and mappings/asperion/debtor.send.conf in
 * mappings/asperion/debtor.send.cases for every flow that uses it. NAME.in.json is {"source": the
 * record as it is read, or "core": the core record; "key", "known", "day"}, NAME.out.json
 * {"outcome", "reason", "core", "destination"}. */
#ifndef KOPPEL_CONFIG_CONF_CASE_H
#define KOPPEL_CONFIG_CONF_CASE_H

#include "config/conf_loader.h"

#define CONF_CASE_FOLDER ".cases"
#define CONF_CASE_IN ".in.json"
#define CONF_CASE_OUT ".out.json"

/* Reads the cases of a flow, whose file is path, and of its mappings; mistakes are reported. An
 * output without its input is a mistake, an input without an output is told. */
void conf_case_load(struct conf_loader *l, const char *path, struct conf_flow *w);

#endif
