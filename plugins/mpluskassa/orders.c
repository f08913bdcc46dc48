/* SPDX-License-Identifier: MIT
 * Orders: read by sync marker with their relation inlined, found by either of their ids. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "types.h"

#define LIMIT_MAX 1000 /* the service gives no more relations than this in one answer */

/* The option "order_types" as the vendor writes it: "sales" is ORDER-TYPE-SALES-ORDER. */
static const struct {
    const char *name, *wire;
} order_types[] = {
    {"sales", "ORDER-TYPE-SALES-ORDER"},
    {"repeat", "ORDER-TYPE-REPEAT-SALES-ORDER"},
    {"external", "ORDER-TYPE-EXTERNAL-SALES-ORDER"},
    {"table", "ORDER-TYPE-TABLE-ORDER"},
    {"cafeteria", "ORDER-TYPE-CAFETERIA-ORDER"},
};

static const char *wire_type(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof order_types / sizeof order_types[0]; i++) {
        if (strcmp(order_types[i].name, name) == 0 || strcmp(order_types[i].wire, name) == 0)
            return order_types[i].wire;
    }
    return NULL;
}

/* The vendor's names for the order types that the flow asks for; *out NULL: the service's own
 * choice. */
static int wanted_types(struct mplus *m, const json_t *options, json_t **out,
                        struct koppel_error *err)
{
    json_t *names = call_split(call_text(options, "order_types"));
    size_t i;

    *out = NULL;
    if (names == NULL)
        return call_no_memory(m, err);
    for (i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        const char *wire = wire_type(name);

        if (wire == NULL) {
            m->host->fail(err, KOPPEL_E_CONFIG,
                          "order_types: \"%s\" is not one of sales, repeat, external, table, "
                          "cafeteria", name);
            json_decref(names);
            return -1;
        }
        json_array_set_new(names, i, json_string(wire));
    }
    if (json_array_size(names) > 0)
        *out = names;
    else
        json_decref(names);
    return 0;
}

static json_t *digits(int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, value);
    return json_string(text);
}

/* The relations of a page by number, in one call; *by_number is an object. */
static int fetch_relations(struct mplus *m, const json_t *orders, json_t **by_number,
                           struct koppel_error *err)
{
    json_t *numbers = json_array(), *params = NULL, *answer = NULL, *relation;
    size_t i;
    int rc = -1;

    *by_number = json_object();
    if (numbers == NULL || *by_number == NULL) {
        call_no_memory(m, err);
        goto out;
    }
    for (i = 0; i < json_array_size(orders); i++) {
        json_t *number = json_object_get(json_array_get(orders, i), "relationNumber");
        const char *text = json_string_value(number);

        if (text == NULL || strcmp(text, "0") == 0 || json_object_get(*by_number, text) != NULL)
            continue;
        if (json_object_set_new(*by_number, text, json_null()) != 0 ||
            json_array_append(numbers, number) != 0) {
            call_no_memory(m, err);
            goto out;
        }
    }
    rc = 0;
    if (json_array_size(numbers) == 0)
        goto out;
    params = json_pack("{s:{s:O}}", "request", "relationNumbers", numbers);
    rc = params != NULL ? call_soap(m, &op_get_relations, params, NULL, &answer, err)
                        : call_no_memory(m, err);
    json_array_foreach(call_list(answer, "relationList"), i, relation) {
        const char *text = call_text(relation, "relationNumber");

        if (text != NULL)
            json_object_set(*by_number, text, relation);
    }
out:
    json_decref(numbers);
    json_decref(params);
    json_decref(answer);
    if (rc != 0) {
        json_decref(*by_number);
        *by_number = NULL;
    }
    return rc;
}

static void inline_relation(json_t *order, const json_t *by_number)
{
    const char *number = call_text(order, "relationNumber");
    json_t *relation = number != NULL ? json_object_get(by_number, number) : NULL;

    if (json_is_object(relation))
        json_object_set(order, "relation", relation);
}

