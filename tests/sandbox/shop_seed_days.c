// SPDX-License-Identifier: MIT
// Seeds the till's receipts: four closed days and the open one, in both branches, with every
// kind of receipt, a cash difference, and receipts that belong to orders.
#include "shop.h"

#include <stdlib.h>

#define DAYS 5
#define CARD "6064 3600 0000 0025"

// ---- Days -------------------------------------------------------------------------------

int32_t day_after(int32_t date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = date / 10000, month = date / 100 % 100, day = date % 100;
    bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (day < days[month - 1] + leap)
        return date + 1;
    return month < 12 ? year * 10000 + (month + 1) * 100 + 1 : (year + 1) * 10000 + 101;
}

static struct day *find_day(const struct shop *s, int branch, int32_t date)
{
    for (size_t i = 0; i < s->day_count; i++) {
        if (s->days[i].branch == branch && s->days[i].date == date)
            return &s->days[i];
    }
    return NULL;
}

struct day *shop_day(struct shop *s, int branch, int32_t date)
{
    struct day *found = find_day(s, branch, date);
    if (found)
        return found;
    struct day *more = realloc(s->days, (s->day_count + 1) * sizeof *more);
    if (!more)
        return NULL;
    s->days = more;
    bool closed = date < TODAY;
    s->days[s->day_count] = (struct day){.date = date,
                                         .branch = (int8_t)branch,
                                         .closed = closed,
                                         .closings = closed,
                                         .start = 15000};
    return &s->days[s->day_count++];
}

bool day_closed(const struct shop *s, int branch, int32_t date)
{
    const struct day *d = find_day(s, branch, date);
    return d ? d->closed : date < TODAY;
}

// ---- Receipts ---------------------------------------------------------------------------

struct make {
    struct shop *shop;
    struct doc doc;
    struct line lines[MAX_LINES];
    struct pay pays[4];
};

static void begin(struct make *m, struct shop *s, int branch, int32_t date)
{
    *m = (struct make){.shop = s};
    m->doc = (struct doc){.lines = m->lines,
                          .pays = m->pays,
                          .employee = branch == 1 ? 1 : EMPLOYEE_BUILT_IN,
                          .branch = (int8_t)branch,
                          .entry_branch = (int8_t)branch,
                          .workplace = 1,
                          .date = date,
                          .version = 1,
                          .paid = true};
}

static void pay(struct make *m, int method, int64_t amount)
{
    m->pays[m->doc.pay_count++] = (struct pay){.amount = amount,
                                               .card = method == PAY_GIFT_CARD ? CARD : NULL,
                                               .date = m->doc.date,
                                               .method = (int8_t)method};
    m->doc.paid_amount += amount;
}

// Pays what is left with this method and adds the receipt; its position, -1 without memory.
static int64_t end(struct make *m, int method)
{
    doc_total(&m->doc);
    if (m->doc.paid_amount != m->doc.incl)
        pay(m, method, m->doc.incl - m->doc.paid_amount);
    int64_t at = doc_add(m->shop, DOC_RECEIPT, &m->doc);
    return at < 0 || stock_sell(m->shop, DOC_RECEIPT, (size_t)at) != 0 ? -1 : at;
}

static struct line *goods(struct make *m, int vat_code, int64_t quantity, int64_t price)
{
    struct shop *s = m->shop;
    int64_t number;
    do
        number = 1 + below(s, s->options.articles - 1 - (s->options.awkward ? SPECIAL_DEPOSIT : 0));
    while (shop_article(s, number)->vat_code != vat_code && below(s, 200) != 0);
    struct line *l = draw_line(s, &m->doc, number, quantity);
    l->vat_code = (int8_t)vat_code;
    l->rate = (int16_t)vat_rate(vat_code);
    if (shop_article(s, number)->vat_code != vat_code)
        l->group = (int16_t)vat_code;
    line_reprice(l, price);
    return l;
}

// A line of the till itself: no article, a turnover group of its own.
static void own_line(struct make *m, int group, const char *text, int64_t price)
{
    struct line *l = &m->doc.lines[m->doc.line_count++];
    *l = (struct line){.quantity = 1, .text = text, .group = (int16_t)group, .vat_code = 3};
    line_reprice(l, price);
}

static int ordinary(struct shop *s, int branch, int32_t date)
{
    static const int methods[] = {PAY_PIN, PAY_PIN, PAY_CASH, PAY_IDEAL};
    struct make m;

    begin(&m, s, branch, date);
    draw_lines(s, &m.doc);
    return end(&m, methods[below(s, 4)]) < 0 ? -1 : 0;
}

