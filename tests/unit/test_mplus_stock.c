/* SPDX-License-Identifier: MIT
 * Stock to and from the MplusKASSA connector against a till that is a script: one call per branch,
 * the article that makes it fail parked alone, the rest sent again, and the way of old services. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/stock.h"
#include "plugins/mpluskassa/stock_read.h"

#define OK RESULT("SAVE-STOCK-CORRECTIONS-RESULT-OK") NUMBER("stockId", "900")
#define FAILED(code, article)                                                                      \
    RESULT("SAVE-STOCK-CORRECTIONS-RESULT-" code) NUMBER("failedArticleNumber", article)
#define CORRECTION(article, amount, places)                                                        \
    "<m:correction><m:articleNumber>" article "</m:articleNumber><m:amount>" amount                \
    "</m:amount><m:decimalPlaces>" places "</m:decimalPlaces></m:correction>"
#define LEVEL(article, amount)                                                                     \
    "{\"articleNumber\":\"" article "\",\"levels\":[{\"branchNumber\":\"1\",\"amount\":\"" amount  \
    "\"}]}"

static struct koppel_results *stock_ok(struct mplus *m, const char *records)
{
    return write_ok(m, stock_write, KOPPEL_VERB_CREATE, records, NULL);
}

START_TEST(one_call_takes_a_branch)
{
    STEPS({"saveStockCorrections",
           "<m:request><m:branchNumber>1</m:branchNumber><m:employeeNumber>999999"
           "</m:employeeNumber><m:reference>Koppel</m:reference><m:stockCorrectionList>"
           CORRECTION("14", "7", "0") CORRECTION("15", "-1250000", "6")
           CORRECTION("16", "1250", "3")
           "</m:stockCorrectionList><m:correctionType>CORRECTION-TYPE-COUNT</m:correctionType>"
           "<m:correctionMode>STOCK-CORRECTION-MODE-ABSOLUTE</m:correctionMode></m:request>", OK});
    struct koppel_results *out = stock_ok(
        &m, "[" LEVEL("14", "7") "," LEVEL("15", "-1.250000000") "," LEVEL("16", "1.250") "]");

    ck_assert(out->of[0].done && out->of[1].done && out->of[2].done);
    ck_assert_str_eq(out->of[0].id, "14");
    host_end(out);
}
END_TEST

START_TEST(the_failing_article_is_left_out)
{
    STEPS({"saveStockCorrections", CORRECTION("14", "1", "0") "|" CORRECTION("17", "4", "0"),
           FAILED("ARTICLE-NOT-FOUND", "15")},
          {"saveStockCorrections", CORRECTION("14", "1", "0") "|!>15<|" CORRECTION("16", "3", "0"),
           FAILED("NO-STOCK-ARTICLE", "17")},
          {"saveStockCorrections", "!>15<|!>17<", FAILED("DUPLICATE-ARTICLE", "14")},
          {"saveStockCorrections", "!>14<|!>15<|!>17<|" CORRECTION("16", "3", "0"), OK});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1") "," LEVEL("15", "2") ","
                                                  LEVEL("16", "3") "," LEVEL("17", "4") "]");

    failed(out, 0, "article.duplicate");
    failed(out, 1, "article.missing");
    ck_assert(out->of[2].done);
    failed(out, 3, "article.unmanaged");
    host_end(out);
}
END_TEST

START_TEST(a_failure_of_another_kind)
{
    STEPS({"saveStockCorrections", ">14<|>15<", FAILED("FAILED", "15")},
          {"saveStockCorrections", ">14<|!>15<", OK});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1") "," LEVEL("15", "2") "]");

    ck_assert(out->of[0].done);
    failed(out, 1, "");
    ck_assert_ptr_nonnull(strstr(out->of[1].err.text, "-FAILED"));
    host_end(out);
}
END_TEST

/* When every article fails in turn, it ends: the last call would hold nothing and is not made. */
START_TEST(all_articles_fail)
{
    STEPS({"saveStockCorrections", ">14<|>15<", FAILED("ARTICLE-NOT-FOUND", "14")},
          {"saveStockCorrections", "!>14<|>15<", FAILED("ARTICLE-NOT-FOUND", "15")});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1") "," LEVEL("15", "2") "]");

    failed(out, 0, "article.missing");
    failed(out, 1, "article.missing");
    host_end(out);
}
END_TEST