static json_t *read_params(struct mplus *m, int64_t marker, uint32_t limit, json_t *types)
{
    json_t *request = json_pack("{s:o, s:i}", "syncMarker", digits(marker), "syncMarkerLimit",
                                (int)(limit < LIMIT_MAX ? limit : LIMIT_MAX));

    if (request == NULL)
        return NULL;
    if (json_array_size(m->branches) > 0)
        json_object_set(request, "branchNumbers", m->branches);
    if (types != NULL)
        json_object_set(request, "orderTypeList", types);
    return json_pack("{s:o}", "request", request);
}

static bool wants_relations(const json_t *options)
{
    const json_t *value = json_object_get(options, "relations");
    const char *text = json_string_value(value);

    return !json_is_false(value) && (text == NULL || strcmp(text, "false") != 0);
}

static int emit_orders(struct mplus *m, json_t *orders, const json_t *by_number,
                       struct koppel_batch *out, int64_t *highest, struct koppel_error *err)
{
    json_t *order;
    size_t i;

    json_array_foreach(orders, i, order) {
        const char *id = call_text(order, "orderId");
        int64_t marker = call_number(order, "syncMarker");

        if (id == NULL)
            return m->host->fail(err, KOPPEL_E_RETRY,
                                 "getOrders: an order without orderId came back (syncMarker "
                                 "%" PRId64 ")", marker);
        if (marker > *highest)
            *highest = marker;
        inline_relation(order, by_number);
        if (m->host->emit(out, id, marker, json_incref(order), err) != 0)
            return -1;
    }
    return 0;
}

int orders_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err)
{
    json_t *types = NULL, *params = NULL, *answer = NULL, *by_number = NULL, *orders;
    int64_t marker, highest = -1;
    int rc = -1;

    if (call_marker(m, request->cursor, &marker, err) != 0 ||
        wanted_types(m, request->options, &types, err) != 0)
        goto out;
    params = read_params(m, marker, request->limit, types);
    if (params == NULL) {
        call_no_memory(m, err);
        goto out;
    }
    if (call_soap(m, &op_get_orders, params, NULL, &answer, err) != 0)
        goto out;
    orders = call_list(answer, "orderList");
    if (wants_relations(request->options) && fetch_relations(m, orders, &by_number, err) != 0)
        goto out;
    if (emit_orders(m, orders, by_number, out, &highest, err) != 0)
        goto out;
    rc = call_batch_end(m, out, request->cursor, marker, highest, err);
out:
    json_decref(types);
    json_decref(params);
    json_decref(answer);
    json_decref(by_number);
    return rc;
}

static int find_one(struct mplus *m, const char *match, const char *key, uint32_t index,
                    struct koppel_results *out, struct koppel_error *err)
{
    const struct soap_operation *op = strcmp(match, "orderId") == 0 ? &op_get_order
                                                                     : &op_find_order;
    json_t *params = json_pack("{s:s}", match, key), *answer = NULL, *by_number = NULL;
    json_t *list = NULL, *order;
    int rc = -1;

    if (params == NULL) {
        call_no_memory(m, err);
        goto out;
    }
    if (call_soap(m, op, params, NULL, &answer, err) != 0)
        goto out;
    rc = 0;
    order = json_object_get(answer, "order");
    if (call_text(order, "orderId") == NULL)
        goto out; /* not there */
    list = json_pack("[O]", order);
    rc = fetch_relations(m, list, &by_number, err);
    if (rc != 0)
        goto out;
    inline_relation(order, by_number);
    rc = m->host->result_found(out, index, call_text(order, "orderId"), json_incref(order), err);
out:
    json_decref(params);
    json_decref(answer);
    json_decref(by_number);
    json_decref(list);
    return rc;
}

int orders_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err)
{
    uint32_t i;

    if (strcmp(request->match, "orderId") != 0 && strcmp(request->match, "extOrderId") != 0)
        return m->host->fail(err, KOPPEL_E_BUG, "orders cannot be found by %s", request->match);
    for (i = 0; i < request->count; i++) {
        if (find_one(m, request->match, request->keys[i], i, out, err) != 0)
            return -1;
    }
    return 0;
}
