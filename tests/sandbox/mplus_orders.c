// SPDX-License-Identifier: MIT
// Orders: read, found, made and changed.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void get_orders(struct call *c)
{
    docs_answer(c, DOC_ORDER, "orderList");
}

static void answer_order(struct call *c, int64_t index)
{
    answer_open(c, "GET-ORDER-RESULT-", index >= 0 ? "OK" : "NOT-FOUND");
    if (index >= 0)
        doc_write(c, DOC_ORDER, (size_t)index, true);
    answer_close(c);
}

static void get_order(struct call *c)
{
    answer_order(c, doc_by_id(c->shop, DOC_ORDER, soap_text(c->in, "orderId")));
}

static void find_order(struct call *c)
{
    answer_order(c, doc_found_by_ext_id(c->shop, DOC_ORDER, soap_text(c->in, "extOrderId")));
}

static void get_orders_by_ext_order_ids(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *ids = soap_child(request, "extOrderIds");
    int64_t marker = soap_long(request, "syncMarker", 0), left = limit_of(request);

    answer_open(c, NULL, NULL);
    xml_open(c->out, "orderList");
    for (const struct node *n = ids ? ids->first : NULL; n; n = n->next) {
        int64_t at = doc_found_by_ext_id(c->shop, DOC_ORDER, n->text);
        if (at >= 0 && c->shop->docs[DOC_ORDER].docs[at].marker >= marker && left-- > 0)
            doc_write(c, DOC_ORDER, (size_t)at, true);
    }
    xml_close(c->out, "orderList");
    answer_close(c);
}

static void get_order_categories(struct call *c)
{
    static const char *const names[] = {"Webshop", "Balie"};
    answer_open(c, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        xml_open(c->out, "orderCategory");
        xml_long(c->out, "orderCategoryNumber", i + 1);
        xml_string(c->out, "orderCategoryDescription", names[i]);
        xml_bool(c->out, "allowCancel", true);
        xml_bool(c->out, "allowProcess", true);
        xml_close(c->out, "orderCategory");
    }
    answer_close(c);
}

// ---- Idempotency ------------------------------------------------------------------------

// The answer that is kept under this key, written again.
static bool answer_again(struct call *c, const char *key)
{
    int64_t at = map_get(&c->shop->answer_keys, map_text(key));
    if (at < 0)
        return false;
    const struct answer *a = &c->shop->answers[at];
    answer_open(c, NULL, NULL);
    xml_string(c->out, "idempotencyResult", "IDEMPOTENCY-RESULT-REPLAY-RESPONSE");
    xml_raw(c->out, a->text, a->bytes);
    answer_close(c);
    return true;
}

// Keeps what was just written, from where it began.
static void answer_keep(struct call *c, const char *key, size_t from)
{
    struct shop *s = c->shop;
    struct answer a = {.bytes = c->out->bytes - from};
    size_t room = s->answer_count ? s->answer_count : 0;

    // Grown by doubling at each power of two, which is when the count is one.
    if ((room & (room - 1)) == 0) {
        struct answer *more = realloc(s->answers, (room ? room * 2 : 1) * sizeof *more);
        if (!more) {
            c->out->failed = true;
            return;
        }
        s->answers = more;
    }
    a.text = malloc(a.bytes + 1);
    if (!a.text || map_set(&s->answer_keys, map_text(key), s->answer_count) != 0) {
        free(a.text);
        c->out->failed = true;
        return;
    }
    memcpy(a.text, c->out->text + from, a.bytes);
    s->answers[s->answer_count++] = a;
}

void answer_once(struct call *c, const struct node *request,
                 void (*run)(struct call *c, const struct node *request))
{
    const char *key = soap_text(request, "idempotencyKey");
    if (!*key) {
        fault(c, "Client", "The idempotencyKey is empty.");
        return;
    }
    if (answer_again(c, key))
        return;
    answer_open(c, NULL, NULL);
    xml_string(c->out, "idempotencyResult", "IDEMPOTENCY-RESULT-ORIGINAL-RESPONSE");
    size_t from = c->out->bytes;
    run(c, request);
    answer_keep(c, key, from);
    answer_close(c);
}

// ---- Making -----------------------------------------------------------------------------

