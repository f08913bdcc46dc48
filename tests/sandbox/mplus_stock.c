// SPDX-License-Identifier: MIT
// Stock per branch: read, set, moved, corrected by the list.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Reading ----------------------------------------------------------------------------

// With as many decimals as the amount needs.
static void write_amount(struct xml *x, const char *name, const char *places_name, int64_t amount)
{
    int places = 6;
    while (places > 0 && amount % 10 == 0) {
        amount /= 10;
        places--;
    }
    xml_long(x, name, amount);
    xml_long(x, places_name, places);
}

static void write_stock(struct call *c, int branch, size_t article)
{
    const struct shop *s = c->shop;
    const struct stock *st = &s->stock[branch - 1][article];
    struct xml *x = c->out;

    xml_open(x, "articleStocks");
    xml_long(x, "branchNumber", branch);
    xml_long(x, "articleNumber", s->articles[article].number);
    xml_long(x, "stockId", st->id);
    write_amount(x, "amountFree", "decimalPlacesFree", st->free);
    write_amount(x, "amountReserved", "decimalPlacesReserved", st->reserved);
    write_amount(x, "amountIncoming", "decimalPlacesIncoming", st->incoming);
    xml_bool(x, "isDayStockArticle", false);
    xml_close(x, "articleStocks");
}

static void write_branch(struct call *c, const struct node *request, int branch)
{
    const struct shop *s = c->shop;
    const struct node *numbers = soap_child(request, "articleNumbers");
    int64_t since = soap_long(request, "stockId", 0);

    if (numbers && numbers->first) {
        for (const struct node *n = numbers->first; n; n = n->next) {
            const struct article *a = shop_article(s, strtoll(n->text, NULL, 10));
            if (a && a->stock && s->stock[branch - 1][a - s->articles].id >= since)
                write_stock(c, branch, (size_t)(a - s->articles));
        }
        return;
    }
    for (size_t i = 0; i < s->article_count; i++) {
        if (s->articles[i].stock && s->stock[branch - 1][i].id >= since)
            write_stock(c, branch, i);
    }
}

static bool branch_good(int64_t branch)
{
    return branch >= 1 && branch <= BRANCHES;
}

static void get_stock(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *branches = soap_child(request, "branchNumbers");
    int64_t branch = soap_long(request, "branchNumber", 0);

    if (!branch_good(branch)) {
        fault(c, "Client", "The branch does not exist.");
        return;
    }
    answer_open(c, NULL, NULL);
    if (branches && branches->first) {
        for (const struct node *n = branches->first; n; n = n->next) {
            if (branch_good(strtoll(n->text, NULL, 10)))
                write_branch(c, request, (int)strtoll(n->text, NULL, 10));
        }
    } else {
        write_branch(c, request, (int)branch);
    }
    answer_close(c);
}

// ---- History ----------------------------------------------------------------------------

static void write_document(struct call *c, const struct stock_change *change)
{
    char id[DOC_ID_BYTES];
    if (!change->doc)
        return;
    doc_id(c->shop, (enum doc_kind)change->doc_kind, change->doc - 1, id);
    if (change->doc_kind == DOC_SLIP)
        xml_string(c->out, "packingSlipId", id);
    else if (change->doc_kind == DOC_RECEIPT)
        xml_string(c->out, "receiptId", id);
}

static void write_change(struct call *c, size_t at)
{
    static const char *const words[] = {[STOCK_API] = "API", [STOCK_CORRECTION] = "CORRECTION",
                                        [STOCK_MANUAL] = "MANUAL", [STOCK_SALES] = "SALES"};
    const struct stock_change *change = &c->shop->changes[at];
    struct xml *x = c->out;
    char word[40];

    snprintf(word, sizeof word, "STOCK-HISTORY-TYPE-%s", words[change->why]);
    xml_open(x, "articleStockHistory");
    xml_long(x, "stockId", FIRST_MARKER + (int64_t)at);
    write_time(x, "timestamp", change->date, (int64_t)at % 30000);
    xml_long(x, "branchNumber", change->branch);
    xml_long(x, "articleNumber", c->shop->articles[change->article].number);
    write_amount(x, "amountChanged", "decimalPlaces", change->amount);
    xml_string(x, "type", word);
    write_document(c, change);
    if (change->why == STOCK_CORRECTION) {
        write_amount(x, "beforeCorrectionQuantity", "beforeCorrectionDecimalPlaces",
                     change->before);
        write_amount(x, "afterCorrectionQuantity", "afterCorrectionDecimalPlaces",
                     change->before + change->amount);
    }
    xml_close(x, "articleStockHistory");
}

