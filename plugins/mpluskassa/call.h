/* SPDX-License-Identifier: MIT
 * One call of the service, and what all files of the connector share. */
#ifndef MPLUSKASSA_CALL_H
#define MPLUSKASSA_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "koppel/plugin.h"
#include "soap_read.h"

/* One instance. */
struct mplus {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    char *url; /* with the port, ending in a slash */
    const char *ident, *secret;
    json_t *branches;  /* array of digits as strings; empty: all branches */
    uint64_t calls;    /* numbers the request ids */
    json_t *custom;    /* of custom.c: the fields that the owner added; NULL: not asked yet */
    bool no_create_v3; /* the service is too old for createOrderV3 */
};

/* *answer: the members of the answer, a new reference. Faults and results that do not end in -OK
 * are failures, but for a look-up's NOT-FOUND, which gives 0 and *answer NULL, and NO-CHANGES,
 * which is success. An answer that lacks its result or its list is none.
 * job: the request id of a write, NULL otherwise. */
int call_soap(struct mplus *m, const struct soap_operation *op, const json_t *params,
              const char *job, json_t **answer, struct koppel_error *err);
/* The same for a list: records that cannot be read are left out of *answer and told in *bad; free
 * them with soap_read_free(). */
int call_list_of(struct mplus *m, const struct soap_operation *op, const json_t *params,
                 json_t **answer, struct soap_unreadable **bad, struct koppel_error *err);
/* The same for a caller that judges the result itself: every answer with a result is success.
 * unknown may be NULL; else a service that is too old to know the operation gives 0, *answer NULL
 * and *unknown true. */
int call_ask(struct mplus *m, const struct soap_operation *op, const json_t *params,
             const char *job, json_t **answer, bool *unknown, struct koppel_error *err);
/* The result of an answer ends in "-OK", "-NOT-FOUND", ... */
bool call_says(const json_t *answer, const char *ending);
/* Reports a refusal in the service's own words: REJECTED, or EXISTS for an external id or a number
 * that is taken. Returns -1. */
int call_refused(struct mplus *m, const struct soap_operation *op, const json_t *answer,
                 struct koppel_error *err);

/* Text of a member; NULL where it is absent, empty or no text. */
const char *call_text(const json_t *object, const char *name);
/* Digits of a member as a number; 0 where it is absent. */
int64_t call_number(const json_t *object, const char *name);
/* The array inside, borrowed; NULL where absent. json_array_size(NULL) is 0. */
json_t *call_list(const json_t *object, const char *name);
/* text is an integer without sign, within 64 bits. */
bool call_is_number(const char *text);
/* The same, above zero and written as the service writes it: no zeros in front. NULL is none. */
bool call_is_key(const char *text);
/* Splits "1, 2,3" into an array of texts; NULL: no memory. */
json_t *call_split(const char *text);
/* Records by the text of one of their members; the first of two that are equal. NULL: no memory. */
json_t *call_by(const json_t *records, const char *member);
/* The distinct values of a member of the records, without those that stand for none. */
json_t *call_distinct(const json_t *records, const char *member);

/* Names the reason code of the failure just reported; returns -1. */
int call_reason(struct mplus *m, struct koppel_error *err, const char *code);
int call_no_memory(struct mplus *m, struct koppel_error *err);

#endif
