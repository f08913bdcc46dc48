/* SPDX-License-Identifier: MIT
 * Articles into the till: created alone or in a product, updated by what differs.
 *
 * An article travels inside its product. createProduct makes both; updateProduct adds an article to
 * one that is there, or changes an article. */
#include "articles_write.h"

#include <string.h>

#include "custom.h"
#include "goods.h"
#include "types.h"

/* What an item asks for, in the form in which the till would answer it. */
struct wanted {
    json_t *product; /* owned; its articleList holds the article */
    json_t *article; /* borrowed from there */
    json_t *groups;  /* its own reference; NULL: the record does not speak of groups */
    const char *product_number, *number;
    const char *name; /* of the product, where the record gives it one */
};

static void wanted_done(struct wanted *w)
{
    json_decref(w->product);
    json_decref(w->groups);
}

/* The members of the record that belong to the product. -1: no memory. */
static int split_record(const json_t *record, json_t *article, json_t *product)
{
    static const char *const members[] = {"productNumber", "productDescription", "groupNumbers"};
    const char *text = json_string_value(json_object_get(record, "productNumber"));
    json_t *groups = json_object_get(record, "groupNumbers");
    char key[GOODS_KEY_BYTES];
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_del(article, members[i]);
    if (text && goods_product_key(text, key) &&
        json_object_set_new(product, "productNumber", json_string(key)) != 0)
        return -1;
    if (groups && json_object_set(product, "groupNumbers", groups) != 0)
        return -1;
    return json_object_set_new(product, "articleList", json_pack("[O]", article));
}

/* The record as a product with one article. */
static int take_record(struct mplus *m, const json_t *record, struct wanted *w,
                       struct koppel_error *err)
{
    json_t *article = NULL, *product = json_object();
    int rc = product ? custom_give(m, "article", record, &article, err) : call_no_memory(m, err);
    memset(w, 0, sizeof *w);
    if (rc == 0 && split_record(record, article, product) != 0)
        rc = call_no_memory(m, err);
    if (rc == 0)
        rc = goods_canonical(m, product, &w->product, err);
    json_decref(article);
    json_decref(product);
    if (rc != 0)
        return -1;
    if (json_object_get(record, "groupNumbers")) {
        w->groups = json_incref(call_list(w->product, "groupNumbers"));
        if (!w->groups)
            w->groups = json_array();
    }
    w->article = json_array_get(call_list(w->product, "articleList"), 0);
    w->product_number = call_text(w->product, "productNumber");
    w->number = call_text(w->article, "articleNumber");
    w->name = call_text(record, "productDescription");
    return 0;
}

/* The last of the texts in a list of numbers. */
static const char *last_number(const json_t *answer, const char *name)
{
    const json_t *list = call_list(answer, name);
    size_t n = json_array_size(list);
    return n > 0 ? json_string_value(json_array_get(list, n - 1)) : NULL;
}

/* Reports the article that answer speaks of; the numbers it lacks are those that were sent. */
static int report_made(struct mplus *m, const struct wanted *w, json_t *answer, uint32_t index,
                       struct koppel_results *out, struct koppel_error *err)
{
    const char *number = last_number(answer, "newArticleNumbers");
    const char *product = call_text(answer, "productNumber");
    if (!number)
        number = last_number(answer, "articleNumbers");
    if (!number)
        number = w->number;
    if (!number)
        return m->host->fail(err, KOPPEL_E_UNSURE,
                             "MplusKASSA made an article but its answer holds no number");
    if (!product)
        product = w->product_number;
    if (json_object_set_new(answer, "articleNumber", json_string(number)) != 0 ||
        (product && json_object_set_new(answer, "productNumber", json_string(product)) != 0))
        return call_no_memory(m, err);
    return m->host->result_done(out, index, number, json_incref(answer), err);
}

/* Sets a member, or takes it away where value is NULL. Steals value. */
static int put(struct mplus *m, json_t *object, const char *name, json_t *value, bool wanted,
               struct koppel_error *err)
{
    if (!wanted) {
        json_decref(value);
        json_object_del(object, name);
        return 0;
    }
    return json_object_set_new(object, name, value) == 0 ? 0 : call_no_memory(m, err);
}

