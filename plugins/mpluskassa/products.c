/* SPDX-License-Identifier: MIT
 * Products: read by sync marker, found, created and updated; their articles are read here too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goods.h"
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

/* The names of the groups that the product is in, where they were fetched. */
static int add_groups(json_t *record, const json_t *product, const json_t *groups)
{
    json_t *list = json_array(), *number, *group;
    size_t i;

    json_array_foreach(call_list(product, "groupNumbers"), i, number) {
        group = groups_pick(groups, json_string_value(number));
        if (group != NULL && json_array_append(list, group) != 0)
            break;
    }
    if (list == NULL)
        return -1;
    if (json_array_size(list) > 0)
        return json_object_set_new(record, "groups", list);
    json_decref(list);
    return 0;
}

static int emit_articles(struct mplus *m, const json_t *product, const json_t *groups,
                         struct koppel_batch *out, struct koppel_error *err)
{
    json_t *article, *record;
    size_t i;

    json_array_foreach(call_list(product, "articleList"), i, article) {
        const char *number = call_text(article, "articleNumber");
        int64_t marker = call_number(article, "syncMarker");

        if (marker == 0)
            marker = call_number(product, "syncMarker");
        if (number == NULL)
            return m->host->fail(err, KOPPEL_E_RETRY,
                                 "getProducts: an article without number came back");
        record = goods_article(product, article);
        if (record == NULL || add_groups(record, product, groups) != 0) {
            json_decref(record);
            return call_no_memory(m, err);
        }
        if (m->host->emit(out, number, marker, record, err) != 0)
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

#define TREE_BYTES 17

/* What the groups are called and where they stand, as 16 hex digits. */
static void hash_tree(const json_t *groups, char out[TREE_BYTES])
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    json_t *group;
    size_t i, k;

    json_array_foreach(groups, i, group) {
        const char *said[] = {call_text(group, "groupNumber"), call_text(group, "path")};

        for (k = 0; k < 2; k++) {
            for (const char *at = said[k] != NULL ? said[k] : ""; *at != '\0'; at++)
                hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
            hash *= UINT64_C(1099511628211);
        }
    }
    snprintf(out, TREE_BYTES, "%016" PRIx64, hash);
}

/* Where a page begins. Articles tell the names of their groups, but do not change with them: their
 * cursor is "marker:tree", and a tree that looks otherwise by now has all of them read again. */
struct start {
    char cursor[24];       /* the marker part; "" at the very beginning */
    char tree[TREE_BYTES]; /* as it is now; "" where names are not asked for */
    json_t *groups;        /* owned */
    int64_t asked;
};

static int start_page(struct mplus *m, const struct koppel_read_request *request, bool articles,
                      struct start *s, struct koppel_error *err)
{
    const char *cursor = request->cursor != NULL ? request->cursor : "",
               *colon = strchr(cursor, ':');
    size_t n = colon != NULL ? (size_t)(colon - cursor) : strlen(cursor);

    *s = (struct start){0};
    snprintf(s->cursor, sizeof s->cursor, "%.*s", (int)(n < sizeof s->cursor ? n : 0), cursor);
    if (call_marker(m, n > 0 ? s->cursor : NULL, &s->asked, err) != 0)
        return -1;
    if (!articles || json_is_false(json_object_get(request->options, "groups")))
        return 0;
    if (groups_list(m, &s->groups, err) != 0)
        return -1;
    hash_tree(s->groups, s->tree);
    if (colon != NULL && strcmp(colon + 1, s->tree) != 0) {
        s->asked = 0;
        s->cursor[0] = '\0';
    }
    return 0;
}

static int end_page(struct mplus *m, struct koppel_batch *out, const struct start *s,
                    int64_t highest, struct koppel_error *err)
{
    char marker[24], next[24 + 1 + TREE_BYTES];
    bool moved = highest >= s->asked;

    snprintf(marker, sizeof marker, "%" PRId64, highest);
    snprintf(next, sizeof next, "%s%s%s", moved ? marker : s->cursor[0] != '\0' ? s->cursor : "0",
             s->tree[0] != '\0' ? ":" : "", s->tree);
    return m->host->batch_end(out, next, moved ? 1 : 0, err);
}

static int read_page(struct mplus *m, const struct koppel_read_request *request, bool articles,
                     struct koppel_batch *out, struct koppel_error *err)
{
    json_t *params = NULL, *answer = NULL, *product;
    struct start start;
    int64_t highest = -1;
    char text[24];
    size_t i;
    int rc = -1;

    if (start_page(m, request, articles, &start, err) != 0)
        goto out;
    snprintf(text, sizeof text, "%" PRId64, start.asked);
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
        if ((articles ? emit_articles(m, product, start.groups, out, err)
                      : emit_product(m, product, marker, out, err)) != 0)
            goto out;
    }
    rc = end_page(m, out, &start, highest, err);
out:
    json_decref(params);
    json_decref(answer);
    json_decref(start.groups);
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

/* Every number is known by its text alone, see goods_product_key(). */
int products_find(struct mplus *m, const struct koppel_find_request *request,
                  struct koppel_results *out, struct koppel_error *err)
{
    json_t *numbers, *answer = NULL, *product;
    char key[GOODS_KEY_BYTES];
    uint32_t k;
    size_t i;
    int rc = 0;

