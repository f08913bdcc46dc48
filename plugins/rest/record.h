/* SPDX-License-Identifier: MIT
 * Records: the system's members and the catalogue's fields, turned into each other. */
#ifndef PLUGINS_REST_RECORD_H
#define PLUGINS_REST_RECORD_H

#include "rest.h"

/* The system's name of the entity's field; the name itself where it is no field. */
const char *record_wire(const json_t *entity, const char *name);
/* Its key, "" where it has none. row: the system's. */
void record_key(const json_t *entity, const json_t *row, char out[REST_KEY_BYTES]);
/* The system's row as a record, new. NULL: place says what is wrong; empty: no memory. */
json_t *record_take(const json_t *entity, const json_t *row, char place[REST_PLACE_BYTES]);
/* What is wrong with a record that is to be sent. */
struct record_fault {
    int kind; /* KOPPEL_E_* */
    char words[REST_PLACE_BYTES];
};

/* A record as the system takes it, new. NULL: fault says why. */
json_t *record_send(struct rest *r, const json_t *entity, const json_t *record,
                    struct record_fault *fault);

#endif
