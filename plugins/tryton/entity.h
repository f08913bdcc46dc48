/* SPDX-License-Identifier: MIT
 * The kinds of records: where each is in Tryton, and who knows its shape. */
#ifndef TRYTON_ENTITY_H
#define TRYTON_ENTITY_H

#include "rpc.h"

struct entity {
    const char *name;        /* of the catalogue */
    const char *model;       /* of Tryton */
    const char *read_what, *find_what, *write_what;
    const char *fields;      /* what is read of a row */
    /* What belongs to the entity at all; a new list of conditions. */
    json_t *(*domain)(const struct tryton *t);
    /* The condition that a record has this value in that field; new, NULL where none can. */
    json_t *(*condition)(const char *field, const char *value);
    /* Does a record that was found by it really have it? NULL: what Tryton finds has it. */
    bool (*has)(const json_t *record, const char *field, const char *value);
    /* A row as a record of the catalogue; new. */
    json_t *(*record)(const json_t *row);
    /* Makes or changes one and tells the outcome by result_done. */
    int (*create)(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err);
    int (*update)(struct tryton *t, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err);
};

/* NULL and err: the catalogue names none so. */
const struct entity *entity_find(struct tryton *t, const char *name, struct koppel_error *err);
/* Rows that meet the domain (stolen) besides what belongs to the entity, inactive ones too, in the
 * order of their ids; limit 0: all. *rows is a new reference. */
int entity_rows(struct tryton *t, const struct entity *e, const char *what, json_t *domain_take,
                uint32_t limit, json_t **rows, struct koppel_error *err);
/* The row with that id; NULL in *row: it is not there. */
int entity_row(struct tryton *t, const struct entity *e, const char *what, int64_t id,
               json_t **row, struct koppel_error *err);
/* Reads the row anew and tells it as the outcome of a write. */
int entity_done(struct tryton *t, const struct entity *e, int64_t id, uint32_t index,
                struct koppel_results *out, struct koppel_error *err);
/* Puts the value into the object unless it is NULL; stolen. */
void entity_put(json_t *object, const char *name, json_t *value_take);
/* The same with a text that may be empty. */
void entity_put_text(json_t *object, const char *name, const char *text);
/* The same with an id, as the text that records hold, unless it is 0. */
void entity_put_id(json_t *object, const char *name, int64_t id);
/* The condition of an entity whose fields Tryton searches by their own names. */
json_t *entity_condition(const char *field, const char *value);
/* A text of a record: decimals and ids as they are written. "" where there is none. word:
 * KOPPEL_WORD_TEXT bytes. */
const char *entity_text(const json_t *record, const char *name, char word[KOPPEL_WORD_TEXT]);

#endif
