/* SPDX-License-Identifier: MIT
 * The value that a rule gives. Not for other folders. */
#ifndef KOPPEL_MAPPING_MAP_VALUE_H
#define KOPPEL_MAPPING_MAP_VALUE_H

#include "mapping/map_run.h"

/* value: a new reference, NULL where there is none; because: what decided, as map_recorder.h lists
 * it. */
struct map_value {
    json_t *value;
    const char *because;
};

/* source: what the rule's paths are relative to. Only what is written out in the rule itself, as
 * value or default, may be blank: a blank value of the record is none. KOPPEL_E_REJECTED as of
 * map_apply. */
int map_value(const struct map_run *r, const struct conf_rule *rule, const json_t *source,
              struct map_value *out);
/* Fills the run's error: this field, and what is wrong with it. Returns -1. */
int map_value_refuse(const struct map_run *r, const struct conf_rule *rule, const char *what);

#endif
