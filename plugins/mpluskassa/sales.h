/* SPDX-License-Identifier: MIT
 * What the files of the sales side share: one way to read and find the four kinds of document, and
 * what the connection's settings add to one that is written. */
#ifndef MPLUSKASSA_SALES_H
#define MPLUSKASSA_SALES_H

#include "call.h"
#include "types.h"

/* A kind of document: how the service names its parts. */
struct document {
    const char *entity;
    const struct soap_operation *read; /* by sync marker */
    const char *list, *ids, *id;       /* "orderList", "orderIds" in the request, "orderId" */
    const struct soap_operation *get;  /* by id; NULL: only through read */
    const struct soap_operation *find; /* by external id; NULL where the service has none */
    const char *single, *ext;          /* "order", "extOrderId" */
    /* Optional: adds to the records of a page what belongs to them. */
    int (*complete)(struct mplus *m, const json_t *options, json_t *records,
                    struct koppel_error *err);
    /* Optional: false leaves a record out of what is read. */
    bool (*wanted)(const json_t *record, const json_t *options);
};

extern const struct document document_order, document_invoice, document_packing_slip,
    document_proposal;

/* filter: further members of the request, or NULL. */
int document_read(struct mplus *m, const struct document *doc,
                  const struct koppel_read_request *request, json_t *filter,
                  struct koppel_batch *out, struct koppel_error *err);
int document_find(struct mplus *m, const struct document *doc,
                  const struct koppel_find_request *request, struct koppel_results *out,
                  struct koppel_error *err);
/* The document with this id, a new reference; NULL: not there. */
int document_get(struct mplus *m, const struct document *doc, const char *id, json_t **out,
                 struct koppel_error *err);
/* The documents with these ids, in one call. headers: without their lines. */
int document_list(struct mplus *m, const struct document *doc, json_t *ids, bool headers,
                  json_t **out, struct koppel_error *err);
/* Adds `relation` to each record, in one call. Does nothing where the options do not want it. */
int document_relations(struct mplus *m, const json_t *options, json_t *records,
                       struct koppel_error *err);
/* Fails with E_REJECTED unless the record says its VAT method and its relation, and fills employee,
 * branches, workplace and delivery method from the settings where the record has none. */
int document_prepare(struct mplus *m, json_t *record, struct koppel_error *err);

/* Makes the order (or invoice) of a proposal, or names the one that was made of it before. */
int proposal_convert(struct mplus *m, const char *id, bool order, const char *job, uint32_t index,
                     struct koppel_results *out, struct koppel_error *err);

/* The distinct values of a member of the records, without those that stand for none. */
json_t *distinct_values(const json_t *records, const char *name);

#endif