/* An article that was not sent cannot be at fault: no endless round. */
static const char *const hopeless[] = {
    FAILED("ARTICLE-NOT-FOUND", "99"),
    RESULT("SAVE-STOCK-CORRECTIONS-RESULT-ARTICLE-NOT-FOUND"),
    RESULT("SAVE-STOCK-CORRECTIONS-RESULT-FAILED"),
};

START_TEST(a_failure_without_an_article)
{
    struct step steps[] = {{"saveStockCorrections", ">14<", hopeless[_i]}};
    struct koppel_error err;
    struct mplus m;

    host_begin(&m, steps, 1);
    err = write_bad(&m, stock_write, KOPPEL_VERB_CREATE, "[" LEVEL("14", "1") "]", NULL);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
}
END_TEST

#define TWO "[{\"articleNumber\":14,\"levels\":[{\"branchNumber\":1,\"amount\":5},"                \
            "{\"branchNumber\":\"2\",\"amount\":\"6\"}]}," LEVEL("15", "7") "]"

START_TEST(done_when_all_branches_are)
{
    STEPS({"saveStockCorrections",
           "<m:branchNumber>1<|" CORRECTION("14", "5", "0") CORRECTION("15", "7", "0"), OK},
          {"saveStockCorrections", "<m:branchNumber>2<|" CORRECTION("14", "6", "0") "|!>15<", OK});
    struct koppel_results *out = stock_ok(&m, TWO);

    ck_assert(out->of[0].done && out->of[1].done);
    host_end(out);
}
END_TEST

START_TEST(a_branch_that_fails_keeps_what_was_done)
{
    STEPS({"saveStockCorrections", "<m:branchNumber>1<", OK},
          {"saveStockCorrections", "<m:branchNumber>2<", "lost"});
    struct koppel_results *out = host_results();
    struct koppel_error err;

    ck_assert_int_eq(write_all(&m, stock_write, KOPPEL_VERB_UPDATE, TWO, "14", out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_UNSURE);
    ck_assert(!out->of[0].done);
    ck_assert_int_eq(out->of[0].err.kind, KOPPEL_E_UNSURE); /* one of its branches has it already */
    ck_assert(out->of[1].done);
    host_end(out);
}
END_TEST

START_TEST(a_branch_that_is_not_there)
{
    STEPS({"saveStockCorrections", "<m:branchNumber>9<",
           RESULT("SAVE-STOCK-CORRECTIONS-RESULT-BRANCH-NOT-FOUND")});
    struct koppel_error err = write_bad(
        &m, stock_write, KOPPEL_VERB_CREATE,
        "[{\"articleNumber\":\"14\",\"levels\":[{\"branchNumber\":\"9\",\"amount\":\"1\"}]}]",
        NULL);

    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "no branch 9"));
}
END_TEST

START_TEST(no_corrections_is_success)
{
    STEPS({"saveStockCorrections", ">14<",
           RESULT("SAVE-STOCK-CORRECTIONS-RESULT-NO-CORRECTIONS")});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1") "]");

    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

