/* SPDX-License-Identifier: MIT
 * Helpers of the goods side: fetching products by number, and telling what an update must say. */
#include "goods.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custom.h"
#include "soap_write.h"
#include "types.h"

/* Made numbers have 16 digits: far from those that people give, and exact in every program. */
#define MADE_FIRST UINT64_C(1000000000000000)
#define MADE_COUNT UINT64_C(8000000000000000)

/* A TextList holds texts inside texts; the other members hold plain numbers. */
static json_t *as_text_list(const json_t *values)
{
    json_t *list = json_array(), *value;
    size_t i;
    json_array_foreach(values, i, value) {
        if (!list || json_array_append_new(list, json_pack("{s:O}", "text", value)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int goods_fetch(struct mplus *m, const char *member, const json_t *values, bool siblings,
                json_t **answer, struct soap_unreadable **bad, struct koppel_error *err)
{
    json_t *list =
        strcmp(member, "pluNumbers") == 0 ? as_text_list(values) : json_incref((json_t *)values);
    json_t *params = list ? json_pack("{s:{s:o}}", "request", member, list) : NULL;
    *answer = NULL;
    if (params && siblings)
        json_object_set_new(json_object_get(params, "request"),
                            "includeAllArticlesOfSelectedProducts", json_true());
    int rc = !params ? call_no_memory(m, err)
             : bad   ? call_list_of(m, &op_get_articles, params, answer, bad, err)
                     : call_soap(m, &op_get_products, params, NULL, answer, err);
    json_decref(params);
    return rc;
}

bool goods_product_key(const char *text, char out[GOODS_KEY_BYTES])
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    if (text[strspn(text, " \t")] == '\0')
        return false;
    if (call_is_key(text)) {
        snprintf(out, GOODS_KEY_BYTES, "%s", text);
        return true;
    }
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    snprintf(out, GOODS_KEY_BYTES, "%" PRIu64, MADE_FIRST + hash % MADE_COUNT);
    return true;
}

int goods_product(struct mplus *m, const char *number, json_t **product, struct koppel_error *err)
{
    json_t *numbers = json_pack("[s]", number), *answer = NULL, *found;
    const char *text;
    int rc;
    *product = NULL;
    if (!numbers)
        return call_no_memory(m, err);
    rc = goods_fetch(m, "productNumbers", numbers, false, &answer, NULL, err);
    found = json_array_get(call_list(answer, "productList"), 0);
    text = call_text(found, "productNumber");
    if (rc == 0 && text && strcmp(text, number) == 0)
        *product = json_incref(found);
    json_decref(numbers);
    json_decref(answer);
    return rc;
}

json_t *goods_article(const json_t *product, const json_t *article)
{
    static const char *const members[] = {"productNumber", "groupNumbers"};
    json_t *record = json_copy((json_t *)article);
    for (size_t i = 0; record && i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(product, members[i]);
        if (value && json_object_set(record, members[i], value) != 0) {
            json_decref(record);
            return NULL;
        }
    }
    if (record && custom_take(record) == 0)
        return record;
    json_decref(record);
    return NULL;
}

json_t *goods_pick(const json_t *answer, const char *number, json_t **product)
{
    json_t *one, *article;
    size_t i, k;
    json_array_foreach(call_list(answer, "productList"), i, one) {
        json_array_foreach(call_list(one, "articleList"), k, article) {
            const char *text = call_text(article, "articleNumber");
            if (text && strcmp(text, number) == 0) {
                *product = one;
                return article;
            }
        }
    }
    return NULL;
}

int goods_canonical(struct mplus *m, const json_t *product, json_t **out, struct koppel_error *err)
{
    /* A message of the product, written and read back by the same tables. */
    static const struct soap_operation mirror = {"updateProduct", &type_write_product,
                                                 &type_write_product, false, NULL};
    json_t *params = json_pack("{s:O}", "product", product), *back = NULL;
    struct soap_fault fault;
    char why[SOAP_WHY_BYTES];
    size_t bytes;
    char *xml;
    int rc = 0;

    if (!params)
        return call_no_memory(m, err);
    xml = soap_write(&mirror, params, &bytes, why);
    if (!xml || soap_read(&mirror, xml, bytes, &back, NULL, &fault, why) != 0)
        rc = m->host->fail(err, KOPPEL_E_REJECTED, "%s", why);
    else
        *out = json_incref(json_object_get(back, "product"));
    free(xml);
    json_decref(params);
    json_decref(back);
    return rc;
}

static bool covers(const json_t *present, const json_t *wanted);

/* Plain values are a set. Objects are covered one by one; where they have names of their own, the
 * till may know more of them than the record speaks of. */
static bool list_covers(const json_t *present, const json_t *wanted)
{
    json_t *one, *other;
    size_t i, k;
    bool named = json_object_get(json_array_get(wanted, 0), "fieldName");
    if (!named && json_array_size(present) != json_array_size(wanted))
        return false;
    json_array_foreach(wanted, i, one) {
        bool found = false;
        json_array_foreach(present, k, other) found = found || covers(other, one);
        if (!found)
            return false;
    }
    return true;
}

/* Whether nothing of wanted would change present. A text that is not there is an empty one. */
static bool covers(const json_t *present, const json_t *wanted)
{
    const char *name;
    json_t *value;
    if (json_is_array(wanted))
        return list_covers(present, wanted);
    if (json_is_object(wanted)) {
        json_object_foreach((json_t *)wanted, name, value) {
            if (!covers(json_object_get(present, name), value))
                return false;
        }
        return true;
    }
    if (!present)
        return json_is_string(wanted) && json_string_length(wanted) == 0;
    return json_equal(present, wanted) != 0;
}

json_t *goods_changes(const json_t *present, const json_t *wanted)
{
    json_t *changes = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)wanted, name, value) {
        json_t *there = json_object_get(present, name);
        if (!changes || covers(there, value))
            continue;
        bool named = json_object_get(json_array_get(value, 0), "fieldName");
        if (json_object_set_new(changes, name,
                                named ? custom_union(there, value) : json_incref(value)) != 0) {
            json_decref(changes);
            changes = NULL;
        }
    }
    return changes;
}

static bool holds(const json_t *list, const json_t *value)
{
    json_t *one;
    size_t i;
    json_array_foreach(list, i, one) {
        if (json_equal(one, value))
            return true;
    }
    return false;
}

static int add_new(json_t *list, const json_t *more)
{
    json_t *one;
    size_t i;
    json_array_foreach(more, i, one) {
        if (!holds(list, one) && json_array_append(list, one) != 0)
            return -1;
    }
    return 0;
}

json_t *goods_groups(const json_t *product, const json_t *wanted, bool shared, bool *changed)
{
    json_t *present = call_list(product, "groupNumbers"), *groups = json_array();
    if (!groups || ((shared || !wanted) && add_new(groups, present) != 0) ||
        add_new(groups, wanted) != 0) {
        json_decref(groups);
        return NULL;
    }
    *changed = !list_covers(present, groups);
    return groups;
}

int goods_unchanged(struct mplus *m, uint32_t index, const char *id, const char *key,
                    struct koppel_results *out, struct koppel_error *err)
{
    json_t *answer = json_pack("{s:b, s:s}", "unchanged", 1, key, id);
    if (!answer)
        return call_no_memory(m, err);
    return m->host->result_done(out, index, id, answer, err);
}
