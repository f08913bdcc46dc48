/* SPDX-License-Identifier: MIT
 * One call of the system: its request as the description has it, and its answer as JSON. */
#ifndef PLUGINS_REST_REQUEST_H
#define PLUGINS_REST_REQUEST_H

#include "template.h"

#define REQUEST_WHAT_BYTES 140

struct request {
    const json_t *call;   /* of the description */
    const char *entity;   /* for messages and the trace; "" where it is of none */
    const char *name;     /* of the call: "read" */
    const char *method;   /* where the call names none */
    bool write;           /* it changes something */
    bool one;             /* it is about one record */
    const char *url;      /* whole, in the place of the call's path; NULL: that */
    const char *list;     /* where the answer's list stands; NULL: it is read as a whole */
    char what[REQUEST_WHAT_BYTES]; /* request_run fills it */
};

/* An element of the list that could not be decoded. */
struct answer_bad {
    size_t index;
    json_t *rest;      /* what of it could be read; NULL: nothing */
    char *raw;
    size_t raw_bytes;
    char place[REST_PLACE_BYTES];
};

struct answer {
    json_t *json; /* NULL: the answer was empty */
    bool none;    /* it is a list of nothing, as its status says */
    struct answer_bad *bad;
    size_t bad_count;
    struct koppel_http_response http; /* until answer_done */
};

/* Does it ask for something, which may not be there? A trial does not, though it changes
 * nothing. */
bool request_asks(const struct request *q);
/* 0; 1: the system says that what was asked for is not there; -1 and err. */
int request_run(struct rest *r, struct request *q, const struct vars *v, struct answer *out,
                struct koppel_error *err);
/* Frees what is there; takes a zeroed one. */
void answer_done(struct rest *r, struct answer *a);

#endif
