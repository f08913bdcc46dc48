// SPDX-License-Identifier: MIT
// The tree of article groups, and which products stand in them.
#include "mplus_parts.h"

#include <stdlib.h>
#include <string.h>

// ---- Reading ----------------------------------------------------------------------------

static void write_products(struct xml *x, const struct article_group *g)
{
    xml_open(x, "productNumbers");
    for (size_t i = 0; i < g->product_count; i++)
        xml_long(x, "number", g->products[i]);
    xml_close(x, "productNumbers");
}

static void write_articles(struct call *c, const struct article_group *g)
{
    const struct shop *s = c->shop;

    xml_open(c->out, "articleNumbers");
    for (size_t i = 0; i < g->product_count; i++) {
        const struct product *p = shop_product(s, g->products[i]);
        for (uint32_t at = p ? p->first : 0; at; at = s->articles[at - 1].next)
            xml_long(c->out, "number", s->articles[at - 1].number);
    }
    xml_close(c->out, "articleNumbers");
}

// Whether the group, or one below it, was changed since the marker.
static bool branch_changed(const struct shop *s, const struct article_group *g, int64_t marker)
{
    if (g->marker >= marker)
        return true;
    for (size_t i = 0; i < s->group_count; i++) {
        if (s->groups[i].parent == g->number && branch_changed(s, &s->groups[i], marker))
            return true;
    }
    return false;
}

static void write_group(struct call *c, const struct article_group *g, int64_t marker)
{
    const struct shop *s = c->shop;
    bool articles = soap_bool(soap_child(c->in, "request"), "retrieveArticleNumbers", false);
    struct xml *x = c->out;

    xml_open(x, "articleGroups");
    xml_long(x, "groupNumber", g->number);
    xml_long(x, "syncMarker", g->marker);
    xml_string(x, "name", g->name);
    xml_string(x, "text", g->text);
    xml_open(x, "subGroupList");
    for (size_t i = 0; i < s->group_count; i++) {
        const struct article_group *sub = &s->groups[i];
        if (sub->parent == g->number && (!sub->deleted || marker) &&
            branch_changed(s, sub, marker))
            write_group(c, sub, marker);
    }
    xml_close(x, "subGroupList");
    xml_long(x, "sortOrder", g->sort);
    write_products(x, g);
    if (articles)
        write_articles(c, g);
    if (marker)
        xml_bool(x, "isDeleted", g->deleted);
    xml_close(x, "articleGroups");
}

static void get_article_groups(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t marker = soap_long(request, "syncMarker", 0), left = limit_of(request);
    const struct shop *s = c->shop;

    answer_open(c, NULL, NULL);
    xml_open(c->out, "articleGroupList");
    for (size_t i = 0; i < s->group_count; i++) {
        const struct article_group *g = &s->groups[i];
        if (g->parent == 0 && (!g->deleted || marker) && branch_changed(s, g, marker) &&
            wanted(request, "groupNumbers", g->number) && left-- > 0)
            write_group(c, g, marker);
    }
    xml_close(c->out, "articleGroupList");
    answer_close(c);
}

static int by_marker(const void *a, const void *b)
{
    const struct article_group *x = *(const struct article_group *const *)a;
    const struct article_group *y = *(const struct article_group *const *)b;
    return (x->marker > y->marker) - (x->marker < y->marker);
}

static void write_change(struct call *c, const struct article_group *g)
{
    const struct shop *s = c->shop;
    struct xml *x = c->out;

    xml_open(x, "changedArticleGroups");
    xml_long(x, "groupNumber", g->number);
    if (g->parent)
        xml_long(x, "parentGroupNumber", g->parent);
    xml_long(x, "syncMarker", g->marker);
    xml_string(x, "name", g->name);
    xml_string(x, "text", g->text);
    xml_open(x, "subGroupNumbers");
    for (size_t i = 0; i < s->group_count; i++) {
        if (s->groups[i].parent == g->number && !s->groups[i].deleted)
            xml_long(x, "number", s->groups[i].number);
    }
    xml_close(x, "subGroupNumbers");
    xml_long(x, "sortOrder", g->sort);
    write_products(x, g);
    xml_bool(x, "isDeleted", g->deleted);
    xml_close(x, "changedArticleGroups");
}

