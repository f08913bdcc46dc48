/* SPDX-License-Identifier: MIT
 * Invoices and credit invoices: read and found; made of a proposal, and in no other way. */
#include <string.h>

#include "sales.h"

/* An invoice that is not final yet has no definitive number. Services that do not say so make
 * final ones only. */
static bool is_final(const json_t *invoice, const json_t *options)
{
    const json_t *all = json_object_get(options, "unfinished");
    const char *text = json_string_value(all);

    return json_is_true(all) || (text != NULL && strcmp(text, "true") == 0) ||
           !json_is_false(json_object_get(invoice, "finalized"));
}

/* The number of the invoice that a credit invoice takes back: its own record holds the id only. */
static int add_credited(struct mplus *m, json_t *invoices, struct koppel_error *err)
{
    json_t *ids = distinct_values(invoices, "creditedInvoiceId"), *list = NULL, *by_id, *item;
    size_t i;
    int rc = 0;

    by_id = json_object();
    if (json_array_size(ids) > 0)
        rc = document_list(m, &document_invoice, ids, true, &list, err);
    json_array_foreach(list, i, item) {
        const char *id = call_text(item, "invoiceId");

        if (id != NULL)
            json_object_set(by_id, id, item);
    }
    json_array_foreach(invoices, i, item) {
        const char *id = call_text(item, "creditedInvoiceId");
        json_t *credited = id != NULL ? json_object_get(by_id, id) : NULL;

        if (credited != NULL)
            json_object_set_new(item, "creditedInvoice",
                                json_pack("{s:O*, s:O*, s:O*, s:O*}", "invoiceId",
                                          json_object_get(credited, "invoiceId"), "extInvoiceId",
                                          json_object_get(credited, "extInvoiceId"),
                                          "invoiceNumber",
                                          json_object_get(credited, "invoiceNumber"),
                                          "financialDate",
                                          json_object_get(credited, "financialDate")));
    }
    json_decref(ids);
    json_decref(list);
    json_decref(by_id);
    return rc;
}

static int complete(struct mplus *m, const json_t *options, json_t *invoices,
                    struct koppel_error *err)
{
    return add_credited(m, invoices, err) == 0 ? document_relations(m, options, invoices, err)
                                               : -1;
}

const struct document document_invoice = {
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

int invoices_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return document_read(m, &document_invoice, request, NULL, out, err);
}

int invoices_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    return document_find(m, &document_invoice, request, out, err);
}

int invoices_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    uint32_t i;
    int rc = 0;

    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0 || request->verb != KOPPEL_VERB_CREATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "invoices of MplusKASSA can be made of a proposal, nothing else");
    for (i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];
        const char *proposal = call_text(item->record, "proposalId");

        rc = proposal != NULL
                 ? proposal_convert(m, proposal, false, item->job, i, out, err)
                 : m->host->fail(err, KOPPEL_E_REJECTED,
                                 "an invoice is made of a proposal: proposalId is missing");
    }
    return rc;
}
