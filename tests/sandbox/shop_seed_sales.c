// SPDX-License-Identifier: MIT
// Seeds invoices and proposals; the first of them carry, one each, what is special about them.
#include "shop.h"

#include <stdlib.h>

// The invoice number of each special case.
enum special {
    INVOICE_UNPAID = 2,
    INVOICE_EXCLUSIVE = 3,
    INVOICE_SHIFTED = 4,
    INVOICE_PART_PAID = 5,
    INVOICE_CREDIT = 6,  // the whole of the first
    INVOICE_DRAFT = 7,   // not made final: has no number yet
    INVOICE_PART_CREDIT = 8, // one line of the third
    INVOICE_DEPOSIT = 9,
    INVOICE_ZERO = 10,
    INVOICE_WEIGHED = 11,
    INVOICE_CONSUMER_BE = 12,
    INVOICE_BRANCH_TWO = 13,
    INVOICE_SPECIALS = 14
};

static int32_t spread_date(int n, int count)
{
    int day = (n - 1) * 280 / (count ? count : 1);
    return ORDER_YEAR * 10000 + (day / 28 + 1) * 100 + day % 28 + 1;
}

static int64_t invoice_relation(struct shop *s, int special)
{
    if (special == INVOICE_SHIFTED)
        return SHIFTED_EVERY;
    if (special == INVOICE_CONSUMER_BE)
        return SHIFTED_EVERY / 2;
    return draw_relation(s, special != 0);
}

static void credit_lines(struct doc *d, const struct doc *of, int lines)
{
    for (int i = 0; i < of->line_count && i < lines; i++) {
        d->lines[d->line_count] = of->lines[i];
        d->lines[d->line_count++].quantity = -of->lines[i].quantity;
    }
}

static void invoice_lines(struct shop *s, struct doc *d, int special)
{
    if (special == 0 && s->options.awkward) {
        awkward_lines(s, d);
        return;
    }
    draw_lines(s, d);
    switch (special) {
    case INVOICE_DEPOSIT:
        special_line(s, d, SPECIAL_DEPOSIT, 24, 15);
        break;
    case INVOICE_ZERO:
        d->lines[1] = d->lines[0];
        d->lines[1].quantity = -d->lines[0].quantity;
        d->line_count = 2;
        break;
    case INVOICE_WEIGHED:
        d->lines[0].quantity = 1250;
        d->lines[0].places = 3;
        break;
    default:
        break;
    }
}

static int seed_invoice(struct shop *s, int n)
{
    struct line lines[MAX_LINES] = {0};
    struct pay pays[1] = {0};
    struct doc d = {.lines = lines};
    int special = n < INVOICE_SPECIALS ? n : 0;
    int of = special == INVOICE_CREDIT ? 1 : special == INVOICE_PART_CREDIT ? 3 : 0;

    if (of) {
        const struct doc *first = &s->docs[DOC_INVOICE].docs[of - 1];
        d = doc_like(first);
        d.lines = lines;
        d.credits = (uint32_t)of;
        d.reason = "Retour ontvangen";
        credit_lines(&d, first, of == 1 ? MAX_LINES : 1);
        s->docs[DOC_INVOICE].docs[of - 1].credited = of == 1;
    } else {
        draw_customer(s, &d, invoice_relation(s, special));
        if (special == INVOICE_EXCLUSIVE || (!special && d.method == METHOD_INCLUSIVE &&
                                             below(s, 4) == 0))
            d.method = METHOD_EXCLUSIVE;
        if (special == INVOICE_BRANCH_TWO)
            d.branch = d.entry_branch = 2;
        invoice_lines(s, &d, special);
    }
    d.date = spread_date(n, s->options.invoices);
    d.payment = (int8_t)below(s, PAY_CRYPTO);
    d.draft = special == INVOICE_DRAFT;
    doc_total(&d);
    d.paid = !d.draft && special != INVOICE_UNPAID && special != INVOICE_PART_PAID;
    d.pay_count = d.paid;
    d.paid_amount = d.paid ? d.incl : 0;
    if (special == INVOICE_PART_PAID) {
        pays[0] = (struct pay){.amount = d.incl / 2, .date = d.date, .method = PAY_PIN};
        d.pays = pays;
        d.pay_count = 1;
        d.paid_amount = pays[0].amount;
    }
    return doc_add(s, DOC_INVOICE, &d) < 0 ? -1 : 0;
}

// Proposal 2 was cancelled, 3 became the order after the special ones, 4 an invoice.
static int seed_proposal(struct shop *s, int n)
{
    struct line lines[MAX_LINES] = {0};
    struct doc d = {.lines = lines};
    struct doc_list *orders = &s->docs[DOC_ORDER], *invoices = &s->docs[DOC_INVOICE];
    size_t order = 35, invoice = INVOICE_SPECIALS;
    struct doc *from = NULL;

    if (n == 3 && orders->count > order)
        from = &orders->docs[order];
    if (n == 4 && invoices->count > invoice)
        from = &invoices->docs[invoice];
    if (from) {
        d = doc_like(from);
        d.lines = from->lines;
        d.line_count = from->line_count;
        d.type = n == 3 ? PROPOSAL_ORDER : PROPOSAL_INVOICE;
        *(n == 3 ? &d.order : &d.invoice) = (uint32_t)(n == 3 ? order : invoice) + 1;
        from->proposal = (uint32_t)s->docs[DOC_PROPOSAL].count + 1;
    } else {
        draw_customer(s, &d, draw_relation(s, false));
        if (d.method == METHOD_INCLUSIVE && below(s, 3) == 0)
            d.method = METHOD_EXCLUSIVE;
        draw_lines(s, &d);
        d.date = spread_date(n, s->options.proposals);
        d.type = n == 2 ? PROPOSAL_CANCELLED : PROPOSAL_OPEN;
        d.cancelled = n == 2;
    }
    doc_total(&d);
    return doc_add(s, DOC_PROPOSAL, &d) < 0 ? -1 : 0;
}

int shop_seed_sales(struct shop *s)
{
    // The orders that are added later go on where the seeded ones ended.
    uint64_t orders = s->random;

    s->random = s->options.seed ^ UINT64_C(0x5a1e5);
    for (int n = 1; n <= s->options.invoices; n++) {
        if (seed_invoice(s, n) != 0)
            return -1;
    }
    for (int n = 1; n <= s->options.proposals; n++) {
        if (seed_proposal(s, n) != 0)
            return -1;
    }
    s->random = orders;
    return 0;
}
