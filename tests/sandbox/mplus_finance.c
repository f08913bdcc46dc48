// SPDX-License-Identifier: MIT
// What the till tells its bookkeeper: turnover groups, journals, cash counts.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCE_ACCOUNT 4950

// ---- Sums -------------------------------------------------------------------------------

static void add_line(struct day_sum *sum, const struct line *l)
{
    int i = 0;
    while (i < sum->group_count &&
           (sum->groups[i].group != l->group || sum->groups[i].vat_code != l->vat_code))
        i++;
    if (i == sum->group_count) {
        if (i == (int)(sizeof sum->groups / sizeof *sum->groups))
            return;
        sum->groups[sum->group_count++] =
            (struct group_sum){.group = l->group, .vat_code = l->vat_code, .rate = l->rate};
    }
    sum->groups[i].excl += l->excl;
    sum->groups[i].vat += l->incl - l->excl;
    sum->groups[i].quantity += l->quantity * (STOCK_UNIT / power_of_ten(l->places));
}

void day_add(struct day_sum *sum, const struct doc *d)
{
    for (int i = 0; i < d->line_count; i++)
        add_line(sum, &d->lines[i]);
    for (int i = 0; i < d->pay_count; i++) {
        struct pay p = doc_pay(d, i);
        sum->pays[p.method] += p.amount;
    }
    for (int i = 0; i < VAT_CODES; i++) {
        const struct vat_group *g = &d->groups[i];
        sum->vat[i].code = g->code ? g->code : sum->vat[i].code;
        sum->vat[i].rate = g->code ? g->rate : sum->vat[i].rate;
        sum->vat[i].excl += g->excl;
        sum->vat[i].vat += g->vat;
    }
    sum->excl += d->excl;
    sum->incl += d->incl;
    sum->count++;
}

void day_sum(const struct shop *s, enum doc_kind kind, int branch, int32_t from, int32_t through,
             bool own, struct day_sum *sum)
{
    const struct doc_list *l = &s->docs[kind];

    for (size_t i = 0; i < l->count; i++) {
        const struct doc *d = &l->docs[i];
        if (d->date < from || d->date > through || (branch && d->branch != branch) || d->draft ||
            (own && d->order))
            continue;
        // Orders bring no turnover, only what was paid ahead.
        if (kind == DOC_ORDER) {
            for (int p = 0; d->pays && p < d->pay_count; p++)
                sum->pays[d->pays[p].method] += d->pays[p].amount;
            sum->count += d->pays != NULL;
            continue;
        }
        day_add(sum, d);
        sum->first = sum->first ? sum->first : (uint32_t)i + 1;
        sum->last = (uint32_t)i + 1;
    }
}

// ---- Turnover groups --------------------------------------------------------------------

static void write_group_head(struct xml *x, const struct turnover_group *g)
{
    char type[60];
    snprintf(type, sizeof type, "TURNOVER-GROUP-TYPE-%s", g->type);
    xml_string(x, "turnoverGroupType", type);
    xml_long(x, "turnoverGroup", g->number);
    xml_string(x, "turnoverGroupName", g->name);
}

static void get_turnover_groups(struct call *c)
{
    bool active = soap_bool(soap_child(c->in, "request"), "onlyActive", false);
    struct xml *x = c->out;

    answer_open(c, NULL, NULL);
    xml_open(x, "turnoverGroupList");
    for (size_t i = 0; i < turnover_group_count; i++) {
        const struct turnover_group *g = &turnover_groups[i];
        if (active && !g->active)
            continue;
        xml_open(x, "turnoverGroup");
        write_group_head(x, g);
        xml_long(x, "defaultAccountNumber", g->account);
        xml_bool(x, "allowDiscount", g->account >= 8000);
        if (g->branch2_account != g->account) {
            xml_open(x, "branchAccountNumberList");
            xml_open(x, "branchAccountNumber");
            xml_long(x, "branchNumber", 2);
            xml_long(x, "accountNumber", g->branch2_account);
            xml_close(x, "branchAccountNumber");
            xml_close(x, "branchAccountNumberList");
        }
        xml_long(x, "defaultVatCode", g->vat_code);
        xml_close(x, "turnoverGroup");
    }
    xml_close(x, "turnoverGroupList");
    answer_close(c);
}

