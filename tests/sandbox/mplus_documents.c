// SPDX-License-Identifier: MIT
// Invoices and receipts: read, found, credited.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>

// ---- Invoices ---------------------------------------------------------------------------

// Makes every draft final, which gives it its number.
static int finish_drafts(struct call *c)
{
    struct doc_list *l = &c->shop->docs[DOC_INVOICE];
    for (size_t i = 0; i < l->count; i++) {
        if (l->docs[i].draft) {
            l->docs[i].draft = false;
            if (doc_touch(c->shop, DOC_INVOICE, i) != 0)
                return -1;
        }
    }
    return 0;
}

static void get_invoices(struct call *c)
{
    if (soap_bool(soap_child(c->in, "request"), "finalizeInvoices", false) &&
        finish_drafts(c) != 0)
        c->out->failed = true;
    docs_answer(c, DOC_INVOICE, "invoiceList");
}

static void answer_invoice(struct call *c, int64_t index)
{
    answer_open(c, "GET-INVOICE-RESULT-", index >= 0 ? "OK" : "NOT-FOUND");
    if (index >= 0)
        doc_write(c, DOC_INVOICE, (size_t)index, true);
    answer_close(c);
}

static void get_invoice(struct call *c)
{
    answer_invoice(c, doc_by_id(c->shop, DOC_INVOICE, soap_text(c->in, "invoiceId")));
}

static void find_invoice(struct call *c)
{
    answer_invoice(c, doc_found_by_ext_id(c->shop, DOC_INVOICE, soap_text(c->in, "extInvoiceId")));
}

static const char *credit(struct call *c, size_t index, int32_t date, const char *reason)
{
    struct shop *s = c->shop;
    const struct doc *of = &s->docs[DOC_INVOICE].docs[index];
    struct doc d = doc_like(of);

    if (of->draft || of->credits || of->credited)
        return "FAILED";
    d.date = date;
    d.credits = (uint32_t)index + 1;
    d.order = of->order;
    d.reason = shop_text(s, reason);
    d.line_count = of->line_count;
    d.lines = malloc((of->line_count + 1U) * sizeof *d.lines);
    if (!d.lines || !d.reason) {
        free(d.lines);
        c->out->failed = true;
        return "FAILED";
    }
    memcpy(d.lines, of->lines, of->line_count * sizeof *d.lines);
    for (int i = 0; i < d.line_count; i++)
        d.lines[i].quantity = -d.lines[i].quantity;
    doc_total(&d);
    if (doc_add(s, DOC_INVOICE, &d) < 0)
        c->out->failed = true;
    free(d.lines);
    s->docs[DOC_INVOICE].docs[index].credited = true;
    if (doc_touch(s, DOC_INVOICE, index) != 0)
        c->out->failed = true;
    return "OK";
}

static void credit_invoice(struct call *c)
{
    int64_t at = doc_by_id(c->shop, DOC_INVOICE, soap_text(c->in, "invoiceId"));
    const char *result = at < 0 ? "NOT-FOUND"
                                : credit(c, (size_t)at, TODAY, "Gecrediteerd door koppeling");
    answer_open(c, "CREDIT-INVOICE-RESULT-", result);
    xml_string(c->out, "message",
               strcmp(result, "FAILED") == 0 ? "The invoice cannot be credited (again)." : "");
    answer_close(c);
}

static void credit_invoice_v2(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t at = doc_by_id(c->shop, DOC_INVOICE, soap_text(request, "invoiceId"));
    const char *reason = soap_text(request, "explanation"), *result = "NOT-FOUND";
    int32_t date;

    if (!read_date(soap_child(request, "financialDate"), &date)) {
        fault(c, "Client", "The financial date is no day of the calendar.");
        return;
    }
    if (at >= 0)
        result = credit(c, (size_t)at, date ? date : TODAY,
                        *reason ? reason : "Gecrediteerd door koppeling");
    answer_open(c, "CREDIT-INVOICE-V2-RESULT-", result);
    answer_close(c);
}

// ---- Receipts ---------------------------------------------------------------------------

static void get_receipts(struct call *c)
{
    c->no_orders = !soap_bool(soap_child(c->in, "request"), "includeOrderReferences", false);
    docs_answer(c, DOC_RECEIPT, "receiptList");
}

static void get_receipt(struct call *c)
{
    int64_t at = doc_by_id(c->shop, DOC_RECEIPT, soap_text(c->in, "receiptId"));
    answer_open(c, "GET-RECEIPT-RESULT-", at >= 0 ? "OK" : "NOT-FOUND");
    if (at >= 0)
        doc_write(c, DOC_RECEIPT, (size_t)at, true);
    answer_close(c);
}

static void get_receipts_by_order(struct call *c)
{
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(c->in, "orderId"));
    answer_open(c, "GET-RECEIPTS-BY-ORDER-RESULT-", at >= 0 ? "OK" : "NOT-FOUND");
    docs_by_order(c, DOC_RECEIPT, "receiptList", at);
    answer_close(c);
}

const struct served mplus_documents[] = {
    {"getInvoices", get_invoices},
    {"getInvoice", get_invoice},
    {"findInvoice", find_invoice},
    {"creditInvoice", credit_invoice},
    {"creditInvoiceV2", credit_invoice_v2},
    {"getReceipts", get_receipts},
    {"getReceipt", get_receipt},
    {"getReceiptsByOrder", get_receipts_by_order},
    {0},
};
