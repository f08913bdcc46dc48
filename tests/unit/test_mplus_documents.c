/* SPDX-License-Identifier: MIT
 * Invoices, packing slips, proposals and day totals of the MplusKASSA connector against a till that
 * is a script. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/day_totals.h"
#include "plugins/mpluskassa/document.h"
#include "plugins/mpluskassa/invoices.h"
#include "plugins/mpluskassa/orders.h"
#include "plugins/mpluskassa/orders_write.h"
#include "plugins/mpluskassa/packing_slips.h"
#include "plugins/mpluskassa/proposals.h"

#define PROPOSAL(state, members)                                                                   \
    RESULT("GET-PROPOSAL-RESULT-OK") "<proposal><proposalId>p1</proposalId><changeCounter>4"       \
    "</changeCounter>" members "<state>PROPOSAL-STATE-" state "</state></proposal>"

/* ---- proposals ---- */

#define FROM "[{\"proposalId\":\"p1\"}]"

START_TEST(an_order_of_a_proposal)
{
    STEPS({"getProposal", ">p1<", PROPOSAL("OUTSTANDING", "")},
          {"createOrderFromProposal", "<m:proposalId>p1</m:proposalId>",
           RESULT("CREATE-ORDER-FROM-PROPOSAL-RESULT-OK") "<info><orderId>o1</orderId></info>"},
          {"getProposal", ">p1<", PROPOSAL("ORDER", "<orderId>o1</orderId>")});
    struct koppel_results *out = write_ok(&m, orders_write, KOPPEL_VERB_CREATE, FROM, NULL), *again;

    ck_assert_str_eq(out->of[0].id, "o1");
    /* made before: no second order */
    again = write_ok(&m, orders_write, KOPPEL_VERB_CREATE, FROM, NULL);
    ck_assert_str_eq(again->of[0].id, "o1");
    free(again);
    host_end(out);
}
END_TEST

START_TEST(an_invoice_of_a_proposal)
{
    STEPS({"getProposal", ">p1<", PROPOSAL("OUTSTANDING", "")},
          {"createInvoiceFromProposal", ">p1<",
           RESULT("CREATE-INVOICE-FROM-PROPOSAL-RESULT-OK")
           "<info><invoiceId>i1</invoiceId></info>"},
          {"getProposal", ">p1<", PROPOSAL("INVOICE", "<invoiceId>i1</invoiceId>")});
    struct koppel_results *out = write_ok(&m, invoices_write, KOPPEL_VERB_CREATE, FROM, NULL);
    struct koppel_results *again = write_ok(&m, invoices_write, KOPPEL_VERB_CREATE, FROM, NULL);

    ck_assert_str_eq(out->of[0].id, "i1");
    ck_assert_str_eq(again->of[0].id, "i1");
    free(again);
    host_end(out);
}
END_TEST

static const struct {
    const char *proposal, *reason;
} unfit[] = {
    {PROPOSAL("CANCELLED", ""), "locked"},
    {PROPOSAL("INVOICE", "<invoiceId>i1</invoiceId>"), "locked"},
    {RESULT("GET-PROPOSAL-RESULT-NOT-FOUND"), "proposal.missing"},
};

START_TEST(no_order_of_an_unfit_proposal)
{
    struct step steps[] = {{"getProposal", "", unfit[_i].proposal}};
    struct mplus m;

    host_begin(&m, steps, 1);
    ck_assert_str_eq(write_bad(&m, orders_write, KOPPEL_VERB_CREATE, FROM, NULL).reason,
                     unfit[_i].reason);
}
END_TEST

#define SAVED(result, id)                                                                          \
    RESULT("SAVE-PROPOSAL-RESULT-" result) "<info><proposalId>" id "</proposalId></info>"
#define QUOTE                                                                                      \
    "[{\"extProposalId\":\"Q1\",\"relationNumber\":\"681\","                                     \
    "\"vatMethod\":\"VAT-METHOD-EXCLUSIVE\",\"lineList\":[{\"articleNumber\":\"14\","              \
    "\"data\":{\"quantity\":\"1\"}}]}]"

START_TEST(saves_proposals)
{
    STEPS({"saveProposal",
           "<m:proposal><m:extProposalId>Q1<|<m:employeeNumber>999999<|!changeCounter",
           SAVED("OK", "p1")},
          {"getProposal", ">p1<", PROPOSAL("OUTSTANDING", "")},
          {"saveProposal", "<m:proposalId>p1<|<m:changeCounter>4<", SAVED("OK", "p1")});
    struct koppel_results *out = write_ok(&m, proposals_write, KOPPEL_VERB_CREATE, QUOTE, NULL);
    struct koppel_results *again = write_ok(&m, proposals_write, KOPPEL_VERB_UPDATE, QUOTE, "p1");

    ck_assert_str_eq(out->of[0].id, "p1");
    ck_assert(again->of[0].done);
    json_decref(again->of[0].record);
    free(again);
    host_end(out);
}
END_TEST

