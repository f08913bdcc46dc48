/* SPDX-License-Identifier: MIT
 * Orders into the till, made once: see orders_create.h. */
#include "orders_create.h"

#include <stdio.h>
#include <string.h>

#include "orders.h"
#include "proposals.h"
#include "soap_value.h"

/* Idempotency keys that one job uses up at most, see create_once(). */
#define KEYS_MAX 20
/* 40 hex digits: no limit of the field is told, and a UUID fits every one. */
#define KEY_BYTES 41

static int done(struct mplus *m, struct koppel_results *out, uint32_t index, const char *id,
                json_t *answer, const struct soap_operation *op, struct koppel_error *err)
{
    if (!id)
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

/* The number-th idempotency key of a job: always the same one. */
static int make_key(struct mplus *m, const char *job, int number, char out[KEY_BYTES],
                    struct koppel_error *err)
{
    static const char salt[] = "createOrderV3";
    unsigned char digest[KOPPEL_HMAC_SHA256_BYTES];
    char text[400];
    int n = snprintf(text, sizeof text, "%s#%d", job, number);
    if (n < 0 || (size_t)n >= sizeof text)
        return m->host->fail(err, KOPPEL_E_BUG, "the name of the job is too long");
    if (m->host->hmac(m->ctx, KOPPEL_HMAC_SHA256, salt, sizeof salt - 1, text, (uint64_t)n, digest,
                      err) != 0)
        return -1;
    for (int i = 0; i < KEY_BYTES / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return 0;
}

static json_t *v3_params(const char *key, json_t *record, json_t *payments)
{
    json_t *params = json_pack("{s:{s:s, s:O}}", "request", "idempotencyKey", key, "order", record);
    if (params && payments) {
        json_t *request = json_object_get(params, "request");
        /* a payment in advance: anything else would make a packing slip and an invoice too */
        json_object_set_new(request, "prepay", json_true());
        json_object_set(request, "paymentList", payments);
    }
    return params;
}

static bool is_replay(const json_t *answer)
{
    const char *text = call_text(answer, "idempotencyResult");
    return text && strcmp(text, "IDEMPOTENCY-RESULT-REPLAY-RESPONSE") == 0;
}

/* Whether a stored answer speaks of an order with this record's external id. One that names no such
 * id is asked for its order. */
static int is_ours(struct mplus *m, const json_t *record, const json_t *answer, bool *ours,
                   struct koppel_error *err)
{
    const char *ext = call_text(record, "extOrderId"), *id;
    const char *own = call_text(json_object_get(answer, "order"), "extOrderId");
    json_t *order = NULL;
    *ours = true;
    if (!ext)
        return 0;
    id = call_text(json_object_get(answer, "info"), "orderId");
    if (!own && id && document_get(m, &orders_document, id, &order, err) != 0)
        return -1;
    if (!own)
        own = call_text(order, "extOrderId");
    *ours = own && strcmp(own, ext) == 0;
    json_decref(order);
    return 0;
}

/* One key. 0: the order is made, or the service does not know the operation. 1: the service keeps
 * an answer under that key which is no answer to this. -1: err. */
static int create_under(struct mplus *m, json_t *record, json_t *payments, const char *job,
                        int number, json_t **answer, bool *unknown, struct koppel_error *err)
{
    char key[KEY_BYTES];
    if (make_key(m, job, number, key, err) != 0)
        return -1;
    json_t *params = v3_params(key, record, payments);
    json_decref(*answer);
    *answer = NULL;
    int rc = params ? call_ask(m, &op_create_order_v3, params, job, answer, unknown, err)
                    : call_no_memory(m, err);
    json_decref(params);
    if (rc != 0 || *unknown)
        return rc;
    bool ours = true;
    if (call_says(*answer, "-OK") && is_replay(*answer) &&
        is_ours(m, record, *answer, &ours, err) != 0)
        return -1;
    if (call_says(*answer, "-OK"))
        return ours ? 0 : 1;
    if (is_replay(*answer) && !call_says(*answer, "-ID-ALREADY-EXISTS"))
        return 1;
    call_refused(m, &op_create_order_v3, *answer, err);
    return call_says(*answer, "-PAYMENT-FAILED") ? call_reason(m, err, "order.payment") : -1;
}

/* createOrderV3 under the job's keys. The service keeps refusals under a key as well, so a job that
 * was mended would hear the old refusal for ever: then the next key is tried. Nothing was made
 * under a refused key, and what was made under another one still holds the external id. */
static int create_once(struct mplus *m, json_t *record, json_t *payments, const char *job,
                       json_t **answer, bool *unknown, struct koppel_error *err)
{
    int rc = 1;
    for (int number = 1; number <= KEYS_MAX && rc > 0; number++)
        rc = create_under(m, record, payments, job, number, answer, unknown, err);
    if (rc <= 0)
        return rc;
    if (!call_says(*answer, "-OK"))
        return call_refused(m, &op_create_order_v3, *answer, err);
    m->host->fail(err, KOPPEL_E_REJECTED,
                  "createOrderV3: the till answers %d idempotency keys of this order with others",
                  KEYS_MAX);
    return call_reason(m, err, "reference.taken");
}

static bool is_paid(const json_t *order)
{
    const char *prepaid = call_text(order, "prepaidAmount");
    return json_array_size(json_object_get(order, "paymentList")) > 0 ||
           (prepaid && strpbrk(prepaid, "123456789"));
}

/* A service without createOrderV3 cannot pay and create at once. */
static int pay_old(struct mplus *m, const json_t *order, json_t *payments, const char *id,
                   const char *job, struct koppel_error *err)
{
    if (!payments || is_paid(order))
        return 0;
    json_t *params = json_pack("{s:{s:s, s:b, s:O}}", "request", "orderId", id, "prepay", 1,
                               "paymentList", payments),
           *answer = NULL;
    int rc =
        params ? call_soap(m, &op_pay_order, params, job, &answer, err) : call_no_memory(m, err);
    json_decref(params);
    json_decref(answer);
    return rc;
}

/* The order with this external id: *found its answer, NULL where there is none. */
static int look_up(struct mplus *m, const char *ext, json_t **found, struct koppel_error *err)
{
    json_t *params = json_pack("{s:s}", "extOrderId", ext);
    int rc =
        params ? call_soap(m, &op_find_order, params, NULL, found, err) : call_no_memory(m, err);
    json_decref(params);
    return rc;
}

/* Whether the order that bears our external id is of the customer and the total that we want. */
static bool is_same(const json_t *order, const json_t *record, const char *total)
{
    const char *relation = call_text(order, "relationNumber"), *sum;
    int64_t want, have;
    sum = call_text(order, "totalInclAmount");
    return relation && strcmp(relation, call_text(record, "relationNumber")) == 0 &&
           (!total || !sum || !soap_value_scale(total, 2, &want) ||
            !soap_value_scale(sum, 2, &have) || want == have);
}

/* For a service that is too old for createOrderV3: look up, then create. total: what the order is
 * to come to, NULL where the source does not say. */
static int create_old(struct mplus *m, json_t *record, json_t *payments, const char *total,
                      const char *job, json_t **answer, struct koppel_error *err)
{
    const char *ext = call_text(record, "extOrderId");
    if (!ext)
        return m->host->fail(err, KOPPEL_E_REJECTED,
                             "createOrder: this service is too old to create an order safely "
                             "without extOrderId");
    json_t *found = NULL;
    if (look_up(m, ext, &found, err) != 0)
        return -1;
    json_t *order = json_object_get(found, "order");
    const char *id = call_text(order, "orderId");
    int rc = 0;
    if (id && !is_same(order, record, total)) {
        rc = m->host->fail(err, KOPPEL_E_EXISTS,
                           "order %s of another customer or total has external id %s", id, ext);
    } else if (id) {
        *answer = json_pack("{s:{s:s}, s:O}", "info", "orderId", id, "order", order);
        rc = *answer ? pay_old(m, order, payments, id, job, err) : call_no_memory(m, err);
    } else {
        json_t *params = json_pack("{s:O}", "order", record);
        rc = params ? call_soap(m, &op_create_order, params, job, answer, err)
                    : call_no_memory(m, err);
        json_decref(params);
        id = call_text(json_object_get(*answer, "info"), "orderId");
        if (rc == 0 && id)
            rc = pay_old(m, NULL, payments, id, job, err);
    }
    json_decref(found);
    return rc;
}

static void default_delivery(struct mplus *m, json_t *record)
{
    const char *method = m->host->setting(m->ctx, "delivery_method");
    if (!call_text(record, "deliveryMethod") && method && *method)
        json_object_set_new(record, "deliveryMethod", json_string(method));
}

/* Makes the order of a record that is ready. */
static int create_order(struct mplus *m, const struct koppel_write_item *item, json_t *record,
                        json_t *payments, uint32_t index, struct koppel_results *out,
                        struct koppel_error *err)
{
    json_t *answer = NULL;
    bool unknown = false;
    int rc = 0;
    if (!m->no_create_v3) {
        rc = create_once(m, record, payments, item->job, &answer, &unknown, err);
        m->no_create_v3 = unknown;
    }
    if (rc == 0 && m->no_create_v3)
        rc = create_old(m, record, payments, call_text(item->record, "totalInclAmount"), item->job,
                        &answer, err);
    json_t *info = json_object_get(answer, "info");
    const char *id = call_text(info, "orderId");
    if (rc == 0 && id)
        rc = document_totals(m, &orders_document, id, call_text(item->record, "totalInclAmount"),
                             json_object_get(answer, "order"), index, out, err);
    if (rc == 0)
        rc = done(m, out, index, id, info, &op_create_order, err);
    if (rc == 0 && json_is_true(json_object_get(info, "orderQueued")))
        m->host->log(m->ctx, KOPPEL_LOG_DEBUG, "order %s is queued for its branch", id);
    json_decref(answer);
    return rc;
}

int orders_create(struct mplus *m, const struct koppel_write_item *item, uint32_t index,
                  struct koppel_results *out, struct koppel_error *err)
{
    const char *proposal = call_text(item->record, "proposalId");
    if (proposal && json_array_size(json_object_get(item->record, "lineList")) == 0)
        return proposals_convert(m, proposal, true, item->job, index, out, err);
    json_t *record = json_copy(item->record);
    if (!record)
        return call_no_memory(m, err);
    json_t *payments = take_list(record, "paymentList");
    json_object_del(record, "totalInclAmount");
    int rc = document_prepare(m, record, err);
    default_delivery(m, record);
    if (rc == 0)
        rc = create_order(m, item, record, payments, index, out, err);
    json_decref(record);
    json_decref(payments);
    return rc;
}
