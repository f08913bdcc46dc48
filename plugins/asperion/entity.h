/* SPDX-License-Identifier: MIT
 * The entities by table: what is special about each. Paths and fields are in the catalogue. */
#ifndef ASPERION_ENTITY_H
#define ASPERION_ENTITY_H

#include "api.h"

#define ENTITY_PATH_BYTES 160

/* What is special about an entity. */
struct entity {
    /* In the catalogue. */
    const char *name;
    /* What its requests are called; NULL: there is no such request. */
    const char *read_what, *find_what, *create_what, *update_what;
    /* Members of a row that tell when it changed, the second where the first says nothing. */
    const char *changed, *added;
    /* Fields by which a created record is found if the answer is empty. */
    const char *own_keys[2];
    /* Part of Asperion that the administration must have; NULL: any has it. */
    const char *package;
    /* Setting of the connection that names the journal of a record without one; NULL: none. */
    const char *journal_setting;
    /* Lists need ActiveState to show inactive rows. */
    bool active_state;
    /* bookyear and bookperiod may be taken from the date; see period.c. */
    bool periods;
    /* Journal entries: see journal.c. */
    bool journal;
    /* Debtors: see debtor.c. */
    bool debtor;
    /* Read without the figures of its stock. */
    bool article;
    /* The option "locations" tells whether they are wanted. */
    bool stock;
    /* Read with their debtor and articles: see orders.c. */
    bool parties;
};

/* An entity with what the effective catalogue says of it. */
struct entity_use {
    const struct entity *kind;
    /* Borrowed from the catalogue. */
    json_t *entry, *fields;
    /* Under /v1/. */
    char path[ENTITY_PATH_BYTES];
    /* The setting that the path is from; "": none. */
    char setting[64];
    /* Its calls are about one record; see struct api_request. */
    bool one;
};

int entity_use(struct asperion *a, const char *name, struct entity_use *out,
               struct koppel_error *err);
/* Fills in what every call of the entity needs. */
struct api_request entity_request(const struct entity_use *u, const char *what);
/* A row as a new record, in the shape that the catalogue tells. NULL: place names the member that
 * is not of its type; "": out of memory. */
json_t *entity_record(struct asperion *a, const struct entity_use *u, const json_t *row,
                      char place[ANSWER_PLACE_BYTES]);
/* Fails with what records_read() or entity_record() said of a row. Returns -1. */
int entity_unreadable(struct asperion *a, const char *what, const char *place,
                      struct koppel_error *err);

#endif
