// SPDX-License-Identifier: MIT
// What happens to an order after it was made: cancelled, paid, delivered; and its slips.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Cancelling -------------------------------------------------------------------------

const char *order_cancel(struct shop *s, size_t order, bool undo)
{
    struct doc *o = &s->docs[DOC_ORDER].docs[order];

    if (undo) {
        for (int i = 0; i < o->line_count; i++)
            o->lines[i].cancelled = 0;
        o->cancelled = false;
        stock_reserve(s, o, 1);
        return doc_touch(s, DOC_ORDER, order) == 0 ? "UNDO-CANCEL-OK" : NULL;
    }
    if (o->cancelled)
        return "ALREADY-CANCELLED";
    if (o->delivered || o->invoice)
        return "FAILED";
    stock_reserve(s, o, -1);
    bool some = false;
    for (int i = 0; i < o->line_count; i++) {
        struct line *l = &o->lines[i];
        some |= l->delivered != 0;
        l->cancelled = l->quantity - l->delivered;
    }
    // What went out already stays an order, with nothing left to deliver.
    o->cancelled = !some;
    o->delivered = some;
    return doc_touch(s, DOC_ORDER, order) == 0 ? "OK" : NULL;
}

static void answer_cancel(struct call *c, const char *result)
{
    if (!result) {
        c->out->failed = true;
        return;
    }
    answer_open(c, "CANCEL-ORDER-RESULT-", result);
    xml_string(c->out, "message",
               strcmp(result, "FAILED") == 0 ? "The order was delivered or invoiced." : "");
    answer_close(c);
}

static void cancel_order(struct call *c)
{
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(c->in, "orderId"));
    answer_cancel(c, at < 0 ? "NOT-FOUND" : order_cancel(c->shop, (size_t)at, false));
}

static void cancel_order_v2(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *place = soap_child(request, "workplace");
    int64_t branch = soap_long(place, "branchNumber", 0);
    int64_t workplace = soap_long(place, "workplaceNumber", 0);
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(request, "orderId"));

    if (branch < 1 || branch > BRANCHES || workplace < 1 || workplace > 2)
        fault(c, "Client", "The workplace does not exist.");
    else if (!employee_by_number(soap_long(soap_child(request, "employee"), "employeeNumber", 0)))
        fault(c, "Client", "There is no employee with this number.");
    else
        answer_cancel(c, at < 0 ? "NOT-FOUND"
                                : order_cancel(c->shop, (size_t)at,
                                               c->shop->docs[DOC_ORDER].docs[at].cancelled));
}

// ---- Paying -----------------------------------------------------------------------------

// Delivers all that is open; 0, or -1 when out of memory.
static int deliver_rest(struct shop *s, size_t order, int64_t *slip)
{
    const struct doc *o = &s->docs[DOC_ORDER].docs[order];
    int64_t *quantities = calloc(o->line_count + 1U, sizeof *quantities);

    if (!quantities)
        return -1;
    for (int i = 0; i < o->line_count; i++)
        quantities[i] = line_open(&o->lines[i]);
    *slip = order_deliver(s, order, quantities);
    free(quantities);
    return *slip < 0 ? -1 : 0;
}

static int settle(struct shop *s, size_t order)
{
    int64_t slip = -1;
    if (!s->docs[DOC_ORDER].docs[order].delivered && deliver_rest(s, order, &slip) != 0)
        return -1;
    int64_t invoice = order_invoice(s, order, -1);
    if (invoice < 0)
        return -1;
    struct doc *i = &s->docs[DOC_INVOICE].docs[invoice];
    i->slip = slip < 0 ? 0 : (uint32_t)slip + 1;
    if (slip >= 0)
        s->docs[DOC_SLIP].docs[slip].invoice = (uint32_t)invoice + 1;
    return 0;
}

