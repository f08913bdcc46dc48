/* SPDX-License-Identifier: MIT
 * Products and the articles in them: read by sync marker; articles found by number. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "types.h"

#define LIMIT_MAX 1000

static int emit_product(struct mplus *m, json_t *product, int64_t marker, struct koppel_batch *out,
                        struct koppel_error *err)
{
    const char *number = call_text(product, "productNumber");

    if (number == NULL)
        return m->host->fail(err, KOPPEL_E_RETRY,
                             "getProducts: a product without number came back");
    return m->host->emit(out, number, marker, json_incref(product), err);
}

/* An article says which product it belongs to. */
static json_t *article_record(const json_t *product, json_t *article)
{
    json_t *number = json_object_get(product, "productNumber");

    if (number != NULL)
        json_object_set(article, "productNumber", number);
    return json_incref(article);
}

static int emit_articles(struct mplus *m, const json_t *product, struct koppel_batch *out,
                         struct koppel_error *err)
{
    json_t *article;
    size_t i;

    json_array_foreach(call_list(product, "articleList"), i, article) {
        const char *number = call_text(article, "articleNumber");
        int64_t marker = call_number(article, "syncMarker");

        if (marker == 0)
            marker = call_number(product, "syncMarker");
        if (number == NULL)
            return m->host->fail(err, KOPPEL_E_RETRY,
                                 "getProducts: an article without number came back");
        if (m->host->emit(out, number, marker, article_record(product, article), err) != 0)
            return -1;
    }
    return 0;
}

/* A product changes with each of its articles. */
static int64_t product_marker(const json_t *product)
{
    int64_t highest = call_number(product, "syncMarker");
    json_t *article;
    size_t i;

    json_array_foreach(call_list(product, "articleList"), i, article) {
        int64_t marker = call_number(article, "syncMarker");

        if (marker > highest)
            highest = marker;
    }
    return highest;
}

static int read_page(struct mplus *m, const struct koppel_read_request *request, bool articles,
                     struct koppel_batch *out, struct koppel_error *err)
{
    json_t *params = NULL, *answer = NULL, *product;
    int64_t asked, highest = -1;
    char text[24];
    size_t i;
    int rc = -1;

    if (call_marker(m, request->cursor, &asked, err) != 0)
        return -1;
    snprintf(text, sizeof text, "%" PRId64, asked);
    params = json_pack("{s:{s:s, s:i}}", "request", "syncMarker", text, "syncMarkerLimit",
                       (int)(request->limit < LIMIT_MAX ? request->limit : LIMIT_MAX));
    if (params == NULL) {
        call_no_memory(m, err);
        goto out;
    }
    if (call_soap(m, &op_get_products, params, NULL, &answer, err) != 0)
        goto out;
    json_array_foreach(call_list(answer, "productList"), i, product) {
        int64_t marker = product_marker(product);

        if (marker > highest)
            highest = marker;
        if ((articles ? emit_articles(m, product, out, err)
                      : emit_product(m, product, marker, out, err)) != 0)
            goto out;
    }
    rc = call_batch_end(m, out, request->cursor, asked, highest, err);
out:
    json_decref(params);
    json_decref(answer);
    return rc;
}

int products_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return read_page(m, request, false, out, err);
}

int articles_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return read_page(m, request, true, out, err);
}

static int report_articles(struct mplus *m, const struct koppel_find_request *request,
                           const json_t *product, struct koppel_results *out,
                           struct koppel_error *err)
{
    json_t *article;
    size_t i;
    uint32_t k;

    json_array_foreach(call_list(product, "articleList"), i, article) {
        const char *number = call_text(article, "articleNumber");

        for (k = 0; number != NULL && k < request->count; k++) {
            if (strcmp(number, request->keys[k]) == 0 &&
                m->host->result_found(out, k, number, article_record(product, article), err) != 0)
                return -1;
        }
    }
    return 0;
}

int articles_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *numbers = json_array(), *params = NULL, *answer = NULL, *product;
    uint32_t k;
    size_t i;
    int rc = -1;

    if (strcmp(request->match, "articleNumber") != 0) {
        m->host->fail(err, KOPPEL_E_BUG, "articles cannot be found by %s", request->match);
        goto out;
    }
    for (k = 0; k < request->count; k++) { /* article numbers are digits; nothing else exists */
        if (call_is_number(request->keys[k]))
            json_array_append_new(numbers, json_string(request->keys[k]));
    }
    rc = 0;
    if (json_array_size(numbers) == 0)
        goto out;
    params = json_pack("{s:{s:O}}", "request", "articleNumbers", numbers);
    rc = params != NULL ? call_soap(m, &op_get_products, params, NULL, &answer, err)
                        : call_no_memory(m, err);
    json_array_foreach(call_list(answer, "productList"), i, product) {
        if (rc == 0)
            rc = report_articles(m, request, product, out, err);
    }
out:
    json_decref(numbers);
    json_decref(params);
    json_decref(answer);
    return rc;
}