static bool number_listed(const struct node *list, int64_t number)
{
    if (!list || !list->first)
        return true;
    for (const struct node *n = list->first; n; n = n->next) {
        if (strtoll(n->text, NULL, 10) == number)
            return true;
    }
    return false;
}

static void get_stock_history(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct shop *s = c->shop;
    int64_t since = soap_long(request, "sinceStockId", 0);
    int64_t left = soap_long(request, "sinceStockIdLimit", 0);
    int64_t branch = soap_long(request, "branchNumber", 0);
    int32_t from, through;

    if (!branch_good(branch)) {
        fault(c, "Client", "The branch does not exist.");
        return;
    }
    read_date(soap_child(request, "fromFinancialDateTime"), &from);
    read_date(soap_child(request, "throughFinancialDateTime"), &through);
    if (left <= 0)
        left = INT64_MAX;
    answer_open(c, NULL, NULL);
    size_t at = since > FIRST_MARKER ? (size_t)(since - FIRST_MARKER) : 0;
    for (; at < s->change_count && left > 0; at++) {
        const struct stock_change *change = &s->changes[at];
        if (change->branch != branch || (from && change->date < from) ||
            (through && change->date > through) ||
            !number_listed(soap_child(request, "articleNumbers"),
                           s->articles[change->article].number))
            continue;
        write_change(c, at);
        left--;
    }
    answer_close(c);
}

// ---- Changing ---------------------------------------------------------------------------

// An amount with its decimals, in millionths; false when it is out of range.
static bool read_amount(const struct node *n, const char *name, int64_t *out)
{
    int64_t places = soap_long(n, "decimalPlaces", 0);
    return places >= 0 && places <= 6 &&
           !__builtin_mul_overflow(soap_long(n, name, 0), power_of_ten(6 - (int)places), out) &&
           llabs(*out) < INT64_MAX / 4;
}

// What is wrong with changing the stock of this article, as the result's word, or NULL.
static const char *stock_wrong(const struct shop *s, int64_t number, uint32_t *article)
{
    const struct article *a = shop_article(s, number);
    if (!a)
        return "ARTICLE-NOT-FOUND";
    *article = (uint32_t)(a - s->articles);
    return a->stock ? NULL : "NO-STOCK-ARTICLE";
}

static void change_one(struct call *c, const char *prefix, const char *name, bool absolute)
{
    const struct node *request = soap_child(c->in, "request");
    struct shop *s = c->shop;
    int64_t branch = soap_long(request, "branchNumber", 0), amount = 0;
    int64_t employee = soap_long(request, "employeeNumber", 0);
    uint32_t article = 0;
    const char *result = branch_good(branch) ? NULL : "BRANCH-NOT-FOUND";

    if (!result)
        result = stock_wrong(s, soap_long(request, "articleNumber", 0), &article);
    if (!result && (!read_amount(request, name, &amount) ||
                    (employee && !employee_by_number(employee))))
        result = "FAILED";
    if (!result) {
        struct stock *st = &s->stock[branch - 1][article];
        struct stock_change change = {.amount = absolute ? amount - st->free : amount,
                                      .article = article,
                                      .branch = (int8_t)branch,
                                      .why = STOCK_API,
                                      .date = TODAY};
        if (stock_change(s, &change) != 0)
            c->out->failed = true;
    }
    answer_open(c, prefix, result ? result : "OK");
    if (!result)
        xml_long(c->out, "stockId", FIRST_MARKER - 1 + (int64_t)s->change_count);
    answer_close(c);
}

