// SPDX-License-Identifier: MIT
// Takes over the documents that clients send: what they refer to must be there, and everything
// that the till can compute it computes itself, whatever the client says.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PLACES 6
#define MAX_CENTS INT64_C(100000000000)
#define MAX_DOC_LINES 1000

// ---- Heads ------------------------------------------------------------------------------

static const char *take_branches(const struct node *in, struct doc *d)
{
    int64_t entry = soap_long(in, "entryBranchNumber", 0);
    int64_t financial = soap_long(in, "financialBranchNumber", 0);
    int64_t workplace = soap_long(in, "workplaceNumber", 0);

    if (!entry)
        entry = d->entry_branch ? d->entry_branch : 1;
    if (!financial)
        financial = d->branch ? d->branch : entry;
    if (entry < 1 || entry > BRANCHES)
        return "The entry branch does not exist.";
    if (financial < 1 || financial > BRANCHES)
        return "The financial branch does not exist.";
    if (!workplace)
        workplace = entry == d->entry_branch ? d->workplace : 0;
    if (!workplace && entry != 1)
        return "An entry branch other than the default needs a workplace number.";
    if (workplace < 0 || workplace > 2)
        return "The workplace does not exist in this branch.";
    d->entry_branch = (int8_t)entry;
    d->branch = (int8_t)financial;
    d->workplace = (int8_t)(workplace ? workplace : 1);
    return NULL;
}

static const char *take_people(const struct call *c, const struct node *in, struct doc *d)
{
    const struct node *relation = soap_child(in, "relationNumber");
    const struct node *employee = soap_child(in, "employeeNumber");

    if (relation || !d->relation) {
        d->relation = soap_long(in, "relationNumber", 0);
        const struct relation *r = shop_relation(c->shop, d->relation);
        if (!r)
            return d->relation ? "There is no relation with this number."
                               : "A relation is required.";
        d->belgian = strcmp(relation_get(c->shop, r, "country"), "België") == 0;
    }
    if (employee || !d->employee) {
        d->employee = soap_long(in, "employeeNumber", 0);
        const struct employee *e = employee_by_number(d->employee);
        if (!e)
            return d->employee ? "There is no employee with this number."
                               : "An employee is required.";
        if (!e->active)
            return "The employee is not active.";
    }
    return NULL;
}

static const char *take_methods(const struct node *in)
{
    const char *delivery = soap_text(in, "deliveryMethod");
    const char *payment = soap_text(in, "paymentMethod");
    size_t i = 0;

    while (*delivery && i < delivery_method_count &&
           strcmp(delivery_methods[i].code, delivery) != 0)
        i++;
    if (*delivery && (i == delivery_method_count || !delivery_methods[i].enabled))
        return i == delivery_method_count ? "The delivery method does not exist."
                                          : "The delivery method is not enabled.";
    if (*payment && payment_by_code(payment) < 0)
        return "The payment method does not exist.";
    int64_t category = soap_long(in, "orderCategoryNumber", 0);
    return category < 0 || category > 2 ? "The order category does not exist." : NULL;
}

static const char *take_dates(const struct node *in, struct doc *d)
{
    static const char *const others[] = {"entryTimestamp", "deliveryDate", "deliveryPeriodBegin",
                                         "deliveryPeriodEnd", "dueDate"};
    int32_t date;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!read_date(soap_child(in, others[i]), &date))
            return "There is no such day in the calendar.";
    }
    if (!read_date(soap_child(in, "financialDate"), &date))
        return "The financial date is no day of the calendar.";
    if (date)
        d->date = date;
    else if (!d->date)
        d->date = TODAY;
    return NULL;
}

static void take_method(const struct node *in, struct doc *d)
{
    static const char *const methods[] = {"VAT-METHOD-INCLUSIVE", "VAT-METHOD-EXCLUSIVE",
                                          "VAT-METHOD-SHIFTED", "VAT-METHOD-NONE"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(soap_text(in, "vatMethod"), methods[i]) == 0)
            d->method = (int8_t)i;
    }
}

bool take_doc(struct call *c, enum doc_kind kind, const struct node *in, struct doc *d,
              const char **why)
{
    (void)kind;
    take_method(in, d);
    *why = take_people(c, in, d);
    if (!*why)
        *why = take_branches(in, d);
    if (!*why)
        *why = take_dates(in, d);
    if (!*why)
        *why = take_methods(in);
    return !*why;
}

