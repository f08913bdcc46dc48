/* SPDX-License-Identifier: MIT
 * Products and articles as sources: see goods_read.h. */
#include "goods_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custom.h"
#include "groups.h"
#include "page.h"
#include "types.h"
#include "unreadable.h"

#define TREE_BYTES 17

/* ---- records ---- */

/* The names of the groups that the product is in, where they were fetched. */
static int add_groups(json_t *record, const json_t *product, const json_t *groups)
{
    json_t *list = json_array(), *number;
    size_t i;
    json_array_foreach(call_list(product, "groupNumbers"), i, number) {
        json_t *group = groups_pick(groups, json_string_value(number));
        if (group && json_array_append(list, group) != 0)
            break;
    }
    if (!list)
        return -1;
    if (json_array_size(list) > 0)
        return json_object_set_new(record, "groups", list);
    json_decref(list);
    return 0;
}

static int64_t article_marker(const json_t *product, const json_t *article)
{
    int64_t marker = call_number(article, "syncMarker");
    return marker != 0 ? marker : call_number(product, "syncMarker");
}

/* A product changes with each of its articles. */
static int64_t product_marker(const json_t *product)
{
    int64_t highest = call_number(product, "syncMarker");
    json_t *article;
    size_t i;
    json_array_foreach(call_list(product, "articleList"), i, article) {
        if (call_number(article, "syncMarker") > highest)
            highest = call_number(article, "syncMarker");
    }
    return highest;
}

static int emit_article(struct mplus *m, const json_t *product, const json_t *article,
                        const json_t *groups, struct koppel_batch *out, struct koppel_error *err)
{
    const char *number = call_text(article, "articleNumber");
    int64_t marker = article_marker(product, article);
    if (!number)
        return unreadable_incomplete(m, out, NULL, marker, article, "articleNumber is missing",
                                     err);
    json_t *record = goods_article(product, article);
    if (!record || add_groups(record, product, groups) != 0) {
        json_decref(record);
        return call_no_memory(m, err);
    }
    return m->host->emit(out, number, marker, record, err);
}

/* only: NULL, or the numbers of the articles that are wanted: {number: true}. */
static int emit_articles(struct mplus *m, const json_t *product, const json_t *groups,
                         const json_t *only, struct koppel_batch *out, struct koppel_error *err)
{
    json_t *article;
    size_t i;
    json_array_foreach(call_list(product, "articleList"), i, article) {
        const char *number = call_text(article, "articleNumber");
        if ((!only || (number && json_object_get(only, number))) &&
            emit_article(m, product, article, groups, out, err) != 0)
            return -1;
    }
    return 0;
}

static int emit_product(struct mplus *m, json_t *product, struct koppel_batch *out,
                        struct koppel_error *err)
{
    const char *number = call_text(product, "productNumber");
    int64_t marker = product_marker(product);
    if (!number)
        return unreadable_incomplete(m, out, NULL, marker, product, "productNumber is missing",
                                     err);
    if (custom_take(product) != 0)
        return call_no_memory(m, err);
    return m->host->emit(out, number, marker, json_incref(product), err);
}

/* A product as a whole that cannot be read leaves its articles without a number. */
static int emit_bad(struct mplus *m, const struct soap_unreadable *bad, bool articles,
                    struct koppel_batch *out, struct koppel_error *err)
{
    for (; bad; bad = bad->next) {
        if (unreadable_emit(m, out, bad, articles ? "articleNumber" : "productNumber", err) != 0)
            return -1;
    }
    return 0;
}

/* ---- pages ---- */

/* What the groups are called and where they stand, as 16 hex digits. */
static void hash_tree(const json_t *groups, char out[TREE_BYTES])
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    json_t *group;
    size_t i;
    json_array_foreach((json_t *)groups, i, group) {
        const char *said[] = {call_text(group, "groupNumber"), call_text(group, "path")};
        for (size_t k = 0; k < 2; k++) {
            for (const char *at = said[k] ? said[k] : ""; *at; at++)
                hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
            hash *= UINT64_C(1099511628211);
        }
    }
    snprintf(out, TREE_BYTES, "%016" PRIx64, hash);
}

/* Where a page begins. Articles tell the names of their groups, but do not change with them: their
 * cursor is "marker:tree", and a tree that looks otherwise by now has all of them read again. */
struct start {
    struct page page;
    char cursor[24];       /* the marker part; "" at the very beginning */
    char tree[TREE_BYTES]; /* as it is now; "" where names are not asked for */
    json_t *groups;        /* owned */
};

static int start_page(struct mplus *m, const struct koppel_read_request *request, bool articles,
                      struct start *s, struct koppel_error *err)
{
    const char *cursor = request->cursor ? request->cursor : "", *colon = strchr(cursor, ':');
    size_t n = colon ? (size_t)(colon - cursor) : strlen(cursor);
    *s = (struct start){0};
    snprintf(s->cursor, sizeof s->cursor, "%.*s", (int)(n < sizeof s->cursor ? n : 0), cursor);
    if (articles && !json_is_false(json_object_get(request->options, "groups"))) {
        if (groups_list(m, false, &s->groups, err) != 0)
            return -1;
        hash_tree(s->groups, s->tree);
        if (colon && strcmp(colon + 1, s->tree) != 0)
            s->cursor[0] = '\0';
    }
    return page_begin(m, s->cursor[0] ? s->cursor : NULL, request, &s->page, err);
}