static void get_article_group_changes(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t marker = soap_long(request, "syncMarker", 0);
    const struct shop *s = c->shop;
    const struct article_group **found = malloc((s->group_count + 1) * sizeof *found);
    size_t n = 0, limit = (size_t)limit_of(request);

    if (!found) {
        c->out->failed = true;
        return;
    }
    for (size_t i = 0; i < s->group_count; i++) {
        if (s->groups[i].marker >= marker && wanted(request, "groupNumbers", s->groups[i].number))
            found[n++] = &s->groups[i];
    }
    qsort(found, n, sizeof *found, by_marker);
    answer_open(c, NULL, NULL);
    xml_open(c->out, "changedArticleGroupList");
    for (size_t i = 0; i < n && i < limit; i++)
        write_change(c, found[i]);
    xml_close(c->out, "changedArticleGroupList");
    answer_close(c);
    free(found);
}

// ---- Changing ---------------------------------------------------------------------------

static void new_article_group(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    int64_t parent = soap_long(request, "parentGroupNumber", 0);
    const char *name = soap_text(request, "name"), *result = "OK";
    const struct article_group *g = NULL;

    if (parent && !shop_group(c->shop, parent))
        result = "PARENT-NOTFOUND";
    else if (!*name)
        result = "FAILED";
    else if (!(g = shop_add_group(c->shop, (int32_t)parent, name, soap_text(request, "text"),
                                  (int32_t)soap_long(request, "sortOrder", 0))))
        c->out->failed = true;
    answer_open(c, "NEW-ARTICLE-GROUP-RESULT-", result);
    xml_long(c->out, "groupNumber", g ? g->number : 0);
    answer_close(c);
}

// Whether `number` is the group itself or stands below it.
static bool below_group(const struct shop *s, const struct article_group *g, int64_t number)
{
    while (number && number != g->number) {
        const struct article_group *at = shop_group(s, number);
        number = at ? at->parent : 0;
    }
    return number != 0;
}

static int change_text(char **slot, const struct node *request, const char *name)
{
    const struct node *n = soap_child(request, name);
    char *copy = n ? strdup(n->text) : NULL;

    if (!n)
        return 0;
    if (!copy)
        return -1;
    free(*slot);
    *slot = copy;
    return 0;
}

static void update_article_group(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    struct article_group *g = shop_group(c->shop, soap_long(request, "groupNumber", 0));
    const char *result = "OK";
    int64_t parent;

    if (!g) {
        result = "NOT-FOUND";
    } else {
        parent = soap_long(request, "parentGroupNumber", g->parent);
        bool nameless = soap_child(request, "name") && !*soap_text(request, "name");
        if (nameless || (parent && !shop_group(c->shop, parent)) ||
            below_group(c->shop, g, parent)) {
            result = "FAILED";
        } else {
            if (change_text(&g->name, request, "name") != 0 ||
                change_text(&g->text, request, "text") != 0)
                c->out->failed = true;
            g->sort = (int32_t)soap_long(request, "sortOrder", g->sort);
            g->parent = (int32_t)parent;
            g->marker = ++c->shop->group_marker;
        }
    }
    answer_open(c, "SAVE-ARTICLE-GROUP-RESULT-", result);
    answer_close(c);
}

static void empty_group(struct call *c, struct article_group *g)
{
    while (g->product_count) {
        struct product *p = shop_product(c->shop, g->products[g->product_count - 1]);
        group_take(g, p);
        if (product_touch(c->shop, p, NULL) != 0)
            c->out->failed = true;
    }
}