static void set_stock(struct call *c)
{
    change_one(c, "SET-STOCK-RESULT-", "amount", true);
}

static void update_stock(struct call *c)
{
    change_one(c, "UPDATE-STOCK-RESULT-", "amountChanged", false);
}

// ---- Corrections ------------------------------------------------------------------------

struct correcting {
    struct call *call;
    const struct node *list;
    int branch;
    bool absolute;
    struct stock_change *changes;
    size_t count;
    int64_t failed; // the article that made it fail, 0: none
};

// All lines are checked before any is done.
static const char *check_corrections(struct correcting *k)
{
    struct map seen = {0};
    const char *result = NULL;
    size_t n = 0;

    for (const struct node *l = k->list->first; l && !result; l = l->next) {
        int64_t number = soap_long(l, "articleNumber", 0), amount = 0;
        struct stock_change *change = &k->changes[n];
        uint32_t article = 0;
        result = stock_wrong(k->call->shop, number, &article);
        if (!result && map_get(&seen, (uint64_t)number) >= 0)
            result = "DUPLICATE-ARTICLE";
        else if (!result && !read_amount(l, "amount", &amount))
            result = "FAILED";
        else if (!result && map_set(&seen, (uint64_t)number, n) != 0)
            k->call->out->failed = true;
        if (result)
            k->failed = number;
        *change = (struct stock_change){.amount = amount,
                                        .article = article,
                                        .branch = (int8_t)k->branch,
                                        .why = STOCK_CORRECTION,
                                        .date = TODAY};
        n++;
    }
    k->count = n;
    map_done(&seen);
    return result;
}

static void apply_corrections(struct correcting *k)
{
    struct shop *s = k->call->shop;
    for (size_t i = 0; i < k->count; i++) {
        struct stock_change *change = &k->changes[i];
        if (k->absolute)
            change->amount -= s->stock[k->branch - 1][change->article].free;
        if (stock_change(s, change) != 0)
            k->call->out->failed = true;
    }
    s->corrections++;
}

static const char *correct(struct correcting *k, const struct node *request)
{
    const struct node *branch = soap_child(request, "branchNumber");
    size_t lines = 0;

    if (!branch_good(soap_long(request, "branchNumber", 0)))
        return "BRANCH-NOT-FOUND";
    if (*soap_text(request, "plannedCycleCountId"))
        return "INVALID-PLANNED-CYCLE-COUNT-ID";
    if (!employee_by_number(soap_long(request, "employeeNumber", 0)))
        return "FAILED";
    k->branch = (int)strtoll(branch->text, NULL, 10);
    for (const struct node *l = k->list->first; l; l = l->next)
        lines++;
    if (lines == 0)
        return "NO-CORRECTIONS";
    k->changes = calloc(lines, sizeof *k->changes);
    if (!k->changes) {
        k->call->out->failed = true;
        return "FAILED";
    }
    const char *result = check_corrections(k);
    if (!result)
        apply_corrections(k);
    return result;
}

static void save_stock_corrections(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    struct correcting k = {.call = c, .list = soap_child(request, "stockCorrectionList")};

    // Without a mode it is a count, and a count says how much there is.
    k.absolute = strcmp(soap_text(request, "correctionMode"),
                        "STOCK-CORRECTION-MODE-RELATIVE") != 0;
    const char *result = correct(&k, request);
    answer_open(c, "SAVE-STOCK-CORRECTIONS-RESULT-", result ? result : "OK");
    if (!result)
        xml_long(c->out, "stockId", FIRST_MARKER - 1 + (int64_t)c->shop->change_count);
    if (k.failed)
        xml_long(c->out, "failedArticleNumber", k.failed);
    answer_close(c);
    free(k.changes);
}

const struct served mplus_stock[] = {
    {"getStock", get_stock},
    {"getStockHistory", get_stock_history},
    {"setStock", set_stock},
    {"updateStock", update_stock},
    {"saveStockCorrections", save_stock_corrections},
    {0},
};
