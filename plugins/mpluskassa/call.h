/* SPDX-License-Identifier: MIT
 * One call of the service, and what all files of the connector share. */
#ifndef MPLUSKASSA_CALL_H
#define MPLUSKASSA_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "koppel/plugin.h"
#include "soap.h"

/* One instance. */
struct mplus {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    char *url;               /* with the port, ending in a slash */
    const char *ident, *secret;
    json_t *branches;        /* array of digits as strings; empty: all branches */
    uint64_t calls;          /* numbers the request ids */
    bool no_create_v3;       /* the service is too old for createOrderV3 */
};

/* *answer: the members of the answer, a new reference. Faults and results that do not end in -OK
 * are failures, but for a look-up's NOT-FOUND, which gives 0 and *answer NULL, and NO-CHANGES,
 * which is success.
 * job: the request id of a write, NULL otherwise. */
int call_soap(struct mplus *m, const struct soap_operation *op, const json_t *params,
              const char *job, json_t **answer, struct koppel_error *err);
/* The same for a caller that judges the result itself: every answer that is no fault is success.
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
/* The same, above zero and written as the service writes it: no zeros in front. */
bool call_is_key(const char *text);
/* Splits "1, 2,3" into an array of texts; NULL: no memory. */
json_t *call_split(const char *text);

/* Names the reason code of the failure just reported; returns -1. */
int call_reason(struct mplus *m, struct koppel_error *err, const char *code);
int call_no_memory(struct mplus *m, struct koppel_error *err);

/* The marker after the cursor; 0 at the very beginning. -1: the cursor is no number. */
int call_marker(struct mplus *m, const char *cursor, int64_t *marker, struct koppel_error *err);
/* Ends a batch that asked for records from `asked` on and saw markers up to `highest`. */
int call_batch_end(struct mplus *m, struct koppel_batch *out, const char *cursor, int64_t asked,
                   int64_t highest, struct koppel_error *err);

/* The families, one file each. */
int orders_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err);
int orders_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err);
int orders_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err);
int invoices_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int invoices_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int invoices_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int packing_slips_read(struct mplus *m, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err);
int packing_slips_find(struct mplus *m, const struct koppel_find_request *request,
                       struct koppel_results *out, struct koppel_error *err);
int proposals_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int proposals_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int proposals_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err);
int day_totals_read(struct mplus *m, const struct koppel_read_request *request,
                    struct koppel_batch *out, struct koppel_error *err);
int relations_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
int relations_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int relations_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err);
int products_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int articles_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err);
int articles_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int articles_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int products_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err);
int products_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err);
int groups_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err);
int groups_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err);
int groups_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err);
int stock_read(struct mplus *m, const struct koppel_read_request *request,
               struct koppel_batch *out, struct koppel_error *err);
int stock_write(struct mplus *m, const struct koppel_write_request *request,
                struct koppel_results *out, struct koppel_error *err);
int verify_entity(struct mplus *m, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);
int choices_list(struct mplus *m, const char *list, struct koppel_list *out,
                 struct koppel_error *err);

#endif
