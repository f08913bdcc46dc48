/* SPDX-License-Identifier: MIT
 * Applies mapping rules to a record. Pure: same record, same day, same result. */
#ifndef KOPPEL_MAPPING_MAP_H
#define KOPPEL_MAPPING_MAP_H

#include <jansson.h>
#include <stdbool.h>

#include "config/conf.h"

struct map_recorder; /* map_recorder.h */

enum map_verb { MAP_CREATE, MAP_UPDATE };

/* What a mapping tells besides its outcome; each may be NULL. */
struct map_tell {
    json_t *notes; /* array: a sentence for each default row that stood in for a missing one */
    /* The same for counting, from any thread: row is its key, value what it gave. */
    void (*default_row)(void *arg, const char *table, const char *key, const char *row,
                        const char *value);
    void *arg;
    struct map_recorder *recorder; /* what every rule did, and why */
};

/* source: what `from` paths read. *out: a new object; a mapping without file and rules copies the
 * source. tell may be NULL. KOPPEL_E_REJECTED with reason "map.unmapped", "map.required",
 * "map.value" or "map.condition" names the field, the value and the table. */
int map_apply(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
              const struct map_tell *tell, json_t **out, struct koppel_error *err);

/* Does any rule read the member `name` of the core record, or something below it? One without file
 * and rules reads all. */
bool map_reads(const struct conf_mapping *mapping, const char *name);

#endif