// ---- Journals ---------------------------------------------------------------------------

static void write_vat(struct xml *x, int code, int rate, int64_t excl, int64_t vat)
{
    xml_open(x, "vatGroup");
    xml_long(x, "vatCode", code);
    xml_long(x, "vatPercentage", rate);
    xml_long(x, "exclAmount", excl);
    xml_long(x, "vatAmount", vat);
    xml_close(x, "vatGroup");
}

static void write_turnover(struct xml *x, const struct day_sum *sum, int branch)
{
    xml_open(x, "turnoverGroupList");
    for (size_t i = 0; i < turnover_group_count; i++) {
        const struct turnover_group *g = &turnover_groups[i];
        int64_t incl = 0, excl = 0;
        bool any = false;
        for (int n = 0; n < sum->group_count; n++) {
            if (sum->groups[n].group != g->number)
                continue;
            excl += sum->groups[n].excl;
            incl += sum->groups[n].excl + sum->groups[n].vat;
            any = true;
        }
        if (!any)
            continue;
        xml_open(x, "turnoverGroup");
        write_group_head(x, g);
        xml_long(x, "inclAmount", incl);
        xml_long(x, "exclAmount", excl);
        xml_long(x, "defaultAccountNumber", g->account);
        xml_long(x, "accountNumber", turnover_account(g, branch));
        xml_close(x, "turnoverGroup");
    }
    xml_close(x, "turnoverGroupList");
}

static void write_pays(struct xml *x, const struct day_sum *sum)
{
    char type[60];

    xml_open(x, "paymentList");
    for (int i = 0; i < PAYMENTS; i++) {
        const struct payment_method *m = &payment_methods[i];
        if (!sum->pays[i])
            continue;
        snprintf(type, sizeof type, "PAYMENT-METHOD-TYPE-%s", m->type);
        xml_open(x, "payment");
        xml_string(x, "method", m->code);
        xml_string(x, "description", m->name);
        xml_long(x, "amount", sum->pays[i]);
        xml_string(x, "paymentMethodType", type);
        xml_long(x, "accountNumber", m->account);
        xml_close(x, "payment");
    }
    xml_close(x, "paymentList");
}

static void write_journal(struct xml *x, const struct day_sum *sum, int branch, int32_t date)
{
    xml_open(x, "journal");
    write_date(x, "financialDate", date);
    xml_long(x, "branchNumber", branch);
    write_turnover(x, sum, branch);
    write_pays(x, sum);
    xml_open(x, "vatGroupList");
    for (int i = 0; i < VAT_CODES; i++) {
        if (sum->vat[i].code)
            write_vat(x, sum->vat[i].code, sum->vat[i].rate, sum->vat[i].excl, sum->vat[i].vat);
    }
    xml_close(x, "vatGroupList");
    xml_close(x, "journal");
}

static bool filter_wanted(const struct node *request, const char *word)
{
    const struct node *list = soap_child(request, "journalFilterList");
    if (!list || !list->first)
        return true;
    for (const struct node *n = list->first; n; n = n->next) {
        if (strcmp(n->text, word) == 0)
            return true;
    }
    return false;
}

// The period of the request; false after a fault.
static bool period(struct call *c, const struct node *request, int32_t *from, int32_t *through)
{
    if (!read_date(soap_child(request, "fromFinancialDate"), from) ||
        !read_date(soap_child(request, "throughFinancialDate"), through) || !*from || !*through) {
        fault(c, "Client", "The period needs a first and a last day.");
        return false;
    }
    return true;
}