// A time without a date says nothing, and would hide the till's own.
static bool says_nothing(const struct node *n)
{
    return soap_child(n, "year") && (soap_long(n, "year", 0) == 0 || soap_long(n, "mon", 0) == 0 ||
                                     soap_long(n, "day", 0) == 0);
}

int take_values(struct call *c, enum doc_kind kind, const struct node *in, struct doc *d)
{
    const struct field *fields = c->shop->doc_fields[kind];
    size_t n = 0;

    while (fields[n].name)
        n++;
    if (!d->value && !(d->value = calloc(n, sizeof *d->value)))
        return -1;
    for (size_t i = 0; i < n; i++) {
        const struct node *child = soap_child(in, fields[i].name);
        if (child && doc_field_kept(c->shop, kind, (int)i) && !says_nothing(child) &&
            value_store(&d->value[i], in, &fields[i]) != 0)
            return -1;
    }
    return 0;
}

// ---- Lines ------------------------------------------------------------------------------

struct taking {
    struct shop *shop;
    const struct doc *doc, *old;
    const struct node *line, *data;
    const struct article *article; // NULL: text only
    const char *why;
};

static bool wrong(struct taking *t, const char *why)
{
    t->why = why;
    return false;
}

static bool cents(struct taking *t, const char *name, int64_t *out)
{
    *out = soap_long(t->data, name, 0);
    if (*out > MAX_CENTS || *out < -MAX_CENTS)
        return wrong(t, "An amount is out of range.");
    return true;
}

static bool take_code(struct taking *t, struct line *l)
{
    int64_t code = soap_long(t->data, "vatCode", 0);
    int64_t group = soap_long(t->data, "turnoverGroup", 0);

    if (code && vat_rate((int)code) < 0)
        return wrong(t, "The VAT code does not exist.");
    if (group && (group > INT16_MAX || !turnover_group((int)group)))
        return wrong(t, "The turnover group does not exist.");
    l->vat_code = (int8_t)(code ? code : t->article ? t->article->vat_code : 3);
    if (t->doc->method == METHOD_SHIFTED || t->doc->method == METHOD_NONE)
        l->vat_code = 3;
    l->rate = (int16_t)vat_rate(l->vat_code);
    l->group = (int16_t)(group ? group : t->article ? t->article->group : 3);
    return true;
}

// What one costs without a price in the message, in the prices of the document.
static int64_t list_price(const struct taking *t)
{
    if (!t->article)
        return 0;
    return t->doc->method == METHOD_INCLUSIVE ? t->article->price_incl : t->article->price_excl;
}

// The document's own kind of price comes first; the other one counts with inclusive prices
// after its VAT was added, and with exclusive ones as it stands.
static bool take_price(struct taking *t, struct line *l)
{
    bool inclusive = t->doc->method == METHOD_INCLUSIVE;
    int64_t incl, excl, own, original, discount;
    int64_t percent = soap_long(t->data, "discountPercentage", 0);

    if (!cents(t, "price", &incl) || !cents(t, "priceExcl", &excl) ||
        !cents(t, "originalPrice", &original) || !cents(t, "discountAmount", &discount))
        return false;
    if (percent < 0 || percent > 10000)
        return wrong(t, "A discount is from 0 to 100 percent.");
    if (inclusive && soap_child(t->data, "price"))
        own = incl;
    else if (soap_child(t->data, "priceExcl"))
        own = inclusive ? divide(excl * (10000 + l->rate), 10000) : excl;
    else if (soap_child(t->data, "price"))
        own = incl;
    else
        own = divide(list_price(t) * (10000 - percent), 10000) - (percent ? 0 : discount);
    l->price = inclusive ? own : divide(own * (10000 + l->rate), 10000);
    l->price_excl = inclusive ? divide(own * 10000, 10000 + l->rate) : own;
    l->percent = (int16_t)percent;
    l->original = original ? original : l->price + discount;
    l->discount = discount ? discount : l->original - l->price;
    return true;
}

