/* SPDX-License-Identifier: MIT
 * One call of the API of Asperion: headers, administration, envelope, and the error kinds. */
#ifndef ASPERION_API_H
#define ASPERION_API_H

#include <jansson.h>
#include <stdbool.h>

#include "koppel/sdk.h"

#define API_QUERY_MAX 8

/* One instance of the connector. */
struct asperion {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    char *base; /* address with "/v1/" at its end */
    const char *tenant, *tenant_header, *language, *active_state_all;
    char page_size_text[24];
    int64_t page_size;
    bool tenant_seen; /* an answer since open() came from the administration that is set */
    json_t *debtors, *articles; /* looked up since kept_since, by key; see orders.c */
    int64_t kept_since;
    json_t *description; /* what the service says of itself, once it was read; see verify.c */
};

struct api_request {
    const char *what;   /* for the trace and messages */
    const char *method; /* GET, POST, PUT */
    const char *path;   /* under /v1/, or an address of its own */
    const char *entity; /* whose path an overlay may correct; NULL: none */
    const char *setting; /* that holds the path; NULL: none */
    const char *package; /* part of Asperion that the administration must have; NULL: none known */
    struct koppel_pair query[API_QUERY_MAX];
    uint32_t query_count;
    bool write;         /* stores something: a lost answer leaves doubt */
    bool anonymous;     /* goes without the login */
    bool any_tenant;    /* not of one administration: goes without its header, is not checked */
    json_t *body;       /* NULL: none */
};

int api_no_memory(struct asperion *a, struct koppel_error *err);
/* Gives the failure just reported a code, where the host takes one. Returns -1. */
int api_reason(struct asperion *a, struct koppel_error *err, const char *code);
void api_query(struct api_request *r, const char *name, const char *value);

/* *answer is a new reference, or NULL where a 2xx answer had no body. */
int api_call(struct asperion *a, const struct api_request *r, json_t **answer,
             struct koppel_error *err);

/* One page of a list: *rows is a new reference to the rows; *more: how many pages follow, 1 where
 * only the next one is known.
 * Fails where the answer is not of the administration that is set, unless r->any_tenant. */
int api_page(struct asperion *a, struct api_request *r, int64_t page, json_t **rows, int *more,
             struct koppel_error *err);

/* Makes sure that the administration was seen on an answer, with a cheap call if need be. */
int api_know_tenant(struct asperion *a, struct koppel_error *err);
/* Compares the administration in an answer's _meta; a missing one is refused where `required`. */
int api_check_tenant(struct asperion *a, const char *what, const json_t *answer, bool required,
                     struct koppel_error *err);

#endif