const char *order_pay(struct shop *s, size_t order, bool prepay, const struct pay *pays, size_t n,
                      const char **why)
{
    struct doc *o = &s->docs[DOC_ORDER].docs[order];
    int64_t sum = o->paid_amount;

    if (o->invoice)
        return "ORDER-ALREADY-INVOICED";
    for (size_t i = 0; i < n; i++)
        sum += pays[i].amount;
    if (o->cancelled)
        *why = "The order is cancelled.";
    else if (n == 0)
        *why = "There is no payment.";
    else if (o->incl >= 0 ? sum > o->incl : sum < o->incl)
        *why = "The payments are more than the order.";
    if (*why)
        return "FAILED";
    if (!prepay && sum != o->incl) {
        *why = "The payments do not cover the order.";
        return "PAYMENT-INSUFFICIENT";
    }
    for (size_t i = 0; i < n; i++) {
        if (doc_add_pay(o, pays[i]) != 0)
            return NULL;
    }
    o->paid = sum == o->incl;
    if (!prepay && settle(s, order) != 0)
        return NULL;
    return doc_touch(s, DOC_ORDER, order) == 0 ? "OK" : NULL;
}

static void write_id(struct call *c, const char *name, enum doc_kind kind, int64_t index)
{
    char id[DOC_ID_BYTES];
    if (index < 0)
        return;
    doc_id(c->shop, kind, (size_t)index, id);
    xml_string(c->out, name, id);
}

static void pay(struct call *c, const struct node *request)
{
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(request, "orderId"));
    const char *result = "FAILED", *why = NULL;
    struct pay *pays = NULL;
    char word[60];
    size_t n;

    if (at < 0)
        why = "There is no order with this id.";
    else if (take_pays(c->shop, soap_child(request, "paymentList"), TODAY, &pays, &n, &why))
        result = order_pay(c->shop, (size_t)at, soap_bool(request, "prepay", false), pays, n,
                           &why);
    free(pays);
    c->out->failed |= !result;
    snprintf(word, sizeof word, "PAY-ORDER-RESULT-%s", result ? result : "");
    xml_string(c->out, "result", word);
    uint32_t invoice = at < 0 ? 0 : c->shop->docs[DOC_ORDER].docs[at].invoice;
    if (result && strcmp(result, "OK") == 0)
        write_id(c, "invoiceId", DOC_INVOICE, (int64_t)invoice - 1);
    xml_string(c->out, "errorMessage", why ? why : "");
}

static void pay_order(struct call *c)
{
    answer_open(c, NULL, NULL);
    pay(c, soap_child(c->in, "request"));
    answer_close(c);
}

static void pay_order_v2(struct call *c)
{
    answer_once(c, soap_child(c->in, "request"), pay);
}

// ---- Delivering -------------------------------------------------------------------------

struct delivered {
    const char *result, *why;
    int64_t slip, invoice;
};

// The invoice or receipt that the request asks for with the slip.
static int bill(struct shop *s, size_t order, const char *turnover, struct delivered *out)
{
    if (strcmp(turnover, "DELIVER-ORDER-TURNOVER-TYPE-INVOICE") == 0)
        return (out->invoice = order_invoice(s, order, out->slip)) < 0 ? -1 : 0;
    if (strcmp(turnover, "DELIVER-ORDER-TURNOVER-TYPE-RECEIPT") == 0)
        return order_receipt(s, order, out->slip) < 0 ? -1 : 0;
    return 0;
}

static void write_delivered(struct call *c, const char *prefix, const struct delivered *d)
{
    answer_open(c, prefix, d->result);
    write_id(c, "packingSlipId", DOC_SLIP, d->slip);
    write_id(c, "invoiceId", DOC_INVOICE, d->invoice);
    xml_string(c->out, "errorMessage", d->why ? d->why : "");
    answer_close(c);
}

static bool deliverable(const struct shop *s, int64_t at, struct delivered *d)
{
    *d = (struct delivered){.result = "FAILED", .slip = -1, .invoice = -1};
    if (at < 0)
        d->why = "There is no order with this id.";
    else if (s->docs[DOC_ORDER].docs[at].cancelled)
        d->why = "The order is cancelled.";
    else if (s->docs[DOC_ORDER].docs[at].delivered)
        d->result = "ALREADY-DELIVERED";
    else
        return true;
    return false;
}