static int end_page(struct mplus *m, struct koppel_batch *out, const struct start *s,
                    struct koppel_error *err)
{
    char next[24 + 1 + TREE_BYTES];
    bool more;
    int64_t marker = page_next(&s->page, &more);
    snprintf(next, sizeof next, "%" PRId64 "%s%s", marker < 0 ? 0 : marker, s->tree[0] ? ":" : "",
             s->tree);
    return m->host->batch_end(out, next, more, err);
}

/* The service's limit counts articles, not products. */
static void note_markers(struct page *page, const json_t *product)
{
    json_t *article;
    size_t i;
    page->count--;
    page_saw(page, product_marker(product));
    json_array_foreach(call_list(product, "articleList"), i, article) page->count++;
}

int goods_read(struct mplus *m, const struct koppel_read_request *request, bool articles,
               struct koppel_batch *out, struct koppel_error *err)
{
    json_t *params = NULL, *answer = NULL, *product;
    struct soap_unreadable *bad = NULL;
    struct start start;
    int rc = start_page(m, request, articles, &start, err);
    if (rc == 0) {
        params = json_pack("{s:o}", "request", page_params(&start.page));
        rc = params ? call_list_of(m, articles ? &op_get_articles : &op_get_products, params,
                                   &answer, &bad, err)
                    : call_no_memory(m, err);
    }
    size_t i;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        note_markers(&start.page, product);
        if (rc == 0)
            rc = articles ? emit_articles(m, product, start.groups, NULL, out, err)
                          : emit_product(m, product, out, err);
    }
    for (const struct soap_unreadable *b = bad; b; b = b->next)
        page_saw(&start.page, product_marker(b->record));
    if (rc == 0)
        rc = emit_bad(m, bad, articles, out, err);
    if (rc == 0)
        rc = end_page(m, out, &start, err);
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    json_decref(start.groups);
    return rc;
}

/* ---- fetch ---- */

/* What was asked for, as an object {number: true}, and as the texts that the service can be asked
 * for. */
static int take_ids(struct mplus *m, const struct koppel_fetch_request *request, json_t **wanted,
                    json_t **numbers, struct koppel_error *err)
{
    *wanted = json_object();
    *numbers = json_array();
    for (uint32_t i = 0; i < request->count; i++) {
        if (!call_is_key(request->ids[i]))
            continue;
        json_object_set_new(*wanted, request->ids[i], json_true());
        json_array_append_new(*numbers, json_string(request->ids[i]));
    }
    return *wanted && *numbers ? 0 : call_no_memory(m, err);
}

/* What came, as an object {number: true}. */
static json_t *list_there(const json_t *answer, bool articles)
{
    json_t *there = json_object(), *product, *article;
    size_t i, k;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        const char *number = call_text(product, "productNumber");
        if (!articles && number)
            json_object_set_new(there, number, json_true());
        json_array_foreach(articles ? call_list(product, "articleList") : NULL, k, article) {
            number = call_text(article, "articleNumber");
            if (number)
                json_object_set_new(there, number, json_true());
        }
    }
    return there;
}

int goods_read_fetch(struct mplus *m, const struct koppel_fetch_request *request, bool articles,
                     struct koppel_batch *out, struct koppel_error *err)
{
    json_t *wanted = NULL, *numbers = NULL, *answer = NULL, *groups = NULL, *product;
    struct soap_unreadable *bad = NULL;
    int rc = take_ids(m, request, &wanted, &numbers, err);
    if (rc == 0 && articles && !json_is_false(json_object_get(request->options, "groups")))
        rc = groups_list(m, false, &groups, err);
    if (rc == 0 && json_array_size(numbers) > 0) {
        json_t *params = json_pack("{s:{s:O}}", "request",
                                   articles ? "articleNumbers" : "productNumbers", numbers);
        rc = params ? call_list_of(m, articles ? &op_get_articles : &op_get_products, params,
                                   &answer, &bad, err)
                    : call_no_memory(m, err);
        json_decref(params);
    }
    json_t *there = rc == 0 ? list_there(answer, articles) : NULL;
    if (rc == 0)
        rc = there ? unreadable_missing(m, request, there, bad,
                                        articles ? "articleNumber" : "productNumber", out, err)
                   : call_no_memory(m, err);
    size_t i;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        if (rc == 0)
            rc = articles ? emit_articles(m, product, groups, wanted, out, err)
                          : emit_product(m, product, out, err);
    }
    soap_read_free(bad);
    json_decref(there);
    json_decref(wanted);
    json_decref(numbers);
    json_decref(answer);
    json_decref(groups);
    return rc;
}
