/* SPDX-License-Identifier: MIT
 * Applies mapping rules and conditions to a record. Pure: same record, same result. */
#ifndef KOPPEL_FLOW_MAP_H
#define KOPPEL_FLOW_MAP_H

#include <jansson.h>
#include <stdbool.h>

#include "config/conf.h"

enum map_verb { MAP_CREATE, MAP_UPDATE };

/* source: what `from` paths read. *out: a new object; a mapping without file and rules copies the
 * source. notes (may be NULL) receives a sentence for each
 * default row that stood in for a missing one. KOPPEL_E_REJECTED with reason "map.unmapped",
 * "map.required" or "map.value" names the field, the value and the table. */
int map_apply(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
              json_t **out, json_t *notes, struct koppel_error *err);

/* What a mapping tells whoever runs it, besides its outcome; from any thread. */
struct map_watch {
    /* A value for which a table has only a row of "*": row is its key, value what it gave. */
    void (*default_row)(void *arg, const char *table, const char *key, const char *row,
                        const char *value);
    void *arg;
};

/* The same, told to watch (may be NULL) as well. */
int map_apply_watched(const struct conf_mapping *mapping, const json_t *source, enum map_verb verb,
                      const struct map_watch *watch, json_t **out, json_t *notes,
                      struct koppel_error *err);

/* Do all conditions hold? A condition on a value that is not there is false, but for not, not_in
 * and empty. */
bool map_conditions(const struct conf_condition *conditions, int count, const json_t *record);

/* Does any rule read the member `name` of the core record, or something below it? One without file
 * and rules reads all. */
bool map_reads(const struct conf_mapping *mapping, const char *name);

/* A value as text: strings as they are, integers as digits, booleans true/false. false: it is null,
 * a real, an object or a list. buf must hold 32 bytes. */
bool map_text(const json_t *value, char buf[32], const char **out);

#endif