static bool take_quantity(struct taking *t, struct line *l)
{
    int64_t places = soap_long(t->data, "decimalPlaces", 0);

    if (places < 0 || places > MAX_PLACES)
        return wrong(t, "A quantity has at most 6 decimals.");
    l->quantity = soap_long(t->data, "quantity", t->article ? 1 : 0);
    if (l->quantity > INT64_MAX / STOCK_UNIT || l->quantity < -(INT64_MAX / STOCK_UNIT))
        return wrong(t, "A quantity is out of range.");
    int8_t before = l->places;
    l->places = (int8_t)places;
    // What was delivered of the line is kept in the same decimals.
    struct line done = {.delivered = l->delivered, .cancelled = l->cancelled, .places = before};
    if (!line_scale(&done, l->places))
        return wrong(t, "A quantity is out of range.");
    if (before > l->places && (done.delivered || done.cancelled)) {
        l->quantity *= power_of_ten(before - l->places);
        l->places = before;
    }
    l->delivered = done.delivered;
    l->cancelled = done.cancelled;
    return true;
}

static bool take_id(struct taking *t, struct line *l)
{
    const char *id = soap_text(t->line, "lineId");
    char own[24];

    if (!*id)
        return true;
    for (int i = 0; t->old && i < t->old->line_count; i++) {
        snprintf(own, sizeof own, "line-%d", t->old->lines[i].id);
        if (strcmp(own, id) != 0)
            continue;
        l->id = t->old->lines[i].id;
        l->delivered = t->old->lines[i].delivered;
        l->cancelled = t->old->lines[i].cancelled;
        l->places = t->old->lines[i].places;
        return true;
    }
    return wrong(t, "There is no line with this id.");
}

static bool take_line(struct taking *t, struct line *l)
{
    int64_t number = soap_long(t->line, "articleNumber", 0);
    const struct node *sub = soap_child(t->line, "preparationList");
    const char *text = soap_text(t->line, "text");

    t->data = soap_child(t->line, "data");
    t->article = number ? shop_article(t->shop, number) : NULL;
    l->article = number;
    if (number && !t->article)
        return wrong(t, "There is no article with this number.");
    if (!number && !*text)
        return wrong(t, "A line needs an article or a text.");
    if (sub && sub->first)
        return wrong(t, "Lines within lines are not available in the sandbox.");
    if (*text && !(l->text = shop_text(t->shop, text)))
        return wrong(t, "out of memory");
    if (!take_id(t, l) || !take_code(t, l) || !take_quantity(t, l) || !take_price(t, l))
        return false;
    return line_total(t->doc, l) || wrong(t, "An amount is out of range.");
}

bool take_lines(struct shop *s, const struct node *list, struct doc *d, const struct doc *old,
                const char **why)
{
    struct taking t = {.shop = s, .doc = d, .old = old};
    size_t count = 0, n = 0;

    for (const struct node *l = list ? list->first : NULL; l; l = l->next)
        count++;
    if (count == 0 || count > MAX_DOC_LINES) {
        *why = count ? "Too many lines." : "A document needs at least one line.";
        return false;
    }
    d->lines = calloc(count, sizeof *d->lines);
    if (!d->lines) {
        *why = "out of memory";
        return false;
    }
    d->line_ids = old ? old->line_ids : 0;
    for (const struct node *l = list->first; l; l = l->next, n++) {
        t.line = l;
        if (!take_line(&t, &d->lines[n])) {
            free(d->lines);
            d->lines = NULL;
            *why = t.why;
            return false;
        }
        if (!d->lines[n].id)
            d->lines[n].id = ++d->line_ids;
    }
    d->line_count = (uint16_t)count;
    return true;
}

// ---- Payments ---------------------------------------------------------------------------

bool take_pays(struct shop *s, const struct node *list, int32_t date, struct pay **pays,
               size_t *count, const char **why)
{
    size_t room = 0;

    *pays = NULL;
    *count = 0;
    for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
        int method = payment_by_code(soap_text(n, "method"));
        const char *card = soap_text(n, "giftcardNumber");
        struct pay p = {.amount = soap_long(n, "amount", 0), .date = date,
                        .method = (int8_t)method};
        if (method < 0)
            *why = "The payment method does not exist.";
        else if (p.amount > MAX_CENTS || p.amount < -MAX_CENTS)
            *why = "An amount is out of range.";
        else if (p.amount < 0 && !payment_methods[method].negative)
            *why = "The payment method does not pay back.";
        else if ((*card && !(p.card = shop_text(s, card))) ||
                 grow(pays, &room, *count + 1, sizeof p) != 0)
            *why = "out of memory";
        if (*why) {
            free(*pays);
            *pays = NULL;
            return false;
        }
        (*pays)[(*count)++] = p;
    }
    return true;
}
