/* SPDX-License-Identifier: MIT
 * Proposals: read, found, saved and cancelled, and made into the order or invoice that follows. */
#include "proposals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "document.h"

#define PAGE 1000 /* headers asked for at a time when a look-up has to go through all */

static int complete(struct mplus *m, const json_t *options, json_t *records,
                    struct koppel_batch *out, struct koppel_error *err)
{
    return document_complete(m, "proposalId", options, records, out, err);
}

static const struct document proposal_document = {
    .entity = "proposal",
    .read = &op_get_proposals,
    .list = "proposalList",
    .ids = "proposalIds",
    .id = "proposalId",
    .get = &op_get_proposal,
    .single = "proposal",
    .complete = complete,
};

int proposals_read(struct mplus *m, const struct koppel_read_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    return document_read(m, &proposal_document, request, NULL, out, err);
}

int proposals_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                    struct koppel_batch *out, struct koppel_error *err)
{
    return document_fetch(m, &proposal_document, request, out, err);
}

/* The ids of the headers that carry the external id; *highest: the last marker seen. */
static void sift_headers(const json_t *answer, const char *ext, json_t *ids, int64_t *highest)
{
    json_t *header;
    size_t i;
    json_array_foreach(call_list(answer, "proposalList"), i, header) {
        const char *own = call_text(header, "extProposalId");
        int64_t marker = call_number(header, "syncMarker");
        if (marker > *highest)
            *highest = marker;
        if (own && strcmp(own, ext) == 0)
            json_array_append(ids, json_object_get(header, "proposalId"));
    }
}

/* The service cannot be asked for an external id. The headers of one relation's proposals are few;
 * without a record to narrow by, all headers are gone through. */
static int search(struct mplus *m, const char *ext, const json_t *record, json_t *ids,
                  struct koppel_error *err)
{
    const char *relation = call_text(record, "relationNumber");
    int64_t asked = 0, highest;
    int rc = 0;
    do {
        char marker[24];
        json_t *params, *answer = NULL;
        snprintf(marker, sizeof marker, "%" PRId64, asked);
        params = json_pack("{s:{s:s, s:i, s:b}}", "request", "syncMarker", marker,
                           "syncMarkerLimit", PAGE, "includeLineList", 0);
        if (params && relation)
            json_object_set_new(json_object_get(params, "request"), "relationNumbers",
                                json_pack("[s]", relation));
        rc = params ? call_soap(m, &op_get_proposals, params, NULL, &answer, err)
                    : call_no_memory(m, err);
        highest = asked - 1;
        sift_headers(answer, ext, ids, &highest);
        json_decref(params);
        json_decref(answer);
        if (rc == 0 && m->host->cancelled(m->ctx))
            rc = m->host->fail(err, KOPPEL_E_CANCELLED, "stopping");
    } while (rc == 0 && highest >= asked && (asked = highest + 1) > 0);
    return rc;
}

static int find_by_ext(struct mplus *m, const struct koppel_find_request *request, uint32_t index,
                       struct koppel_results *out, struct koppel_error *err)
{
    const json_t *record = request->records ? request->records[index] : NULL;
    json_t *ids = json_array(), *list = NULL, *proposal;
    size_t i;
    int rc = ids ? search(m, request->keys[index], record, ids, err) : call_no_memory(m, err);
    if (rc == 0 && json_array_size(ids) > 0)
        rc = document_list(m, &proposal_document, ids, false, &list, NULL, err);
    if (rc == 0 && json_array_size(list) > 0)
        rc = complete(m, NULL, list, NULL, err);
    json_array_foreach(list, i, proposal) {
        if (rc == 0)
            rc = m->host->result_found(out, index, call_text(proposal, "proposalId"),
                                       json_incref(proposal), err);
    }
    json_decref(ids);
    json_decref(list);
    return rc;
}

int proposals_find(struct mplus *m, const struct koppel_find_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    if (strcmp(request->match, "extProposalId") != 0)
        return document_find(m, &proposal_document, request, out, err);
    for (uint32_t i = 0; i < request->count; i++) {
        if (request->keys[i][0] != '\0' && find_by_ext(m, request, i, out, err) != 0)
            return -1;
    }
    return 0;
}

static bool in_state(const json_t *proposal, const char *state)
{
    const char *text = call_text(proposal, "state");
    return text && strncmp(text, "PROPOSAL-STATE-", 15) == 0 && strcmp(text + 15, state) == 0;
}

static int locked(struct mplus *m, const json_t *proposal, const char *what,
                  struct koppel_error *err)
{
    const char *state = call_text(proposal, "state");
    m->host->fail(err, KOPPEL_E_REJECTED, "proposal %s cannot be %s any more, it is %s",
                  call_text(proposal, "proposalId"), what, state ? state : "without state");
    return call_reason(m, err, "locked");
}

static int missing(struct mplus *m, const char *id, struct koppel_error *err)
{
    m->host->fail(err, KOPPEL_E_REJECTED, "proposal %s is not in the till", id);
    return call_reason(m, err, "proposal.missing");
}

/* The order or invoice that was made of the proposal before; NULL: none. */
static const char *made_before(const json_t *proposal, bool order)
{
    const char *id = call_text(proposal, order ? "orderId" : "invoiceId");
    return in_state(proposal, order ? "ORDER" : "INVOICE") ? id : NULL;
}

