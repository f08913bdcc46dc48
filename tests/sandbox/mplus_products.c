// SPDX-License-Identifier: MIT
// Products with their articles: read by marker or number. Saving them is in mplus_save.c.
#include "mplus_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- Writing ----------------------------------------------------------------------------

static const char *const article_names[ARTICLE_CODES] = {
    [ARTICLE_NUMBER] = "articleNumber",   [ARTICLE_PLU] = "pluNumber",
    [ARTICLE_MARKER] = "syncMarker",      [ARTICLE_ACTIVE] = "active",
    [ARTICLE_NAME] = "description",       [ARTICLE_COLOUR] = "colour",
    [ARTICLE_SIZE] = "size",              [ARTICLE_GROUP] = "turnoverGroup",
    [ARTICLE_VAT] = "vatCode",            [ARTICLE_RATE] = "vatPercentage",
    [ARTICLE_PURCHASE] = "purchasePrice", [ARTICLE_INCL] = "priceIncl",
    [ARTICLE_EXCL] = "priceExcl",         [ARTICLE_WEBSHOP] = "webshop",
    [ARTICLE_STOCK] = "stockArticle",     [ARTICLE_AVERAGE] = "averagePurchasePrice",
};

int article_prepare(struct shop *s)
{
    size_t n = 0;
    while (s->article_fields[n].name)
        n++;
    s->article_codes = calloc(n, 1);
    if (!s->article_codes)
        return -1;
    for (int c = 1; c < ARTICLE_CODES; c++)
        s->article_codes[schema_position(s->article_fields, article_names[c])] = (uint8_t)c;
    return 0;
}

static void write_member(struct xml *x, const struct article *a, enum article_code code)
{
    const char *name = article_names[code];

    switch (code) {
    case ARTICLE_NUMBER:
        xml_long(x, name, a->number);
        break;
    case ARTICLE_PLU:
        xml_string(x, name, a->plu);
        break;
    case ARTICLE_MARKER:
        xml_long(x, name, a->marker);
        break;
    case ARTICLE_ACTIVE:
        xml_bool(x, name, a->active);
        break;
    case ARTICLE_NAME:
        xml_string(x, name, a->name);
        break;
    case ARTICLE_COLOUR:
        xml_string(x, name, a->colour);
        break;
    case ARTICLE_SIZE:
        xml_string(x, name, a->size);
        break;
    case ARTICLE_GROUP:
        xml_long(x, name, a->group);
        break;
    case ARTICLE_VAT:
        xml_long(x, name, a->vat_code);
        break;
    case ARTICLE_RATE:
        xml_long(x, name, vat_rate(a->vat_code));
        break;
    case ARTICLE_PURCHASE:
        xml_long(x, name, a->purchase);
        break;
    case ARTICLE_INCL:
        xml_long(x, name, a->price_incl);
        break;
    case ARTICLE_EXCL:
        xml_long(x, name, a->price_excl);
        break;
    case ARTICLE_WEBSHOP:
        xml_bool(x, name, a->webshop);
        break;
    case ARTICLE_STOCK:
        xml_bool(x, name, a->stock);
        break;
    default:
        break;
    }
}

static void write_article(const struct shop *s, struct xml *x, const struct article *a)
{
    xml_open(x, "article");
    for (int i = 0; s->article_fields[i].name; i++) {
        if (s->article_codes[i])
            write_member(x, a, (enum article_code)s->article_codes[i]);
        else if (a->value && a->value[i])
            value_write(x, &s->article_fields[i], a->value[i]);
    }
    xml_close(x, "article");
}

// ---- Selecting --------------------------------------------------------------------------

struct picking {
    struct call *call;
    const struct node *request;
    int64_t marker;
    bool whole; // all articles of a product, if any of them is wanted
    bool active, webshop;
};

static bool plu_wanted(const struct node *request, const char *plu)
{
    const struct node *list = soap_child(request, "pluNumbers");
    if (!list || !list->first)
        return true;
    for (const struct node *n = list->first; n; n = n->next) {
        if (strcmp(soap_text(n, "text"), plu) == 0)
            return true;
    }
    return false;
}

static bool article_wanted(const struct picking *p, const struct article *a)
{
    return (!p->active || a->active) && (!p->webshop || a->webshop) &&
           wanted(p->request, "articleNumbers", a->number) && plu_wanted(p->request, a->plu);
}

static bool group_wanted(const struct picking *p, const struct product *product)
{
    if (!soap_child(p->request, "groupNumbers"))
        return true;
    for (size_t i = 0; i < product->group_count; i++) {
        if (wanted(p->request, "groupNumbers", product->groups[i]))
            return true;
    }
    return false;
}

// Which of the product's articles the answer has: those that were changed since the marker, or
// all when only the product itself was.
static bool shown(const struct picking *p, const struct article *a, bool changed)
{
    if (p->whole)
        return true;
    return article_wanted(p, a) && (!changed || a->marker >= p->marker);
}

static bool any_changed(const struct picking *p, const struct product *product)
{
    const struct article *articles = p->call->shop->articles;
    for (uint32_t at = product->first; at; at = articles[at - 1].next) {
        if (articles[at - 1].marker >= p->marker)
            return true;
    }
    return false;
}

static int64_t count_shown(const struct picking *p, const struct product *product)
{
    const struct article *articles = p->call->shop->articles;
    bool changed = any_changed(p, product), any = false;
    int64_t n = 0;

    for (uint32_t at = product->first; at; at = articles[at - 1].next) {
        any |= article_wanted(p, &articles[at - 1]);
        n += shown(p, &articles[at - 1], changed);
    }
    return any ? n : 0;
}

