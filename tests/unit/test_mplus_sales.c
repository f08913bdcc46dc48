/* SPDX-License-Identifier: MIT
 * Orders into the MplusKASSA connector against a till that is a script: what is sent, what is never
 * sent twice, and what every answer means. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/day_totals.h"
#include "plugins/mpluskassa/document.h"
#include "plugins/mpluskassa/invoices.h"
#include "plugins/mpluskassa/orders.h"
#include "plugins/mpluskassa/orders_write.h"
#include "plugins/mpluskassa/packing_slips.h"
#include "plugins/mpluskassa/proposals.h"
#include "plugins/mpluskassa/relations.h"

#define CREATED(result, replay, id)                                                                \
    "<idempotencyResult>IDEMPOTENCY-RESULT-" replay "-RESPONSE</idempotencyResult>"                \
    RESULT("CREATE-ORDER-RESULT-" result) "<errorMessage>no stock</errorMessage><info><orderId>"   \
    id "</orderId><orderString>2026-9</orderString></info>"
#define ORDER(members)                                                                             \
    RESULT("GET-ORDER-RESULT-OK") "<order><orderId>o1</orderId>" members "</order>"
/* The test host's digest is the text itself: "job-0#1" and on in hex, 20 bytes of it. */
#define KEY1 "<m:idempotencyKey>6a6f622d302331" "00000000000000000000000000"
#define KEY2 "<m:idempotencyKey>6a6f622d302332" "00000000000000000000000000"
#define KEY3 "<m:idempotencyKey>6a6f622d302333" "00000000000000000000000000"
#define OWN(ext) "<order><orderId>o1</orderId><extOrderId>" ext "</extOrderId></order>"
#define RECORD                                                                                     \
    "[{\"extOrderId\":\"W1\",\"relationNumber\":\"681\",\"vatMethod\":\"VAT-METHOD-EXCLUSIVE\","   \
    "\"lineList\":[{\"articleNumber\":\"14\",\"data\":{\"quantity\":\"1.5\","                     \
    "\"price\":\"19.99\"}}]}]"
#define PAID                                                                                       \
    "[{\"extOrderId\":\"W1\",\"relationNumber\":\"681\",\"vatMethod\":\"VAT-METHOD-INCLUSIVE\","   \
    "\"lineList\":[],\"paymentList\":[{\"method\":\"CASH\",\"amount\":\"1.005\"}]}]"

static struct koppel_results *order_ok(struct mplus *m, uint32_t verb, const char *records)
{
    return write_ok(m, orders_write, verb, records, verb == KOPPEL_VERB_CREATE ? NULL : "o1");
}

static struct koppel_error order_bad(struct mplus *m, uint32_t verb, const char *records)
{
    return write_bad(m, orders_write, verb, records, verb == KOPPEL_VERB_CREATE ? NULL : "o1");
}

START_TEST(creates_with_what_the_settings_say)
{
    static const char *const settings[][2] = {{"entry_branch", "2"}, {"workplace", "7"},
                                              {"delivery_method", "SHIP"}, {NULL, NULL}};
    STEPS({"createOrderV3",
           KEY1 "</m:idempotencyKey><m:order><m:orderId></m:orderId>"
           "<m:extOrderId>W1</m:extOrderId><m:entryBranchNumber>2</m:entryBranchNumber>"
           "<m:employeeNumber>999999</m:employeeNumber><m:relationNumber>681</m:relationNumber>"
           "<m:financialBranchNumber>2</m:financialBranchNumber>"
           "<m:workplaceNumber>7</m:workplaceNumber><m:vatMethod>VAT-METHOD-EXCLUSIVE"
           "</m:vatMethod><m:deliveryMethod>SHIP</m:deliveryMethod>|<m:quantity>15</m:quantity>"
           "<m:decimalPlaces>1</m:decimalPlaces><m:price>1999</m:price>|!prepay",
           CREATED("OK", "ORIGINAL", "o1")});
    struct koppel_results *out;

    host_state.settings = settings;
    out = order_ok(&m, KOPPEL_VERB_CREATE, RECORD);
    ck_assert(out->of[0].done);
    ck_assert_str_eq(out->of[0].id, "o1");
    answer_is(out, 0, "orderId", "o1");
    host_end(out);
}
END_TEST