/* The branch of the setting where a record names none. */
START_TEST(the_home_branch)
{
    STEPS({"saveStockCorrections", "<m:branchNumber>3<|" CORRECTION("14", "5", "0"), OK});
    struct koppel_results *out;

    host_state.stock_branch = "3";
    out = stock_ok(&m, "[{\"articleNumber\":\"14\",\"levels\":[{\"amount\":\"5\"}]}]");
    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

START_TEST(an_old_service)
{
    STEPS({"saveStockCorrections", ">14<",
           "fault:Client:Method 'saveStockCorrections' not implemented"},
          {"setStock",
           "<m:request><m:branchNumber>1</m:branchNumber><m:articleNumber>14</m:articleNumber>"
           "<m:amount>125</m:amount><m:decimalPlaces>2</m:decimalPlaces><m:employeeNumber>999999"
           "</m:employeeNumber><m:reference>Koppel</m:reference></m:request>",
           RESULT("SET-STOCK-RESULT-OK") NUMBER("stockId", "5")},
          {"setStock", ">15<", RESULT("SET-STOCK-RESULT-ARTICLE-NOT-FOUND")},
          {"setStock", ">16<", RESULT("SET-STOCK-RESULT-NO-STOCK-ARTICLE")},
          {"setStock", ">17<", RESULT("SET-STOCK-RESULT-OK") NUMBER("stockId", "6")});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1.25") "," LEVEL("15", "2") ","
                                                  LEVEL("16", "3") "," LEVEL("17", "4") "]");

    ck_assert(out->of[0].done && out->of[3].done);
    failed(out, 1, "article.missing");
    failed(out, 2, "article.unmanaged");
    host_end(out);
}
END_TEST

START_TEST(a_login_that_fails_is_no_old_service)
{
    STEPS({"saveStockCorrections", ">14<", "fault:Client.Authentication:no such ident"});
    struct koppel_error err = write_bad(&m, stock_write, KOPPEL_VERB_CREATE,
                                        "[" LEVEL("14", "1") "]", NULL);

    ck_assert_int_eq(err.kind, KOPPEL_E_AUTH);
}
END_TEST

#define ARTICLE(number, stock)                                                                     \
    "<product><productNumber>7" number "</productNumber><articleList><article><articleNumber>"     \
    number "</articleNumber><stockArticle>" stock "</stockArticle></article></articleList>"        \
    "<groupNumbers>3</groupNumbers></product>"

START_TEST(articles_that_are_not_managed)
{
    STEPS({"getProducts",
           "<m:articleNumbers>14</m:articleNumbers><m:articleNumbers>15</m:articleNumbers>"
           "<m:articleNumbers>16</m:articleNumbers>|!>18<",
           "<productList>" ARTICLE("14", "true") ARTICLE("15", "false") ARTICLE("17", "true")
           "</productList>"},
          {"updateProduct",
           "<m:productNumber>714</m:productNumber><m:articleList><m:article><m:articleNumber>14"
           "</m:articleNumber><m:stockArticle>false</m:stockArticle></m:article></m:articleList>"
           "<m:groupNumbers>3</m:groupNumbers>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") "<errorMessage/>"},
          {"saveStockCorrections", CORRECTION("18", "1", "0") "|!>14<", OK});
    struct koppel_results *out = stock_ok(
        &m, "[{\"articleNumber\":\"14\",\"managed\":false,\"levels\":[{\"amount\":\"5\"}]},"
            "{\"articleNumber\":\"15\",\"managed\":\"false\"},"
            "{\"articleNumber\":\"16\",\"managed\":false}," LEVEL("18", "1") "]");

    ck_assert(out->of[0].done && out->of[1].done && out->of[3].done);
    ck_assert(json_is_true(json_object_get(out->of[1].record, "unchanged")));
    failed(out, 2, "article.missing");
    host_end(out);
}
END_TEST

START_TEST(an_article_that_cannot_be_unmanaged_fails_alone)
{
    STEPS({"getProducts", "", "<productList>" ARTICLE("14", "true") "</productList>"},
          {"updateProduct", ">14<", RESULT("UPDATE-PRODUCT-RESULT-NOT-ALLOWED")
                                    "<errorMessage>no right</errorMessage>"},
          {"saveStockCorrections", ">15<", OK});
    struct koppel_results *out = stock_ok(
        &m, "[{\"articleNumber\":\"14\",\"managed\":false}," LEVEL("15", "1") "]");

    ck_assert_int_eq(out->of[0].err.kind, KOPPEL_E_REJECTED);
    ck_assert_ptr_nonnull(strstr(out->of[0].err.text, "no right"));
    ck_assert(out->of[1].done);
    host_end(out);
}
END_TEST

