// SPDX-License-Identifier: MIT
// Proposals: read, saved, cancelled, and turned into an order or an invoice.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>

static void get_proposals(struct call *c)
{
    docs_answer(c, DOC_PROPOSAL, "proposalList");
}

static void get_proposal(struct call *c)
{
    int64_t at = doc_by_id(c->shop, DOC_PROPOSAL, soap_text(c->in, "proposalId"));
    answer_open(c, "GET-PROPOSAL-RESULT-", at >= 0 ? "OK" : "NOT-FOUND");
    if (at >= 0)
        doc_write(c, DOC_PROPOSAL, (size_t)at, true);
    answer_close(c);
}

// ---- Saving -----------------------------------------------------------------------------

static int64_t create(struct call *c, const struct node *in, const char **result,
                      const char **why)
{
    struct shop *s = c->shop;
    const char *ext = soap_text(in, "extProposalId");
    struct doc d = {.made = true, .version = 1};
    int64_t at = -1;

    *result = "FAILED";
    if (*ext && doc_by_ext_id(s, DOC_PROPOSAL, ext) >= 0) {
        *result = "EXT-PROPOSAL-ID-ALREADY-EXISTS";
        *why = "The external proposal id was used before.";
    } else if (strlen(ext) > 200) {
        *why = "The external proposal id is too long.";
    } else if (take_doc(c, DOC_PROPOSAL, in, &d, why) &&
               take_lines(s, soap_child(in, "lineList"), &d, NULL, why)) {
        doc_total(&d);
        d.ext_id = *ext ? shop_text(s, ext) : NULL;
        if ((*ext && !d.ext_id) || take_values(c, DOC_PROPOSAL, in, &d) != 0 ||
            (at = doc_add(s, DOC_PROPOSAL, &d)) < 0)
            c->out->failed = true;
        *result = "OK";
    }
    free(d.lines);
    return at;
}

static const char *change(struct call *c, size_t index, const struct node *in, const char **why)
{
    struct shop *s = c->shop;
    struct doc *p = &s->docs[DOC_PROPOSAL].docs[index], d = *p;
    const struct node *lines = soap_child(in, "lineList");

    if (soap_long(in, "changeCounter", -1) != p->changes)
        return "PROPOSAL-HAS-CHANGED";
    if (p->type != PROPOSAL_OPEN)
        *why = "The proposal is cancelled, or was made an order or an invoice.";
    if (*why || !take_doc(c, DOC_PROPOSAL, in, &d, why) ||
        (lines && !take_lines(s, lines, &d, p, why)))
        return "FAILED";
    if (lines)
        free(p->lines);
    *p = d;
    doc_total(p);
    if (take_values(c, DOC_PROPOSAL, in, p) != 0 || doc_touch(s, DOC_PROPOSAL, index) != 0)
        c->out->failed = true;
    return "OK";
}

static void write_info(struct call *c, enum doc_kind kind, int64_t index, const char *const *names)
{
    char id[DOC_ID_BYTES] = "", text[40] = "";

    if (index >= 0) {
        doc_id(c->shop, kind, (size_t)index, id);
        doc_string(c->shop, kind, (size_t)index, text, sizeof text);
    }
    xml_open(c->out, "info");
    xml_string(c->out, names[0], id);
    xml_string(c->out, names[1], text);
    if (index >= 0) {
        xml_open(c->out, names[2]);
        xml_long(c->out, "year", ORDER_YEAR);
        xml_long(c->out, "number", index + 1);
        xml_close(c->out, names[2]);
    }
    xml_close(c->out, "info");
}

static void save_proposal(struct call *c)
{
    static const char *const names[] = {"proposalId", "proposalString", "proposalNumber"};
    const struct node *in = soap_child(c->in, "proposal");
    const char *id = soap_text(in, "proposalId"), *result = "NOT-FOUND", *why = NULL;
    int64_t at = *id ? doc_by_id(c->shop, DOC_PROPOSAL, id) : -1;

    if (at >= 0)
        result = change(c, (size_t)at, in, &why);
    else if (!*id)
        at = create(c, in, &result, &why);
    answer_open(c, "SAVE-PROPOSAL-RESULT-", result);
    write_info(c, DOC_PROPOSAL, at, names);
    xml_string(c->out, "errorMessage", why ? why : "");
    answer_close(c);
}