static void deliver_order(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(request, "orderId"));
    struct delivered d;

    if (deliverable(c->shop, at, &d)) {
        if (deliver_rest(c->shop, (size_t)at, &d.slip) != 0 ||
            bill(c->shop, (size_t)at, soap_text(request, "turnoverType"), &d) != 0)
            c->out->failed = true;
        d.result = "OK";
    }
    write_delivered(c, "DELIVER-ORDER-RESULT-", &d);
}

// What the request wants of each line, in the line's own decimals; NULL when it cannot be.
static int64_t *asked(struct doc *o, const struct node *list, const char **why)
{
    int64_t *quantities = calloc(o->line_count + 1U, sizeof *quantities);
    bool any = false;

    for (const struct node *n = list ? list->first : NULL; n && quantities && !*why; n = n->next) {
        int64_t amount = soap_long(n, "quantity", 0), places = soap_long(n, "decimalPlaces", 0);
        char id[24];
        int i = 0;
        for (; i < o->line_count; i++) {
            snprintf(id, sizeof id, "line-%d", o->lines[i].id);
            if (strcmp(id, soap_text(n, "lineId")) == 0)
                break;
        }
        if (i == o->line_count || quantities[i]) {
            *why = "The order has no such line, or it is there twice.";
            break;
        }
        struct line *l = &o->lines[i];
        if (places < 0 || places > 6 || llabs(amount) > INT64_MAX / STOCK_UNIT ||
            !line_scale(l, (int)places)) {
            *why = "The quantity is out of range.";
            break;
        }
        amount *= power_of_ten(l->places - (int)places);
        int64_t open = line_open(l);
        if (amount == 0 || (open > 0 ? amount > open || amount < 0 : amount < open || amount > 0))
            *why = "The quantity is not what is still open of the line, or less.";
        quantities[i] = amount;
        any = true;
    }
    if (!*why && !any)
        *why = "There is no line to deliver.";
    return quantities;
}

static void deliver_order_v2(struct call *c)
{
    const struct node *delivery = soap_child(soap_child(c->in, "request"), "orderDelivery");
    int64_t at = doc_by_id(c->shop, DOC_ORDER, soap_text(delivery, "orderId"));
    struct delivered d;

    if (deliverable(c->shop, at, &d)) {
        int64_t *quantities = asked(&c->shop->docs[DOC_ORDER].docs[at],
                                    soap_child(delivery, "lineList"), &d.why);
        if (!quantities) {
            c->out->failed = true;
        } else if (!d.why) {
            d.slip = order_deliver(c->shop, (size_t)at, quantities);
            if (d.slip < 0 ||
                bill(c->shop, (size_t)at, soap_text(delivery, "turnoverType"), &d) != 0)
                c->out->failed = true;
            d.result = "OK";
        }
        free(quantities);
    }
    write_delivered(c, "DELIVER-ORDER-V2-RESULT-", &d);
}

static void get_packing_slips(struct call *c)
{
    docs_answer(c, DOC_SLIP, "packingSlipList");
}

static void get_packing_slips_by_order(struct call *c)
{
    const char *id = soap_text(soap_child(c->in, "request"), "orderId");
    answer_open(c, NULL, NULL);
    docs_by_order(c, DOC_SLIP, "packingSlipList", doc_by_id(c->shop, DOC_ORDER, id));
    answer_close(c);
}

const struct served mplus_states[] = {
    {"cancelOrder", cancel_order},
    {"cancelOrderV2", cancel_order_v2},
    {"payOrder", pay_order},
    {"payOrderV2", pay_order_v2},
    {"deliverOrder", deliver_order},
    {"deliverOrderV2", deliver_order_v2},
    {"getPackingSlips", get_packing_slips},
    {"getPackingSlipsByOrder", get_packing_slips_by_order},
    {0},
};
