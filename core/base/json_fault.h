/* SPDX-License-Identifier: MIT
 * What is wrong in a JSON text, while it is read: an error that ends the reading, or an element of
 * the caller's list that alone is lost. */
#ifndef KOPPEL_BASE_JSON_FAULT_H
#define KOPPEL_BASE_JSON_FAULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/json_place.h"
#include "base/json_read.h"

/* An object or list that is open. */
struct json_frame {
    json_t *container; /* borrowed; NULL: left out, as it is too deep or its name cannot be read */
    const char *name;  /* of the present member, as it stands in the text */
    size_t name_bytes;
    size_t index; /* of the present element */
    bool object, begun;
};

/* Set text, place.start and error, zero the rest. */
struct json_faults {
    const char *text;
    struct json_place place;
    struct json_read_error *error;
    const char *element; /* where the present element of the list begins; NULL: outside */
    size_t index;        /* of that element */
    bool element_bad;
    struct json_read_bad *bad; /* all bad elements up to now */
    size_t count, room;
};

/* Fills the error with a place in what is open: depth frames. Returns false. */
bool json_fault_fail(struct json_faults *f, const struct json_frame *frames, int depth,
                     const char *at, const char *what);
/* The same for a value that cannot be decoded while it is known where it ends: within an element of
 * the list it makes that element a bad one, and true says that reading goes on. */
bool json_fault_value(struct json_faults *f, const struct json_frame *frames, int depth,
                      const char *at, const char *what);
/* The element ends at `at`: a bad one becomes null in the list, and what could be read of it goes
 * to what is told. False: no memory. */
bool json_fault_end(struct json_faults *f, json_t *list, const char *at);
/* Tells the bad elements to list, which may be NULL: then nothing is told; frees everything. */
void json_fault_done(struct json_faults *f, const struct json_read_list *list);

#endif
