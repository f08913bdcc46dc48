/* SPDX-License-Identifier: MIT
 * What the four kinds of sales document share: one way to read, fetch and find them, and what the
 * connection's settings add to one that is written. */
#ifndef MPLUSKASSA_DOCUMENT_H
#define MPLUSKASSA_DOCUMENT_H

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
    /* Optional: adds to the records of a page what belongs to them, and takes out those to which it
     * cannot be added, after handing them to `out` as unreadable. out NULL: they stay as are. */
    int (*complete)(struct mplus *m, const json_t *options, json_t *records,
                    struct koppel_batch *out, struct koppel_error *err);
    /* Optional: false leaves a record out of what is read. */
    bool (*wanted)(const json_t *record, const json_t *options);
};

/* filter: further members of the request, or NULL. */
int document_read(struct mplus *m, const struct document *doc,
                  const struct koppel_read_request *request, json_t *filter,
                  struct koppel_batch *out, struct koppel_error *err);
/* The documents with these ids as they are now, each with its relation read anew. */
int document_fetch(struct mplus *m, const struct document *doc,
                   const struct koppel_fetch_request *request, struct koppel_batch *out,
                   struct koppel_error *err);
int document_find(struct mplus *m, const struct document *doc,
                  const struct koppel_find_request *request, struct koppel_results *out,
                  struct koppel_error *err);
/* The document with this id, a new reference; NULL: not there. */
int document_get(struct mplus *m, const struct document *doc, const char *id, json_t **out,
                 struct koppel_error *err);
/* The documents with these ids, in one call. headers: without their lines. bad: those that cannot
 * be read, to be freed with soap_read_free(); NULL: one of them fails the call. */
int document_list(struct mplus *m, const struct document *doc, json_t *ids, bool headers,
                  json_t **out, struct soap_unreadable **bad, struct koppel_error *err);
/* Adds `relation` to each record, in one call, and the turnover groups that its lines lack. key:
 * the member that holds the records' ids; the rest is as in struct document. */
int document_complete(struct mplus *m, const char *key, const json_t *options, json_t *records,
                      struct koppel_batch *out, struct koppel_error *err);
/* Fails with E_REJECTED unless the record says its VAT method and its relation, and fills employee,
 * branches, workplace and delivery method from the settings where the record has none. */
int document_prepare(struct mplus *m, json_t *record, struct koppel_error *err);
/* The till computes totals itself. Fails with E_REJECTED, reason order.totals, where it comes to
 * another one than the source; the document is there all the same, and a note of items[index] says
 * so. made: as the till answered it; NULL or without its total: it is read first. */
int document_totals(struct mplus *m, const struct document *doc, const char *id, const char *want,
                    const json_t *made, uint32_t index, struct koppel_results *out,
                    struct koppel_error *err);

#endif