// Mixed rates in cash and its return, paid with a card and in part, a card sold, bottles.
static int special_sales(struct shop *s, int branch, int32_t date)
{
    struct make m;
    struct doc *first;
    int64_t at;

    begin(&m, s, branch, date);
    goods(&m, 1, 2, 1999);
    goods(&m, 2, 3, 333);
    goods(&m, 3, 1, 1250);
    goods(&m, 2, 1, 1495)->group = 4; // a group that sells at both rates
    at = end(&m, PAY_CASH);
    if (at < 0)
        return -1;
    begin(&m, s, branch, date);
    first = &s->docs[DOC_RECEIPT].docs[at];
    m.doc.type = RECEIPT_CREDIT;
    m.doc.credits = (uint32_t)at + 1;
    m.lines[0] = first->lines[0];
    m.lines[0].quantity = -1;
    m.doc.line_count = 1;
    if (end(&m, PAY_CASH) < 0)
        return -1;
    begin(&m, s, branch, date);
    goods(&m, 1, 1, 4995);
    pay(&m, PAY_GIFT_CARD, 2500);
    if (end(&m, PAY_PIN) < 0)
        return -1;
    begin(&m, s, branch, date);
    special_line(s, &m.doc, SPECIAL_GIFT_CARD, 1, 2500);
    if (end(&m, PAY_PIN) < 0)
        return -1;
    begin(&m, s, branch, date);
    goods(&m, 2, 6, 119);
    special_line(s, &m.doc, SPECIAL_DEPOSIT, 6, 25);
    special_line(s, &m.doc, SPECIAL_DEPOSIT, -4, 25);
    return end(&m, PAY_IDEAL) < 0 ? -1 : 0;
}

// Cash in and out without a sale, a payment booked over, rounding, nothing to pay, by weight.
static int special_moves(struct shop *s, int branch, int32_t date)
{
    struct make m;

    begin(&m, s, branch, date);
    m.doc.type = RECEIPT_INFLOW;
    own_line(&m, GROUP_INFLOW, "Wisselgeld", 10000);
    if (end(&m, PAY_CASH) < 0)
        return -1;
    begin(&m, s, branch, date);
    m.doc.type = RECEIPT_OUTFLOW;
    own_line(&m, GROUP_OUTFLOW, "Naar de bank", -1250);
    if (end(&m, PAY_CASH) < 0)
        return -1;
    begin(&m, s, branch, date);
    m.doc.type = RECEIPT_TRANSFER;
    pay(&m, PAY_CASH, -2000);
    pay(&m, PAY_PIN, 2000);
    if (end(&m, PAY_CASH) < 0)
        return -1;
    begin(&m, s, branch, date);
    goods(&m, 1, 1, 1002);
    own_line(&m, GROUP_ROUNDING, "Afronding", -2);
    if (end(&m, PAY_CASH) < 0)
        return -1;
    begin(&m, s, branch, date);
    goods(&m, 1, 1, 750);
    m.lines[1] = m.lines[0];
    m.lines[1].quantity = -1;
    m.doc.line_count = 2;
    if (end(&m, PAY_PIN) < 0)
        return -1;
    begin(&m, s, branch, date);
    goods(&m, 2, 734, 1299)->places = 3;
    line_discount(goods(&m, 1, 1, 995), 1500, 0);
    return end(&m, PAY_PIN) < 0 ? -1 : 0;
}

// The first paid orders past the special ones were handed over at the till.
static int of_orders(struct shop *s, int branch, int32_t date, int wanted)
{
    for (size_t i = 36; i < s->docs[DOC_ORDER].count && wanted > 0; i++) {
        const struct doc *o = &s->docs[DOC_ORDER].docs[i];
        if (!o->paid || o->receipt || o->faulty)
            continue;
        int64_t at = order_receipt(s, i, -1);
        if (at < 0)
            return -1;
        struct doc *r = &s->docs[DOC_RECEIPT].docs[at];
        r->date = date;
        r->branch = r->entry_branch = (int8_t)branch;
        wanted--;
    }
    return 0;
}

static int seed_day(struct shop *s, int branch, int n, int32_t date)
{
    int ordinaries = s->options.receipts / (DAYS * BRANCHES);
    struct day *day = shop_day(s, branch, date);

    if (!day)
        return -1;
    if (branch == 1 && n == 1)
        day->difference[PAY_CASH] = -135;
    if (branch == 2 && n == 2)
        day->difference[PAY_CASH] = 5;
    if (n == 0 && special_sales(s, branch, date) != 0)
        return -1;
    if (n == branch && special_moves(s, branch, date) != 0)
        return -1;
    if (branch == 1 && (n == 2 || n == DAYS - 1) && of_orders(s, branch, date, 2) != 0)
        return -1;
    for (int i = 0; i < ordinaries; i++) {
        if (ordinary(s, branch, date) != 0)
            return -1;
    }
    return 0;
}

int shop_seed_days(struct shop *s)
{
    uint64_t orders = s->random;
    int32_t date = TODAY - (DAYS - 1);

    s->random = s->options.seed ^ UINT64_C(0xda1e5);
    for (int n = 0; n < DAYS && s->options.receipts > 0; n++, date = day_after(date)) {
        for (int branch = 1; branch <= BRANCHES; branch++) {
            if (seed_day(s, branch, n, date) != 0)
                return -1;
        }
    }
    s->random = orders;
    return 0;
}