#define PLU(number, plu)                                                                           \
    "<product><articleList><article><articleNumber>" number "</articleNumber><pluNumber>" plu      \
    "</pluNumber></article></articleList></product>"

/* What is no article number is a PLU; so is every number where the record says so. */
START_TEST(articles_by_plu)
{
    STEPS({"getProducts",
           "<m:text>AB-12</m:text>|<m:text>0012</m:text>|<m:text>5001</m:text>|<m:text>no</m:text>"
           "|<m:text>two</m:text>|!<m:text>99</m:text>",
           "<productList>" PLU("14", "AB-12") PLU("15", "0012") PLU("16", "5001") PLU("20", "NO")
           PLU("21", "two") PLU("22", "two") "</productList>"},
          {"saveStockCorrections",
           CORRECTION("14", "1", "0") CORRECTION("15", "2", "0") CORRECTION("16", "3", "0")
           CORRECTION("99", "4", "0"), OK});
    struct koppel_results *out = stock_ok(
        &m, "[" LEVEL("AB-12", "1") "," LEVEL("0012", "2") ","
            "{\"articleNumber\":\"5001\",\"pluNumber\":\"5001\",\"levels\":[{\"amount\":\"3\"}]},"
            LEVEL("99", "4") "," LEVEL("no", "5") "," LEVEL("two", "6") ",{}]");

    ck_assert_str_eq(out->of[0].id, "14");
    ck_assert(out->of[1].done && out->of[2].done && out->of[3].done);
    failed(out, 4, "article.missing");
    failed(out, 5, "article.ambiguous");
    failed(out, 6, "article.number");
    host_end(out);
}
END_TEST

static const struct {
    const char *records, *reason;
    int first, second; /* which items are done */
} odd[] = {
    {"[" LEVEL("14", "0.1234567") "," LEVEL("15", "1") "]", "article.amount", 0, 1},
    {"[" LEVEL("14", "1,5") "," LEVEL("15", "1") "]", "article.amount", 0, 1},
    {"[" LEVEL("14", "99999999999999999999") "," LEVEL("15", "1") "]", "article.amount", 0, 1},
    {"[{\"articleNumber\":\"14\",\"levels\":[{}]}," LEVEL("15", "1") "]", "article.amount", 0, 1},
    {"[{\"articleNumber\":\"14\",\"levels\":[{\"branchNumber\":\"x\",\"amount\":\"1\"}]},"
     LEVEL("15", "1") "]", "branch.number", 0, 1},
    {"[{\"articleNumber\":\"14\",\"levels\":[{\"amount\":\"1\"},{\"amount\":\"2\"}]},"
     LEVEL("15", "1") "]", "branch.duplicate", 0, 1},
    {"[{\"articleNumber\":\"0\",\"levels\":[]}," LEVEL("15", "1") "]", "article.missing", 0, 1},
};

START_TEST(odd_records_fail_alone)
{
    struct step steps[] = {{"saveStockCorrections", CORRECTION("15", "1", "0") "|!>14<", OK},
                           {"saveStockCorrections", CORRECTION("15", "1", "0") "|!>14<", OK}};
    bool by_plu = strcmp(odd[_i].reason, "article.missing") == 0;
    struct koppel_results *out;
    struct mplus m;

    if (by_plu)
        steps[0] = (struct step){"getProducts", "<m:text>0</m:text>", "<productList/>"};
    host_begin(&m, steps, by_plu ? 2 : 1);
    out = stock_ok(&m, odd[_i].records);
    failed(out, 0, odd[_i].reason);
    ck_assert(out->of[1].done);
    host_end(out);
}
END_TEST

START_TEST(two_records_of_one_article)
{
    STEPS({"getProducts", "<m:text>AB</m:text>", "<productList>" PLU("14", "AB") "</productList>"},
          {"saveStockCorrections", CORRECTION("15", "1", "0") "|!>14<", OK});
    struct koppel_results *out = stock_ok(&m, "[" LEVEL("14", "1") "," LEVEL("AB", "2") ","
                                                  LEVEL("15", "1") "]");

    failed(out, 0, "article.duplicate");
    failed(out, 1, "article.duplicate");
    ck_assert_ptr_nonnull(strstr(out->of[0].err.text, "job-0 and job-1"));
    ck_assert(out->of[2].done);
    host_end(out);
}
END_TEST