/* What the record says itself is not replaced. */
START_TEST(keeps_what_the_record_says)
{
    static const char *const settings[][2] = {{"entry_branch", "1"}, {"delivery_method", "SHIP"},
                                              {NULL, NULL}};
    STEPS({"createOrderV3",
           "<m:entryBranchNumber>3</m:entryBranchNumber><m:employeeNumber>12</m:employeeNumber>|"
           "<m:financialBranchNumber>3</m:financialBranchNumber><m:workplaceNumber>9<|"
           "<m:deliveryMethod>PICK</m:deliveryMethod>", CREATED("OK", "ORIGINAL", "o1")});
    struct koppel_results *out;

    host_state.settings = settings;
    out = order_ok(&m, KOPPEL_VERB_CREATE,
                   "[{\"relationNumber\":\"681\",\"vatMethod\":\"VAT-METHOD-NONE\","
                   "\"entryBranchNumber\":\"3\",\"workplaceNumber\":\"9\","
                   "\"employeeNumber\":\"12\",\"deliveryMethod\":\"PICK\"}]");
    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

/* O37: half up, in whole cents. A payment is one in advance, and stands beside the order. */
START_TEST(pays_in_advance)
{
    STEPS({"createOrderV3",
           "<m:lineList></m:lineList></m:order><m:prepay>true</m:prepay><m:paymentList><m:payment>"
           "<m:method>CASH</m:method><m:amount>101</m:amount></m:payment></m:paymentList>",
           CREATED("OK", "REPLAY", "o1") OWN("W1")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, PAID);

    ck_assert(out->of[0].done); /* an answer that is a replay is the answer */
    host_end(out);
}
END_TEST

#define TOTAL(amount)                                                                              \
    "[{\"relationNumber\":\"1\",\"vatMethod\":\"VAT-METHOD-NONE\",\"totalInclAmount\":\"" amount \
    "\"}]"
#define TWELVE                                                                                     \
    CREATED("OK", "ORIGINAL", "o1") "<order><totalInclAmount>1210</totalInclAmount></order>"

/* The total is never sent. That the till comes to another one is no success: the order is there,
 * and the refusal names it. */
START_TEST(row15_another_total_is_refused_with_the_id)
{
    STEPS({"createOrderV3", "!totalInclAmount", TWELVE}, {"createOrderV3", "", TWELVE});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, TOTAL("12.1"));
    struct koppel_error err;

    json_decref(out->of[0].record);
    free(out);
    err = order_bad(&m, KOPPEL_VERB_CREATE, TOTAL("12.11"));
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(err.reason, "order.totals");
    ck_assert_str_eq(err.facts, "id=o1 ");
    ck_assert_ptr_nonnull(strstr(err.text, "order o1 is in the till, but comes to 12.10 there"));
    ck_assert_ptr_nonnull(strstr(err.text, "12.11"));
}
END_TEST

/* An order whose answer does not tell its total is asked for it. */
START_TEST(row15_a_total_that_is_not_told_is_asked_for)
{
    STEPS({"createOrderV3", "", CREATED("OK", "ORIGINAL", "o1")},
          {"getOrder", "o1", ORDER("<totalInclAmount>1210</totalInclAmount>")},
          {"createOrderV3", "", CREATED("OK", "ORIGINAL", "o1")}, {"getOrder", "o1", ORDER("")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, TOTAL("12.10"));
    struct koppel_error err;

    json_decref(out->of[0].record);
    free(out);
    err = order_bad(&m, KOPPEL_VERB_CREATE, TOTAL("0.00")); /* unknown is not zero */
    ck_assert_str_eq(err.reason, "order.totals");
    ck_assert_ptr_nonnull(strstr(err.text, "an unknown total"));
}
END_TEST

/* Row 2: a stored answer that speaks of somebody else's order is none. */
START_TEST(row2_a_strangers_answer_is_not_ours)
{
    STEPS({"createOrderV3", KEY1 "<", CREATED("OK", "REPLAY", "o7") OWN("W7")},
          {"createOrderV3", KEY2 "<", CREATED("OK", "REPLAY", "o8")},
          {"getOrder", ">o8<", RESULT("GET-ORDER-RESULT-OK") "<order><orderId>o8</orderId>"
           "<extOrderId>W8</extOrderId></order>"},
          {"createOrderV3", KEY3 "<", CREATED("OK", "ORIGINAL", "o1")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, RECORD);

    ck_assert_str_eq(out->of[0].id, "o1");
    host_end(out);
}
END_TEST

/* Ours is ours, also where the stored answer must be asked what it speaks of. */
START_TEST(row2_our_own_replayed_answer_is_the_answer)
{
    STEPS({"createOrderV3", KEY1 "<", CREATED("OK", "REPLAY", "o1")},
          {"getOrder", ">o1<", ORDER("<extOrderId>W1</extOrderId>")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, RECORD);

    ck_assert_str_eq(out->of[0].id, "o1");
    host_end(out);
}
END_TEST

static const struct {
    const char *record, *reason;
} incomplete[] = {
    {"[{\"relationNumber\":\"681\",\"lineList\":[]}]", "order.vat_method"},
    {"[{\"vatMethod\":\"VAT-METHOD-NONE\"}]", "customer.missing"},
    {"[{\"vatMethod\":\"VAT-METHOD-NONE\",\"relationNumber\":\"0\"}]", "customer.missing"},
    {"[{\"vatMethod\":\"VAT-METHOD-NONE\",\"relationNumber\":\"1\",\"entryBranchNumber\":\"2\"}]",
     "order.workplace"},
};

START_TEST(refuses_without_asking)
{
    static const char *const settings[][2] = {{"entry_branch", "1"}, {"workplace", "7"},
                                              {NULL, NULL}};
    struct koppel_error err;
    struct mplus m;

    host_begin(&m, NULL, 0);
    host_state.settings = settings;
    err = order_bad(&m, KOPPEL_VERB_CREATE, incomplete[_i].record);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(err.reason, incomplete[_i].reason);
}
END_TEST

/* A job that was mended after a refusal would hear the stored refusal for ever. */
START_TEST(a_stored_refusal_is_not_the_last_word)
{
    STEPS({"createOrderV3", KEY1 "<", CREATED("FAILED", "REPLAY", "")},
          {"createOrderV3", KEY2 "<", CREATED("FAILED", "REPLAY", "")},
          {"createOrderV3", KEY3 "<", CREATED("OK", "ORIGINAL", "o1")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, RECORD);

    ck_assert_str_eq(out->of[0].id, "o1");
    host_end(out);
}
END_TEST

static const struct {
    const char *answer;
    int kind;
    const char *reason, *words;
} refusals[] = {
    {CREATED("FAILED", "ORIGINAL", ""), KOPPEL_E_REJECTED, "", "no stock"},
    {CREATED("EXT-ORDER-ID-ALREADY-EXISTS", "ORIGINAL", ""), KOPPEL_E_EXISTS, "", "ALREADY-EXISTS"},
    {CREATED("EXT-ORDER-ID-ALREADY-EXISTS", "REPLAY", ""), KOPPEL_E_EXISTS, "", "ALREADY-EXISTS"},
    {CREATED("PAYMENT-FAILED", "ORIGINAL", "o1"), KOPPEL_E_REJECTED, "order.payment", "no stock"},
    {CREATED("OK", "ORIGINAL", ""), KOPPEL_E_UNSURE, "", "no order id"},
    {"fault:Client:wrong field", KOPPEL_E_REJECTED, "", "wrong field"},
    {"fault:Server:out of memory", KOPPEL_E_UNSURE, "", "out of memory"},
    {"fault:Client.Authentication:method unknown", KOPPEL_E_AUTH, "", "ident"},
    {"lost", KOPPEL_E_UNSURE, "", "lost"},
};

START_TEST(every_refusal_has_its_kind)
{
    struct step steps[] = {{"createOrderV3", "", refusals[_i].answer}};
    struct koppel_error err;
    struct mplus m;

    host_begin(&m, steps, 1);
    err = order_bad(&m, KOPPEL_VERB_CREATE, RECORD);
    ck_assert_msg(err.kind == refusals[_i].kind, "kind %d: %s", err.kind, err.text);
    ck_assert_str_eq(err.reason, refusals[_i].reason);
    ck_assert_msg(strstr(err.text, refusals[_i].words) != NULL, "%s", err.text);
}
END_TEST

#define TOO_OLD "fault:Client:Method 'ns:createOrderV3' not implemented"

/* Looked up first, paid by a call of its own, and asked about createOrderV3 only once. */
START_TEST(an_old_service)
{
    STEPS({"createOrderV3", "prepay", TOO_OLD},
          {"findOrder", ">W1<", RESULT("GET-ORDER-RESULT-NOT-FOUND")},
          {"createOrder", "<m:order><m:orderId></m:orderId><m:extOrderId>W1<|!payment",
           RESULT("CREATE-ORDER-RESULT-OK") "<info><orderId>o1</orderId></info>"},
          {"payOrder", "<m:orderId>o1</m:orderId><m:prepay>true</m:prepay>|<m:amount>101<",
           RESULT("PAY-ORDER-RESULT-OK")},
          {"findOrder", ">W1<", ORDER("<relationNumber>681</relationNumber>"
                                        "<prepaidAmount>0</prepaidAmount>")},
          {"payOrder", ">o1<", RESULT("PAY-ORDER-RESULT-OK")},
          {"findOrder", ">W1<", ORDER("<relationNumber>681</relationNumber>"
                                        "<prepaidAmount>101</prepaidAmount>")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_CREATE, PAID);
    struct koppel_results *again, *third;

    ck_assert_str_eq(out->of[0].id, "o1");
    again = order_ok(&m, KOPPEL_VERB_CREATE, PAID); /* the payment was lost: it is made up for */
    ck_assert_str_eq(again->of[0].id, "o1");
    third = order_ok(&m, KOPPEL_VERB_CREATE, PAID); /* all was there already */
    ck_assert_str_eq(third->of[0].id, "o1");
    json_decref(again->of[0].record);
    json_decref(third->of[0].record);
    free(again);
    free(third);
    host_end(out);
}
END_TEST

/* F1: an order that bears our external id and is of somebody else is not ours. */
START_TEST(an_old_service_keeps_a_strangers_order_apart)
{
    STEPS({"createOrderV3", "", TOO_OLD},
          {"findOrder", ">W1<", ORDER("<relationNumber>682</relationNumber>")});
    struct koppel_error err = order_bad(&m, KOPPEL_VERB_CREATE, PAID);

    ck_assert_int_eq(err.kind, KOPPEL_E_EXISTS);
}
END_TEST

START_TEST(an_old_service_needs_an_external_id)
{
    STEPS({"createOrderV3", "", TOO_OLD});
    struct koppel_error err = order_bad(
        &m, KOPPEL_VERB_CREATE, "[{\"relationNumber\":\"1\",\"vatMethod\":\"VAT-METHOD-NONE\"}]");

    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_ptr_nonnull(strstr(err.text, "extOrderId"));
}
END_TEST

/* ---- changes ---- */

#define UPDATED(result, words)                                                                     \
    RESULT("UPDATE-ORDER-RESULT-" result) "<errorMessage>" words "</errorMessage>"
#define COUNTERS "<changeCounter>5</changeCounter><versionNumber>2</versionNumber>"

static const char *const harmless[] = {
    UPDATED("OK", ""), UPDATED("NO-CHANGES", ""), UPDATED("FAILED", "There were no changes"),
    UPDATED("FAILED", "Er zijn geen wijzigingen"),
};

START_TEST(updates_with_the_counters)
{
    struct step steps[] = {
        {"getOrder", ">o1<", ORDER(COUNTERS)},
        {"updateOrder", "<m:orderId>o1</m:orderId>|<m:changeCounter>5<|<m:versionNumber>2<|!>9<|"
                        "!payment", harmless[_i]}};
    struct koppel_results *out;
    struct mplus m;

    host_begin(&m, steps, 2);
    out = order_ok(&m, KOPPEL_VERB_UPDATE,
                   "[{\"relationNumber\":\"681\",\"vatMethod\":\"VAT-METHOD-NONE\","
                   "\"orderId\":\"x\","
                   "\"changeCounter\":\"9\",\"lineList\":[],\"paymentList\":[{\"method\":\"CASH\","
                   "\"amount\":\"1\"}]}]");
    ck_assert(out->of[0].done);
    ck_assert_str_eq(out->of[0].id, "o1");
    host_end(out);
}
END_TEST

/* The till replaces all lines: a record that does not speak of them must not remove them. */
START_TEST(an_update_keeps_the_lines)
{
    STEPS({"getOrder", "",
           ORDER("<lineList><line><articleNumber>14</articleNumber></line></lineList>")},
          {"updateOrder", "<m:line><m:articleNumber>14</m:articleNumber></m:line>",
           UPDATED("OK", "")});
    struct koppel_results *out = order_ok(
        &m, KOPPEL_VERB_UPDATE, "[{\"relationNumber\":\"1\",\"vatMethod\":\"VAT-METHOD-NONE\"}]");

    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

static const struct {
    const char *answer;
    int kind;
} update_failures[] = {
    {UPDATED("ORDER-HAS-CHANGED", ""), KOPPEL_E_RETRY},
    {UPDATED("FAILED", "the article is blocked"), KOPPEL_E_REJECTED},
    {UPDATED("NOT-FOUND", ""), KOPPEL_E_REJECTED},
};

START_TEST(update_failures_have_their_kind)
{
    struct step steps[] = {{"getOrder", "", ORDER(COUNTERS)},
                           {"updateOrder", "", update_failures[_i].answer}};
    struct mplus m;

    host_begin(&m, steps, 2);
    ck_assert_int_eq(order_bad(&m, KOPPEL_VERB_UPDATE, RECORD).kind, update_failures[_i].kind);
}
END_TEST

START_TEST(an_order_that_is_gone)
{
    STEPS({"getOrder", "", RESULT("GET-ORDER-RESULT-NOT-FOUND")});

    ck_assert_str_eq(order_bad(&m, KOPPEL_VERB_UPDATE, RECORD).reason, "order.gone");
}
END_TEST

/* ---- cancelling ---- */

#define STATE(name) ORDER("<cancelState>ORDER-CANCEL-STATE-" name "</cancelState>")

static const char *const cancelled[] = {"OK", "PENDING", "ALREADY-CANCELLED", "NOT-FOUND"};

START_TEST(cancels)
{
    char answer[100];
    struct step steps[] = {{"getOrder", ">o1<", _i % 2 ? STATE("NOTHING") : STATE("PARTIAL")},
                           {"cancelOrder", "<m:orderId>o1</m:orderId>|!request", answer}};
    struct koppel_results *out;
    struct mplus m;

    snprintf(answer, sizeof answer, RESULT("CANCEL-ORDER-RESULT-%s"), cancelled[_i]);
    host_begin(&m, steps, 2);
    out = order_ok(&m, KOPPEL_VERB_REMOVE, "[{}]");
    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

/* O18: a repeated cancellation never reaches the till. */
START_TEST(never_cancels_twice)
{
    STEPS({"getOrder", "", STATE("COMPLETE")},
          {"getOrder", "", RESULT("GET-ORDER-RESULT-NOT-FOUND")});
    struct koppel_results *out = order_ok(&m, KOPPEL_VERB_REMOVE, "[{}]");
    struct koppel_results *gone = order_ok(&m, KOPPEL_VERB_REMOVE, "[{}]");

    ck_assert(out->of[0].done && gone->of[0].done);
    free(gone);
    host_end(out);
}
END_TEST

START_TEST(a_cancellation_that_was_undone_is_loud)
{
    STEPS({"getOrder", "", STATE("NOTHING")},
          {"cancelOrder", "", RESULT("CANCEL-ORDER-RESULT-UNDO-CANCEL-OK")});

    ck_assert_int_eq(order_bad(&m, KOPPEL_VERB_REMOVE, "[{}]").kind, KOPPEL_E_BUG);
}
END_TEST

UNIT_MAIN("mplus_sales")
{
    tcase_add_test(t, creates_with_what_the_settings_say);
    tcase_add_test(t, keeps_what_the_record_says);
    tcase_add_test(t, pays_in_advance);
    tcase_add_test(t, row15_another_total_is_refused_with_the_id);
    tcase_add_test(t, row15_a_total_that_is_not_told_is_asked_for);
    tcase_add_test(t, row2_a_strangers_answer_is_not_ours);
    tcase_add_test(t, row2_our_own_replayed_answer_is_the_answer);
    LOOP(refuses_without_asking, incomplete);
    tcase_add_test(t, a_stored_refusal_is_not_the_last_word);
    LOOP(every_refusal_has_its_kind, refusals);
    tcase_add_test(t, an_old_service);
    tcase_add_test(t, an_old_service_keeps_a_strangers_order_apart);
    tcase_add_test(t, an_old_service_needs_an_external_id);
    LOOP(updates_with_the_counters, harmless);
    tcase_add_test(t, an_update_keeps_the_lines);
    LOOP(update_failures_have_their_kind, update_failures);
    tcase_add_test(t, an_order_that_is_gone);
    LOOP(cancels, cancelled);
    tcase_add_test(t, never_cancels_twice);
    tcase_add_test(t, a_cancellation_that_was_undone_is_loud);
}
