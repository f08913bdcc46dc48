/* SPDX-License-Identifier: MIT
 * Orders into the till: made in orders_create.c, changed with the counters that the till wants
 * back, and cancelled without ever cancelling twice. */
#include "orders_write.h"

#include <string.h>

#include "orders.h"
#include "orders_create.h"

/* ---- update ---- */

/* Services from before 2019 called an order without changes a failure. */
static bool nothing_changed(const json_t *answer)
{
    static const char *const words[] = {"no change", "not changed", "unchanged", "geen wijziging",
                                        "niet gewijzigd"};
    if (call_says(answer, "-NO-CHANGES"))
        return true;
    const char *text = call_says(answer, "-FAILED") ? call_text(answer, "errorMessage") : NULL;
    for (size_t i = 0; text && i < sizeof words / sizeof words[0]; i++) {
        if (strcasestr(text, words[i]))
            return true;
    }
    return false;
}

/* What an update takes over from the order as it is: its id and counters, and its lines where the
 * record has none, because the till replaces the list as a whole. */
static int merge_current(struct mplus *m, json_t *record, const json_t *current,
                         struct koppel_error *err)
{
    static const char *const always[] = {"orderId", "changeCounter", "versionNumber"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        json_t *value = json_object_get(current, always[i]);
        json_object_del(record, always[i]);
        if (value)
            json_object_set(record, always[i], value);
    }
    json_t *lines = json_object_get(current, "lineList");
    if (!json_object_get(record, "lineList") && lines)
        json_object_set(record, "lineList", lines);
    return call_text(record, "orderId") ? 0 : call_no_memory(m, err);
}

static bool is_cancelled(const json_t *order)
{
    const char *state = call_text(order, "cancelState");
    return state && strcmp(state, "ORDER-CANCEL-STATE-COMPLETE") == 0;
}

/* The till takes no change of an order that went its way; its words for that differ per version. */
static bool is_locked(const json_t *order)
{
    const char *state = call_text(order, "deliveryState");
    return is_cancelled(order) || (state && strcmp(state, "ORDER-DELIVERY-STATE-COMPLETE") == 0) ||
           json_array_size(json_object_get(order, "invoiceIds")) > 0;
}

static int send_update(struct mplus *m, json_t *record, const json_t *current, const char *job,
                       json_t **answer, struct koppel_error *err)
{
    json_t *params = json_pack("{s:O}", "order", record);
    int rc = params ? call_ask(m, &op_update_order, params, job, answer, NULL, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0 || call_says(*answer, "-OK") || nothing_changed(*answer))
        return rc;
    if (call_says(*answer, "-HAS-CHANGED")) {
        m->host->fail(err, KOPPEL_E_RETRY,
                      "updateOrder: somebody changed order %s at the same moment",
                      call_text(record, "orderId"));
        return call_reason(m, err, KOPPEL_REASON_STALE);
    }
    call_refused(m, &op_update_order, *answer, err);
    return is_locked(current) ? call_reason(m, err, "locked") : -1;
}

static int current_of(struct mplus *m, const char *id, json_t **current, struct koppel_error *err)
{
    if (document_get(m, &orders_document, id, current, err) != 0)
        return -1;
    if (*current)
        return 0;
    m->host->fail(err, KOPPEL_E_REJECTED, "order %s is not in the till any more", id);
    return call_reason(m, err, "order.gone");
}

static int update_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = json_copy(item->record), *current = NULL, *answer = NULL;
    if (!record)
        return call_no_memory(m, err);
    /* payments belong to the creation: sent again they would be paid again */
    json_object_del(record, "paymentList");
    json_object_del(record, "totalInclAmount");
    int rc = document_prepare(m, record, err);
    if (rc == 0)
        rc = current_of(m, item->id, &current, err);
    if (rc == 0)
        rc = merge_current(m, record, current, err);
    if (rc == 0)
        rc = send_update(m, record, current, item->job, &answer, err);
    if (rc == 0)
        rc = document_totals(m, &orders_document, item->id,
                             call_text(item->record, "totalInclAmount"),
                             nothing_changed(answer) ? current : NULL, index, out, err);
    if (rc == 0)
        rc = m->host->result_done(out, index, item->id,
                                  json_incref(json_object_get(answer, "info")), err);
    json_decref(record);
    json_decref(current);
    json_decref(answer);
    return rc;
}

/* ---- cancel ---- */

static int send_cancel(struct mplus *m, const char *id, const char *job, json_t **answer,
                       struct koppel_error *err)
{
    json_t *params = json_pack("{s:s}", "orderId", id);
    int rc = params ? call_ask(m, &op_cancel_order, params, job, answer, NULL, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0)
        return rc;
    if (call_says(*answer, "-UNDO-CANCEL-OK"))
        return m->host->fail(err, KOPPEL_E_BUG,
                             "cancelOrder: the till took back the cancellation of order %s; "
                             "cancel it by hand",
                             id);
    if (call_says(*answer, "-OK") || call_says(*answer, "-PENDING") ||
        call_says(*answer, "-ALREADY-CANCELLED") || call_says(*answer, "-NOT-FOUND"))
        return 0;
    return call_refused(m, &op_cancel_order, *answer, err);
}

/* Reads the order first: a second cancellation must never reach the till, whose newer call takes
 * it for "undo". So a repeat after a lost answer is a success without a call. */
static int cancel_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *current = NULL, *answer = NULL;
    int rc = document_get(m, &orders_document, item->id, &current, err);
    if (rc == 0 && current && !is_cancelled(current))
        rc = send_cancel(m, item->id, item->job, &answer, err);
    if (rc == 0)
        rc = m->host->result_done(out, index, item->id, json_incref(answer), err);
    json_decref(current);
    json_decref(answer);
    return rc;
}

int orders_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check an order without storing it");
    int rc = 0;
    for (uint32_t i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];
        if (request->verb == KOPPEL_VERB_CREATE)
            rc = orders_create(m, item, i, out, err);
        else if (!item->id || !item->id[0])
            rc = m->host->fail(err, KOPPEL_E_BUG, "an order without id cannot be changed");
        else if (request->verb == KOPPEL_VERB_UPDATE)
            rc = update_one(m, item, i, out, err);
        else
            rc = cancel_one(m, item, i, out, err);
    }
    return rc;
}