static void get_journals(struct call *c)
{
    static const char *const filters[] = {"JOURNAL-FILTER-RECEIPT", "JOURNAL-FILTER-INVOICE",
                                          "JOURNAL-FILTER-ORDER"};
    static const enum doc_kind kinds[] = {DOC_RECEIPT, DOC_INVOICE, DOC_ORDER};
    const struct node *request = soap_child(c->in, "request");
    int32_t from, through;

    if (!period(c, request, &from, &through))
        return;
    answer_open(c, NULL, NULL);
    xml_open(c->out, "journalList");
    for (int32_t date = from; date <= through; date = day_after(date)) {
        for (int branch = 1; branch <= BRANCHES; branch++) {
            struct day_sum sum = {0};
            for (int k = 0; k < 3; k++) {
                if (filter_wanted(request, filters[k]))
                    day_sum(c->shop, kinds[k], branch, date, date, false, &sum);
            }
            if (sum.count && wanted(request, "branchNumbers", branch))
                write_journal(c->out, &sum, branch, date);
        }
    }
    xml_close(c->out, "journalList");
    answer_close(c);
}

static bool period_closed(const struct shop *s, int branch, int32_t from, int32_t through)
{
    for (int32_t date = from; date <= through; date = day_after(date)) {
        if (!day_closed(s, branch, date))
            return false;
    }
    return true;
}

static void write_financial_group(struct call *c, const struct group_sum *g, const char *source,
                                  int branch, const int32_t *days)
{
    const struct turnover_group *t = turnover_group(g->group);
    struct xml *x = c->out;
    char word[60];

    xml_open(x, "financialGroup");
    snprintf(word, sizeof word, "FINANCIAL-GROUP-TYPE-%s", t->financial);
    xml_string(x, "financialGroupType", word);
    snprintf(word, sizeof word, "FINANCIAL-GROUP-SOURCE-%s", source);
    xml_string(x, "financialGroupSource", word);
    xml_long(x, "financialGroupNumber", t->number);
    xml_string(x, "financialGroupName", t->name);
    xml_long(x, "accountNumber", turnover_account(t, branch));
    xml_long(x, "branchNumber", branch);
    write_date(x, "fromFinancialDate", days[0]);
    write_date(x, "throughFinancialDate", days[1]);
    xml_bool(x, "financialPeriodClosed", period_closed(c->shop, branch, days[0], days[1]));
    xml_long(x, "quantity", g->quantity);
    xml_long(x, "decimalPlaces", 6);
    xml_long(x, "inclAmount", g->excl + g->vat);
    xml_long(x, "exclAmount", g->excl);
    xml_open(x, "vatGroupList");
    write_vat(x, g->vat_code, g->rate, g->excl, g->vat);
    xml_close(x, "vatGroupList");
    xml_close(x, "financialGroup");
}

static void get_financial_journal(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int32_t days[2];
    bool closed = true;

    if (!period(c, request, &days[0], &days[1]))
        return;
    answer_open(c, NULL, NULL);
    xml_open(c->out, "financialGroupList");
    for (int branch = 1; branch <= BRANCHES; branch++) {
        for (int k = 0; k < 2; k++) {
            struct day_sum sum = {0};
            day_sum(c->shop, k ? DOC_INVOICE : DOC_RECEIPT, branch, days[0], days[1], false, &sum);
            for (int i = 0; i < sum.group_count; i++)
                write_financial_group(c, &sum.groups[i], k ? "INVOICE" : "RECEIPT", branch, days);
        }
        closed = closed && period_closed(c->shop, branch, days[0], days[1]);
    }
    xml_close(c->out, "financialGroupList");
    xml_bool(c->out, "financialPeriodClosed", closed);
    answer_close(c);
}

// ---- Cash counts ------------------------------------------------------------------------

