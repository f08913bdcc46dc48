/* SPDX-License-Identifier: MIT
 * Orders: read by sync marker with their relation inlined, found by either of their ids. */
#include "orders.h"

#include <string.h>

#include "document.h"

static int complete(struct mplus *m, const json_t *options, json_t *records,
                    struct koppel_batch *out, struct koppel_error *err)
{
    return document_complete(m, "orderId", options, records, out, err);
}

const struct document orders_document = {
    .entity = "order",
    .read = &op_get_orders,
    .list = "orderList",
    .ids = "orderIds",
    .id = "orderId",
    .get = &op_get_order,
    .find = &op_find_order,
    .single = "order",
    .ext = "extOrderId",
    .complete = complete,
};

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
    for (size_t i = 0; i < sizeof order_types / sizeof order_types[0]; i++) {
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
    *out = NULL;
    json_t *names = call_split(call_text(options, "order_types"));
    if (!names)
        return call_no_memory(m, err);
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        const char *wire = wire_type(name);
        if (!wire) {
            m->host->fail(err, KOPPEL_E_CONFIG,
                          "order_types: \"%s\" is not one of sales, repeat, external, table, "
                          "cafeteria",
                          name);
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

int orders_read(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err)
{
    json_t *types = NULL;
    if (wanted_types(m, request->options, &types, err) != 0)
        return -1;
    json_t *filter = types ? json_pack("{s:o}", "orderTypeList", types) : NULL;
    int rc = document_read(m, &orders_document, request, filter, out, err);
    json_decref(filter);
    return rc;
}

int orders_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                 struct koppel_batch *out, struct koppel_error *err)
{
    return document_fetch(m, &orders_document, request, out, err);
}

int orders_find(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err)
{
    return document_find(m, &orders_document, request, out, err);
}
