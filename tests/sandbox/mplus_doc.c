// SPDX-License-Identifier: MIT
// Writes the till's documents. The five kinds have most members in common, each in an order of
// its own: the schema says in which, and a table here what the till knows about each member.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum code {
    CODE_NONE, // the till knows nothing about it: only what a client wrote
    CODE_ORDER_ID, CODE_EXT_ORDER_ID, CODE_ORDER_NUMBER, CODE_ORDER_IDS, CODE_EXT_ORDER_IDS,
    CODE_ORDER_NUMBERS, CODE_INVOICE_ID, CODE_EXT_INVOICE_ID, CODE_INVOICE_NUMBER,
    CODE_INVOICE_IDS, CODE_INVOICE_NUMBERS, CODE_RECEIPT_ID, CODE_RECEIPT_NUMBER,
    CODE_PROPOSAL_ID, CODE_EXT_PROPOSAL_ID, CODE_PROPOSAL_NUMBER, CODE_PROPOSAL_IDS,
    CODE_EXT_PROPOSAL_IDS, CODE_PROPOSAL_NUMBERS, CODE_SLIP_ID, CODE_SLIP_NUMBER, CODE_SLIP_IDS,
    CODE_SLIP_NUMBERS, CODE_STRING, CODE_MARKER, CODE_TYPE, CODE_EMPLOYEE, CODE_EMPLOYEE_NAME,
    CODE_RELATION, CODE_RELATION_NAME, CODE_RELATION_VAT, CODE_RELATION_BANK, CODE_DATE,
    CODE_BRANCH, CODE_ENTRY_BRANCH, CODE_WORKPLACE, CODE_INCL, CODE_EXCL, CODE_METHOD,
    CODE_VAT_GROUPS, CODE_CHANGES, CODE_VERSION, CODE_PREPAID, CODE_FULLY_PAID, CODE_DELIVERY,
    CODE_CANCEL, CODE_COMPLETE, CODE_LINES, CODE_PAYMENTS, CODE_PAID, CODE_STATE, CODE_FINAL,
    CODE_CREDITED, CODE_CREDITED_REASON,
    // From here on what a client wrote comes first.
    CODE_GIVEN,
    CODE_TIME = CODE_GIVEN, CODE_ADDRESS, CODE_REFERENCE, CODE_DELIVERY_METHOD,
    CODE_PAYMENT_METHOD, CODE_CATEGORY, CODE_COUNTRY, CODE_COUNTRY_ISO, CODE_DUE,
    CODE_ORDER_TYPE
};