static const struct {
    const char *answer;
    int kind;
} save_failures[] = {
    {SAVED("PROPOSAL-HAS-CHANGED", ""), KOPPEL_E_RETRY},
    {SAVED("EXT-PROPOSAL-ID-ALREADY-EXISTS", ""), KOPPEL_E_EXISTS},
    {SAVED("FAILED", ""), KOPPEL_E_REJECTED},
    {SAVED("OK", ""), KOPPEL_E_UNSURE},
};

START_TEST(save_failures_have_their_kind)
{
    struct step steps[] = {{"saveProposal", "", save_failures[_i].answer}};
    struct mplus m;

    host_begin(&m, steps, 1);
    ck_assert_int_eq(write_bad(&m, proposals_write, KOPPEL_VERB_CREATE, QUOTE, NULL).kind,
                     save_failures[_i].kind);
}
END_TEST

START_TEST(cancels_proposals)
{
    STEPS({"getProposal", "", PROPOSAL("OUTSTANDING", "")},
          {"cancelProposal", ">p1<", RESULT("CANCEL-PROPOSAL-RESULT-OK")},
          {"getProposal", "", PROPOSAL("CANCELLED", "")},
          {"getProposal", "", PROPOSAL("ORDER", "")});
    struct koppel_results *out = write_ok(&m, proposals_write, KOPPEL_VERB_REMOVE, "[{}]", "p1");
    struct koppel_results *again = write_ok(&m, proposals_write, KOPPEL_VERB_REMOVE, "[{}]", "p1");

    ck_assert(out->of[0].done && again->of[0].done);
    free(again);
    json_decref(out->of[0].record);
    free(out);
    ck_assert_str_eq(write_bad(&m, proposals_write, KOPPEL_VERB_REMOVE, "[{}]", "p1").reason,
                     "locked");
}
END_TEST

static struct koppel_results *find_ok(struct mplus *m, find_fn *find_by, const char *match,
                                      const char *key, json_t *record)
{
    struct koppel_results *out = host_results();
    json_t *records[] = {record};
    struct koppel_find_request request = {.struct_size = sizeof request, .count = 1, .entity = "",
                                          .match = match, .keys = &key, .records = records};
    struct koppel_error err = {0};

    ck_assert_msg(find_by(m, &request, out, &err) == 0, "%s", err.text);
    return out;
}

/* No call finds a proposal by its external id: the headers are gone through, page by page. */
START_TEST(finds_proposals_by_external_id)
{
    STEPS({"getProposals", "<m:syncMarker>0<|<m:relationNumbers>681<|<m:includeLineList>false<",
           "<proposalList><proposal><proposalId>p8</proposalId><extProposalId>Q10</extProposalId>"
           "<syncMarker>7</syncMarker></proposal></proposalList>"},
          {"getProposals", "<m:syncMarker>8<",
           "<proposalList><proposal><proposalId>p1</proposalId><extProposalId>Q1</extProposalId>"
           "<syncMarker>9</syncMarker></proposal></proposalList>"},
          {"getProposals", "<m:syncMarker>10<", "<proposalList/>"},
          {"getProposals", "<m:proposalIds>p1</m:proposalIds>|!syncMarker",
           "<proposalList><proposal><proposalId>p1</proposalId><relationNumber>681</relationNumber>"
           "</proposal></proposalList>"},
          {"getRelations", ">681<",
           "<relationList><relation><relationNumber>681</relationNumber></relation>"
           "</relationList>"});
    json_t *record = json_pack("{s:s}", "relationNumber", "681");
    struct koppel_results *out = find_ok(&m, proposals_find, "extProposalId", "Q1", record);

    ck_assert_int_eq(out->of[0].hits, 1);
    ck_assert_str_eq(out->of[0].id, "p1");
    json_decref(record);
    host_end(out);
}
END_TEST

/* ---- reading ---- */

