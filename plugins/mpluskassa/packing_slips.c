/* SPDX-License-Identifier: MIT
 * Packing slips: each comes with its order, with all slips of that order, with what was ordered of
 * each of its lines and with what was delivered so far. */
#include "packing_slips.h"

#include <stdio.h>
#include <string.h>

#include "orders.h"
#include "unreadable.h"

/* What the till sold over the counter or by invoice reaches the books as receipt or invoice. */
static bool is_delivery(const json_t *slip, const json_t *options)
{
    const char *type = call_text(slip, "packingSlipType");
    (void)options;
    return !type || (strcmp(type, "PACKING-SLIP-TYPE-FROM-INVOICE") != 0 &&
                     strcmp(type, "PACKING-SLIP-TYPE-CASH-REGISTER") != 0);
}

static bool is_cancelled(const json_t *slip)
{
    const char *state = call_text(slip, "state");
    return state && strcmp(state, "PACKING-SLIP-STATE-CANCELLED") == 0;
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
    if (!id || !other) {
        id = call_text(line, "articleNumber");
        other = call_text(ordered, "articleNumber");
    }
    return id && other && strcmp(id, other) == 0;
}

/* Adds what the order is for to sum; *known false: one of its lines does not say how much. */
static int add_quantities(struct mplus *m, const json_t *line, const json_t *ordered,
                          char sum[KOPPEL_DECIMAL_TEXT], bool *known, struct koppel_error *err)
{
    const json_t *other;
    size_t i;
    *known = true;
    json_array_foreach((json_t *)ordered, i, other) {
        if (!same_goods(line, other))
            continue;
        const char *quantity = call_text(json_object_get(other, "data"), "quantity");
        char before[KOPPEL_DECIMAL_TEXT];
        if (!quantity) {
            *known = false;
            return 0;
        }
        memcpy(before, sum, sizeof before);
        if (m->host->decimal(m->ctx, KOPPEL_DECIMAL_ADD, before, quantity, -1, KOPPEL_ROUND_HALF_UP,
                             sum, err) != 0)
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
        bool known;
        if (!ordered)
            continue;
        if (add_quantities(m, line, ordered, sum, &known, err) != 0)
            return -1;
        if (known)
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
            (!is_before(other, slip) && (!own || !id || strcmp(own, id) != 0)))
            continue;
        json_array_foreach(call_list(other, "lineList"), k, line) json_array_append_new(
            delivered, json_pack("{s:O*, s:O*, s:O*}", "packingSlipId",
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
        json_array_append_new(lines, json_pack("{s:O*, s:O*, s:O*, s:{s:O*}}", "articleNumber",
                                               json_object_get(line, "articleNumber"), "text",
                                               json_object_get(line, "text"), "salesOrderLineId",
                                               json_object_get(line, "salesOrderLineId"), "data",
                                               "quantity", quantity));
    }
    return json_pack("{s:O*, s:O*, s:O*, s:o}", "packingSlipId",
                     json_object_get(slip, "packingSlipId"), "packingSlipNumber",
                     json_object_get(slip, "packingSlipNumber"), "state",
                     json_object_get(slip, "state"), "lineList", lines);
}

/* All slips of one order, once for all that ask; JSON null where one of them cannot be read. */
static int slips_of(struct mplus *m, const char *order, json_t *by_order, json_t **out,
                    struct koppel_error *err)
{
    *out = json_object_get(by_order, order);
    if (*out)
        return 0;
    json_t *params = json_pack("{s:{s:s}}", "request", "orderId", order), *answer = NULL, *slip;
    struct soap_unreadable *bad = NULL;
    int rc = params
                 ? call_list_of(m, &op_get_packing_slips_by_order, params, &answer, &bad, err)
                 : call_no_memory(m, err);
    json_t *list = bad ? json_null() : json_array();
    size_t i;
    json_array_foreach(call_list(answer, "packingSlipList"), i, slip) {
        if (!bad)
            json_array_append_new(list, short_form(slip));
    }
    json_object_set_new(by_order, order, list);
    *out = list;
    soap_read_free(bad);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* What the slips of a page have in common. */
struct belongings {
    json_t *orders;              /* by id */
    json_t *by_order;            /* the slips of each order */
    struct soap_unreadable *bad; /* orders that cannot be read */
};

/* why: room for what of its belongings cannot be read; "": it is complete. */
static int complete_slip(struct mplus *m, json_t *slip, const struct belongings *b, char *why,
                         size_t room, struct koppel_error *err)
{
    const char *id = call_text(slip, "orderId");
    json_t *slips, *order = id ? json_object_get(b->orders, id) : NULL;
    why[0] = '\0';
    if (!id)
        return 0;
    const struct soap_unreadable *bad = order ? NULL : unreadable_of(b->bad, "orderId", id);
    if (slips_of(m, id, b->by_order, &slips, err) != 0)
        return -1;
    if (bad)
        snprintf(why, room, "its order cannot be read: %.100s %.100s", bad->place, bad->why);
    else if (json_is_null(slips))
        snprintf(why, room, "another packing slip of its order cannot be read");
    if (why[0])
        return 0;
    json_object_set(slip, "slips", slips);
    if (order)
        json_object_set(slip, "order", order);
    add_delivered(slip);
    return add_ordered(m, slip, err);
}

static int complete_all(struct mplus *m, json_t *slips, const struct belongings *b,
                        struct koppel_batch *out, struct koppel_error *err)
{
    for (size_t i = json_array_size(slips); i-- > 0;) {
        json_t *slip = json_array_get(slips, i);
        char why[260];
        if (complete_slip(m, slip, b, why, sizeof why, err) != 0)
            return -1;
        if (!why[0] || !out)
            continue;
        if (unreadable_incomplete(m, out, call_text(slip, "packingSlipId"),
                                  call_number(slip, "syncMarker"), slip, why, err) != 0)
            return -1;
        json_array_remove(slips, i);
    }
    return 0;
}

static int complete(struct mplus *m, const json_t *options, json_t *slips, struct koppel_batch *out,
                    struct koppel_error *err)
{
    json_t *ids = call_distinct(slips, "orderId"), *list = NULL;
    struct belongings b = {.by_order = json_object()};
    int rc = 0;
    if (json_array_size(ids) > 0)
        rc = document_list(m, &orders_document, ids, false, &list, &b.bad, err);
    b.orders = call_by(list, "orderId");
    if (rc == 0)
        rc = complete_all(m, slips, &b, out, err);
    if (rc == 0)
        rc = document_complete(m, "packingSlipId", options, slips, out, err);
    soap_read_free(b.bad);
    json_decref(ids);
    json_decref(list);
    json_decref(b.orders);
    json_decref(b.by_order);
    return rc;
}

static const struct document packing_slip = {
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
    return document_read(m, &packing_slip, request, NULL, out, err);
}

int packing_slips_fetch(struct mplus *m, const struct koppel_fetch_request *request,
                        struct koppel_batch *out, struct koppel_error *err)
{
    return document_fetch(m, &packing_slip, request, out, err);
}

int packing_slips_find(struct mplus *m, const struct koppel_find_request *request,
                       struct koppel_results *out, struct koppel_error *err)
{
    return document_find(m, &packing_slip, request, out, err);
}
