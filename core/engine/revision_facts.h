/* SPDX-License-Identifier: MIT
 * What a revision tells of the configuration that it is, beside its files. */
#ifndef KOPPEL_ENGINE_REVISION_FACTS_H
#define KOPPEL_ENGINE_REVISION_FACTS_H

#include "config/conf.h"

/* {name: version} of every flow. conf NULL: {}. NULL: no memory. */
json_t *revision_facts_flows(const struct conf *conf);
/* How its cases came out when it became active: {"passed": how many, "failing": [flows that were
 * left off]}. conf NULL: it never was, null. */
json_t *revision_facts_cases(const struct conf *conf);

#endif
