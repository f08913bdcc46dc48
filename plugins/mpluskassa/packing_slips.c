/* SPDX-License-Identifier: MIT
 * Packing slips: each comes with its order, with all slips of that order, with what was ordered of
 * each of its lines and with what was delivered so far. */
#include <string.h>

#include "sales.h"

/* What the till sold over the counter or by invoice reaches the books as receipt or invoice. */
static bool is_delivery(const json_t *slip, const json_t *options)
{
    const char *type = call_text(slip, "packingSlipType");

    (void)options;
    return type == NULL || (strcmp(type, "PACKING-SLIP-TYPE-FROM-INVOICE") != 0 &&
                            strcmp(type, "PACKING-SLIP-TYPE-CASH-REGISTER") != 0);
}

static bool is_cancelled(const json_t *slip)
{
    const char *state = call_text(slip, "state");

    return state != NULL && strcmp(state, "PACKING-SLIP-STATE-CANCELLED") == 0;
}

/* The slip's number comes before the other's. */
static bool is_before(const json_t *slip, const json_t *other)
{
    const json_t *a = json_object_get(slip, "packingSlipNumber");
    const json_t *b = json_object_get(other, "packingSlipNumber");
    int64_t year = call_number(a, "year"), other_year = call_number(b, "year");

    return year != other_year ? year < other_year
                              : call_number(a, "number") < call_number(b, "number");
}

/* A line of a slip names its line of the order; older services leave only the article. */
static bool same_goods(const json_t *line, const json_t *ordered)
{
    const char *id = call_text(line, "salesOrderLineId"), *other = call_text(ordered, "lineId");

    if (id == NULL || other == NULL) {
        id = call_text(line, "articleNumber");
        other = call_text(ordered, "articleNumber");
    }
    return id != NULL && other != NULL && strcmp(id, other) == 0;
}

static int add_quantities(struct mplus *m, const json_t *line, const json_t *ordered,
                          char sum[KOPPEL_DECIMAL_TEXT], struct koppel_error *err)
{
    const json_t *other;
    size_t i;

    json_array_foreach((json_t *)ordered, i, other) {
        const char *quantity = call_text(json_object_get(other, "data"), "quantity");
        char before[KOPPEL_DECIMAL_TEXT];

        if (quantity == NULL || !same_goods(line, other))
            continue;
        memcpy(before, sum, sizeof before);
        if (m->host->decimal(m->ctx, KOPPEL_DECIMAL_ADD, before, quantity, -1,
                             KOPPEL_ROUND_HALF_UP, sum, err) != 0)
            return -1;
    }
    return 0;
}

/* How much of the line's goods the order is for. */
static int add_ordered(struct mplus *m, json_t *slip, struct koppel_error *err)
{
    const json_t *ordered = call_list(json_object_get(slip, "order"), "lineList");
    json_t *line;
    size_t i;

    json_array_foreach(call_list(slip, "lineList"), i, line) {
        char sum[KOPPEL_DECIMAL_TEXT] = "0";

        if (ordered == NULL)
            continue;
        if (add_quantities(m, line, ordered, sum, err) != 0)
            return -1;
        json_object_set_new(line, "orderedQuantity", json_string(sum));
    }
    return 0;
}

/* What went out with this slip and those before it, line by line. */
static void add_delivered(json_t *slip)
{
    json_t *delivered = json_array(), *other, *line;
    const char *own = call_text(slip, "packingSlipId"), *id;
    size_t i, k;

    json_array_foreach(call_list(slip, "slips"), i, other) {
        id = call_text(other, "packingSlipId");
        if (is_cancelled(other) ||
            (!is_before(other, slip) && (own == NULL || id == NULL || strcmp(own, id) != 0)))
            continue;
        json_array_foreach(call_list(other, "lineList"), k, line)
            json_array_append_new(
                delivered,
                json_pack("{s:O*, s:O*, s:O*}", "packingSlipId",
                          json_object_get(other, "packingSlipId"), "articleNumber",
                          json_object_get(line, "articleNumber"), "quantity",
                          json_object_get(json_object_get(line, "data"), "quantity")));
    }
    json_object_set_new(slip, "delivered", delivered);
}

