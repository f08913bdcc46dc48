/* SPDX-License-Identifier: MIT
 * Orders into the till: made once, changed with the counters that the till wants back, and
 * cancelled without ever cancelling twice. */
#include <stdio.h>
#include <string.h>

#include "sales.h"
#include "soap_value.h"

#define KEYS_MAX 20 /* idempotency keys that one job uses up at most, see create_once() */

static int done(struct mplus *m, struct koppel_results *out, uint32_t index, const char *id,
                json_t *answer, const struct soap_operation *op, struct koppel_error *err)
{
    if (id == NULL)
        return m->host->fail(err, KOPPEL_E_UNSURE, "%s: the answer holds no order id", op->name);
    return m->host->result_done(out, index, id, json_incref(answer), err);
}

/* Takes a member out of the record; NULL where it is absent or empty. */
static json_t *take_list(json_t *record, const char *name)
{
    json_t *list = json_incref(json_object_get(record, name));

    json_object_del(record, name);
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *v3_params(const char *job, int number, json_t *record, json_t *payments)
{
    char key[800];
    json_t *params;

    /* The first key is the job itself. */
    snprintf(key, sizeof key, number > 1 ? "%s#%d" : "%s", job, number);
    params = json_pack("{s:{s:s, s:O}}", "request", "idempotencyKey", key, "order", record);
    if (params != NULL && payments != NULL) {
        json_t *request = json_object_get(params, "request");

        /* A payment in advance: anything else would make a packing slip and an invoice too. */
        json_object_set_new(request, "prepay", json_true());
        json_object_set(request, "paymentList", payments);
    }
    return params;
}

static bool is_replay(const json_t *answer)
{
    const char *text = call_text(answer, "idempotencyResult");

    return text != NULL && strcmp(text, "IDEMPOTENCY-RESULT-REPLAY-RESPONSE") == 0;
}

/* createOrderV3 under the job's key. The service keeps refusals under a key as well, so a job that
 * was mended would hear the old refusal for ever: then the next key is tried. Nothing was made
 * under a refused key, and what was made under another one still holds the external id. */
static int create_once(struct mplus *m, json_t *record, json_t *payments, const char *job,
                       json_t **answer, bool *unknown, struct koppel_error *err)
{
    int number, rc = -1;

    for (number = 1; number <= KEYS_MAX; number++) {
        json_t *params = v3_params(job, number, record, payments);

        json_decref(*answer);
        *answer = NULL;
        rc = params != NULL
                 ? call_ask(m, &op_create_order_v3, params, job, answer, unknown, err)
                 : call_no_memory(m, err);
        json_decref(params);
        if (rc != 0 || *unknown || call_says(*answer, "-OK"))
            return rc;
        if (!is_replay(*answer) || call_says(*answer, "-ID-ALREADY-EXISTS"))
            break;
    }
    rc = call_refused(m, &op_create_order_v3, *answer, err);
    if (call_says(*answer, "-PAYMENT-FAILED"))
        rc = call_reason(m, err, "order.payment");
    return rc;
}

static bool is_paid(const json_t *order)
{
    const char *prepaid = call_text(order, "prepaidAmount");

    return json_array_size(json_object_get(order, "paymentList")) > 0 ||
           (prepaid != NULL && strpbrk(prepaid, "123456789") != NULL);
}

/* A service without createOrderV3 cannot pay and create at once. */
static int pay_old(struct mplus *m, const json_t *order, json_t *payments, const char *id,
                   const char *job, struct koppel_error *err)
{
    json_t *params, *answer = NULL;
    int rc;

    if (payments == NULL || is_paid(order))
        return 0;
    params = json_pack("{s:{s:s, s:b, s:O}}", "request", "orderId", id, "prepay", 1, "paymentList",
                       payments);
    rc = params != NULL ? call_soap(m, &op_pay_order, params, job, &answer, err)
                        : call_no_memory(m, err);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* For a service that is too old for createOrderV3: look up, then create. */
static int create_old(struct mplus *m, json_t *record, json_t *payments, const char *job,
                      json_t **answer, struct koppel_error *err)
{
    const char *ext = call_text(record, "extOrderId"), *id;
    json_t *params, *found = NULL;
    int rc;

    if (ext == NULL)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "createOrder: this service is too old to create an order safely "
                             "without extOrderId");
    params = json_pack("{s:s}", "extOrderId", ext);
    rc = params != NULL ? call_soap(m, &op_find_order, params, NULL, &found, err)
                        : call_no_memory(m, err);
    json_decref(params);
    id = call_text(json_object_get(found, "order"), "orderId");
    if (rc == 0 && id != NULL) {
        *answer = json_pack("{s:{s:s}}", "info", "orderId", id);
        rc = pay_old(m, json_object_get(found, "order"), payments, id, job, err);
    } else if (rc == 0) {
        params = json_pack("{s:O}", "order", record);
        rc = params != NULL ? call_soap(m, &op_create_order, params, job, answer, err)
                            : call_no_memory(m, err);
        json_decref(params);
        id = call_text(json_object_get(*answer, "info"), "orderId");
        if (rc == 0 && id != NULL)
            rc = pay_old(m, NULL, payments, id, job, err);
    }
    json_decref(found);
    return rc;
}

static void default_delivery(struct mplus *m, json_t *record)
{
    const char *method = m->host->setting(m->ctx, "delivery_method");

    if (call_text(record, "deliveryMethod") == NULL && method != NULL && *method != '\0')
        json_object_set_new(record, "deliveryMethod", json_string(method));
}

/* The till computes the total itself. Another one than the source's is no failure, as the order is
 * there, but somebody should look. */
static void compare_totals(struct mplus *m, const char *total, const json_t *answer)
{
    const char *id = call_text(json_object_get(answer, "info"), "orderId");
    const char *own = call_text(json_object_get(answer, "order"), "totalInclAmount");
    int64_t want, have;

    if (total != NULL && own != NULL && soap_scale_decimal(total, 2, &want) &&
        soap_scale_decimal(own, 2, &have) && want != have)
        m->host->log(m->ctx, KOPPEL_LOG_WARNING,
                     "order %s comes to %s in the till and to %s in its source; look at its lines",
                     id, own, total);
}

static int create_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = json_copy(item->record), *payments, *answer = NULL, *info;
    const char *proposal = call_text(item->record, "proposalId");
    bool unknown = false;
    int rc;

    if (record == NULL)
        return call_no_memory(m, err);
    if (proposal != NULL && json_array_size(json_object_get(record, "lineList")) == 0) {
        json_decref(record);
        return proposal_convert(m, proposal, true, item->job, index, out, err);
    }
    payments = take_list(record, "paymentList");
    json_object_del(record, "totalInclAmount");
    rc = document_prepare(m, record, err);
    default_delivery(m, record);
    if (rc == 0 && !m->no_create_v3) {
        rc = create_once(m, record, payments, item->job, &answer, &unknown, err);
        m->no_create_v3 = unknown;
    }
    if (rc == 0 && m->no_create_v3)
        rc = create_old(m, record, payments, item->job, &answer, err);
    info = json_object_get(answer, "info");
    if (rc == 0)
        rc = done(m, out, index, call_text(info, "orderId"), info, &op_create_order, err);
    if (rc == 0)
        compare_totals(m, call_text(item->record, "totalInclAmount"), answer);
    if (rc == 0 && json_is_true(json_object_get(info, "orderQueued")))
        m->host->log(m->ctx, KOPPEL_LOG_INFO, "order %s is queued for its branch",
                     call_text(info, "orderId"));
    json_decref(record);
    json_decref(payments);
    json_decref(answer);
    return rc;
}