static const struct {
    const char *name;
    enum code code;
} known[] = {
    {"orderId", CODE_ORDER_ID}, {"extOrderId", CODE_EXT_ORDER_ID},
    {"orderNumber", CODE_ORDER_NUMBER}, {"orderIds", CODE_ORDER_IDS},
    {"extOrderIds", CODE_EXT_ORDER_IDS}, {"orderNumbers", CODE_ORDER_NUMBERS},
    {"invoiceId", CODE_INVOICE_ID}, {"extInvoiceId", CODE_EXT_INVOICE_ID},
    {"invoiceNumber", CODE_INVOICE_NUMBER}, {"invoiceIds", CODE_INVOICE_IDS},
    {"invoiceNumbers", CODE_INVOICE_NUMBERS}, {"receiptId", CODE_RECEIPT_ID},
    {"receiptNumber", CODE_RECEIPT_NUMBER}, {"proposalId", CODE_PROPOSAL_ID},
    {"extProposalId", CODE_EXT_PROPOSAL_ID}, {"proposalNumber", CODE_PROPOSAL_NUMBER},
    {"proposalIds", CODE_PROPOSAL_IDS}, {"extProposalIds", CODE_EXT_PROPOSAL_IDS},
    {"proposalNumbers", CODE_PROPOSAL_NUMBERS}, {"packingSlipId", CODE_SLIP_ID},
    {"packingSlipNumber", CODE_SLIP_NUMBER}, {"packingSlipIds", CODE_SLIP_IDS},
    {"packingSlipNumbers", CODE_SLIP_NUMBERS}, {"transactionString", CODE_STRING},
    {"syncMarker", CODE_MARKER}, {"orderType", CODE_ORDER_TYPE}, {"invoiceType", CODE_TYPE},
    {"receiptType", CODE_TYPE}, {"proposalType", CODE_TYPE}, {"packingSlipType", CODE_TYPE},
    {"entryBranchNumber", CODE_ENTRY_BRANCH}, {"employeeNumber", CODE_EMPLOYEE},
    {"employeeName", CODE_EMPLOYEE_NAME}, {"entryTimestamp", CODE_TIME},
    {"relationNumber", CODE_RELATION}, {"relationName", CODE_RELATION_NAME},
    {"relationVatNumber", CODE_RELATION_VAT}, {"relationBankAccountNumber", CODE_RELATION_BANK},
    {"deliveryAddress", CODE_ADDRESS}, {"invoiceAddress", CODE_ADDRESS},
    {"financialDate", CODE_DATE}, {"financialBranchNumber", CODE_BRANCH},
    {"workplaceNumber", CODE_WORKPLACE}, {"reference", CODE_REFERENCE}, {"dueDate", CODE_DUE},
    {"totalInclAmount", CODE_INCL}, {"totalExclAmount", CODE_EXCL}, {"vatMethod", CODE_METHOD},
    {"vatGroupList", CODE_VAT_GROUPS}, {"deliveryMethod", CODE_DELIVERY_METHOD},
    {"paymentMethod", CODE_PAYMENT_METHOD}, {"changeCounter", CODE_CHANGES},
    {"versionNumber", CODE_VERSION}, {"prepaidAmount", CODE_PREPAID},
    {"fullyPaid", CODE_FULLY_PAID}, {"deliveryState", CODE_DELIVERY},
    {"cancelState", CODE_CANCEL}, {"completeState", CODE_COMPLETE},
    {"orderCategoryNumber", CODE_CATEGORY}, {"lineList", CODE_LINES},
    {"paymentList", CODE_PAYMENTS}, {"vatCountryCode", CODE_COUNTRY},
    {"vatCountryIso3", CODE_COUNTRY_ISO}, {"paidAmount", CODE_PAID}, {"state", CODE_STATE},
    {"finalized", CODE_FINAL}, {"creditedInvoiceId", CODE_CREDITED},
    {"creditedReceiptId", CODE_CREDITED}, {"creditedReason", CODE_CREDITED_REASON},
};

int doc_prepare(struct shop *s)
{
    for (int k = 0; k < DOC_KINDS; k++) {
        size_t n = 0;
        while (s->doc_fields[k][n].name)
            n++;
        s->doc_codes[k] = calloc(n, 1);
        if (!s->doc_codes[k])
            return -1;
        for (size_t i = 0; i < n; i++) {
            for (size_t c = 0; c < sizeof known / sizeof *known; c++) {
                if (strcmp(known[c].name, s->doc_fields[k][i].name) == 0)
                    s->doc_codes[k][i] = (uint8_t)known[c].code;
            }
        }
    }
    return 0;
}

bool doc_field_kept(const struct shop *s, enum doc_kind kind, int position)
{
    uint8_t code = s->doc_codes[kind][position];
    return code == CODE_NONE || code >= CODE_GIVEN;
}

struct writing {
    struct call *call;
    const struct shop *shop;
    struct xml *x;
    const struct doc *doc;
    const struct relation *relation; // or NULL
    enum doc_kind kind;
    size_t index;
    const char *name; // of the member being written
    bool details;
};

// ---- Documents that belong together -----------------------------------------------------

static void write_id(struct writing *w, const char *name, enum doc_kind kind, size_t index)
{
    char id[DOC_ID_BYTES];
    doc_id(w->shop, kind, index, id);
    xml_string(w->x, name, id);
}

