// SPDX-License-Identifier: MIT
// Creating and changing products. All of a request is checked before any of it is done.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>

#define MAX_CENTS INT64_C(100000000000)

struct saving {
    struct call *call;
    struct shop *shop;
    const struct node *in;   // the product
    struct product *product; // NULL while it is not there yet
    const char *result, *why;
};

static bool wrong(struct saving *v, const char *result, const char *why)
{
    v->result = result;
    v->why = why;
    return false;
}

static const struct node *articles_of(const struct saving *v)
{
    const struct node *list = soap_child(v->in, "articleList");
    return list ? list->first : NULL;
}

// ---- Checks -----------------------------------------------------------------------------

static bool check_prices(struct saving *v, const struct node *in)
{
    static const char *const prices[] = {"priceIncl", "priceExcl", "purchasePrice"};
    for (int i = 0; i < 3; i++) {
        int64_t price = soap_long(in, prices[i], 0);
        if (price > MAX_CENTS || price < -MAX_CENTS)
            return wrong(v, "FAILED", "A price is out of range.");
    }
    return true;
}

static bool check_article(struct saving *v, const struct node *in)
{
    int64_t number = soap_long(in, "articleNumber", 0);
    const struct article *a = number > 0 ? shop_article(v->shop, number) : NULL;
    int64_t group = soap_long(in, "turnoverGroup", 1);
    int64_t supplier = soap_long(in, "supplierRelationNumber", 0);
    bool own = a && v->product && &v->shop->products[a->product] == v->product;

    if (number < 0)
        return wrong(v, "FAILED", "An article number is positive.");
    if (a && !own)
        return wrong(v, "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN", "The article number is taken.");
    for (const struct node *n = in->next; number > 0 && n; n = n->next) {
        if (soap_long(n, "articleNumber", 0) == number)
            return wrong(v, "FAILED-ARTICLE-NUMBER-ALREADY-TAKEN",
                         "The article number is in the request twice.");
    }
    if (soap_child(in, "vatCode") && vat_rate((int)soap_long(in, "vatCode", 0)) < 0)
        return wrong(v, "FAILED", "The VAT code does not exist.");
    if (group < 1 || group > 999 || !turnover_group((int)group))
        return wrong(v, "FAILED", "The turnover group does not exist.");
    if (supplier && !shop_relation(v->shop, supplier))
        return wrong(v, "FAILED", "The supplier does not exist.");
    if (!own && !*soap_text(in, "description") && !*soap_text(v->in, "description") &&
        !(v->product && *v->product->name))
        return wrong(v, "FAILED", "An article needs a description.");
    const char *custom = custom_wrong("article", soap_child(in, "customFieldList"));
    return custom ? wrong(v, "FAILED", custom) : check_prices(v, in);
}

static bool check_all(struct saving *v)
{
    if (!v->product && !articles_of(v) && !*soap_text(v->in, "description"))
        return wrong(v, "FAILED", "A product needs a description.");
    for (const struct node *n = v->in->first; n; n = n->next) {
        if (strcmp(n->name, "groupNumbers") == 0 &&
            !shop_group(v->shop, strtoll(n->text, NULL, 10)))
            return wrong(v, "FAILED", "The article group does not exist.");
    }
    for (const struct node *n = articles_of(v); n; n = n->next) {
        if (!check_article(v, n))
            return false;
    }
    return true;
}

// ---- Storing ----------------------------------------------------------------------------

// One price given: the other follows from the rate. A zero beside a price counts as not given.
static void store_prices(struct article *a, const struct node *in)
{
    const struct node *incl = soap_child(in, "priceIncl"), *excl = soap_child(in, "priceExcl");
    int64_t rate = 10000 + vat_rate(a->vat_code);
    int64_t with = soap_long(in, "priceIncl", 0), without = soap_long(in, "priceExcl", 0);

    if (excl && without && (!incl || !with)) {
        a->price_excl = without;
        a->price_incl = divide(without * rate, 10000);
    } else if (incl || excl) {
        a->price_incl = with;
        a->price_excl = excl && without ? without : divide(with * 10000, rate);
    } else if (soap_child(in, "vatCode")) {
        a->price_excl = divide(a->price_incl * 10000, rate);
    }
}

static int store_text(struct shop *s, const char **slot, const struct node *in, const char *name)
{
    const struct node *n = soap_child(in, name);
    if (n && !(*slot = shop_text(s, n->text)))
        return -1;
    return 0;
}

static int store_others(struct shop *s, struct article *a, const struct node *in)
{
    size_t n = 0;
    while (s->article_fields[n].name)
        n++;
    for (size_t i = 0; i < n; i++) {
        if (s->article_codes[i] || !soap_child(in, s->article_fields[i].name))
            continue;
        if (!a->value && !(a->value = calloc(n, sizeof *a->value)))
            return -1;
        if (value_store(&a->value[i], in, &s->article_fields[i]) != 0)
            return -1;
    }
    return 0;
}

int till_article_store(struct shop *s, struct article *a, const struct node *in)
{
    const struct node *plu = soap_child(in, "pluNumber");

    a->vat_code = (int8_t)soap_long(in, "vatCode", a->vat_code);
    a->group = (int16_t)soap_long(in, "turnoverGroup", a->group);
    a->purchase = soap_long(in, "purchasePrice", a->purchase);
    a->active = soap_bool(in, "active", a->active);
    a->webshop = soap_bool(in, "webshop", a->webshop);
    a->stock = soap_bool(in, "stockArticle", a->stock);
    store_prices(a, in);
    return store_text(s, &a->name, in, "description") != 0 ||
                   store_text(s, &a->colour, in, "colour") != 0 ||
                   store_text(s, &a->size, in, "size") != 0 ||
                   (plu && shop_set_plu(s, a, plu->text) != 0) || store_others(s, a, in) != 0
               ? -1
               : 0;
}

