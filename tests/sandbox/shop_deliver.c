// SPDX-License-Identifier: MIT
// What follows from an order: packing slips, and invoices and receipts for what they brought.
#include "shop.h"

#include <stdlib.h>
#include <string.h>

// Hangs the new document behind those of its kind that the order has already.
static void hang(struct shop *s, enum doc_kind kind, uint32_t *first, size_t at)
{
    uint32_t *place = first;
    while (*place)
        place = &s->docs[kind].docs[*place - 1].next;
    *place = (uint32_t)at + 1;
}

int64_t order_deliver(struct shop *s, size_t order, const int64_t *quantities)
{
    struct doc *o = &s->docs[DOC_ORDER].docs[order];
    struct doc slip = doc_like(o);
    int n = 0;

    slip.order = (uint32_t)order + 1;
    slip.proposal = o->proposal;
    slip.lines = calloc(o->line_count + 1U, sizeof *slip.lines);
    if (!slip.lines)
        return -1;
    stock_reserve(s, o, -1);
    for (int i = 0; i < o->line_count; i++) {
        if (quantities[i] == 0)
            continue;
        struct line *l = &slip.lines[n++];
        *l = o->lines[i];
        l->origin = l->id;
        l->quantity = quantities[i];
        l->delivered = l->cancelled = 0;
        o->lines[i].delivered += quantities[i];
    }
    slip.line_count = (uint16_t)n;
    doc_total(&slip);
    o->delivered = true;
    for (int i = 0; i < o->line_count; i++)
        o->delivered &= line_open(&o->lines[i]) == 0;
    stock_reserve(s, o, 1);
    int64_t at = doc_add(s, DOC_SLIP, &slip);
    free(slip.lines);
    if (at < 0)
        return -1;
    hang(s, DOC_SLIP, &s->docs[DOC_ORDER].docs[order].slip, (size_t)at);
    if (doc_touch(s, DOC_ORDER, order) != 0 || stock_sell(s, DOC_SLIP, (size_t)at) != 0)
        return -1;
    return at;
}

// An invoice or a receipt over the lines of a slip, or over the whole order without one.
static int64_t bill(struct shop *s, enum doc_kind kind, size_t order, int64_t slip)
{
    const struct doc *o = &s->docs[DOC_ORDER].docs[order];
    const struct doc *from = slip < 0 ? o : &s->docs[DOC_SLIP].docs[slip];
    struct doc d = doc_like(o);

    d.order = (uint32_t)order + 1;
    d.proposal = o->proposal;
    d.slip = slip < 0 ? 0 : (uint32_t)slip + 1;
    d.lines = from->lines;
    d.line_count = from->line_count;
    doc_total(&d);
    d.paid = o->paid && d.incl == o->incl;
    if (d.paid) {
        d.pays = o->pays;
        d.pay_count = o->pay_count;
        d.paid_amount = d.incl;
    }
    int64_t at = doc_add(s, kind, &d);
    if (at < 0)
        return -1;
    for (int i = 0; i < d.line_count; i++) {
        struct line *l = &s->docs[kind].docs[at].lines[i];
        l->delivered = 0;
        l->origin = slip < 0 ? d.lines[i].id : d.lines[i].origin;
    }
    if (slip >= 0) {
        struct doc *slip_doc = &s->docs[DOC_SLIP].docs[slip];
        *(kind == DOC_INVOICE ? &slip_doc->invoice : &slip_doc->receipt) = (uint32_t)at + 1;
    }
    struct doc *own = &s->docs[DOC_ORDER].docs[order];
    hang(s, kind, kind == DOC_INVOICE ? &own->invoice : &own->receipt, (size_t)at);
    // Orders and slips name their invoices, but not their receipts.
    if (kind == DOC_RECEIPT)
        return at;
    if (slip >= 0 && doc_touch(s, DOC_SLIP, (size_t)slip) != 0)
        return -1;
    return doc_touch(s, DOC_ORDER, order) == 0 ? at : -1;
}

int64_t order_invoice(struct shop *s, size_t order, int64_t slip)
{
    return bill(s, DOC_INVOICE, order, slip);
}

int64_t order_receipt(struct shop *s, size_t order, int64_t slip)
{
    return bill(s, DOC_RECEIPT, order, slip);
}