static int make(struct mplus *m, const char *id, bool order, const char *job, uint32_t index,
                struct koppel_results *out, struct koppel_error *err)
{
    const struct soap_operation *op =
        order ? &op_create_order_from_proposal : &op_create_invoice_from_proposal;
    json_t *params = json_pack("{s:s}", "proposalId", id), *answer = NULL, *info;
    const char *made;
    int rc = params ? call_soap(m, op, params, job, &answer, err) : call_no_memory(m, err);
    info = json_object_get(answer, "info");
    made = call_text(info, order ? "orderId" : "invoiceId");
    if (rc == 0 && !made)
        rc = m->host->fail(err, KOPPEL_E_UNSURE, "%s: the answer holds no id", op->name);
    if (rc == 0)
        rc = m->host->result_done(out, index, made, json_incref(info), err);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* Reads the proposal first: these calls have no idempotency key, but a proposal that has become
 * something says so, and what. */
int proposals_convert(struct mplus *m, const char *id, bool order, const char *job, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *proposal = NULL;
    const char *made;
    int rc = document_get(m, &proposal_document, id, &proposal, err);
    if (rc == 0 && !proposal)
        rc = missing(m, id, err);
    else if (rc == 0 && (made = made_before(proposal, order)) != NULL)
        rc = m->host->result_done(out, index, made, NULL, err);
    else if (rc == 0 && !in_state(proposal, "OUTSTANDING"))
        rc = locked(m, proposal, order ? "ordered" : "invoiced", err);
    else if (rc == 0)
        rc = make(m, id, order, job, index, out, err);
    json_decref(proposal);
    return rc;
}

/* total: what the proposal is to come to, NULL where the source does not say. */
static int save(struct mplus *m, json_t *record, const char *total, const char *job, uint32_t index,
                struct koppel_results *out, struct koppel_error *err)
{
    json_t *params = json_pack("{s:O}", "proposal", record), *answer = NULL, *info;
    const char *id = call_text(record, "proposalId");
    int rc = params ? call_ask(m, &op_save_proposal, params, job, &answer, NULL, err)
                    : call_no_memory(m, err);
    info = json_object_get(answer, "info");
    if (!id)
        id = call_text(info, "proposalId");
    if (rc == 0 && call_says(answer, "-HAS-CHANGED"))
        rc = m->host->fail(err, KOPPEL_E_RETRY,
                           "saveProposal: somebody changed the proposal at the same moment");
    else if (rc == 0 && !call_says(answer, "-OK"))
        rc = call_refused(m, &op_save_proposal, answer, err);
    else if (rc == 0 && !id)
        rc = m->host->fail(err, KOPPEL_E_UNSURE, "saveProposal: the answer holds no id");
    if (rc == 0)
        rc = document_totals(m, &proposal_document, id, total, NULL, index, out, err);
    if (rc == 0)
        rc = m->host->result_done(out, index, id, json_incref(info), err);
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int save_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = json_copy(item->record), *current = NULL;
    int rc = record ? document_prepare(m, record, err) : call_no_memory(m, err);
    json_object_del(record, "totalInclAmount"); /* the till computes it */
    if (rc == 0 && item->id) {
        rc = document_get(m, &proposal_document, item->id, &current, err);
        if (rc == 0 && !current)
            rc = missing(m, item->id, err);
        else if (rc == 0 && !in_state(current, "OUTSTANDING"))
            rc = locked(m, current, "changed", err);
        json_object_set(record, "proposalId", json_object_get(current, "proposalId"));
        json_object_del(record, "changeCounter");
        json_object_set(record, "changeCounter", json_object_get(current, "changeCounter"));
    }
    if (rc == 0)
        rc =
            save(m, record, call_text(item->record, "totalInclAmount"), item->job, index, out, err);
    json_decref(record);
    json_decref(current);
    return rc;
}

static int cancel_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *current = NULL, *params = NULL, *answer = NULL;
    int rc = document_get(m, &proposal_document, item->id, &current, err);
    if (rc == 0 && (in_state(current, "ORDER") || in_state(current, "INVOICE")))
        rc = locked(m, current, "cancelled", err);
    if (rc == 0 && current && !in_state(current, "CANCELLED")) {
        params = json_pack("{s:s}", "proposalId", item->id);
        rc = params ? call_soap(m, &op_cancel_proposal, params, item->job, &answer, err)
                    : call_no_memory(m, err);
    }
    if (rc == 0)
        rc = m->host->result_done(out, index, item->id, json_incref(answer), err);
    json_decref(current);
    json_decref(params);
    json_decref(answer);
    return rc;
}

int proposals_write(struct mplus *m, const struct koppel_write_request *request,
                    struct koppel_results *out, struct koppel_error *err)
{
    int rc = 0;
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check a proposal without storing it");
    for (uint32_t i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (request->verb != KOPPEL_VERB_CREATE && (!item->id || item->id[0] == '\0'))
            rc = m->host->fail(err, KOPPEL_E_BUG, "a proposal without id cannot be changed");
        else if (request->verb == KOPPEL_VERB_REMOVE)
            rc = cancel_one(m, item, i, out, err);
        else
            rc = save_one(m, item, i, out, err);
    }
    return rc;
}