// ---- What becomes of it -----------------------------------------------------------------

static void cancel_proposal(struct call *c)
{
    struct shop *s = c->shop;
    int64_t at = doc_by_id(s, DOC_PROPOSAL, soap_text(c->in, "proposalId"));
    const char *result = "NOT-FOUND";

    if (at >= 0) {
        struct doc *p = &s->docs[DOC_PROPOSAL].docs[at];
        result = p->type == PROPOSAL_OPEN ? "OK" : "FAILED";
        if (p->type == PROPOSAL_OPEN) {
            p->type = PROPOSAL_CANCELLED;
            p->cancelled = true;
            if (doc_touch(s, DOC_PROPOSAL, (size_t)at) != 0)
                c->out->failed = true;
        }
    }
    answer_open(c, "CANCEL-PROPOSAL-RESULT-", result);
    if (strcmp(result, "FAILED") == 0)
        xml_string(c->out, "message", "Only an outstanding proposal can be cancelled.");
    answer_close(c);
}

// The new document's position; -1 when the proposal is no longer open, or without memory.
static int64_t become(struct call *c, enum doc_kind kind, size_t index)
{
    struct shop *s = c->shop;
    struct doc *p = &s->docs[DOC_PROPOSAL].docs[index];
    struct doc d = doc_like(p);

    if (p->type != PROPOSAL_OPEN)
        return -1;
    d.made = true;
    d.date = TODAY;
    d.lines = p->lines;
    d.line_count = p->line_count;
    d.proposal = (uint32_t)index + 1;
    doc_total(&d);
    int64_t at = doc_add(s, kind, &d);
    p->type = kind == DOC_ORDER ? PROPOSAL_ORDER : PROPOSAL_INVOICE;
    *(kind == DOC_ORDER ? &p->order : &p->invoice) = (uint32_t)at + 1;
    if (at < 0 || doc_touch(s, DOC_PROPOSAL, index) != 0)
        c->out->failed = true;
    else if (kind == DOC_ORDER)
        stock_reserve(s, &s->docs[kind].docs[at], 1);
    return at;
}

static void answer_become(struct call *c, enum doc_kind kind, const char *prefix,
                          const char *const *names)
{
    int64_t from = doc_by_id(c->shop, DOC_PROPOSAL, soap_text(c->in, "proposalId"));
    int64_t at = from < 0 ? -1 : become(c, kind, (size_t)from);

    answer_open(c, prefix, from < 0 ? "NOT-FOUND" : at < 0 ? "FAILED" : "OK");
    if (at >= 0)
        write_info(c, kind, at, names);
    if (from >= 0 && at < 0)
        xml_string(c->out, "errorMessage", "Only an outstanding proposal can become another.");
    answer_close(c);
}

static void create_order_from_proposal(struct call *c)
{
    static const char *const names[] = {"orderId", "orderString", "orderNumber"};
    answer_become(c, DOC_ORDER, "CREATE-ORDER-FROM-PROPOSAL-RESULT-", names);
}

static void create_invoice_from_proposal(struct call *c)
{
    static const char *const names[] = {"invoiceId", "invoiceString", "invoiceNumber"};
    answer_become(c, DOC_INVOICE, "CREATE-INVOICE-FROM-PROPOSAL-RESULT-", names);
}

const struct served mplus_proposals[] = {
    {"getProposals", get_proposals},
    {"getProposal", get_proposal},
    {"saveProposal", save_proposal},
    {"cancelProposal", cancel_proposal},
    {"createOrderFromProposal", create_order_from_proposal},
    {"createInvoiceFromProposal", create_invoice_from_proposal},
    {0},
};
