// SPDX-License-Identifier: MIT
// The smaller parts of the till's answers and requests: lines, payments, dates, and the fields
// that are kept as a client wrote them.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Dates ------------------------------------------------------------------------------

void write_date(struct xml *x, const char *name, int32_t date)
{
    xml_open(x, name);
    xml_long(x, "day", date % 100);
    xml_long(x, "mon", date / 100 % 100);
    xml_long(x, "year", date / 10000);
    xml_close(x, name);
}

void write_time(struct xml *x, const char *name, int32_t date, int64_t n)
{
    int month = date / 100 % 100;
    bool summer = month > 3 && month < 11;
    xml_open(x, name);
    xml_long(x, "sec", n % 60);
    xml_long(x, "min", n / 60 % 60);
    xml_long(x, "hour", 9 + n / 3600 % 9);
    xml_long(x, "day", date % 100);
    xml_long(x, "mon", month);
    xml_long(x, "year", date / 10000);
    xml_bool(x, "isdst", summer);
    xml_long(x, "timezone", summer ? 120 : 60);
    xml_close(x, name);
}

bool read_date(const struct node *n, int32_t *out)
{
    int64_t day = soap_long(n, "day", 0), month = soap_long(n, "mon", 0);
    int64_t year = soap_long(n, "year", 0);

    *out = 0;
    if (day == 0 || month == 0 || year == 0)
        return true;
    if (day < 1 || month < 1 || month > 12 || year < 1900 || year > 9999)
        return false;
    int32_t first = (int32_t)(year * 10000 + month * 100 + 1), date = first;
    for (int64_t i = 1; i < day && date - first < 31; i++)
        date = day_after(date);
    *out = date;
    return date % 100 == day;
}

bool date_wanted(const struct node *request, int32_t date)
{
    int32_t from, through;
    read_date(soap_child(request, "fromFinancialDate"), &from);
    read_date(soap_child(request, "throughFinancialDate"), &through);
    return (!from || date >= from) && (!through || date <= through);
}

// ---- Kept fields ------------------------------------------------------------------------

static bool composed(const struct field *f)
{
    return f->repeated || f->type->kind == KIND_TYPE;
}

int value_store(char **slot, const struct node *in, const struct field *f)
{
    struct xml x = {0};
    char *value = NULL;

    if (composed(f)) {
        for (const struct node *n = in->first; n; n = n->next) {
            if (strcmp(n->name, f->name) == 0)
                xml_node(&x, n);
        }
        value = x.failed ? NULL : x.text;
        if (x.failed)
            free(x.text);
    } else {
        value = strdup(soap_text(in, f->name));
    }
    if (!value)
        return -1;
    free(*slot);
    *slot = value;
    return 0;
}

void value_write(struct xml *x, const struct field *f, const char *value)
{
    if (composed(f))
        xml_raw(x, value, strlen(value));
    else
        xml_string(x, f->name, value);
}

// ---- Lines ------------------------------------------------------------------------------

static void write_price(struct xml *x, const struct line *l)
{
    xml_long(x, "price", l->price);
    xml_long(x, "priceExcl", l->price_excl);
    xml_long(x, "originalPrice", l->original);
}

static void write_group(struct xml *x, const struct line *l, int branch)
{
    const struct turnover_group *g = turnover_group(l->group);
    char type[60];

    xml_long(x, "turnoverGroup", l->group);
    if (!g)
        return;
    snprintf(type, sizeof type, "TURNOVER-GROUP-TYPE-%s", g->type);
    xml_string(x, "turnoverGroupName", g->name);
    xml_string(x, "turnoverGroupType", type);
    xml_long(x, "turnoverGroupAccountNumber", turnover_account(g, branch));
}

static void write_quantity(struct xml *x, const char *name, const char *places_name,
                           int64_t quantity, int places)
{
    xml_long(x, name, quantity);
    xml_long(x, places_name, places);
}

static void write_line(struct call *c, const struct doc *d, const struct line *l)
{
    struct xml *x = c->out;
    const struct article *a = l->article ? shop_article(c->shop, l->article) : NULL;
    char id[24];

    snprintf(id, sizeof id, "line-%d", l->id);
    xml_open(x, "line");
    xml_string(x, "lineId", id);
    xml_long(x, "articleNumber", l->article);
    xml_string(x, "text", l->text ? l->text : a ? a->name : "");
    xml_open(x, "data");
    write_quantity(x, "quantity", "decimalPlaces", l->quantity, l->places);
    if (l->delivered)
        write_quantity(x, "deliveredQuantity", "deliveredDecimalPlaces", l->delivered, l->places);
    if (l->cancelled)
        write_quantity(x, "cancelledQuantity", "cancelledDecimalPlaces", l->cancelled, l->places);
    write_price(x, l);
    write_group(x, l, d->branch);
    xml_long(x, "vatCode", l->vat_code);
    xml_long(x, "vatPercentage", l->rate);
    if (l->discount) {
        xml_string(x, "discountType", "DISCOUNT-TYPE-CUSTOMER-DISCOUNT");
        xml_long(x, "discountPercentage", l->percent);
        xml_long(x, "discountAmount", l->discount);
    }
    xml_long(x, "totalInclAmount", l->incl);
    xml_long(x, "totalExclAmount", l->excl);
    if (l->group == GROUP_GIFT_CARD)
        xml_string(x, "priceType", "PRICE-TYPE-GIFT-CARD");
    xml_close(x, "data");
    if (l->origin) {
        snprintf(id, sizeof id, "line-%d", l->origin);
        xml_string(x, "salesOrderLineId", id);
    }
    xml_close(x, "line");
}

void lines_write(struct call *c, const struct doc *d)
{
    xml_open(c->out, "lineList");
    for (int i = 0; i < d->line_count; i++)
        write_line(c, d, &d->lines[i]);
    xml_close(c->out, "lineList");
}

// ---- Payments ---------------------------------------------------------------------------

void pays_write(struct xml *x, const struct doc *d)
{
    char type[60];

    xml_open(x, "paymentList");
    for (int i = 0; i < d->pay_count; i++) {
        struct pay p = doc_pay(d, i);
        const struct payment_method *m = &payment_methods[p.method];
        snprintf(type, sizeof type, "PAYMENT-METHOD-TYPE-%s", m->type);
        xml_open(x, "payment");
        write_date(x, "financialDate", p.date);
        xml_long(x, "branchNumber", d->branch);
        xml_string(x, "method", m->code);
        xml_string(x, "description", m->name);
        xml_long(x, "amount", p.amount);
        xml_string(x, "paymentMethodType", type);
        if (m->account)
            xml_long(x, "accountNumber", m->account);
        xml_string(x, "giftcardNumber", p.card);
        xml_close(x, "payment");
    }
    xml_close(x, "paymentList");
}