/* Readies the message for a product that is there, which keeps its name and its groups, or for a
 * new one. A product of one article is called as the article. */
static int ready_product(struct mplus *m, struct wanted *w, const json_t *found,
                         struct koppel_error *err)
{
    const char *name = w->name ? w->name : call_text(w->article, "description");
    bool changed;
    json_t *groups =
        found ? goods_groups(found, w->groups, true, &changed) : json_incref(w->groups);
    if (put(m, w->product, "groupNumbers", groups, groups || found, err) != 0)
        return -1;
    if (found || !name)
        return put(m, w->product, "description", NULL, false, err);
    return put(m, w->product, "description", json_string(name), true, err);
}

/* Whether the product that bears a group's number is that group's: a number that the till gave to
 * something else must not take strangers in. */
static bool is_group(const struct wanted *w, const json_t *product)
{
    const char *name = call_text(product, "description"), *number;
    json_t *article;
    size_t i;
    if (!w->name || !name || strcmp(name, w->name) == 0)
        return true;
    json_array_foreach(call_list(product, "articleList"), i, article) {
        number = call_text(article, "articleNumber");
        if (call_text(article, "colour") || call_text(article, "size") ||
            (number && strcmp(number, w->product_number) == 0))
            return true;
    }
    return false;
}

/* The product that the article joins; *found NULL: it is to be made. */
static int find_group(struct mplus *m, const struct wanted *w, json_t **found,
                      struct koppel_error *err)
{
    const char *name;
    *found = NULL;
    if (!w->product_number)
        return 0;
    if (goods_product(m, w->product_number, found, err) != 0)
        return -1;
    if (!*found || is_group(w, *found))
        return 0;
    name = call_text(*found, "description");
    m->host->fail(
        err, KOPPEL_E_REJECTED,
        "product %s of MplusKASSA is \"%s\", which has no variants; \"%s\" cannot join it",
        w->product_number, name, w->name);
    m->host->reason(err, "product.taken");
    json_decref(*found);
    *found = NULL;
    return -1;
}

/* One try. 1: another call has just made the product, so the article can join it. */
static int try_create(struct mplus *m, const struct koppel_write_item *item, struct wanted *w,
                      json_t **answer, struct koppel_error *err)
{
    json_t *found = NULL, *params;
    const struct soap_operation *op;
    int rc = find_group(m, w, &found, err);
    if (rc == 0)
        rc = ready_product(m, w, found, err);
    op = found ? &op_update_product : &op_create_product;
    json_decref(found);
    if (rc != 0)
        return -1;
    params = json_pack("{s:O}", "product", w->product);
    rc = params ? call_ask(m, op, params, item->job, answer, NULL, err) : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0 || call_says(*answer, "-OK"))
        return rc;
    if (w->product_number && call_says(*answer, "-PRODUCT-NUMBER-ALREADY-TAKEN"))
        rc = 1;
    else
        rc = call_refused(m, op, *answer, err);
    json_decref(*answer);
    *answer = NULL;
    return rc;
}

static int create_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *answer = NULL;
    struct wanted w;
    int rc;
    if (take_record(m, item->record, &w, err) != 0)
        return -1;
    rc = try_create(m, item, &w, &answer, err);
    if (rc > 0)
        rc = try_create(m, item, &w, &answer, err);
    if (rc > 0)
        rc = m->host->fail(err, KOPPEL_E_RETRY, "product %s is taken, but cannot be found",
                           w.product_number);
    if (rc == 0)
        rc = report_made(m, &w, answer, index, out, err);
    json_decref(answer);
    wanted_done(&w);
    return rc;
}

/* The new name of a product that is called as its only article; NULL: it keeps its own. */
static json_t *renamed(const json_t *product, const json_t *present, const json_t *changes)
{
    json_t *name = json_object_get(product, "description");
    return name && json_equal(name, json_object_get(present, "description"))
               ? json_object_get(changes, "description")
               : NULL;
}