START_TEST(nothing_to_send)
{
    struct koppel_results *out;
    struct mplus m;

    host_begin(&m, NULL, 0);
    out = stock_ok(&m, "[{\"articleNumber\":\"14\",\"levels\":[]}]");
    ck_assert(json_is_true(json_object_get(out->of[0].record, "unchanged")));
    host_end(out);
}
END_TEST

static int sprintf_known(char *at, const char *text)
{
    return snprintf(at, 32, "%s", text);
}

static int sprintf_article(char *at, int number)
{
    return sprintf(
        at,
        "<product><productNumber>%d</productNumber><articleList><article><articleNumber>%d"
        "</articleNumber><stockArticle>true</stockArticle></article></articleList></product>",
        number, number);
}

/* A full batch with every fifth article missing: after two refusals the rest is looked up, so that
 * the next call goes through; none is lost. */
START_TEST(a_full_batch)
{
    enum { COUNT = 200 };
    char known[2][COUNT * 160], records[COUNT * 100], *at = records;
    struct koppel_results *out;
    struct mplus m;
    int i, half;

    for (half = 0; half < 2; half++) {
        at = known[half];
        at += sprintf_known(at, "<productList>");
        for (i = half * COUNT / 2; i < (half + 1) * COUNT / 2 + 2 && i < COUNT; i++) {
            if (i % 5 != 0)
                at += sprintf_article(at, 1000 + i);
        }
        sprintf_known(at, "</productList>");
    }
    struct step steps[] = {
        {"saveStockCorrections", ">1001<|>1199<", FAILED("ARTICLE-NOT-FOUND", "1000")},
        {"saveStockCorrections", ">1001<|>1199<", FAILED("ARTICLE-NOT-FOUND", "1005")},
        {"getProducts", ">1001<|!>1199<", known[0]},
        {"getProducts", "!>1001<|>1199<", known[1]},
        {"saveStockCorrections", ">1001<|>1199<|!>1000<|!>1010<|!>1195<", OK}};
    at = records;
    for (i = 0; i < COUNT; i++)
        at += snprintf(at, 100, "%c" LEVEL("%d", "%d"), i ? ',' : '[', 1000 + i, i);
    snprintf(at, 2, "]");
    host_begin(&m, steps, 5);
    out = stock_ok(&m, records);
    for (i = 0; i < COUNT; i++)
        ck_assert(out->of[i].done == (i % 5 != 0));
    host_end(out);
}
END_TEST

/* ---- read ---- */

#define STOCK(branch, article, id, available, reserved)                                            \
    "<articleStocks><branchNumber>" branch "</branchNumber><articleNumber>" article                \
    "</articleNumber><stockId>" id "</stockId><amountFree>" available "</amountFree>"              \
    "<amountReserved>" reserved "</amountReserved><amountIncoming>2500</amountIncoming>"           \
    "<decimalPlacesIncoming>3</decimalPlacesIncoming><isDayStockArticle>false</isDayStockArticle>" \
    "</articleStocks>"

static const char *level_text(const struct koppel_batch *batch, size_t record, size_t level,
                              const char *name)
{
    json_t *levels = json_object_get(json_array_get(batch->records, record), "levels");

    return json_string_value(json_object_get(json_array_get(levels, level), name));
}