static void delete_with_subgroups(struct call *c, int32_t number)
{
    struct shop *s = c->shop;
    struct article_group *g = &s->groups[number - 1];

    empty_group(c, g);
    g->deleted = true;
    g->marker = ++s->group_marker;
    for (size_t i = 0; i < s->group_count; i++) {
        if (s->groups[i].parent == number && !s->groups[i].deleted)
            delete_with_subgroups(c, s->groups[i].number);
    }
}

static void delete_article_group(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct article_group *g = shop_group(c->shop, soap_long(request, "groupNumber", 0));

    if (g)
        delete_with_subgroups(c, g->number);
    answer_open(c, "DELETE-ARTICLE-GROUP-RESULT-", g ? "OK" : "NOTFOUND");
    answer_close(c);
}

// ---- Products of a group ----------------------------------------------------------------

// Whether all products of the list are there.
static bool known(const struct shop *s, const struct node *list)
{
    for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
        if (!shop_product(s, strtoll(n->text, NULL, 10)))
            return false;
    }
    return true;
}

static void put_products(struct call *c, struct article_group *g, const struct node *list,
                         int64_t place)
{
    for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
        struct product *p = shop_product(c->shop, strtoll(n->text, NULL, 10));
        if (group_put(c->shop, g, p, place) != 0 || product_touch(c->shop, p, NULL) != 0)
            c->out->failed = true;
        place += place >= 0;
    }
    g->marker = ++c->shop->group_marker;
}

static void add_products(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *list = soap_child(request, "productNumbers");
    struct article_group *g = shop_group(c->shop, soap_long(request, "groupNumber", 0));
    bool good = g && known(c->shop, list);

    // Positions count from one; none, or zero, is the end.
    if (good)
        put_products(c, g, list, soap_long(request, "position", 0) - 1);
    answer_open(c, "ADD-PRODUCTS-TO-ARTICLE-GROUP-RESULT-", good ? "OK"
                                                            : g  ? "FAILED"
                                                                 : "NOT-FOUND");
    answer_close(c);
}

static void replace_products(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *list = soap_child(request, "productNumbers");
    struct article_group *g = shop_group(c->shop, soap_long(request, "groupNumber", 0));
    bool good = g && known(c->shop, list);

    if (good) {
        empty_group(c, g);
        put_products(c, g, list, -1);
    }
    answer_open(c, "REPLACE-PRODUCTS-OF-ARTICLE-GROUP-RESULT-", good ? "OK"
                                                                : g  ? "FAILED"
                                                                     : "NOT-FOUND");
    answer_close(c);
}

static void delete_products(struct call *c)
{
    const struct node *request = soap_child(c->in, "request");
    const struct node *list = soap_child(request, "productNumbers");
    struct article_group *g = shop_group(c->shop, soap_long(request, "groupNumber", 0));
    bool good = g && known(c->shop, list);

    if (good && soap_bool(request, "removeAll", false)) {
        empty_group(c, g);
    } else if (good) {
        for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
            struct product *p = shop_product(c->shop, strtoll(n->text, NULL, 10));
            group_take(g, p);
            if (product_touch(c->shop, p, NULL) != 0)
                c->out->failed = true;
        }
    }
    if (good)
        g->marker = ++c->shop->group_marker;
    answer_open(c, "DELETE-PRODUCTS-FROM-ARTICLE-GROUP-RESULT-", good ? "OK"
                                                                 : g  ? "FAILED"
                                                                      : "NOT-FOUND");
    answer_close(c);
}

const struct served mplus_groups[] = {
    {"getArticleGroups", get_article_groups},
    {"getArticleGroupChanges", get_article_group_changes},
    {"newArticleGroup", new_article_group},
    {"updateArticleGroup", update_article_group},
    {"deleteArticleGroup", delete_article_group},
    {"addProductsToArticleGroup", add_products},
    {"replaceProductsOfArticleGroup", replace_products},
    {"deleteProductsFromArticleGroup", delete_products},
    {0},
};
