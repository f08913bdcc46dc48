// SPDX-License-Identifier: MIT
// Articles as they are written to the sandbox's books. Their stock cannot be: it moves by sales
// orders, or in the application.
#include <stdlib.h>

#include "asperion_parts.h"

void check_article(struct checks *k, json_t *body, int64_t row)
{
    const struct rows *articles = &k->call->tenant->rows[ROWS_ARTICLES];
    check_members(k, body, article_members, "");
    check_lookup(k, body, "salesTypeId", L_SALES_TYPES, "", false);
    // Also against inactive ones, which a list does not show by itself.
    if (rows_equal(articles, "articleNumber", text_of(body, "articleNumber"), row) >= 0)
        mistake(k, "articleNumber", "is already in use", "is al in gebruik");
}

int64_t article_store(struct tenant *t, const json_t *given, int64_t row)
{
    struct rows *articles = &t->rows[ROWS_ARTICLES];
    json_t *whole = whole_record(article_members, given);
    if (row >= 0)
        return rows_set_take(articles, (size_t)row, whole, NULL) == 0 ? row : -1;
    if (!json_object_get(given, "active"))
        json_object_set_new(whole, "active", json_true());
    if (!json_object_get(given, "stockArticle"))
        json_object_set_new(whole, "stockArticle", json_true());
    struct stock *stock = calloc(1, sizeof *stock);
    if (!stock) {
        json_decref(whole);
        return -1;
    }
    return rows_add_take(articles, whole, stock) == 0 ? (int64_t)articles->count - 1 : -1;
}

int write_article(const struct call *c, int64_t row)
{
    struct write w;
    if (!write_begin(&w, c, row))
        return 0;
    check_article(&w.checks, w.whole, row);
    if (write_refused(&w))
        return 0;
    if (w.only)
        return write_done(&w, json_copy(w.whole));
    int64_t at = article_store(c->tenant, w.whole, row);
    return write_done(&w, at < 0 ? NULL : rows_value(&c->tenant->rows[ROWS_ARTICLES], (size_t)at));
}