    if (strcmp(request->match, "productNumber") != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "products cannot be found by %s", request->match);
    numbers = json_array();
    for (k = 0; k < request->count; k++) {
        if (goods_product_key(request->keys[k], key))
            json_array_append_new(numbers, json_string(key));
    }
    if (json_array_size(numbers) > 0)
        rc = goods_fetch(m, "productNumbers", numbers, false, &answer, err);
    json_array_foreach(call_list(answer, "productList"), i, product) {
        const char *number = call_text(product, "productNumber");

        for (k = 0; rc == 0 && number != NULL && k < request->count; k++) {
            if (goods_product_key(request->keys[k], key) && strcmp(number, key) == 0)
                rc = m->host->result_found(out, k, number, json_incref(product), err);
        }
    }
    json_decref(numbers);
    json_decref(answer);
    return rc;
}

/* ---- write ---- */

/* The till has no products without articles: such a one is made by its first article. Until then
 * its number is all that there is of it. */
static int report_reserved(struct mplus *m, const char *number, uint32_t index,
                           struct koppel_results *out, struct koppel_error *err)
{
    json_t *answer = json_pack("{s:b, s:s}", "reserved", 1, "productNumber", number);

    if (answer == NULL)
        return call_no_memory(m, err);
    return m->host->result_done(out, index, number, answer, err);
}

static int reserve_product(struct mplus *m, const char *number, uint32_t index,
                           struct koppel_results *out, struct koppel_error *err)
{
    json_t *found;

    if (number == NULL) {
        m->host->fail(err, KOPPEL_E_REJECTED, "a product without articles needs a number");
        return m->host->reason(err, "product.number");
    }
    if (goods_product(m, number, &found, err) != 0)
        return -1;
    if (found == NULL)
        return report_reserved(m, number, index, out, err);
    json_decref(found);
    return m->host->fail(err, KOPPEL_E_EXISTS, "product %s is there already", number);
}

/* A product with articles of its own. */
static int send_new(struct mplus *m, const struct koppel_write_item *item, const json_t *product,
                    uint32_t index, struct koppel_results *out, struct koppel_error *err)
{
    json_t *params = json_pack("{s:O}", "product", product), *answer = NULL;
    const char *number;
    int rc = params != NULL ? call_soap(m, &op_create_product, params, item->job, &answer, err)
                            : call_no_memory(m, err);

    if (rc == 0) {
        number = call_text(answer, "productNumber");
        rc = number != NULL && strcmp(number, "0") != 0
                 ? m->host->result_done(out, index, number, json_incref(answer), err)
                 : m->host->fail(err, KOPPEL_E_UNSURE,
                                 "createProduct: the answer holds no product number");
    }
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int create_product(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                          struct koppel_results *out, struct koppel_error *err)
{
    json_t *product = json_copy(item->record);
    const char *text = json_string_value(json_object_get(product, "productNumber"));
    char key[GOODS_KEY_BYTES];
    bool numbered = text != NULL && goods_product_key(text, key);
    int rc;

    if (product == NULL ||
        (numbered && json_object_set_new(product, "productNumber", json_string(key)) != 0))
        rc = call_no_memory(m, err);
    else if (json_array_size(call_list(product, "articleList")) > 0)
        rc = send_new(m, item, product, index, out, err);
    else
        rc = reserve_product(m, numbered ? key : NULL, index, out, err);
    json_decref(product);
    return rc;
}

/* What differs, with the groups that the product has: the message cannot say "as they are". */
static int send_product(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                        const json_t *present, const json_t *wanted, struct koppel_results *out,
                        struct koppel_error *err)
{
    json_t *changes = goods_changes(present, wanted), *params = NULL, *answer = NULL, *groups;
    bool regrouped = false;
    int rc;

    groups = goods_groups(present, call_list(wanted, "groupNumbers"), false, &regrouped);
    if (changes == NULL || groups == NULL) {
        rc = call_no_memory(m, err);
    } else if (json_object_size(changes) == 0 && !regrouped) {
        rc = goods_unchanged(m, index, item->id, "productNumber", out, err);
    } else {
        json_object_set_new(changes, "productNumber", json_string(item->id));
        json_object_set(changes, "groupNumbers", groups);
        params = json_pack("{s:O}", "product", changes);
        rc = params != NULL ? call_soap(m, &op_update_product, params, item->job, &answer, err)
                            : call_no_memory(m, err);
        if (rc == 0)
            rc = json_object_set_new(answer, "productNumber", json_string(item->id)) == 0
                     ? m->host->result_done(out, index, item->id, json_incref(answer), err)
                     : call_no_memory(m, err);
    }
    json_decref(groups);
    json_decref(changes);
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int update_product(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                          struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = json_copy(item->record), *present = NULL, *wanted = NULL;
    int rc = record != NULL ? 0 : call_no_memory(m, err);

    json_object_del(record, "productNumber");
    if (rc == 0 && json_object_get(record, "articleList") != NULL)
        rc = m->host->fail(err, KOPPEL_E_REJECTED,
                           "the articles of a product are updated one by one, as entity article");
    if (rc == 0)
        rc = goods_canonical(m, record, &wanted, err);
    if (rc == 0)
        rc = goods_product(m, item->id, &present, err);
    if (rc == 0)
        rc = present != NULL ? send_product(m, item, index, present, wanted, out, err)
                             : report_reserved(m, item->id, index, out, err);
    json_decref(record);
    json_decref(wanted);
    json_decref(present);
    return rc;
}

int products_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    bool create = request->verb == KOPPEL_VERB_CREATE;
    uint32_t i;

    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check a product without storing it");
    if (!create && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED, "products are never removed from the till");
    for (i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];

        if (!create && !call_is_key(item->id))
            m->host->result_error(out, i, KOPPEL_E_REJECTED, "\"%s\" is no product number",
                                  item->id != NULL ? item->id : "");
        else if ((create ? create_product : update_product)(m, item, i, out, err) != 0)
            return -1;
    }
    return 0;
}
