/* SPDX-License-Identifier: MIT
 * Invoices and credit invoices: read and found; made of a proposal, and in no other way. */
#include "invoices.h"

#include <string.h>

#include "document.h"
#include "proposals.h"

/* An invoice that is not final yet has no definitive number. Services that do not say so make
 * final ones only. */
static bool is_final(const json_t *invoice, const json_t *options)
{
    const json_t *all = json_object_get(options, "unfinished");
    const char *text = json_string_value(all);
    return json_is_true(all) || (text && strcmp(text, "true") == 0) ||
           !json_is_false(json_object_get(invoice, "finalized"));
}

static int complete(struct mplus *m, const json_t *options, json_t *invoices,
                    struct koppel_batch *out, struct koppel_error *err);

static const struct document invoice = {
    .entity = "invoice",
    .read = &op_get_invoices,
    .list = "invoiceList",
    .ids = "invoiceIds",
    .id = "invoiceId",
    .get = &op_get_invoice,
    .find = &op_find_invoice,
    .single = "invoice",
    .ext = "extInvoiceId",
    .complete = complete,
    .wanted = is_final,
};

/* What a credit invoice tells of the one that it takes back. */
static json_t *short_form(const json_t *credited)
{
    return json_pack("{s:O*, s:O*, s:O*, s:O*}", "invoiceId",
                     json_object_get(credited, "invoiceId"), "extInvoiceId",
                     json_object_get(credited, "extInvoiceId"), "invoiceNumber",
                     json_object_get(credited, "invoiceNumber"), "financialDate",
                     json_object_get(credited, "financialDate"));
}

/* The number of the invoice that a credit invoice takes back: its own record holds the id only. */
static int add_credited(struct mplus *m, json_t *invoices, struct koppel_error *err)
{
    json_t *ids = call_distinct(invoices, "creditedInvoiceId"), *list = NULL, *item;
    struct soap_unreadable *bad = NULL;
    size_t i;
    int rc = 0;
    if (json_array_size(ids) > 0)
        rc = document_list(m, &invoice, ids, true, &list, &bad, err);
    soap_read_free(bad); /* a credit whose invoice cannot be read does not name it */
    json_t *by_id = call_by(list, "invoiceId");
    json_array_foreach(invoices, i, item) {
        const char *id = call_text(item, "creditedInvoiceId");
        const json_t *credited = id ? json_object_get(by_id, id) : NULL;
        if (credited)
            json_object_set_new(item, "creditedInvoice", short_form(credited));
    }
    json_decref(ids);
    json_decref(list);
    json_decref(by_id);
    return rc;
}

static int complete(struct mplus *m, const json_t *options, json_t *invoices,
                    struct koppel_batch *out, struct koppel_error *err)
{
    return add_credited(m, invoices, err) == 0
               ? document_complete(m, "invoiceId", options, invoices, out, err)
               : -1;
}

int invoices_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return document_read(m, &invoice, request, NULL, out, err);
}

int invoices_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    return document_fetch(m, &invoice, request, out, err);
}

int invoices_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    return document_find(m, &invoice, request, out, err);
}

int invoices_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0 || request->verb != KOPPEL_VERB_CREATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "invoices of MplusKASSA can be made of a proposal, nothing else");
    int rc = 0;
    for (uint32_t i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];
        const char *proposal = call_text(item->record, "proposalId");
        rc = proposal ? proposals_convert(m, proposal, false, item->job, i, out, err)
                      : m->host->fail(err, KOPPEL_E_REJECTED,
                                      "an invoice is made of a proposal: proposalId is missing");
    }
    return rc;
}