/* Services from before 2019 called an order without changes a failure. */
static bool nothing_changed(const json_t *answer)
{
    static const char *const words[] = {"no change", "not changed", "unchanged", "geen wijziging",
                                        "niet gewijzigd"};
    const char *text = call_text(answer, "errorMessage");
    size_t i;

    if (call_says(answer, "-NO-CHANGES"))
        return true;
    for (i = 0; text != NULL && call_says(answer, "-FAILED") && i < sizeof words / sizeof words[0];
         i++) {
        if (strcasestr(text, words[i]) != NULL)
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
    size_t i;

    for (i = 0; i < sizeof always / sizeof always[0]; i++) {
        json_object_del(record, always[i]);
        json_object_set(record, always[i], json_object_get(current, always[i]));
    }
    if (json_object_get(record, "lineList") == NULL)
        json_object_set(record, "lineList", json_object_get(current, "lineList"));
    if (call_text(record, "orderId") == NULL)
        return call_no_memory(m, err);
    return 0;
}

static bool is_cancelled(const json_t *order)
{
    const char *state = call_text(order, "cancelState");

    return state != NULL && strcmp(state, "ORDER-CANCEL-STATE-COMPLETE") == 0;
}

/* The till takes no change of an order that went its way; its words for that differ per version. */
static bool is_locked(const json_t *order)
{
    const char *state = call_text(order, "deliveryState");

    return is_cancelled(order) ||
           (state != NULL && strcmp(state, "ORDER-DELIVERY-STATE-COMPLETE") == 0) ||
           json_array_size(json_object_get(order, "invoiceIds")) > 0;
}

static int send_update(struct mplus *m, json_t *record, const json_t *current, const char *job,
                       json_t **answer, struct koppel_error *err)
{
    json_t *params = json_pack("{s:O}", "order", record);
    int rc = params != NULL ? call_ask(m, &op_update_order, params, job, answer, NULL, err)
                            : call_no_memory(m, err);

    json_decref(params);
    if (rc != 0 || call_says(*answer, "-OK") || nothing_changed(*answer))
        return rc;
    if (call_says(*answer, "-HAS-CHANGED"))
        return m->host->fail(err, KOPPEL_E_RETRY,
                             "updateOrder: somebody changed order %s at the same moment",
                             call_text(record, "orderId"));
    rc = call_refused(m, &op_update_order, *answer, err);
    return is_locked(current) ? call_reason(m, err, "locked") : rc;
}

static int update_one(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                      struct koppel_results *out, struct koppel_error *err)
{
    json_t *record = json_copy(item->record), *current = NULL, *answer = NULL;
    int rc;

    /* Payments belong to the creation: sent again they would be paid again. */
    json_object_del(record, "paymentList");
    json_object_del(record, "totalInclAmount");
    rc = record != NULL ? document_prepare(m, record, err) : call_no_memory(m, err);
    if (rc == 0)
        rc = document_get(m, &document_order, item->id, &current, err);
    if (rc == 0 && current == NULL) {
        m->host->fail(err, KOPPEL_E_REJECTED, "order %s is not in the till any more", item->id);
        rc = call_reason(m, err, "order.gone");
    }
    if (rc == 0)
        rc = merge_current(m, record, current, err);
    if (rc == 0)
        rc = send_update(m, record, current, item->job, &answer, err);
    if (rc == 0)
        rc = done(m, out, index, item->id, json_object_get(answer, "info"), &op_update_order, err);
    json_decref(record);
    json_decref(current);
    json_decref(answer);
    return rc;
}

static int send_cancel(struct mplus *m, const char *id, const char *job, json_t **answer,
                       struct koppel_error *err)
{
    json_t *params = json_pack("{s:s}", "orderId", id);
    int rc = params != NULL ? call_ask(m, &op_cancel_order, params, job, answer, NULL, err)
                            : call_no_memory(m, err);

    json_decref(params);
    if (rc != 0)
        return rc;
    if (call_says(*answer, "-UNDO-CANCEL-OK"))
        return m->host->fail(err, KOPPEL_E_BUG,
                             "cancelOrder: the till took back the cancellation of order %s; "
                             "cancel it by hand", id);
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
    int rc = document_get(m, &document_order, item->id, &current, err);

    if (rc == 0 && current != NULL && !is_cancelled(current))
        rc = send_cancel(m, item->id, item->job, &answer, err);
    if (rc == 0)
        rc = done(m, out, index, item->id, answer, &op_cancel_order, err);
    json_decref(current);
    json_decref(answer);
    return rc;
}

int orders_write(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err)
{
    uint32_t i;
    int rc = 0;

    if ((request->flags & KOPPEL_WRITE_DRY_RUN) != 0)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "MplusKASSA cannot check an order without storing it");
    for (i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];

        if (request->verb == KOPPEL_VERB_CREATE)
            rc = create_one(m, item, i, out, err);
        else if (item->id == NULL || item->id[0] == '\0')
            rc = m->host->fail(err, KOPPEL_E_BUG, "an order without id cannot be changed");
        else if (request->verb == KOPPEL_VERB_UPDATE)
            rc = update_one(m, item, i, out, err);
        else
            rc = cancel_one(m, item, i, out, err);
    }
    return rc;
}