/* Sends what differs between the present article and the record; nothing where nothing does. */
static int send_changes(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                        const json_t *product, const json_t *present, const struct wanted *w,
                        struct koppel_results *out, struct koppel_error *err)
{
    bool shared = json_array_size(call_list(product, "articleList")) > 1, regrouped = false;
    json_t *groups = goods_groups(product, w->groups, shared, &regrouped);
    json_t *changes = goods_changes(present, w->article), *params = NULL, *answer = NULL;
    int rc = -1;
    if (!groups || !changes) {
        call_no_memory(m, err);
        goto out;
    }
    if (json_object_size(changes) == 0 && !regrouped) {
        rc = goods_unchanged(m, index, item->id, "articleNumber", out, err);
        goto out;
    }
    json_object_set_new(changes, "articleNumber", json_string(item->id));
    params = json_pack("{s:{s:O, s:O*, s:[O], s:O}}", "product", "productNumber",
                       json_object_get(product, "productNumber"), "description",
                       shared ? NULL : renamed(product, present, changes), "articleList", changes,
                       "groupNumbers", groups);
    rc = params ? call_soap(m, &op_update_product, params, item->job, &answer, err)
                : call_no_memory(m, err);
    if (rc == 0) {
        json_object_set_new(answer, "articleNumber", json_string(item->id));
        json_object_set(answer, "changed", changes);
        rc = m->host->result_done(out, index, item->id, json_incref(answer), err);
    }
out:
    json_decref(groups);
    json_decref(changes);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* An article stays in its product: the service has no call that moves it. */
static int check_product(struct mplus *m, const char *id, const json_t *product,
                         const struct wanted *w, struct koppel_error *err)
{
    const char *number = call_text(product, "productNumber");
    if (!w->product_number || (number && strcmp(number, w->product_number) == 0))
        return 0;
    m->host->fail(err, KOPPEL_E_REJECTED,
                  "article %s belongs to product %s, and MplusKASSA cannot move it to product %s; "
                  "move it in the till, or do not send productNumber on update",
                  id, number ? number : "?", w->product_number);
    return m->host->reason(err, "article.product");
}

static int update_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *numbers = NULL, *answer = NULL, *product = NULL, *present;
    struct wanted w;
    int rc;
    if (take_record(m, item->record, &w, err) != 0)
        return -1;
    json_object_del(w.article, "articleNumber"); /* the id says it, and it never changes */
    numbers = json_pack("[s]", item->id);
    rc = numbers ? goods_fetch(m, "articleNumbers", numbers, true, &answer, NULL, err)
                 : call_no_memory(m, err);
    if (rc == 0) {
        present = goods_pick(answer, item->id, &product);
        if (!present) {
            m->host->fail(err, KOPPEL_E_REJECTED, "article %s is not in MplusKASSA", item->id);
            rc = m->host->reason(err, "article.missing");
        } else {
            rc = check_product(m, item->id, product, &w, err);
        }
        if (rc == 0)
            rc = send_changes(m, item, index, product, present, &w, out, err);
    }
    json_decref(numbers);
    json_decref(answer);
    wanted_done(&w);
    return rc;
}

/* Absent is fine on create: then the till assigns one. */
static bool number_fits(const struct koppel_write_item *item, bool create, const char **text)
{
    json_t *number = json_object_get(item->record, "articleNumber");
    *text = create ? json_string_value(number) : item->id;
    if (create && (!number || json_is_null(number) || json_is_integer(number)))
        return true;
    return call_is_key(*text);
}

int articles_write(struct mplus *m, const struct koppel_write_request *request,
                   struct koppel_results *out, struct koppel_error *err)
{
    bool create = request->verb == KOPPEL_VERB_CREATE;
    const char *number;
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check an article without storing it");
    if (!create && request->verb != KOPPEL_VERB_UPDATE)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "articles are never removed from the till; set active to false");
    for (uint32_t i = 0; i < request->count; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (!number_fits(item, create, &number)) {
            m->host->result_error(out, i, KOPPEL_E_REJECTED,
                                  "\"%s\" is no article number: MplusKASSA knows whole numbers "
                                  "only",
                                  number ? number : "");
            m->host->result_reason(out, i, "article.number");
        } else if ((create ? create_one : update_one)(m, item, i, out, err) != 0) {
            return -1;
        }
    }
    return 0;
}
