/* SPDX-License-Identifier: MIT
 * Products: read by sync marker, found, created and updated. */
#include "products.h"

#include <string.h>

#include "custom.h"
#include "goods_read.h"
#include "types.h"

int products_read(struct mplus *m, const struct koppel_read_request *request,
                  struct koppel_batch *out, struct koppel_error *err)
{
    return goods_read(m, request, false, out, err);
}

int products_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    return goods_read_fetch(m, request, false, out, err);
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
        rc = goods_fetch(m, "productNumbers", numbers, false, &answer, NULL, err);
    json_array_foreach(call_list(answer, "productList"), i, product) {
        const char *number = call_text(product, "productNumber");
        for (k = 0; rc == 0 && number && k < request->count; k++) {
            if (goods_product_key(request->keys[k], key) && strcmp(number, key) == 0)
                rc = custom_take(product) == 0
                         ? m->host->result_found(out, k, number, json_incref(product), err)
                         : call_no_memory(m, err);
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
    if (!answer)
        return call_no_memory(m, err);
    return m->host->result_done(out, index, number, answer, err);
}

static int reserve_product(struct mplus *m, const char *number, uint32_t index,
                           struct koppel_results *out, struct koppel_error *err)
{
    json_t *found;
    if (!number) {
        m->host->fail(err, KOPPEL_E_REJECTED, "a product without articles needs a number");
        return m->host->reason(err, "product.number");
    }
    if (goods_product(m, number, &found, err) != 0)
        return -1;
    if (!found)
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
    int rc = params ? call_soap(m, &op_create_product, params, item->job, &answer, err)
                    : call_no_memory(m, err);
    if (rc == 0) {
        number = call_text(answer, "productNumber");
        rc = number && strcmp(number, "0") != 0
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
    json_t *product = NULL;
    if (custom_give(m, "article", item->record, &product, err) != 0)
        return -1;
    const char *text = json_string_value(json_object_get(product, "productNumber"));
    char key[GOODS_KEY_BYTES];
    bool numbered = text && goods_product_key(text, key);
    int rc;
    if (numbered && json_object_set_new(product, "productNumber", json_string(key)) != 0)
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
    if (!changes || !groups) {
        rc = call_no_memory(m, err);
    } else if (json_object_size(changes) == 0 && !regrouped) {
        rc = goods_unchanged(m, index, item->id, "productNumber", out, err);
    } else {
        json_object_set_new(changes, "productNumber", json_string(item->id));
        json_object_set(changes, "groupNumbers", groups);
        params = json_pack("{s:O}", "product", changes);
        rc = params ? call_soap(m, &op_update_product, params, item->job, &answer, err)
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
    json_t *record = NULL, *present = NULL, *wanted = NULL;
    int rc = custom_give(m, "article", item->record, &record, err);
    json_object_del(record, "productNumber");
    if (rc == 0 && json_object_get(record, "articleList"))
        rc = m->host->fail(err, KOPPEL_E_REJECTED,
                           "the articles of a product are updated one by one, as entity article");
    if (rc == 0)
        rc = goods_canonical(m, record, &wanted, err);
    if (rc == 0)
        rc = goods_product(m, item->id, &present, err);
    if (rc == 0)
        rc = present ? send_product(m, item, index, present, wanted, out, err)
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
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check a product without storing it");
    if (!create && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED, "products are never removed from the till");
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (!create && !call_is_key(item->id))
            m->host->result_error(out, i, KOPPEL_E_REJECTED, "\"%s\" is no product number",
                                  item->id ? item->id : "");
        else if ((create ? create_product : update_product)(m, item, i, out, err) != 0)
            return -1;
    }
    return 0;
}