static void write_number(struct writing *w, const char *name, size_t index)
{
    xml_open(w->x, name);
    xml_long(w->x, "year", ORDER_YEAR);
    xml_long(w->x, "number", (int64_t)index + 1);
    xml_close(w->x, name);
}

enum what { WHAT_ID, WHAT_EXT_ID, WHAT_NUMBER };

static void write_one(struct writing *w, const char *name, enum doc_kind kind, size_t index,
                      enum what what)
{
    char text[300];
    if (what == WHAT_ID)
        write_id(w, name, kind, index);
    else if (what == WHAT_NUMBER)
        write_number(w, name, index);
    else if (*doc_ext_id(w->shop, kind, index, text, sizeof text))
        xml_string(w->x, name, text);
}

// The document itself, or the one of this kind that it belongs to.
static void write_own(struct writing *w, enum doc_kind kind, uint32_t other, enum what what)
{
    bool self = kind == w->kind;
    // References come with the lines only, and a draft has no number yet.
    if (self ? !(w->doc->draft && what == WHAT_NUMBER) : other && w->details)
        write_one(w, w->name, kind, self ? w->index : other - 1, what);
}

static void write_list(struct writing *w, enum doc_kind kind, uint32_t first, bool chain,
                       enum what what)
{
    if (!first || !w->details || (w->kind == DOC_RECEIPT && w->call->no_orders))
        return;
    xml_open(w->x, w->name);
    while (first) {
        write_one(w, what == WHAT_NUMBER ? "yearNumber" : "id", kind, first - 1, what);
        first = chain ? w->shop->docs[kind].docs[first - 1].next : 0;
    }
    xml_close(w->x, w->name);
}

static bool write_reference(struct writing *w, enum code code)
{
    const struct doc *d = w->doc;
    bool chain = w->kind == DOC_ORDER;

    switch (code) {
    case CODE_ORDER_ID:
    case CODE_EXT_ORDER_ID:
    case CODE_ORDER_NUMBER:
        write_own(w, DOC_ORDER, d->order, (enum what)(code - CODE_ORDER_ID));
        return true;
    case CODE_INVOICE_ID:
    case CODE_EXT_INVOICE_ID:
    case CODE_INVOICE_NUMBER:
        write_own(w, DOC_INVOICE, d->invoice, (enum what)(code - CODE_INVOICE_ID));
        return true;
    case CODE_PROPOSAL_ID:
    case CODE_EXT_PROPOSAL_ID:
    case CODE_PROPOSAL_NUMBER:
        write_own(w, DOC_PROPOSAL, d->proposal, (enum what)(code - CODE_PROPOSAL_ID));
        return true;
    case CODE_ORDER_IDS:
    case CODE_EXT_ORDER_IDS:
    case CODE_ORDER_NUMBERS:
        write_list(w, DOC_ORDER, d->order, false, (enum what)(code - CODE_ORDER_IDS));
        return true;
    case CODE_PROPOSAL_IDS:
    case CODE_EXT_PROPOSAL_IDS:
    case CODE_PROPOSAL_NUMBERS:
        write_list(w, DOC_PROPOSAL, d->proposal, false, (enum what)(code - CODE_PROPOSAL_IDS));
        return true;
    case CODE_INVOICE_IDS:
    case CODE_INVOICE_NUMBERS:
        write_list(w, DOC_INVOICE, d->invoice, chain,
                   code == CODE_INVOICE_IDS ? WHAT_ID : WHAT_NUMBER);
        return true;
    case CODE_SLIP_IDS:
    case CODE_SLIP_NUMBERS:
        write_list(w, DOC_SLIP, d->slip, chain, code == CODE_SLIP_IDS ? WHAT_ID : WHAT_NUMBER);
        return true;
    case CODE_RECEIPT_ID:
        write_id(w, w->name, DOC_RECEIPT, w->index);
        return true;
    case CODE_SLIP_ID:
        write_id(w, w->name, DOC_SLIP, w->index);
        return true;
    case CODE_SLIP_NUMBER:
        write_number(w, w->name, w->index);
        return true;
    case CODE_CREDITED:
        if (d->credits)
            write_id(w, w->name, w->kind, d->credits - 1);
        return true;
    default:
        return false;
    }
}