/* Unfinished ones are left out but counted; a credit invoice names the number it takes back. */
START_TEST(reads_invoices)
{
    STEPS({"getInvoices", "<m:syncMarker>6<|<m:articlePluNumbers></m:articlePluNumbers>",
           "<invoiceList><invoice><invoiceId>i2</invoiceId><syncMarker>8</syncMarker>"
           "<invoiceType>INVOICE-TYPE-CREDIT-INVOICE</invoiceType><relationNumber>681"
           "</relationNumber><totalInclAmount>-1210</totalInclAmount><finalized>true</finalized>"
           "<creditedInvoiceId>i1</creditedInvoiceId></invoice><invoice><invoiceId>i3</invoiceId>"
           "<syncMarker>9</syncMarker><finalized>false</finalized></invoice></invoiceList>"},
          {"getInvoices", "<m:invoiceIds>i1</m:invoiceIds><m:includeLineList>false<|!syncMarker",
           "<invoiceList><invoice><invoiceId>i1</invoiceId><invoiceNumber><year>2026</year>"
           "<number>3</number></invoiceNumber></invoice></invoiceList>"},
          {"getRelations", "<m:relationNumbers>681</m:relationNumbers>",
           "<relationList><relation><relationNumber>681</relationNumber><name>An</name></relation>"
           "</relationList>"});
    struct koppel_batch batch = read_all(&m, invoices_read, "5");
    json_t *record = json_array_get(batch.records, 0);

    ck_assert_uint_eq(json_array_size(batch.records), 1);
    ck_assert_str_eq(call_text(record, "totalInclAmount"), "-12.10");
    ck_assert_str_eq(call_text(json_object_get(record, "relation"), "name"), "An");
    ck_assert_str_eq(call_text(json_object_get(json_object_get(record, "creditedInvoice"),
                                               "invoiceNumber"), "number"), "3");
    ck_assert_str_eq(batch.next, "9");
    ck_assert_int_eq(batch.more, 1);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

#define SLIP(id, number, state, quantity)                                                          \
    "<packingSlip><packingSlipId>" id "</packingSlipId><packingSlipNumber><year>2026</year>"       \
    "<number>" number "</number></packingSlipNumber><orderId>o1</orderId><syncMarker>" number      \
    "</syncMarker><state>PACKING-SLIP-STATE-" state "</state><lineList><line>"                     \
    "<articleNumber>14</articleNumber><data><quantity>" quantity "</quantity></data>"              \
    "<salesOrderLineId>l1</salesOrderLineId></line></lineList></packingSlip>"
#define SLIPS SLIP("s1", "1", "INVOICED", "2") SLIP("s2", "2", "CANCELLED", "4")                   \
    SLIP("s3", "3", "OPEN", "1") SLIP("s4", "4", "OPEN", "9")

static void delivered_are(const json_t *record, const char *want)
{
    json_t *list = json_object_get(record, "delivered"), *one;
    char got[200] = "";
    size_t i;

    json_array_foreach(list, i, one)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s:%s ",
                 call_text(one, "packingSlipId"), call_text(one, "quantity"));
    ck_assert_str_eq(got, want);
}

/* One order for the page, the slips of an order once; what came before a slip counts, what was
 * cancelled does not; what was sold over the counter is no delivery. */