/* ---- what comes along ---- */

/* Of the other slips only what says how much went out. */
static json_t *short_form(const json_t *slip)
{
    json_t *lines = json_array(), *line;
    size_t i;

    json_array_foreach(call_list(slip, "lineList"), i, line) {
        json_t *quantity = json_object_get(json_object_get(line, "data"), "quantity");

        json_array_append_new(
            lines, json_pack("{s:O*, s:O*, s:O*, s:{s:O*}}", "articleNumber",
                             json_object_get(line, "articleNumber"), "text",
                             json_object_get(line, "text"), "salesOrderLineId",
                             json_object_get(line, "salesOrderLineId"), "data", "quantity",
                             quantity));
    }
    return json_pack("{s:O*, s:O*, s:O*, s:o}", "packingSlipId",
                     json_object_get(slip, "packingSlipId"), "packingSlipNumber",
                     json_object_get(slip, "packingSlipNumber"), "state",
                     json_object_get(slip, "state"), "lineList", lines);
}

/* All slips of one order, once for all that ask. */
static int slips_of(struct mplus *m, const char *order, json_t *by_order, json_t **out,
                    struct koppel_error *err)
{
    json_t *params, *answer = NULL, *list, *slip;
    size_t i;
    int rc;

    *out = json_object_get(by_order, order);
    if (*out != NULL)
        return 0;
    params = json_pack("{s:{s:s}}", "request", "orderId", order);
    rc = params != NULL ? call_soap(m, &op_get_packing_slips_by_order, params, NULL, &answer, err)
                        : call_no_memory(m, err);
    list = json_array();
    json_array_foreach(call_list(answer, "packingSlipList"), i, slip)
        json_array_append_new(list, short_form(slip));
    json_object_set_new(by_order, order, list);
    *out = list;
    json_decref(params);
    json_decref(answer);
    return rc;
}

static int complete_slip(struct mplus *m, json_t *slip, const json_t *orders, json_t *by_order,
                         struct koppel_error *err)
{
    const char *id = call_text(slip, "orderId");
    json_t *slips;

    if (id == NULL)
        return 0;
    if (slips_of(m, id, by_order, &slips, err) != 0)
        return -1;
    json_object_set(slip, "slips", slips);
    if (json_object_get(orders, id) != NULL)
        json_object_set(slip, "order", json_object_get(orders, id));
    add_delivered(slip);
    return add_ordered(m, slip, err);
}

static int complete(struct mplus *m, const json_t *options, json_t *slips,
                    struct koppel_error *err)
{
    json_t *ids = distinct_values(slips, "orderId"), *list = NULL, *item;
    json_t *orders = json_object(), *by_order = json_object();
    size_t i;
    int rc = 0;

    if (json_array_size(ids) > 0)
        rc = document_list(m, &document_order, ids, false, &list, err);
    json_array_foreach(list, i, item) {
        const char *id = call_text(item, "orderId");

        if (id != NULL)
            json_object_set(orders, id, item);
    }
    json_array_foreach(slips, i, item) {
        if (rc == 0)
            rc = complete_slip(m, item, orders, by_order, err);
    }
    if (rc == 0)
        rc = document_relations(m, options, slips, err);
    json_decref(ids);
    json_decref(list);
    json_decref(orders);
    json_decref(by_order);
    return rc;
}

const struct document document_packing_slip = {
    .entity = "packing-slip",
    .read = &op_get_packing_slips,
    .list = "packingSlipList",
    .ids = "packingSlipIds",
    .id = "packingSlipId",
    .complete = complete,
    .wanted = is_delivery,
};

int packing_slips_read(struct mplus *m, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err)
{
    return document_read(m, &document_packing_slip, request, NULL, out, err);
}

int packing_slips_find(struct mplus *m, const struct koppel_find_request *request,
                       struct koppel_results *out, struct koppel_error *err)
{
    return document_find(m, &document_packing_slip, request, out, err);
}