// ---- States -----------------------------------------------------------------------------

static const char *type_word(const struct writing *w)
{
    static const char *const receipts[] = {"RECEIPT-TYPE-RECEIPT", "RECEIPT-TYPE-CREDIT-RECEIPT",
                                           "RECEIPT-TYPE-CASH-INFLOW", "RECEIPT-TYPE-CASH-OUTFLOW",
                                           "RECEIPT-TYPE-PAYMENT-METHOD-TRANSFER"};
    switch (w->kind) {
    case DOC_INVOICE:
        return w->doc->credits ? "INVOICE-TYPE-CREDIT-INVOICE" : "INVOICE-TYPE-INVOICE";
    case DOC_RECEIPT:
        return receipts[w->doc->type];
    case DOC_PROPOSAL:
        return "PROPOSAL-TYPE-PROPOSAL";
    default:
        return "PACKING-SLIP-TYPE-PACKING-SLIP";
    }
}

static const char *state_word(const struct writing *w)
{
    static const char *const proposals[] = {"PROPOSAL-STATE-OUTSTANDING", "PROPOSAL-STATE-ORDER",
                                            "PROPOSAL-STATE-INVOICE", "PROPOSAL-STATE-CANCELLED"};
    const struct doc *d = w->doc;

    if (w->kind == DOC_PROPOSAL)
        return proposals[d->type];
    if (w->kind == DOC_SLIP)
        return d->cancelled ? "PACKING-SLIP-STATE-CANCELLED"
               : d->invoice ? "PACKING-SLIP-STATE-INVOICED"
                            : "PACKING-SLIP-STATE-OPEN";
    if (w->kind == DOC_RECEIPT)
        return d->paid ? "RECEIPT-STATE-PAID" : "RECEIPT-STATE-OUTSTANDING";
    return d->credited                   ? "INVOICE-STATE-HANDLED"
           : d->paid                     ? "INVOICE-STATE-PAID"
           : d->credits                  ? "INVOICE-STATE-OUTSTANDING-CREDIT"
           : d->paid_amount != 0         ? "INVOICE-STATE-PARTLY-PAID"
                                         : "INVOICE-STATE-OUTSTANDING";
}

static bool some_cancelled(const struct doc *d)
{
    for (int i = 0; i < d->line_count; i++) {
        if (d->lines[i].cancelled)
            return true;
    }
    return false;
}

static bool write_state(struct writing *w, enum code code)
{
    static const char *const methods[] = {"VAT-METHOD-INCLUSIVE", "VAT-METHOD-EXCLUSIVE",
                                          "VAT-METHOD-SHIFTED", "VAT-METHOD-NONE"};
    const struct doc *d = w->doc;
    bool in_part = (code == CODE_DELIVERY || code == CODE_COMPLETE) && doc_in_part(d);

    switch (code) {
    case CODE_TYPE:
        xml_string(w->x, w->name, type_word(w));
        return true;
    case CODE_STATE:
        xml_string(w->x, w->name, state_word(w));
        return true;
    case CODE_METHOD:
        xml_string(w->x, w->name, methods[d->method]);
        return true;
    case CODE_DELIVERY:
        xml_string(w->x, w->name, d->delivered ? "ORDER-DELIVERY-STATE-COMPLETE"
                                  : in_part    ? "ORDER-DELIVERY-STATE-PARTIAL"
                                               : "ORDER-DELIVERY-STATE-NOTHING");
        return true;
    case CODE_CANCEL:
        xml_string(w->x, w->name, d->cancelled         ? "ORDER-CANCEL-STATE-COMPLETE"
                                  : some_cancelled(d)  ? "ORDER-CANCEL-STATE-PARTIAL"
                                                       : "ORDER-CANCEL-STATE-NOTHING");
        return true;
    case CODE_COMPLETE:
        xml_string(w->x, w->name, d->paid && d->delivered ? "ORDER-COMPLETE-STATE-COMPLETE"
                                  : in_part               ? "ORDER-COMPLETE-STATE-PARTIAL"
                                                          : "ORDER-COMPLETE-STATE-NOTHING");
        return true;
    case CODE_FULLY_PAID:
        xml_bool(w->x, w->name, d->paid);
        return true;
    case CODE_FINAL:
        xml_bool(w->x, w->name, !d->draft);
        return true;
    default:
        return false;
    }
}

