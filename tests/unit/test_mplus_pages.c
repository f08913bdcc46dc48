/* SPDX-License-Identifier: MIT
 * Readings of the MplusKASSA connector when what comes is odd, late, gone or lacking. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/articles.h"
#include "plugins/mpluskassa/call.h"
#include "plugins/mpluskassa/day_totals.h"
#include "plugins/mpluskassa/groups.h"
#include "plugins/mpluskassa/invoices.h"
#include "plugins/mpluskassa/orders.h"
#include "plugins/mpluskassa/orders_write.h"
#include "plugins/mpluskassa/packing_slips.h"
#include "plugins/mpluskassa/products.h"
#include "plugins/mpluskassa/proposals.h"
#include "plugins/mpluskassa/relations.h"
#include "plugins/mpluskassa/stock.h"
#include "plugins/mpluskassa/stock_read.h"

#define ORDER(id, marker, more)                                                                    \
    "<order><orderId>" id "</orderId><syncMarker>" marker "</syncMarker>" more "</order>"
#define RELATED(id, marker, relation)                                                              \
    ORDER(id, marker, "<relationNumber>" relation "</relationNumber>")

/* ---- F12: one odd record ---- */

START_TEST(f12_an_odd_order_parks_alone)
{
    STEPS({"getOrders", "",
           "<orderList>" ORDER("a", "5", "") ORDER("b", "6", "<totalInclAmount>12,10"
           "</totalInclAmount>") ORDER("c", "4", "") "</orderList>"});
    struct koppel_batch batch = read_all(&m, orders_read, NULL);

    batch_is(&batch, "{\"keys\":[\"a\",\"c\"],\"unreadable\":[\"b\"]}");
    unreadable_is(&batch, 0, "order.totalInclAmount holds \"12,10\"", "<orderId>b</orderId>");
    ck_assert_str_eq(batch.next, "6"); /* the cursor goes past it */
    ck_assert_int_eq(batch.more, 1);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* A record without its id is told too: nothing else could be done with it. */
START_TEST(f12_an_order_without_an_id_parks_alone)
{
    STEPS({"getOrders", "", "<orderList><order><syncMarker>3</syncMarker></order>"
           ORDER("a", "2", "") "</orderList>"});
    struct koppel_batch batch = read_all(&m, orders_read, NULL);

    batch_is(&batch, "{\"keys\":[\"a\"],\"unreadable\":[null]}");
    ck_assert_str_eq(batch.next, "3");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* An order whose relation cannot be read parks with what is wrong there; the others go on. */
START_TEST(f12_an_odd_relation_parks_its_orders)
{
    STEPS({"getOrders", "", "<orderList>" RELATED("a", "1", "7") RELATED("b", "2", "8")
           RELATED("c", "3", "9") "</orderList>"},
          {"getRelations", "<m:relationNumbers>7<|<m:relationNumbers>8<",
           "<relationList><relation><relationNumber>7</relationNumber></relation><relation>"
           "<relationNumber>8</relationNumber><birthDate><day>1</day><mon>13</mon><year>1980</year>"
           "</birthDate></relation></relationList>"});
    struct koppel_batch batch = read_all(&m, orders_read, NULL);

    batch_is(&batch, "{\"keys\":[\"a\",\"c\"],\"unreadable\":[\"b\"]}");
    unreadable_is(&batch, 0, "relation.birthDate", "<mon>13</mon>");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

START_TEST(f12_relations_articles_groups)
{
    STEPS({"getRelations", "", "<relationList><relation><relationNumber>1</relationNumber>"
           "<syncMarker>8</syncMarker></relation><relation><relationNumber>2</relationNumber>"
           "<points>many</points></relation></relationList>"},
          {"getArticleGroups", "", "<articleGroupList><articleGroups><groupNumber>x</groupNumber>"
           "</articleGroups></articleGroupList>"},
          {"getProducts", "", "<productList><product><productNumber>9</productNumber><articleList>"
           "<article><articleNumber>10</articleNumber><vatCode>x</vatCode></article><article>"
           "<articleNumber>11</articleNumber></article></articleList></product></productList>"},
          {"getArticleGroupChanges", "", "<changedArticleGroupList><changedArticleGroups>"
           "<groupNumber>3</groupNumber><sortOrder>up</sortOrder></changedArticleGroups>"
           "</changedArticleGroupList>"});
    struct koppel_batch relations = read_all(&m, relations_read, NULL);
    struct koppel_batch articles = read_all(&m, articles_read, NULL);
    struct koppel_batch groups = read_all(&m, groups_read, NULL);

    batch_is(&relations, "{\"keys\":[\"1\"],\"unreadable\":[\"2\"]}");
    ck_assert_str_eq(relations.next, "8");
    batch_is(&articles, "{\"keys\":[\"11\"],\"unreadable\":[\"10\"]}");
    ck_assert_ptr_nonnull(strstr(host_state.logged, "article group"));
    batch_is(&groups, "{\"keys\":[],\"unreadable\":[\"3\"]}");
    batch_free(&relations);
    batch_free(&articles);
    batch_free(&groups);
    host_end(NULL);
}
END_TEST

/* ---- F7: unknown is not zero ---- */

#define LEVEL(number, id, more)                                                                    \
    "<articleStocks><branchNumber>1</branchNumber><articleNumber>" number "</articleNumber>"       \
    "<stockId>" id "</stockId>" more "</articleStocks>"

START_TEST(f7_a_level_that_is_not_told_is_unknown)
{
    STEPS({"getStock", "",
           LEVEL("1", "5", "<amountFree>3</amountFree><amountReserved>2</amountReserved>")
           LEVEL("2", "6", "<amountReserved>2</amountReserved>")
           LEVEL("3", "7", "<amountFree>3</amountFree>")
           LEVEL("4", "8", "<amountFree/><amountReserved>0</amountReserved>")
           LEVEL("5", "9", "<amountFree>a few</amountFree><amountReserved>0</amountReserved>")});
    struct koppel_batch batch;

    m.branches = json_pack("[s]", "1");
    batch = read_all(&m, stock_read, NULL);
    batch_is(&batch, "{\"keys\":[\"1\"],\"unreadable\":[\"2\",\"3\",\"4\",\"5\"]}");
    unreadable_is(&batch, 0, "levels[0].amountFree is missing", "\"articleNumber\":\"2\"");
    unreadable_is(&batch, 1, "levels[0].amountReserved is missing", "");
    unreadable_is(&batch, 3, "amountFree holds \"a few\"", "a few");
    ck_assert_str_eq(batch.next, "9");
    json_decref(m.branches);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

START_TEST(f7_stock_without_a_level_is_not_sent)
{
    static const char *const records[] = {
        "[{\"articleNumber\":\"1\"}]", "[{\"articleNumber\":\"1\",\"levels\":null}]",
        "[{\"articleNumber\":\"1\",\"stock\":[]}]",
        "[{\"articleNumber\":\"1\",\"levels\":[{\"branchNumber\":\"1\"}]}]",
        "[{\"articleNumber\":\"1\",\"levels\":[{\"branchNumber\":\"1\",\"amount\":null}]}]"};
    struct koppel_results *out;
    struct mplus m;

    host_begin(&m, NULL, 0);
    out = write_ok(&m, stock_write, KOPPEL_VERB_UPDATE, records[_i], "1");
    failed(out, 0, "article.amount");
    host_end(out);
}
END_TEST

/* A list that is renamed is no empty list. */
START_TEST(f7_a_list_that_is_not_there_is_no_empty_one)
{
    static read_fn *const reads[] = {orders_read, invoices_read, relations_read, products_read};
    static const char *const ops[] = {"getOrders", "getInvoices", "getRelations", "getProducts"};
    struct step steps[] = {{ops[_i], "", "<records><order/></records>"}};
    struct koppel_read_request request = {.struct_size = sizeof request, .limit = 10, .entity = ""};
    struct koppel_batch batch = {0};
    struct koppel_error err = {0};
    struct mplus m;

    host_begin(&m, steps, 1);
    ck_assert_int_eq(reads[_i](&m, &request, &batch, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_ptr_nonnull(strstr(err.text, "lacks its"));
    host_end(NULL);
}
END_TEST

/* ---- F6: an error in an answer of status 200 ---- */

static const struct {
    const char *answer;
    int kind;
    const char *words;
} no_answers[] = {
    {"", KOPPEL_E_UNSURE, "the answer lacks its result"},
    {"<error>Database locked</error>", KOPPEL_E_UNSURE,
     "MplusKASSA says: \u00abDatabase locked\u00bb"},
    {"<errorMessage>Disk full</errorMessage>", KOPPEL_E_UNSURE,
     "MplusKASSA says: \u00abDisk full\u00bb"},
    {"<info><orderId>o1</orderId></info>", KOPPEL_E_UNSURE, "the answer lacks its result"},
    {"<result>UPDATE-ORDER-RESULT-FAILED</result><errorMessage>No</errorMessage>",
     KOPPEL_E_REJECTED, "MplusKASSA says: \u00abNo\u00bb"},
};

START_TEST(f6_an_answer_without_its_result_confirms_nothing)
{
    struct step steps[] = {
        {"getOrder", "", RESULT("GET-ORDER-RESULT-OK") "<order><orderId>o1</orderId></order>"},
        {"updateOrder", "", no_answers[_i].answer}};
    struct koppel_error err;
    struct mplus m;

    host_begin(&m, steps, 2);
    err = write_bad(&m, orders_write, KOPPEL_VERB_UPDATE,
                    "[{\"relationNumber\":\"1\",\"vatMethod\":\"VAT-METHOD-NONE\"}]", "o1");
    ck_assert_int_eq(err.kind, no_answers[_i].kind);
    ck_assert_msg(strstr(err.text, no_answers[_i].words) != NULL, "%s", err.text);
}
END_TEST

/* ---- F19: what becomes visible behind the cursor ---- */

START_TEST(f19_markers_are_read_again_from_an_overlap)
{
    STEPS({"getOrders", "<m:syncMarker>401<|<m:syncMarkerLimit>200<",
           "<orderList>" ORDER("late", "450", "") ORDER("known", "500", "") "</orderList>"},
          {"getOrders", "<m:syncMarker>401<",
           "<orderList>" ORDER("known", "500", "") ORDER("new", "503", "") "</orderList>"},
          {"getOrders", "<m:syncMarker>0<|<m:syncMarkerLimit>200<", "<orderList/>"});
    struct koppel_batch batch, more, first;

    host_state.overlap = 100;
    batch = read_all(&m, orders_read, "500");
    batch_is(&batch, "{\"keys\":[\"late\",\"known\"]}");
    ck_assert_str_eq(batch.next, "500"); /* it never moves back */
    ck_assert_int_eq(batch.more, 0);
    more = read_all(&m, orders_read, "500");
    ck_assert_str_eq(more.next, "503");
    ck_assert_int_eq(more.more, 1);
    first = read_all(&m, orders_read, "40");
    ck_assert_str_eq(first.next, "40");
    batch_free(&batch);
    batch_free(&more);
    batch_free(&first);
    host_end(NULL);
}
END_TEST

/* What is read again can fill a page by itself: the next one goes on behind it. */
START_TEST(f19_an_overlap_as_large_as_a_page)
{
    char answer[200000] = "<orderList>";
    struct step steps[] = {{"getOrders", "<m:syncMarker>2001<|<m:syncMarkerLimit>1000<", answer}};
    struct koppel_batch batch;
    struct mplus m;
    size_t n = strlen(answer);
    int i;

    for (i = 2001; i <= 3000; i++)
        n += (size_t)snprintf(answer + n, sizeof answer - n, ORDER("o%d", "%d", ""), i, i);
    snprintf(answer + n, sizeof answer - n, "</orderList>");
    host_begin(&m, steps, 1);
    host_state.overlap = 3000;
    batch = read_all(&m, orders_read, "5000");
    ck_assert_str_eq(batch.next, "3000");
    ck_assert_int_eq(batch.more, 1);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* ---- fetch ---- */

START_TEST(f10_fetches_orders_with_their_relation)
{
    static const char *const ids[] = {"a", "gone", "odd"};
    STEPS({"getOrders", "<m:orderIds>a</m:orderIds><m:orderIds>gone</m:orderIds>|!syncMarker",
           "<orderList>" RELATED("a", "5", "7") ORDER("odd", "6", "<tableNumber>x</tableNumber>")
           "</orderList>"},
          {"getRelations", ">7<", "<relationList><relation><relationNumber>7</relationNumber>"
           "<email>new@x.example</email></relation></relationList>"});
    struct koppel_batch batch = fetch_all(&m, orders_fetch, ids, 3);

    batch_is(&batch, "{\"keys\":[\"a\"],\"gone\":[\"gone\"],\"unreadable\":[\"odd\"]}");
    ck_assert_str_eq(call_text(json_object_get(json_array_get(batch.records, 0), "relation"),
                               "email"), "new@x.example");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

START_TEST(f10_fetches_relations_and_articles)
{
    static const char *const relations[] = {"7", "x", "8"};
    static const char *const articles[] = {"10", "12"};
    STEPS({"getRelations", "<m:relationNumbers>7<|<m:relationNumbers>8<|!>x<",
           "<relationList><relation><relationNumber>7</relationNumber></relation></relationList>"},
          {"getArticleGroups", "", "<articleGroupList/>"},
          {"getProducts", "<m:articleNumbers>10<|<m:articleNumbers>12<",
           "<productList><product><productNumber>9</productNumber><articleList><article>"
           "<articleNumber>10</articleNumber><description>Vaas</description><turnoverGroup>4"
           "</turnoverGroup></article><article><articleNumber>11</articleNumber></article>"
           "</articleList></product></productList>"});
    struct koppel_batch batch = fetch_all(&m, relations_fetch, relations, 3), goods;

    batch_is(&batch, "{\"keys\":[\"7\"],\"gone\":[\"x\",\"8\"]}");
    goods = fetch_all(&m, articles_fetch, articles, 2);
    batch_is(&goods, "{\"keys\":[\"10\"],\"gone\":[\"12\"]}");
    /* row 8: with its own name and turnover group */
    ck_assert_str_eq(call_text(json_array_get(goods.records, 0), "description"), "Vaas");
    ck_assert_str_eq(call_text(json_array_get(goods.records, 0), "turnoverGroup"), "4");
    batch_free(&batch);
    batch_free(&goods);
    host_end(NULL);
}
END_TEST

/* An article in a product that cannot be read is not gone: nobody knows. */
START_TEST(f10_what_may_be_there_is_not_gone)
{
    static const char *const ids[] = {"10"};
    STEPS({"getArticleGroups", "", "<articleGroupList/>"},
          {"getProducts", "", "<productList><product><productNumber>x</productNumber>"
           "</product></productList>"});
    struct koppel_batch batch = fetch_all(&m, articles_fetch, ids, 1);

    batch_is(&batch, "{\"keys\":[],\"unreadable\":[\"10\"]}");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

START_TEST(fetches_the_other_kinds)
{
    static const char *const one[] = {"1"};
    STEPS({"getInvoices", "<m:invoiceIds>1<", "<invoiceList><invoice><invoiceId>1</invoiceId>"
           "<finalized>false</finalized></invoice></invoiceList>"},
          {"getPackingSlips", "<m:packingSlipIds>1<", "<packingSlipList/>"},
          {"getProposals", "<m:proposalIds>1<",
           "<proposalList><proposal><proposalId>1</proposalId></proposal></proposalList>"},
          {"getProducts", "<m:productNumbers>1<",
           "<productList><product><productNumber>1</productNumber></product></productList>"});
    struct koppel_batch batch = fetch_all(&m, invoices_fetch, one, 1);

    batch_is(&batch, "{\"keys\":[\"1\"]}");
    batch_free(&batch);
    batch = fetch_all(&m, packing_slips_fetch, one, 1);
    batch_is(&batch, "{\"keys\":[],\"gone\":[\"1\"]}");
    batch_free(&batch);
    batch = fetch_all(&m, proposals_fetch, one, 1);
    batch_is(&batch, "{\"keys\":[\"1\"]}");
    batch_free(&batch);
    batch = fetch_all(&m, products_fetch, one, 1);
    batch_is(&batch, "{\"keys\":[\"1\"]}");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* ---- row 27: what a line is ---- */

#define LINE(number, data)                                                                         \
    "<line><articleNumber>" number "</articleNumber><data>" data "</data></line>"

/* A line that does not say of which kind its turnover is gets it from its group, or its article's;
 * the list of groups is fetched once. */
START_TEST(row27_lines_get_their_turnover_group)
{
    STEPS({"getOrders", "", "<orderList>" ORDER("a", "1", "<lineList>"
           LINE("1", "<turnoverGroup>1</turnoverGroup><turnoverGroupType>TURNOVER-GROUP-TYPE-"
                "TURNOVER</turnoverGroupType>")
           LINE("2", "<turnoverGroup>8</turnoverGroup>") LINE("3", "<price>25</price>")
           LINE("0", "") "</lineList>") "</orderList>"},
          {"getTurnoverGroups", "", "<turnoverGroupList><turnoverGroup><turnoverGroupType>"
           "TURNOVER-GROUP-TYPE-REFUNDABLE-DEPOSIT</turnoverGroupType><turnoverGroup>8"
           "</turnoverGroup><turnoverGroupName>Statiegeld</turnoverGroupName></turnoverGroup>"
           "</turnoverGroupList>"},
          {"getProducts", "<m:articleNumbers>3<|!<m:articleNumbers>2<",
           "<productList><product><articleList><article><articleNumber>3</articleNumber>"
           "<turnoverGroup>8</turnoverGroup></article></articleList></product></productList>"},
          {"getOrders", "", "<orderList>" ORDER("b", "2", "<lineList>"
           LINE("2", "<turnoverGroup>8</turnoverGroup>") "</lineList>") "</orderList>"});
    struct koppel_batch batch = read_all(&m, orders_read, NULL), second;
    json_t *lines = json_object_get(json_array_get(batch.records, 0), "lineList");
    size_t i;

    for (i = 1; i <= 2; i++) {
        json_t *data = json_object_get(json_array_get(lines, i), "data");

        ck_assert_str_eq(call_text(data, "turnoverGroup"), "8");
        ck_assert_str_eq(call_text(data, "turnoverGroupName"), "Statiegeld");
        ck_assert_str_eq(call_text(data, "turnoverGroupType"),
                         "TURNOVER-GROUP-TYPE-REFUNDABLE-DEPOSIT");
    }
    second = read_all(&m, orders_read, "1");
    batch_free(&batch);
    batch_free(&second);
    host_end(NULL);
}
END_TEST

/* ---- row 16, F22: articles by number and PLU ---- */

START_TEST(row16_a_number_that_is_no_plu_is_looked_for_as_number)
{
    static const char *const keys[] = {"101", "102", "AB"};
    STEPS({"getProducts", "<m:pluNumbers>", "<productList><product><articleList><article>"
           "<articleNumber>7</articleNumber><pluNumber>102</pluNumber></article></articleList>"
           "</product></productList>"},
          {"getProducts", "<m:articleNumbers>101<|!<m:articleNumbers>102<", "<productList><product>"
           "<articleList><article><articleNumber>101</articleNumber></article></articleList>"
           "</product></productList>"});
    struct koppel_results *out = find(&m, articles_find, "pluNumber", keys, 3);

    ck_assert_str_eq(out->of[0].id, "101");
    ck_assert_str_eq(out->of[1].id, "7");
    ck_assert_int_eq(out->of[2].hits, 0);
    host_end(out);
}
END_TEST

START_TEST(f22_a_discontinued_article_leaves_its_plu_to_the_new_one)
{
    static const char *const keys[] = {"AB", "CD"};
    STEPS({"getProducts", "", "<productList><product><articleList>"
           "<article><articleNumber>1</articleNumber><pluNumber>AB</pluNumber><discontinued>true"
           "</discontinued></article><article><articleNumber>2</articleNumber><pluNumber>AB"
           "</pluNumber></article><article><articleNumber>3</articleNumber><pluNumber>CD"
           "</pluNumber>"
           "<discontinued>true</discontinued></article></articleList></product></productList>"});
    struct koppel_results *out = find(&m, articles_find, "pluNumber", keys, 2);

    ck_assert_int_eq(out->of[0].hits, 1);
    ck_assert_str_eq(out->of[0].id, "2");
    ck_assert_str_eq(out->of[1].id, "3"); /* P14: found, not made again */
    host_end(out);
}
END_TEST

/* An article that may be there and cannot be read is not absent: only its own key fails. */
START_TEST(f12_an_odd_article_fails_its_own_look_up)
{
    static const char *const keys[] = {"10", "11", "12"};
    STEPS({"getProducts", "", "<productList><product><articleList><article><articleNumber>10"
           "</articleNumber><vatCode>x</vatCode></article><article><articleNumber>11"
           "</articleNumber></article></articleList></product></productList>"});
    struct koppel_results *out = find(&m, articles_find, "articleNumber", keys, 3);

    failed(out, 0, "article.unreadable");
    ck_assert_int_eq(out->of[1].hits, 1);
    ck_assert_int_eq(out->of[2].hits + out->of[2].err.kind, 0);
    host_end(out);
}
END_TEST

START_TEST(f12_an_odd_article_fails_its_own_stock)
{
    STEPS({"getProducts", "<m:text>AB<", "<productList><product><articleList><article>"
           "<pluNumber>AB</pluNumber><vatCode>x</vatCode></article><article><articleNumber>11"
           "</articleNumber><pluNumber>CD</pluNumber></article></articleList></product>"
           "</productList>"},
          {"saveStockCorrections", ">11<", "<result>SAVE-STOCK-CORRECTIONS-RESULT-OK</result>"});
    struct koppel_results *out =
        write_ok(&m, stock_write, KOPPEL_VERB_UPDATE,
                 "[{\"articleNumber\":\"AB\",\"levels\":[{\"amount\":\"1\"}]},"
                 "{\"articleNumber\":\"CD\",\"levels\":[{\"amount\":\"1\"}]}]", "x");

    failed(out, 0, "article.unreadable");
    ck_assert(out->of[1].done);
    host_end(out);
}
END_TEST

/* A packing slip whose order cannot be read, or another slip of it, parks alone. */
START_TEST(f12_an_odd_order_parks_its_packing_slips)
{
    STEPS({"getPackingSlips", "", "<packingSlipList>"
           "<packingSlip><packingSlipId>1</packingSlipId><orderId>a</orderId></packingSlip>"
           "<packingSlip><packingSlipId>2</packingSlipId><orderId>b</orderId></packingSlip>"
           "<packingSlip><packingSlipId>3</packingSlipId><orderId>c</orderId></packingSlip>"
           "</packingSlipList>"},
          {"getOrders", "", "<orderList>" ORDER("a", "x", "") ORDER("b", "1", "")
           ORDER("c", "2", "") "</orderList>"},
          {"getPackingSlipsByOrder", ">c<", "<packingSlipList/>"},
          {"getPackingSlipsByOrder", ">b<", "<packingSlipList><packingSlip><packingSlipId>9"
           "</packingSlipId><state/><totalInclAmount>-</totalInclAmount></packingSlip>"
           "</packingSlipList>"},
          {"getPackingSlipsByOrder", ">a<", "<packingSlipList/>"});
    struct koppel_batch batch = read_all(&m, packing_slips_read, NULL);

    batch_is(&batch, "{\"keys\":[\"3\"],\"unreadable\":[\"2\",\"1\"]}");
    unreadable_is(&batch, 0, "another packing slip", "");
    unreadable_is(&batch, 1, "its order cannot be read: order.syncMarker", "");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* ---- F17: day totals ---- */

#define DATE(name, day)                                                                            \
    "<" name "><day>" day "</day><mon>6</mon><year>2026</year></" name ">"
#define RECEIPT(id, entered, day, marker, more)                                                    \
    "<receipt><receiptId>" id "</receiptId><syncMarker>" marker "</syncMarker><receiptType>"       \
    "RECEIPT-TYPE-RECEIPT</receiptType>" DATE("entryTimestamp", entered)                           \
    DATE("financialDate", day) "<financialBranchNumber>1</financialBranchNumber>" more "</receipt>"
#define SOLD "<totalInclAmount>1210</totalInclAmount><paymentList/>"
#define CLOSED "<financialPeriodClosed>true</financialPeriodClosed>"
#define DAY(day) "<m:fromFinancialDate><m:day>" day "</m:day>"
#define REST {"getCashCountList", "", "<cashCountList/>"}

/* Moved from the 12th to the 13th after both were booked: both are told anew, the 12th with nothing
 * left, and as news. */
START_TEST(f17_a_receipt_that_moved_tells_both_days)
{
    STEPS({"getReceipts", "<m:syncMarker>6<", "<receiptList>" RECEIPT("a", "12", "13", "9", "")
           "</receiptList>"},
          {"getReceipts", "<m:syncMarker>10<", "<receiptList/>"},
          {"getFinancialJournal", DAY("12"), CLOSED},
          {"getReceipts", DAY("12"), "<receiptList/>"}, REST,
          {"getPaymentMethods", "", "<paymentMethodList/>"},
          {"getFinancialJournal", DAY("13"), CLOSED},
          {"getReceipts", DAY("13"), "<receiptList>" RECEIPT("a", "12", "13", "9", SOLD)
           "</receiptList>"},
          {"getReceipts", DAY("13"), "<receiptList/>"}, REST);
    struct koppel_batch first = read_all(&m, day_totals_read, "5|||0,1"), second;
    json_t *empty;

    ck_assert_str_eq(first.next, "9||2026-06-12,2026-06-12/1,2026-06-13|0,4,5");
    second = read_all(&m, day_totals_read, first.next);
    batch_is(&second, "{\"keys\":[\"1/2026-06-12\",\"1/2026-06-13\"]}");
    empty = json_array_get(second.records, 0);
    ck_assert_str_eq(call_text(empty, "totalInclAmount"), "0.00");
    ck_assert_str_eq(call_text(empty, "receipts"), "0");
    ck_assert_int_eq(second.last_version, 9);
    batch_free(&first);
    batch_free(&second);
    host_end(NULL);
}
END_TEST

/* One that says it was never changed was not moved: the night after the day it belongs to. */
START_TEST(f17_a_sale_after_midnight_moves_nothing)
{
    STEPS({"getReceipts", "", "<receiptList>" RECEIPT("a", "13", "12", "9",
           "<changeCounter>0</changeCounter>") "</receiptList>"});
    struct koppel_batch batch = read_all(&m, day_totals_read, NULL);

    ck_assert_str_eq(batch.next, "9||2026-06-12|0");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* F19 for days: a receipt that becomes visible behind the marker has its day read again; those that
 * were seen have not. */
START_TEST(f19_a_late_receipt_has_its_day_read_again)
{
    STEPS({"getReceipts", "<m:syncMarker>1<", "<receiptList>" RECEIPT("a", "11", "11", "8", "")
           RECEIPT("late", "12", "12", "9", "") RECEIPT("b", "13", "13", "10", "")
           "</receiptList>"},
          {"getFinancialJournal", DAY("12"),
           "<financialPeriodClosed>false</financialPeriodClosed>"},
          {"getReceipts", "<m:syncMarker>1<", "<receiptList>" RECEIPT("late", "12", "12", "9", "")
           "</receiptList>"},
          {"getFinancialJournal", DAY("12"),
           "<financialPeriodClosed>false</financialPeriodClosed>"});
    struct koppel_batch batch, again;

    host_state.overlap = 10;
    batch = read_all(&m, day_totals_read, "10|||0,2");
    ck_assert_str_eq(batch.next, "10||2026-06-12|0,1,2");
    ck_assert_int_eq(batch.more, 0);
    again = read_all(&m, day_totals_read, batch.next);
    ck_assert_str_eq(again.next, batch.next);
    batch_free(&batch);
    batch_free(&again);
    host_end(NULL);
}
END_TEST

/* A receipt that cannot be read, or does not say what was paid, makes its day unknown: that day and
 * branch parks, the next one goes on. */
START_TEST(f12_an_odd_receipt_parks_its_day)
{
    STEPS({"getReceipts", "<m:syncMarker>2<", "<receiptList/>"},
          {"getFinancialJournal", DAY("12"), CLOSED},
          {"getReceipts", DAY("12"), "<receiptList>" RECEIPT("a", "12", "12", "1", SOLD)
           RECEIPT("b", "12", "12", "2", "<totalInclAmount>1 210</totalInclAmount>")
           "</receiptList>"},
          {"getReceipts", "<m:syncMarker>3<", "<receiptList/>"}, REST,
          {"getPaymentMethods", "", "<paymentMethodList/>"},
          {"getFinancialJournal", DAY("13"), CLOSED},
          {"getReceipts", DAY("13"), "<receiptList>" RECEIPT("c", "13", "13", "1",
           "<totalInclAmount>1210</totalInclAmount><paymentList><payment><method>CASH</method>"
           "</payment></paymentList>") "</receiptList>"},
          {"getReceipts", "", "<receiptList/>"}, REST, {"getFinancialJournal", DAY("14"), CLOSED},
          {"getReceipts", DAY("14"), "<receiptList>" RECEIPT("d", "14", "14", "1", SOLD)
           "</receiptList>"}, {"getReceipts", "", "<receiptList/>"}, REST);
    struct koppel_batch batch =
        read_all(&m, day_totals_read, "1||2026-06-12,2026-06-13,2026-06-14|0");

    batch_is(&batch, "{\"keys\":[\"1/2026-06-14\"],"
                     "\"unreadable\":[\"1/2026-06-12\",\"1/2026-06-13\"]}");
    unreadable_is(&batch, 0, "receipt.totalInclAmount holds \"1 210\"", "<receiptId>b<");
    unreadable_is(&batch, 1, "receipt c: paymentList[0].amount is missing", "\"receiptId\":\"c\"");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

UNIT_MAIN("mplus_pages")
{
    tcase_add_test(t, f12_an_odd_order_parks_alone);
    tcase_add_test(t, f12_an_order_without_an_id_parks_alone);
    tcase_add_test(t, f12_an_odd_relation_parks_its_orders);
    tcase_add_test(t, f12_relations_articles_groups);
    tcase_add_test(t, f12_an_odd_article_fails_its_own_look_up);
    tcase_add_test(t, f12_an_odd_article_fails_its_own_stock);
    tcase_add_test(t, f12_an_odd_order_parks_its_packing_slips);
    tcase_add_test(t, f12_an_odd_receipt_parks_its_day);
    tcase_add_test(t, f7_a_level_that_is_not_told_is_unknown);
    tcase_add_loop_test(t, f7_stock_without_a_level_is_not_sent, 0, 5);
    tcase_add_loop_test(t, f7_a_list_that_is_not_there_is_no_empty_one, 0, 4);
    LOOP(f6_an_answer_without_its_result_confirms_nothing, no_answers);
    tcase_add_test(t, f19_markers_are_read_again_from_an_overlap);
    tcase_add_test(t, f19_an_overlap_as_large_as_a_page);
    tcase_add_test(t, f19_a_late_receipt_has_its_day_read_again);
    tcase_add_test(t, f10_fetches_orders_with_their_relation);
    tcase_add_test(t, f10_fetches_relations_and_articles);
    tcase_add_test(t, f10_what_may_be_there_is_not_gone);
    tcase_add_test(t, fetches_the_other_kinds);
    tcase_add_test(t, row27_lines_get_their_turnover_group);
    tcase_add_test(t, row16_a_number_that_is_no_plu_is_looked_for_as_number);
    tcase_add_test(t, f22_a_discontinued_article_leaves_its_plu_to_the_new_one);
    tcase_add_test(t, f17_a_receipt_that_moved_tells_both_days);
    tcase_add_test(t, f17_a_sale_after_midnight_moves_nothing);
}