static void write_product(const struct picking *p, const struct product *product)
{
    const struct shop *s = p->call->shop;
    struct xml *x = p->call->out;
    bool changed = any_changed(p, product);

    xml_open(x, "product");
    xml_long(x, "productNumber", product->number);
    xml_long(x, "syncMarker", product->marker);
    xml_string(x, "description", product->name);
    xml_string(x, "extraText", product->text);
    xml_open(x, "articleList");
    for (uint32_t at = product->first; at; at = s->articles[at - 1].next) {
        if (shown(p, &s->articles[at - 1], changed))
            write_article(s, x, &s->articles[at - 1]);
    }
    xml_close(x, "articleList");
    for (size_t i = 0; i < product->group_count; i++)
        xml_long(x, "groupNumbers", product->groups[i]);
    if (product->sort_orders)
        xml_raw(x, product->sort_orders, strlen(product->sort_orders));
    xml_close(x, "product");
}

// A product without articles yet is shown to those who do not ask for certain articles.
static bool empty_shown(const struct picking *p, const struct product *product)
{
    const struct node *plus = soap_child(p->request, "pluNumbers");
    return !product->first && !p->active && !p->webshop &&
           !soap_child(p->request, "articleNumbers") && !(plus && plus->first);
}

// One more product if the answer has room: the limit counts articles, but the first product is
// always whole. False when the answer is full.
static bool offer(const struct picking *p, const struct product *product, int64_t *left,
                  int64_t limit)
{
    if (product->marker < p->marker || !group_wanted(p, product) ||
        !wanted(p->request, "productNumbers", product->number))
        return true;
    int64_t n = count_shown(p, product);
    if (n == 0 && !empty_shown(p, product))
        return true;
    if (n > *left && *left < limit)
        return false;
    write_product(p, product);
    *left -= n;
    return *left > 0;
}

// The products that the request names by number, some perhaps twice; false when it names none
// and all have to be walked through.
static bool named(const struct shop *s, const struct node *request, uint32_t *found, size_t *n)
{
    const struct node *plus = soap_child(request, "pluNumbers");
    bool any = false;

    *n = 0;
    for (const struct node *c = request->first; c; c = c->next) {
        bool article = strcmp(c->name, "articleNumbers") == 0;
        if (!article && strcmp(c->name, "productNumbers") != 0)
            continue;
        int64_t number = strtoll(c->text, NULL, 10);
        const struct article *a = article ? shop_article(s, number) : NULL;
        const struct product *p = article ? a ? &s->products[a->product] : NULL
                                          : shop_product(s, number);
        if (p)
            found[(*n)++] = (uint32_t)(p - s->products);
        any = true;
    }
    if (any || !plus || !plus->first || s->plu_shared)
        return any;
    for (const struct node *c = plus->first; c; c = c->next) {
        int64_t at = map_get(&s->plus, map_text(soap_text(c, "text")));
        if (at >= 0)
            found[(*n)++] = s->articles[at].product;
    }
    return true;
}

// Lowest markers first, so that a full answer leaves out the highest.
static int by_marker(const void *a, const void *b, void *arg)
{
    const struct product *products = arg;
    int64_t x = products[*(const uint32_t *)a].marker, y = products[*(const uint32_t *)b].marker;
    return (x > y) - (x < y);
}

static size_t names_in(const struct node *request)
{
    const struct node *plus = soap_child(request, "pluNumbers");
    size_t n = 1;
    for (const struct node *c = request->first; c; c = c->next)
        n++;
    for (const struct node *c = plus ? plus->first : NULL; c; c = c->next)
        n++;
    return n;
}

static void write_products(const struct picking *p, int64_t limit)
{
    const struct shop *s = p->call->shop;
    uint32_t *found = malloc(names_in(p->request) * sizeof *found);
    int64_t left = limit;
    size_t n, at;

    if (!found) {
        p->call->out->failed = true;
        return;
    }
    if (named(s, p->request, found, &n)) {
        qsort_r(found, n, sizeof *found, by_marker, s->products);
        for (size_t i = 0; i < n; i++) {
            if ((i == 0 || found[i] != found[i - 1]) &&
                !offer(p, &s->products[found[i]], &left, limit))
                break;
        }
        free(found);
        return;
    }
    free(found);
    at = p->marker > FIRST_MARKER ? (size_t)(p->marker - FIRST_MARKER) : 0;
    for (; at < s->product_log_count; at++) {
        const struct product *product = &s->products[s->product_log[at]];
        if (product->marker == FIRST_MARKER + (int64_t)at && !offer(p, product, &left, limit))
            return;
    }
}

static void get_products(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    struct picking p = {
        .call = c,
        .request = request,
        .marker = soap_long(request, "syncMarker", 0),
        .active = soap_bool(request, "onlyActive", false),
        .webshop = soap_bool(request, "onlyWebshop", false),
        .whole = soap_bool(request, "includeAllArticlesOfSelectedProducts", false),
    };

    if (soap_child(request, "changedSinceTimestamp")) {
        fault(c, "Server", "changes since a time are not available in the sandbox");
        return;
    }
    answer_open(c, NULL, NULL);
    xml_open(c->out, "productList");
    write_products(&p, limit_of(request));
    xml_close(c->out, "productList");
    answer_close(c);
}

const struct served mplus_products[] = {
    {"getProducts", get_products},
    {"createProduct", create_product},
    {"updateProduct", update_product},
    {0},
};