// ---- Members ----------------------------------------------------------------------------

static void write_address(struct writing *w)
{
    static const char *const names[] = {"name", "contact", "address", "zipcode",
                                        "city", "country", "companyName"};
    if (!w->relation)
        return;
    xml_open(w->x, w->name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = relation_get(w->shop, w->relation, names[i]);
        xml_string(w->x, names[i], *value ? value : NULL);
    }
    xml_close(w->x, w->name);
}

static void write_groups(struct writing *w)
{
    const struct doc *d = w->doc;
    bool oss = d->belgian && d->method != METHOD_SHIFTED;
    struct xml *x = w->x;

    xml_open(x, w->name);
    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &d->groups[i];
        if (!g->code)
            continue;
        xml_open(x, "vatGroup");
        xml_long(x, "countryCode", oss ? 56 : 528);
        xml_string(x, "countryIso3", oss ? "BEL" : "NLD");
        xml_long(x, "vatCode", g->code);
        xml_long(x, "vatPercentage", g->rate);
        xml_long(x, "exclAmount", g->excl);
        xml_long(x, "vatAmount", g->vat);
        xml_close(x, "vatGroup");
    }
    xml_close(x, w->name);
}

static bool write_relation_member(struct writing *w, enum code code)
{
    const struct relation *r = w->relation;
    const char *text;

    switch (code) {
    case CODE_RELATION:
        if (w->doc->relation)
            xml_long(w->x, w->name, w->doc->relation);
        return true;
    case CODE_RELATION_NAME:
        if (w->doc->relation)
            xml_string(w->x, w->name, r ? relation_get(w->shop, r, "name") : "");
        return true;
    case CODE_RELATION_VAT:
    case CODE_RELATION_BANK:
        text = r ? relation_get(w->shop, r, code == CODE_RELATION_VAT ? "vatNumber"
                                                                      : "bankAccountNumber")
                 : "";
        xml_string(w->x, w->name, *text ? text : NULL);
        return true;
    case CODE_ADDRESS:
        write_address(w);
        return true;
    default:
        return false;
    }
}

static int64_t paid_so_far(const struct writing *w)
{
    // A seeded order that is paid at once has no prepayment.
    return w->kind == DOC_ORDER && !w->doc->pays ? 0 : w->doc->paid_amount;
}

static bool write_amount(struct writing *w, enum code code)
{
    const struct doc *d = w->doc;
    int64_t value;

    switch (code) {
    case CODE_MARKER:
        value = d->marker;
        break;
    case CODE_EMPLOYEE:
        value = d->employee;
        break;
    case CODE_BRANCH:
        value = d->branch;
        break;
    case CODE_ENTRY_BRANCH:
        value = d->entry_branch;
        break;
    case CODE_WORKPLACE:
        value = d->workplace;
        break;
    case CODE_INCL:
        value = d->incl;
        break;
    case CODE_EXCL:
        value = d->excl;
        break;
    case CODE_CHANGES:
        value = d->changes;
        break;
    case CODE_VERSION:
        value = d->version;
        break;
    case CODE_PREPAID:
    case CODE_PAID:
        value = paid_so_far(w);
        break;
    case CODE_COUNTRY:
        value = d->belgian ? 56 : 528;
        break;
    case CODE_CATEGORY:
        value = 1;
        break;
    default:
        return false;
    }
    xml_long(w->x, w->name, value);
    return true;
}