START_TEST(reads_packing_slips)
{
    STEPS({"getPackingSlips", "<m:syncMarker>0<",
           "<packingSlipList>" SLIP("s3", "3", "OPEN", "1") SLIP("s1", "1", "INVOICED", "2")
           "<packingSlip><packingSlipId>s9</packingSlipId><syncMarker>5</syncMarker>"
           "<packingSlipType>PACKING-SLIP-TYPE-CASH-REGISTER</packingSlipType></packingSlip>"
           "</packingSlipList>"},
          {"getOrders", "<m:orderIds>o1</m:orderIds>",
           "<orderList><order><orderId>o1</orderId><lineList><line><lineId>l1</lineId>"
           "<articleNumber>14</articleNumber><data><quantity>10</quantity></data></line><line>"
           "<lineId>l2</lineId><articleNumber>14</articleNumber><data><quantity>5</quantity></data>"
           "</line></lineList></order></orderList>"},
          {"getPackingSlipsByOrder", "<m:orderId>o1</m:orderId>",
           "<packingSlipList>" SLIPS "</packingSlipList>"},
          {"getTurnoverGroups", "", "<turnoverGroupList/>"}, {"getProducts", "", "<productList/>"});
    struct koppel_batch batch = read_all(&m, packing_slips_read, NULL);
    json_t *third = json_array_get(batch.records, 0), *first = json_array_get(batch.records, 1);

    ck_assert_uint_eq(json_array_size(batch.records), 2);
    ck_assert_str_eq(batch.next, "5");
    delivered_are(third, "s1:2 s3:1 ");
    delivered_are(first, "s1:2 ");
    ck_assert_uint_eq(json_array_size(json_object_get(third, "slips")), 4);
    ck_assert_str_eq(call_text(json_array_get(json_object_get(third, "lineList"), 0),
                               "orderedQuantity"), "10");
    ck_assert_str_eq(call_text(json_object_get(first, "order"), "orderId"), "o1");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

#define RECEIPT(id, day, marker)                                                                   \
    "<receipt><receiptId>" id "</receiptId><syncMarker>" marker "</syncMarker><receiptType>"       \
    "RECEIPT-TYPE-RECEIPT</receiptType><financialDate><day>" day "</day><mon>6</mon><year>2026"    \
    "</year></financialDate><financialBranchNumber>1</financialBranchNumber><totalInclAmount>1210" \
    "</totalInclAmount><paymentList><payment><method>CASH</method><amount>1210</amount></payment>" \
    "</paymentList></receipt>"
#define DAY(day)                                                                                   \
    "<m:fromFinancialDate><m:day>" day "</m:day><m:mon>6</m:mon><m:year>2026</m:year>"             \
    "</m:fromFinancialDate><m:throughFinancialDate><m:day>" day "</m:day>"

/* A day is told when it is closed; one that is open is asked about again. */
START_TEST(reads_day_totals)
{
    STEPS({"getReceipts", "<m:syncMarker>0<|<m:includeLineList>false<",
           "<receiptList>" RECEIPT("a", "13", "5") RECEIPT("b", "12", "4") "</receiptList>"},
          {"getReceipts", "<m:syncMarker>6<", "<receiptList/>"},
          {"getFinancialJournal", DAY("12"), "<financialPeriodClosed>true</financialPeriodClosed>"},
          {"getReceipts", "<m:syncMarker>0<|" DAY("12") "|<m:includeOrderReferences>true<",
           "<receiptList>" RECEIPT("b", "12", "4") "</receiptList>"},
          {"getReceipts", "<m:syncMarker>5<|" DAY("12"), "<receiptList/>"},
          {"getCashCountList", DAY("12"),
           "<cashCountList><cashCount><branchNumber>1</branchNumber><isFinalized>true</isFinalized>"
           "<cashCountLineList><cashCountLine><paymentMethod>CASH</paymentMethod><differenceAmount>"
           "-150</differenceAmount></cashCountLine></cashCountLineList></cashCount>"
           "</cashCountList>"},
          {"getPaymentMethods", "", "<paymentMethodList/>"},
          {"getFinancialJournal", DAY("13"),
           "<financialPeriodClosed>false</financialPeriodClosed>"},
          {"getReceipts", "<m:syncMarker>6<", "<receiptList/>"},
          {"getFinancialJournal", DAY("13"), ""});
    struct koppel_batch batch = read_all(&m, day_totals_read, NULL), second, third;

    ck_assert_str_eq(batch.next, "5||2026-06-12,2026-06-13|0,1");
    ck_assert_int_eq(batch.more, 1);
    second = read_all(&m, day_totals_read, batch.next);
    ck_assert_str_eq(second.next, "5||2026-06-13|0,1");
    ck_assert_int_eq(second.more, 0);
    ck_assert_uint_eq(json_array_size(second.records), 1);
    ck_assert_str_eq(json_string_value(json_array_get(second.keys, 0)), "1/2026-06-12");
    ck_assert_int_eq(second.last_version, 5); /* how far the receipts were read */
    ck_assert_uint_eq(json_array_size(json_object_get(json_array_get(second.records, 0),
                                                      "differences")), 1);
    third = read_all(&m, day_totals_read, second.next);
    ck_assert_str_eq(third.next, second.next);
    ck_assert_int_eq(third.more, 0);
    batch_free(&batch);
    batch_free(&second);
    batch_free(&third);
    host_end(NULL);
}
END_TEST

UNIT_MAIN("mplus_documents")
{
    tcase_add_test(t, an_order_of_a_proposal);
    tcase_add_test(t, an_invoice_of_a_proposal);
    LOOP(no_order_of_an_unfit_proposal, unfit);
    tcase_add_test(t, saves_proposals);
    LOOP(save_failures_have_their_kind, save_failures);
    tcase_add_test(t, cancels_proposals);
    tcase_add_test(t, finds_proposals_by_external_id);
    tcase_add_test(t, reads_invoices);
    tcase_add_test(t, reads_packing_slips);
    tcase_add_test(t, reads_day_totals);
}