static int store_groups(struct saving *v)
{
    struct product *p = v->product;

    if (!soap_child(v->in, "groupNumbers"))
        return 0;
    for (size_t i = p->group_count; i-- > 0;) {
        struct article_group *g = &v->shop->groups[p->groups[i] - 1];
        g->marker = ++v->shop->group_marker;
        group_take(g, p);
    }
    for (const struct node *n = v->in->first; n; n = n->next) {
        if (strcmp(n->name, "groupNumbers") != 0)
            continue;
        struct article_group *g = shop_group(v->shop, strtoll(n->text, NULL, 10));
        g->marker = ++v->shop->group_marker;
        if (group_put(v->shop, g, p, -1) != 0)
            return -1;
    }
    return 0;
}

static int store_product(struct saving *v)
{
    struct product *p = v->product;
    const struct field *fields = schema_fields(v->shop->schema, "Product");
    int text = schema_position(fields, "extraText");
    int sort = schema_position(fields, "sortOrderGroupList");

    if (store_text(v->shop, &p->name, v->in, "description") != 0 ||
        (soap_child(v->in, "extraText") && value_store(&p->text, v->in, &fields[text]) != 0) ||
        (soap_child(v->in, "sortOrderGroupList") &&
         value_store(&p->sort_orders, v->in, &fields[sort]) != 0))
        return -1;
    return store_groups(v);
}

// Stores every article of the request and notes its number, negative where it is new.
static int store_articles(struct saving *v, uint32_t product, int64_t *numbers)
{
    struct shop *s = v->shop;
    size_t i = 0;

    for (const struct node *n = articles_of(v); n; n = n->next, i++) {
        int64_t number = soap_long(n, "articleNumber", 0);
        struct article *a = number > 0 ? shop_article(s, number) : NULL;
        bool there = a != NULL;
        if (!there) {
            a = shop_add_article(s, product, number);
            if (!a)
                return -1;
            a->name = s->products[product].name;
            const struct turnover_group *g =
                turnover_group((int)soap_long(n, "turnoverGroup", a->group));
            a->vat_code = (int8_t)g->vat_code;
        }
        if (till_article_store(s, a, n) != 0 || product_touch(s, &s->products[product], a) != 0)
            return -1;
        numbers[i] = there ? a->number : -a->number;
    }
    return 0;
}

// ---- Operations -------------------------------------------------------------------------

static size_t count_articles(const struct saving *v)
{
    size_t n = 0;
    for (const struct node *a = articles_of(v); a; a = a->next)
        n++;
    return n;
}

static void write_numbers(struct xml *x, const char *name, const int64_t *numbers, size_t n,
                          bool there, bool added)
{
    for (size_t i = 0; i < n; i++) {
        if (numbers[i] > 0 ? there : added)
            xml_long(x, name, llabs(numbers[i]));
    }
}

// Checks and stores; the numbers of the articles, negative where they are new.
static int64_t *save(struct saving *v, size_t *n)
{
    int64_t *numbers;

    *n = 0;
    if (!check_all(v))
        return NULL;
    *n = count_articles(v);
    numbers = calloc(*n + 1, sizeof *numbers);
    if (!v->product)
        v->product = shop_add_product(v->shop, soap_long(v->in, "productNumber", 0));
    if (!numbers || !v->product || store_product(v) != 0 ||
        store_articles(v, (uint32_t)(v->product - v->shop->products), numbers) != 0 ||
        (*n == 0 && product_touch(v->shop, v->product, NULL) != 0))
        v->call->out->failed = true;
    v->result = "OK";
    return numbers;
}

static void begin(struct saving *v, struct call *c)
{
    *v = (struct saving){.call = c, .shop = c->shop, .in = soap_child(c->in, "product"),
                         .why = ""};
}

void create_product(struct call *c)
{
    struct saving v;
    int64_t *numbers = NULL;
    size_t n = 0;

    begin(&v, c);
    int64_t number = soap_long(v.in, "productNumber", 0);
    if (number < 0)
        wrong(&v, "FAILED", "A product number is positive.");
    else if (number > 0 && shop_product(c->shop, number))
        wrong(&v, "FAILED-PRODUCT-NUMBER-ALREADY-TAKEN", "The product number is taken.");
    else
        numbers = save(&v, &n);
    answer_open(c, "CREATE-PRODUCT-RESULT-", v.result);
    xml_long(c->out, "productNumber", v.product ? v.product->number : 0);
    write_numbers(c->out, "articleNumbers", numbers, n, true, true);
    if (v.product)
        xml_long(c->out, "syncMarker", v.product->marker);
    xml_string(c->out, "errorMessage", v.why);
    answer_close(c);
    free(numbers);
}

void update_product(struct call *c)
{
    struct saving v;
    int64_t *numbers = NULL;
    size_t n = 0;

    begin(&v, c);
    v.product = shop_product(c->shop, soap_long(v.in, "productNumber", 0));
    if (!v.product)
        wrong(&v, "NOT-FOUND", "There is no product with this number.");
    else
        numbers = save(&v, &n);
    answer_open(c, "UPDATE-PRODUCT-RESULT-", v.result);
    write_numbers(c->out, "existingArticleNumbers", numbers, n, true, false);
    write_numbers(c->out, "newArticleNumbers", numbers, n, false, true);
    if (numbers)
        xml_long(c->out, "syncMarker", v.product->marker);
    xml_string(c->out, "errorMessage", v.why);
    answer_close(c);
    free(numbers);
}
