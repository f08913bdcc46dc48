/* SPDX-License-Identifier: MIT
 * One call of the API of Asperion: headers, administration, envelope. */
#ifndef ASPERION_API_H
#define ASPERION_API_H

#include <jansson.h>
#include <stdbool.h>

#include "answer.h"
#include "koppel/sdk.h"

#define API_QUERY_MAX 8
#define API_ID_BYTES 64

/* One instance of the connector. */
struct asperion {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    /* Address of the API with "/v1/" at its end. */
    char *base;
    const char *tenant, *tenant_header, *language, *active_state_all;
    char page_size_text[24];
    int64_t page_size;
    /* Whether an answer since open() came from the administration that is set. */
    bool tenant_seen;
    /* Looked up since kept_since, by key; see orders.c. */
    json_t *debtors, *articles;
    int64_t kept_since;
    /* What the service says of itself, once it was read; see verify.c. */
    json_t *description;
};

struct api_request {
    /* For the trace and messages, such as "create debtor". */
    const char *what;
    /* GET, POST or PUT. */
    const char *method;
    /* Under /v1/, or an address of its own. */
    const char *path;
    /* Whose path an overlay may correct; NULL: none. */
    const char *entity;
    /* The setting that holds the path; NULL: none. */
    const char *setting;
    /* Part of Asperion that the administration must have; NULL: none known. */
    const char *package;
    struct koppel_pair query[API_QUERY_MAX];
    uint32_t query_count;
    /* Stores something: a lost answer leaves doubt. */
    bool write;
    /* Is about one record, so that a refusal is that record's. */
    bool one;
    /* Goes without the login. */
    bool anonymous;
    /* Not of one administration: goes without its header, and the answer is not checked for it. */
    bool any_tenant;
    /* JSON to send; NULL: none. Borrowed. */
    const char *body;
    /* Set to true where the service refuses it for its book period; NULL: nobody asks. */
    bool *period_refused;
    /* Set to true where something answers, but not with what is asked for: no such path, one that
     * is shown to nobody, a page, a fault; NULL: nobody asks. */
    bool *not_there;
};

int api_no_memory(struct asperion *a, struct koppel_error *err);
/* The values are borrowed until the call. */
void api_query(struct api_request *r, const char *name, const char *value);

/* *answer is a new reference, or NULL where a 2xx answer had no body. An answer that tells of a
 * problem is a failure whatever its status is. */
int api_call(struct asperion *a, const struct api_request *r, json_t **answer,
             struct koppel_error *err);

/* The parts of a call. Sends the request; 0: the host's answer is in *response, and is given back
 * with http_done(). */
int api_exchange(struct asperion *a, const struct api_request *r,
                 struct koppel_http_response *response, struct koppel_error *err);
/* Its body, trimmed. */
struct answer_text api_answer_text(const struct koppel_http_response *response);
/* Refuses what is no success: by its status, or by what it holds. answer: the body, NULL where it
 * is no JSON. */
int api_check_answer(struct asperion *a, const struct api_request *r, unsigned status,
                     struct answer_text body, const json_t *answer, struct koppel_error *err);

/* Makes sure that the administration was seen on an answer, with a cheap call if need be. */
int api_know_tenant(struct asperion *a, struct koppel_error *err);
/* Compares the administration in an answer's _meta; a missing one is refused where `required`. */
int api_check_tenant(struct asperion *a, const char *what, const json_t *answer, bool required,
                     struct koppel_error *err);

#endif