static void write_receipt_number(struct writing *w)
{
    xml_open(w->x, w->name);
    xml_long(w->x, "branchNumber", w->doc->branch);
    xml_long(w->x, "workplaceNumber", w->doc->workplace);
    xml_long(w->x, "year", ORDER_YEAR);
    xml_long(w->x, "number", (int64_t)w->index + 1);
    xml_close(w->x, w->name);
}

static void write_text(struct writing *w, enum code code)
{
    const struct doc *d = w->doc;
    const struct employee *e;
    char text[40];

    switch (code) {
    case CODE_STRING:
        if (!d->draft)
            xml_string(w->x, w->name, doc_string(w->shop, w->kind, w->index, text, sizeof text));
        break;
    case CODE_EMPLOYEE_NAME:
        e = employee_by_number(d->employee);
        xml_string(w->x, w->name, e ? e->name : "");
        break;
    case CODE_REFERENCE:
        xml_string(w->x, w->name, "");
        break;
    case CODE_DELIVERY_METHOD:
        xml_string(w->x, w->name, d->made ? NULL : "BEZORGEN");
        break;
    case CODE_PAYMENT_METHOD:
        xml_string(w->x, w->name, d->made ? NULL : payment_methods[d->payment].code);
        break;
    case CODE_ORDER_TYPE:
        xml_string(w->x, w->name, "ORDER-TYPE-SALES-ORDER");
        break;
    case CODE_COUNTRY_ISO:
        xml_string(w->x, w->name, d->belgian ? "BEL" : "NLD");
        break;
    case CODE_CREDITED_REASON:
        xml_string(w->x, w->name, d->reason);
        break;
    default:
        break;
    }
}

static void write_member(struct writing *w, enum code code)
{
    const struct doc *d = w->doc;

    if (write_reference(w, code) || write_state(w, code) || write_relation_member(w, code) ||
        write_amount(w, code))
        return;
    if (code == CODE_DATE || (code == CODE_DUE && !d->credits))
        write_date(w->x, w->name, d->date);
    else if (code == CODE_TIME)
        write_time(w->x, w->name, d->entered ? d->entered : d->date,
                   FIRST_MARKER + (int64_t)w->index);
    else if (code == CODE_VAT_GROUPS)
        write_groups(w);
    else if (code == CODE_RECEIPT_NUMBER)
        write_receipt_number(w);
    else if (code == CODE_LINES && w->details)
        lines_write(w->call, d);
    else if (code == CODE_PAYMENTS && w->details && d->pay_count)
        pays_write(w->x, d);
    else
        write_text(w, code);
}

void doc_write(struct call *c, enum doc_kind kind, size_t index, bool details)
{
    static const char *const names[DOC_KINDS] = {"order", "invoice", "receipt", "proposal",
                                                 "packingSlip"};
    const struct field *fields = c->shop->doc_fields[kind];
    const uint8_t *codes = c->shop->doc_codes[kind];
    const struct doc *d = &c->shop->docs[kind].docs[index];
    struct writing w = {.call = c,
                        .shop = c->shop,
                        .x = c->out,
                        .doc = d,
                        .relation = d->relation ? shop_relation(c->shop, d->relation) : NULL,
                        .kind = kind,
                        .index = index,
                        .details = details};

    xml_open(c->out, names[kind]);
    for (int i = 0; fields[i].name; i++) {
        w.name = fields[i].name;
        if (d->value && d->value[i])
            value_write(c->out, &fields[i], d->value[i]);
        else if (codes[i] != CODE_NONE)
            write_member(&w, (enum code)codes[i]);
    }
    xml_close(c->out, names[kind]);
}