static void write_transaction(struct call *c, const char *name, const struct day *day, uint32_t at)
{
    const struct doc *d = at ? &c->shop->docs[DOC_RECEIPT].docs[at - 1] : NULL;
    struct xml *x = c->out;
    char id[DOC_ID_BYTES] = "";

    if (at)
        doc_id(c->shop, DOC_RECEIPT, at - 1, id);
    xml_open(x, name);
    xml_string(x, "transactionId", id);
    write_date(x, "financialDate", day->date);
    xml_long(x, "branchNumber", day->branch);
    xml_long(x, "workplaceNumber", 1);
    xml_open(x, "transactionNumber");
    xml_long(x, "year", at ? ORDER_YEAR : 0);
    xml_long(x, "number", at);
    xml_close(x, "transactionNumber");
    xml_long(x, "employeeNumber", d ? d->employee : EMPLOYEE_BUILT_IN);
    write_time(x, "entryTimestamp", day->date, FIRST_MARKER + (int64_t)at);
    xml_close(x, name);
}

static void write_count_line(struct xml *x, const struct day *day, int method, int64_t added)
{
    const struct payment_method *m = &payment_methods[method];
    int64_t start = method == PAY_CASH ? day->start : 0;
    int64_t counted = start + added + day->difference[method];
    char type[60];

    snprintf(type, sizeof type, "PAYMENT-METHOD-TYPE-%s", m->type);
    xml_open(x, "cashCountLine");
    xml_string(x, "paymentMethod", m->code);
    xml_string(x, "paymentMethodType", type);
    xml_long(x, "accountNumber", m->account);
    xml_long(x, "startAmount", start);
    xml_long(x, "addedAmount", added);
    xml_long(x, "countedAmount", counted);
    xml_long(x, "depositedAmount", counted - start);
    xml_long(x, "differenceAmount", day->difference[method]);
    xml_long(x, "differenceAccountNumber", DIFFERENCE_ACCOUNT);
    xml_long(x, "endAmount", start);
    xml_close(x, "cashCountLine");
}

static void write_count(struct call *c, const struct day *day, size_t number)
{
    struct xml *x = c->out;
    struct day_sum sum = {0};
    char id[40];

    day_sum(c->shop, DOC_RECEIPT, day->branch, day->date, day->date, false, &sum);
    snprintf(id, sizeof id, "cc-%d-%d", day->branch, day->date);
    xml_open(x, "cashCount");
    xml_string(x, "cashCountId", id);
    write_date(x, "financialDate", day->date);
    write_time(x, "entryTimestamp", day->date, 8 * 3600 + 1800);
    xml_long(x, "branchNumber", day->branch);
    xml_long(x, "workplaceNumber", 1);
    xml_open(x, "cashCountNumber");
    xml_long(x, "year", ORDER_YEAR);
    xml_long(x, "number", (int64_t)number);
    xml_close(x, "cashCountNumber");
    xml_long(x, "versionNumber", day->closings);
    xml_long(x, "employeeNumber", EMPLOYEE_BUILT_IN);
    xml_long(x, "countingEmployeeNumber", EMPLOYEE_BUILT_IN);
    xml_bool(x, "isFinalized", true);
    write_transaction(c, "shiftFirstTransaction", day, sum.first);
    write_transaction(c, "shiftLastTransaction", day, sum.last);
    xml_open(x, "cashCountLineList");
    for (int i = 0; i < PAYMENTS; i++) {
        if (i == PAY_CASH || sum.pays[i] || day->difference[i])
            write_count_line(x, day, i, sum.pays[i]);
    }
    xml_close(x, "cashCountLineList");
    xml_close(x, "cashCount");
}

static void get_cash_count_list(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t since = soap_long(soap_child(request, "sinceCashCount"), "number", 0);

    answer_open(c, NULL, NULL);
    xml_open(c->out, "cashCountList");
    for (size_t i = 0; i < c->shop->day_count; i++) {
        const struct day *day = &c->shop->days[i];
        // A day is counted when it is closed.
        if (day->closed && date_wanted(request, day->date) && (int64_t)i + 1 > since)
            write_count(c, day, i + 1);
    }
    xml_close(c->out, "cashCountList");
    answer_close(c);
}

const struct served mplus_finance[] = {
    {"getTurnoverGroups", get_turnover_groups},
    {"getJournals", get_journals},
    {"getFinancialJournal", get_financial_journal},
    {"getCashCountList", get_cash_count_list},
    {0},
};
