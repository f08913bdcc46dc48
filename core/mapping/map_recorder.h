/* SPDX-License-Identifier: MIT
 * What a mapping did, told field by field by the mapper itself while it runs. Where nobody wants to
 * know (NULL), each call returns at once.
 *
 * A row is a JSON object, in the order in which the rules ran:
 *   to        path of the field, with the elements' numbers: "lines[2].vatCode"
 *   rule      {file, line}
 *   from      [{path, value}] what was read; value null: it was not there
 *   via       [{function, value}] what came out of each function
 *   table     {name, file, key, row, hit}; row: the key of the row that was taken, "*" in it where
 *             it stood in for a missing one; hit false: there is none
 *   parts     rows of the parts, without `to`
 *   value     what the field got; null: nothing
 *   count     in place of value, of a rule with `map`: how many elements follow below
 *   applied   true: it got something
 *   because   what decided: "from", "value", "expr", "parts", "table", "default", "force",
 *             "unmapped" (passed on, or the default), "clear" (sent empty), "each", "map";
 *             where it did not apply: "when", "create" and "update" (on = is for those only),
 *             "nothing" (no value), "error"
 *   when      {file, line, condition, value} the condition that did not hold
 *   error     why the record parks
 *   replaced  {file, line} of the later rule whose value stands there now */
#ifndef KOPPEL_MAPPING_MAP_RECORDER_H
#define KOPPEL_MAPPING_MAP_RECORDER_H

#include <jansson.h>

#include "config/conf.h"

struct map_place; /* map_run.h */

struct map_recorder {
    json_t *rows; /* what is recorded so far; incomplete where there was no memory */
    json_t *row;  /* the one at hand, borrowed of rows; NULL: none */
    json_t *last; /* to -> the row that filled it last */
};

/* -1: no memory. */
int map_recorder_init(struct map_recorder *r);
void map_recorder_done(struct map_recorder *r);
/* Forgets what was recorded: another mapping follows. r may be NULL. */
void map_recorder_clear(struct map_recorder *r);

/* ---- for the mapper; r may be NULL ---- */

/* A rule is at hand; ends with map_recorder_end, _open or _fail. made: the number of the element
 * that it adds to a list; negative: it fills a field. */
void map_recorder_begin(struct map_recorder *r, const struct map_place *place,
                        const struct conf_rule *rule, long made);
void map_recorder_from(struct map_recorder *r, const struct map_place *place,
                       const struct path *path, const json_t *value);
/* Every name of the expression with its value. */
void map_recorder_expression(struct map_recorder *r, const struct map_place *place,
                             const struct expr *e, const json_t *source,
                             const json_t *root);
void map_recorder_via(struct map_recorder *r, const char *function, const json_t *value);
/* row NULL: there is none for this key. */
void map_recorder_table(struct map_recorder *r, const struct conf_table *table, const char *key,
                        const char *row);
/* The condition that did not hold. */
void map_recorder_condition(struct map_recorder *r, const struct conf_condition *c,
                            const json_t *record, const json_t *root);
/* value NULL: it did not apply. */
void map_recorder_end(struct map_recorder *r, const json_t *value, const char *because);
/* The rules inside it follow, for so many elements. */
void map_recorder_open(struct map_recorder *r, const char *because, size_t count);
void map_recorder_fail(struct map_recorder *r, const struct koppel_error *err);
/* A part of the rule at hand takes its place until map_recorder_part_end gets what this gave. */
json_t *map_recorder_part(struct map_recorder *r, const struct conf_rule *part);
void map_recorder_part_end(struct map_recorder *r, json_t *outer, const json_t *value,
                           const char *because);

#endif