// The order's position, or -1 with the end of the result's word and a reason.
static int64_t make_order(struct call *c, const struct node *in, const char **result,
                          const char **why)
{
    struct shop *s = c->shop;
    const char *ext = soap_text(in, "extOrderId");
    struct doc d = {.made = true, .version = 1};
    int64_t at = -1;

    *result = "FAILED";
    *why = NULL;
    if (*soap_text(in, "orderId"))
        *why = "A new order has no id yet.";
    else if (*ext && !s->ext_ids_repeat && doc_by_ext_id(s, DOC_ORDER, ext) >= 0)
        *result = "EXT-ORDER-ID-ALREADY-EXISTS", *why = "The external order id was used before.";
    else if (strlen(ext) > 200)
        *why = "The external order id is too long.";
    if (!*why && take_doc(c, DOC_ORDER, in, &d, why) &&
        take_lines(s, soap_child(in, "lineList"), &d, NULL, why)) {
        doc_total(&d);
        d.ext_id = *ext ? shop_text(s, ext) : NULL;
        if ((*ext && !d.ext_id) || take_values(c, DOC_ORDER, in, &d) != 0 ||
            (at = doc_add(s, DOC_ORDER, &d)) < 0)
            c->out->failed = true;
        else
            stock_reserve(s, &s->docs[DOC_ORDER].docs[at], 1);
    }
    free(d.lines);
    if (at >= 0)
        *result = "OK";
    return at;
}

static void write_info(struct call *c, int64_t index)
{
    char id[DOC_ID_BYTES] = "", text[40] = "";

    if (index >= 0) {
        doc_id(c->shop, DOC_ORDER, (size_t)index, id);
        doc_string(c->shop, DOC_ORDER, (size_t)index, text, sizeof text);
    }
    xml_open(c->out, "info");
    xml_string(c->out, "orderId", id);
    xml_string(c->out, "orderString", text);
    xml_close(c->out, "info");
}

static void create_order(struct call *c)
{
    const struct node *in = soap_child(c->in, "order");
    const char *result, *why;

    if (!in) {
        fault(c, "Client", "There is no order in the request.");
        return;
    }
    int64_t at = make_order(c, in, &result, &why);
    answer_open(c, "CREATE-ORDER-RESULT-", result);
    write_info(c, at);
    xml_string(c->out, "errorMessage", why ? why : "");
    answer_close(c);
}

// Methods of payment are checked before there is an order; whether they cover it, afterwards.
static void create_and_pay(struct call *c, const struct node *request)
{
    struct pay *pays;
    size_t n;
    const char *result, *why = NULL, *paid = NULL;
    int64_t at = -1;
    char id[DOC_ID_BYTES], word[60];

    if (!take_pays(c->shop, soap_child(request, "paymentList"), TODAY, &pays, &n, &why)) {
        result = "PAYMENT-FAILED";
    } else {
        at = make_order(c, soap_child(request, "order"), &result, &why);
        if (at >= 0 && n > 0)
            paid = order_pay(c->shop, (size_t)at, soap_bool(request, "prepay", false), pays, n,
                             &why);
        if (paid && strcmp(paid, "OK") != 0)
            result = "PAYMENT-FAILED";
    }
    free(pays);
    snprintf(word, sizeof word, "CREATE-ORDER-RESULT-%s", result);
    xml_string(c->out, "result", word);
    if (at >= 0)
        doc_write(c, DOC_ORDER, (size_t)at, true);
    xml_string(c->out, "errorMessage", why ? why : "");
    write_info(c, at);
    if (paid) {
        snprintf(word, sizeof word, "PAY-ORDER-RESULT-%s", paid);
        xml_string(c->out, "payResult", word);
        uint32_t invoice = c->shop->docs[DOC_ORDER].docs[at].invoice;
        if (invoice) {
            doc_id(c->shop, DOC_INVOICE, invoice - 1, id);
            xml_string(c->out, "invoiceId", id);
        }
    }
}

static void create_order_v3(struct call *c)
{
    static const char *const unknown[] = {"applySalesAndActions", "applySalesPrices",
                                          "applyPriceGroups", NULL};
    const struct node *request = soap_child(c->in, "request");

    for (int i = 0; unknown[i]; i++) {
        if (soap_bool(request, unknown[i], false)) {
            fault(c, "Server", "sales prices and actions are not available in the sandbox");
            return;
        }
    }
    answer_once(c, request, create_and_pay);
}

// ---- Changing ---------------------------------------------------------------------------

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_line(const struct line *a, const struct line *b)
{
    return a->id == b->id && a->article == b->article && a->price == b->price &&
           a->price_excl == b->price_excl && a->original == b->original &&
           a->discount == b->discount && a->vat_code == b->vat_code && a->group == b->group &&
           a->quantity * power_of_ten(b->places) == b->quantity * power_of_ten(a->places) &&
           same_text(a->text, b->text);
}

static bool same_doc(const struct shop *s, const struct doc *a, const struct doc *b)
{
    const struct field *fields = s->doc_fields[DOC_ORDER];

    if (a->relation != b->relation || a->employee != b->employee || a->date != b->date ||
        a->method != b->method || a->branch != b->branch ||
        a->entry_branch != b->entry_branch || a->workplace != b->workplace ||
        a->line_count != b->line_count)
        return false;
    for (int i = 0; i < a->line_count; i++) {
        if (!same_line(&a->lines[i], &b->lines[i]))
            return false;
    }
    for (int i = 0; fields[i].name; i++) {
        if (!same_text(a->value ? a->value[i] : NULL, b->value ? b->value[i] : NULL))
            return false;
    }
    return true;
}

