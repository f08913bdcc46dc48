/* SPDX-License-Identifier: MIT
 * From the source's record to the core record of a flow. */
#ifndef KOPPEL_MAPPING_MAP_CORE_H
#define KOPPEL_MAPPING_MAP_CORE_H

#include "mapping/map.h"

/* The get mapping, then the flow's record functions in their order. *core: a new reference.
 * *dropped: NULL, or why one of the functions left the record out (caller frees); core is then what
 * that one was given. Fails as map_apply, and with reason "map.record" where a function does. */
int map_core(const struct conf_flow *flow, const json_t *source, const struct map_tell *tell,
             json_t **core, char **dropped, struct koppel_error *err);

#endif