START_TEST(the_first_reading_is_whole)
{
    STEPS({"getBranches", "",
           "<branches><branch><branchNumber>1</branchNumber></branch><branch>"
           "<branchNumber>2</branchNumber></branch></branches>"},
          {"getStock",
           "<m:request><m:branchNumber>1</m:branchNumber><m:articleNumbers></m:articleNumbers>"
           "<m:branchNumbers><m:branchNumber>1</m:branchNumber><m:branchNumber>2</m:branchNumber>"
           "</m:branchNumbers></m:request>",
           STOCK("1", "14", "30", "7", "3") STOCK("2", "14", "10", "1", "0")
           STOCK("1", "15", "20", "5", "0")});
    struct koppel_batch batch = read_all(&m, stock_read, NULL);

    ck_assert_uint_eq(json_array_size(batch.records), 2);
    ck_assert_str_eq(json_string_value(json_array_get(batch.keys, 0)), "15"); /* changed first */
    ck_assert_str_eq(level_text(&batch, 1, 0, "amountFree"), "7");
    ck_assert_str_eq(level_text(&batch, 1, 0, "amount"), "10");
    ck_assert_str_eq(level_text(&batch, 1, 0, "amountIncoming"), "2.500");
    ck_assert_str_eq(level_text(&batch, 1, 1, "branchNumber"), "2");
    ck_assert_str_eq(batch.next, "30");
    ck_assert_int_eq(batch.more, 0);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

START_TEST(a_change_brings_all_branches)
{
    STEPS({"getStock", "<m:articleNumbers></m:articleNumbers><m:stockId>31</m:stockId>",
           STOCK("2", "14", "40", "9", "0")},
          {"getStock",
           "<m:articleNumbers><m:articleNumbers>14</m:articleNumbers></m:articleNumbers>|!stockId",
           STOCK("1", "14", "30", "7", "3") STOCK("2", "14", "41", "8", "0")});
    struct koppel_batch batch;

    m.branches = json_pack("[s,s]", "1", "2");
    batch = read_all(&m, stock_read, "30");
    ck_assert_uint_eq(json_array_size(batch.records), 1);
    ck_assert_str_eq(level_text(&batch, 0, 0, "branchNumber"), "1");
    ck_assert_str_eq(level_text(&batch, 0, 1, "amount"), "8");
    ck_assert_int_eq(batch.last_version, 41);
    ck_assert_str_eq(batch.next, "40"); /* what changed meanwhile comes again */
    batch_free(&batch);
    json_decref(m.branches);
    host_end(NULL);
}
END_TEST

START_TEST(no_change_keeps_the_cursor)
{
    STEPS({"getStock", "<m:branchNumber>2</m:branchNumber>|!branchNumbers", ""});
    struct koppel_batch batch;

    m.branches = json_pack("[s]", "2");
    batch = read_all(&m, stock_read, "30");
    ck_assert_str_eq(batch.next, "30");
    ck_assert_int_eq(batch.more, 0);
    batch_free(&batch);
    json_decref(m.branches);
    host_end(NULL);
}
END_TEST

UNIT_MAIN("mplus stock")
{
    tcase_add_test(t, one_call_takes_a_branch);
    tcase_add_test(t, the_failing_article_is_left_out);
    tcase_add_test(t, a_failure_of_another_kind);
    tcase_add_test(t, all_articles_fail);
    LOOP(a_failure_without_an_article, hopeless);
    tcase_add_test(t, done_when_all_branches_are);
    tcase_add_test(t, a_branch_that_fails_keeps_what_was_done);
    tcase_add_test(t, a_branch_that_is_not_there);
    tcase_add_test(t, no_corrections_is_success);
    tcase_add_test(t, the_home_branch);
    tcase_add_test(t, an_old_service);
    tcase_add_test(t, a_login_that_fails_is_no_old_service);
    tcase_add_test(t, articles_that_are_not_managed);
    tcase_add_test(t, an_article_that_cannot_be_unmanaged_fails_alone);
    tcase_add_test(t, articles_by_plu);
    LOOP(odd_records_fail_alone, odd);
    tcase_add_test(t, two_records_of_one_article);
    tcase_add_test(t, nothing_to_send);
    tcase_add_test(t, a_full_batch);
    tcase_add_test(t, the_first_reading_is_whole);
    tcase_add_test(t, a_change_brings_all_branches);
    tcase_add_test(t, no_change_keeps_the_cursor);
}