// A copy with lines and values of its own; only what was asked for differs in the end.
static int copy_doc(const struct shop *s, const struct doc *from, struct doc *to)
{
    const struct field *fields = s->doc_fields[DOC_ORDER];
    size_t n = 0;

    *to = *from;
    to->value = NULL;
    to->lines = malloc((from->line_count + 1U) * sizeof *to->lines);
    if (!to->lines)
        return -1;
    memcpy(to->lines, from->lines, from->line_count * sizeof *to->lines);
    while (fields[n].name)
        n++;
    if (from->value && !(to->value = calloc(n, sizeof *to->value)))
        return -1;
    for (size_t i = 0; from->value && i < n; i++) {
        if (from->value[i] && !(to->value[i] = strdup(from->value[i])))
            return -1;
    }
    return 0;
}

static void drop_copy(const struct shop *s, struct doc *d)
{
    const struct field *fields = s->doc_fields[DOC_ORDER];
    for (size_t i = 0; d->value && fields[i].name; i++)
        free(d->value[i]);
    free(d->value);
    free(d->lines);
}

bool order_relines(struct shop *s, size_t order, struct doc *with, const char **why)
{
    struct doc *o = &s->docs[DOC_ORDER].docs[order];

    for (int i = 0; i < o->line_count; i++) {
        bool there = o->lines[i].delivered == 0;
        for (int j = 0; j < with->line_count && !there; j++)
            there = with->lines[j].id == o->lines[i].id &&
                    llabs(with->lines[j].quantity) >= llabs(with->lines[j].delivered);
        if (!there) {
            *why = "What was delivered cannot be taken away.";
            return false;
        }
    }
    stock_reserve(s, o, -1);
    *o = *with;
    doc_total(o);
    if (!o->cancelled && !o->delivered)
        stock_reserve(s, o, 1);
    return true;
}

static const char *change_order(struct call *c, size_t index, const struct node *in,
                                const char **why)
{
    struct shop *s = c->shop;
    struct doc *o = &s->docs[DOC_ORDER].docs[index], d;
    const struct node *lines = soap_child(in, "lineList");
    char **old_values = o->value;
    struct line *old_lines = o->lines;
    char ext[300];

    if (soap_long(in, "changeCounter", -1) != o->changes ||
        soap_long(in, "versionNumber", -1) != o->version)
        return "ORDER-HAS-CHANGED";
    doc_ext_id(s, DOC_ORDER, index, ext, sizeof ext);
    if (o->cancelled || o->delivered || o->invoice)
        *why = "A cancelled, delivered or invoiced order cannot be changed.";
    else if (soap_child(in, "extOrderId") && strcmp(soap_text(in, "extOrderId"), ext) != 0)
        *why = "The external order id cannot be changed.";
    if (*why)
        return "FAILED";
    if (copy_doc(s, o, &d) != 0)
        goto no_memory;
    if (!take_doc(c, DOC_ORDER, in, &d, why))
        goto failed;
    if (lines) {
        free(d.lines);
        d.lines = NULL;
        if (!take_lines(s, lines, &d, o, why))
            goto failed;
    }
    if (take_values(c, DOC_ORDER, in, &d) != 0)
        goto no_memory;
    if (same_doc(s, o, &d)) {
        drop_copy(s, &d);
        return "NO-CHANGES";
    }
    d.version++;
    if (!order_relines(s, index, &d, why))
        goto failed;
    drop_copy(s, &(struct doc){.value = old_values, .lines = old_lines});
    if (doc_touch(s, DOC_ORDER, index) != 0)
        c->out->failed = true;
    return "OK";
no_memory:
    c->out->failed = true;
failed:
    drop_copy(s, &d);
    return "FAILED";
}

static void update_order(struct call *c)
{
    const struct node *in = soap_child(c->in, "order");
    int64_t at = in ? doc_by_id(c->shop, DOC_ORDER, soap_text(in, "orderId")) : -1;
    const char *result = "NOT-FOUND", *why = NULL;

    if (!in) {
        fault(c, "Client", "There is no order in the request.");
        return;
    }
    if (at >= 0)
        result = change_order(c, (size_t)at, in, &why);
    answer_open(c, "UPDATE-ORDER-RESULT-", result);
    write_info(c, at);
    xml_string(c->out, "errorMessage", why ? why : "");
    answer_close(c);
}

const struct served mplus_orders[] = {
    {"getOrders", get_orders},
    {"getOrder", get_order},
    {"findOrder", find_order},
    {"getOrdersByExtOrderIds", get_orders_by_ext_order_ids},
    {"getOrderCategories", get_order_categories},
    {"createOrder", create_order},
    {"createOrderV3", create_order_v3},
    {"updateOrder", update_order},
    {0},
};
