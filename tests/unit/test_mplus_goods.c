/* SPDX-License-Identifier: MIT
 * Articles and products of the MplusKASSA connector against a till that is a script: what it asks
 * for, what it sends, what it leaves out, and what it makes of every answer. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/articles.h"
#include "plugins/mpluskassa/articles_write.h"
#include "plugins/mpluskassa/goods.h"
#include "plugins/mpluskassa/groups.h"
#include "plugins/mpluskassa/products.h"
#include "plugins/mpluskassa/stock.h"

/* ---- articles: find ---- */

#define TIE "<article><articleNumber>14</articleNumber><pluNumber>AB-12</pluNumber></article>"
#define TIED "<article><articleNumber>140</articleNumber><pluNumber>AB-123</pluNumber></article>"

START_TEST(article_by_plu_is_compared_exactly)
{
    static const char *const keys[] = {"AB-12", "ab-12", ""};
    STEPS({"getProducts",
           "<m:pluNumbers><m:text><m:text>AB-12</m:text></m:text><m:text><m:text>ab-12</m:text>"
           "</m:text></m:pluNumbers>|!onlyActive",
           "<productList><product><productNumber>7</productNumber><articleList>" TIE TIED
           "</articleList><groupNumbers>3</groupNumbers></product></productList>"});
    struct koppel_results *out = find(&m, articles_find, "pluNumber", keys, 3);

    ck_assert_int_eq(out->of[0].hits, 1);
    ck_assert_str_eq(out->of[0].id, "14");
    answer_is(out, 0, "productNumber", "7");
    ck_assert_int_eq(out->of[1].hits, 0);
    ck_assert_int_eq(out->of[2].hits, 0);
    host_end(out);
}
END_TEST

START_TEST(article_by_number_asks_for_whole_numbers_only)
{
    static const char *const none[] = {"AB-12", "0012", "-1", "", "0", "99999999999999999999"};
    struct mplus m;

    host_begin(&m, NULL, 0); /* no call at all */
    host_end(find(&m, articles_find, "articleNumber", none, 6));
}
END_TEST

/* ---- articles: create ---- */

START_TEST(article_alone_makes_its_product)
{
    STEPS({"createProduct",
           "<m:product><m:description>Mug</m:description><m:articleList><m:article>"
           "<m:articleNumber>14</m:articleNumber>|<m:priceIncl>1251</m:priceIncl>|"
           "</m:articleList><m:groupNumbers>3</m:groupNumbers></m:product>|!productNumber",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "70")
           NUMBER("articleNumbers", "14") "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, articles_write, KOPPEL_VERB_CREATE,
        "[{\"articleNumber\":\"14\",\"description\":\"Mug\",\"priceIncl\":\"12.505\","
        "\"active\":\"true\",\"groupNumbers\":[\"3\"]}]", NULL);

    ck_assert_str_eq(out->of[0].id, "14");
    answer_is(out, 0, "articleNumber", "14");
    answer_is(out, 0, "productNumber", "70");
    host_end(out);
}
END_TEST

START_TEST(article_without_number_gets_one)
{
    STEPS({"createProduct", "<m:pluNumber>AB-12</m:pluNumber>|!articleNumber",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "70")
           NUMBER("articleNumbers", "5001") "<errorMessage/>"});
    struct koppel_results *out = write_ok(&m, articles_write, KOPPEL_VERB_CREATE,
                                          "[{\"pluNumber\":\"AB-12\"}]", NULL);

    ck_assert_str_eq(out->of[0].id, "5001");
    answer_is(out, 0, "articleNumber", "5001");
    host_end(out);
}
END_TEST

/* The message cannot say "leave the groups alone", so it names those that are there. */
START_TEST(article_joins_its_product)
{
    STEPS({"getProducts", "<m:productNumbers>70</m:productNumbers>",
           "<productList><product><productNumber>70</productNumber><groupNumbers>3</groupNumbers>"
           "</product></productList>"},
          {"updateProduct",
           "<m:productNumber>70</m:productNumber><m:articleList><m:article>"
           "<m:colour>red</m:colour>|<m:groupNumbers>3</m:groupNumbers>"
           "<m:groupNumbers>4</m:groupNumbers></m:product>|!<m:description>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") NUMBER("existingArticleNumbers", "14")
           NUMBER("newArticleNumbers", "15") "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, articles_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"colour\":\"red\",\"groupNumbers\":[\"4\",3]}]", NULL);

    ck_assert_str_eq(out->of[0].id, "15");
    answer_is(out, 0, "productNumber", "70");
    host_end(out);
}
END_TEST

/* The first variant makes the product, under the number of its group and with its name. */
START_TEST(article_makes_its_group)
{
    STEPS({"getProducts", "<m:productNumbers>70</m:productNumbers>", "<productList/>"},
          {"createProduct",
           "<m:product><m:productNumber>70</m:productNumber><m:description>Tee</m:description>"
           "<m:articleList><m:article><m:description>Tee red</m:description>"
           "<m:colour>red</m:colour>|<m:groupNumbers>4</m:groupNumbers>|!productDescription",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "70")
           NUMBER("articleNumbers", "15") "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, articles_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"productDescription\":\"Tee\",\"colour\":\"red\","
        "\"description\":\"Tee red\",\"groupNumbers\":[\"4\"]}]", NULL);

    ck_assert_str_eq(out->of[0].id, "15");
    answer_is(out, 0, "productNumber", "70");
    host_end(out);
}
END_TEST

/* Two variants at the same time: the second finds the number taken, and joins. */
START_TEST(article_meets_its_group)
{
    STEPS({"getProducts", "productNumbers", "<productList/>"},
          {"createProduct", "<m:description>Tee</m:description>",
           RESULT("CREATE-PRODUCT-RESULT-FAILED-PRODUCT-NUMBER-ALREADY-TAKEN") "<errorMessage/>"},
          {"getProducts", "productNumbers",
           "<productList><product><productNumber>70</productNumber></product></productList>"},
          {"updateProduct", "<m:colour>red</m:colour>|!description|!groupNumbers",
           RESULT("UPDATE-PRODUCT-RESULT-OK") NUMBER("newArticleNumbers", "16")
           "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, articles_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"productDescription\":\"Tee\",\"colour\":\"red\"}]", NULL);

    ck_assert_str_eq(out->of[0].id, "16");
    host_end(out);
}
END_TEST

/* A group whose number is none has one made of it, always the same. */
START_TEST(article_of_a_named_group)
{
    static const char *const keys[] = {"T-100", "T-101"};
    STEPS({"getProducts", "<m:productNumbers>5761963717980489</m:productNumbers>",
           "<productList/>"},
          {"createProduct", "<m:productNumber>5761963717980489</m:productNumber>",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "5761963717980489")
           NUMBER("articleNumbers", "15") "<errorMessage/>"},
          {"getProducts", "<m:productNumbers>5761963717980489</m:productNumbers>",
           "<productList><product><productNumber>5761963717980489</productNumber></product>"
           "</productList>"});
    struct koppel_results *out = write_ok(&m, articles_write, KOPPEL_VERB_CREATE,
                                          "[{\"productNumber\":\"T-100\",\"size\":\"M\"}]", NULL);

    json_decref(out->of[0].record);
    free(out);
    out = find(&m, products_find, "productNumber", keys, 2);
    ck_assert_str_eq(out->of[0].id, "5761963717980489");
    ck_assert_int_eq(out->of[1].hits, 0);
    host_end(out);
}
END_TEST

START_TEST(article_number_is_taken)
{
    STEPS({"createProduct", "articleNumber",
           RESULT("CREATE-PRODUCT-RESULT-FAILED-ARTICLE-NUMBER-ALREADY-TAKEN")
           "<productNumber>0</productNumber><errorMessage>taken</errorMessage>"});
    struct koppel_error err = write_bad(&m, articles_write, KOPPEL_VERB_CREATE,
                                        "[{\"articleNumber\":\"14\"}]", NULL);

    ck_assert_int_eq(err.kind, KOPPEL_E_EXISTS);
}
END_TEST

START_TEST(article_number_is_none)
{
    static const char *const records[] = {"[{\"articleNumber\":\"AB-12\"}]",
                                          "[{\"articleNumber\":\"0012\"}]",
                                          "[{\"articleNumber\":\"0.2\"}]",
                                          "[{\"articleNumber\":\"\"}]",
                                          "[{\"articleNumber\":\"99999999999999999999\"}]"};
    struct koppel_results *out;
    struct mplus m;

    host_begin(&m, NULL, 0);
    out = write_ok(&m, articles_write, KOPPEL_VERB_CREATE, records[_i], NULL);
    failed(out, 0, "article.number");
    host_end(out);
}
END_TEST

/* ---- articles: update ---- */

#define PRESENT                                                                                    \
    "<productList><product><productNumber>70</productNumber><description>Mug</description>"       \
    "<articleList><article><articleNumber>14</articleNumber><pluNumber>P</pluNumber>"              \
    "<active>true</active><description>Mug</description><barcode>871</barcode>"                    \
    "<vatCode>1</vatCode><purchasePrice>410</purchasePrice><priceIncl>1250</priceIncl>"            \
    "<categoryIds><category>1</category><category>2</category></categoryIds>"                      \
    "<customFieldList><customField><fieldName>origin</fieldName><strValue>NL</strValue>"           \
    "</customField><customField><fieldName>other</fieldName></customField></customFieldList>"      \
    "</article></articleList><groupNumbers>3</groupNumbers></product></productList>"

static const char *const same[] = {
    "[{\"description\":\"Mug\",\"priceIncl\":\"12.5\",\"active\":true,\"vatCode\":1}]",
    "[{\"priceIncl\":\"12.4951\",\"active\":\"true\",\"extraText\":\"\"}]",
    "[{\"categoryIds\":[\"2\",\"1\"],\"groupNumbers\":[3],\"articleNumber\":\"14\"}]",
    "[{\"customFieldList\":[{\"fieldName\":\"origin\",\"strValue\":\"NL\"}]}]",
    "[{\"productNumber\":\"70\",\"purchasePrice\":\"4.10\"}]",
};

START_TEST(article_that_is_equal_is_not_sent)
{
    STEPS({"getProducts",
           "<m:articleNumbers>14</m:articleNumbers>|"
           "<m:includeAllArticlesOfSelectedProducts>true</m:includeAllArticlesOfSelectedProducts>",
           PRESENT});
    struct koppel_results *out = write_ok(&m, articles_write, KOPPEL_VERB_UPDATE, same[_i], "14");

    ck_assert(json_is_true(json_object_get(out->of[0].record, "unchanged")));
    answer_is(out, 0, "articleNumber", "14");
    host_end(out);
}
END_TEST

static const struct {
    const char *record, *article; /* what the article holds besides its number */
} differing[] = {
    {"{\"description\":\"Mug\",\"priceIncl\":\"13.00\"}", "<m:priceIncl>1300</m:priceIncl>"},
    {"{\"priceIncl\":\"12.50\",\"active\":false}", "<m:active>false</m:active>"},
    {"{\"barcode\":\"\",\"description\":\"Mug\"}", "<m:barcode></m:barcode>"},
    {"{\"categoryIds\":[\"1\"]}",
     "<m:categoryIds><m:category>1</m:category></m:categoryIds>"},
    {"{\"customFieldList\":[{\"fieldName\":\"origin\",\"strValue\":\"BE\"}],\"vatCode\":\"1\"}",
     "<m:customFieldList><m:customField><m:fieldName>origin</m:fieldName>"
     "<m:strValue>BE</m:strValue></m:customField></m:customFieldList>"},
};

START_TEST(article_update_sends_only_what_differs)
{
    struct step steps[] = {{"getProducts", "articleNumbers", PRESENT},
                           {"updateProduct", "", RESULT("UPDATE-PRODUCT-RESULT-OK")
                                                 "<errorMessage/>"}};
    char records[512], want[512];
    struct koppel_results *out;
    struct mplus m;

    snprintf(records, sizeof records, "[%s]", differing[_i].record);
    snprintf(want, sizeof want,
             "<m:product><m:productNumber>70</m:productNumber><m:articleList><m:article>"
             "<m:articleNumber>14</m:articleNumber>%s</m:article></m:articleList>"
             "<m:groupNumbers>3</m:groupNumbers></m:product>", differing[_i].article);
    steps[1].contains = want;
    host_begin(&m, steps, 2);
    out = write_ok(&m, articles_write, KOPPEL_VERB_UPDATE, records, "14");
    ck_assert_str_eq(out->of[0].id, "14");
    ck_assert_ptr_null(json_object_get(out->of[0].record, "unchanged"));
    host_end(out);
}
END_TEST

/* Of one article: exactly the groups of the record. Shared with another: those in addition. */
START_TEST(article_groups_of_its_product)
{
    STEPS({"getProducts", "", PRESENT},
          {"updateProduct",
           "<m:article><m:articleNumber>14</m:articleNumber></m:article></m:articleList>"
           "<m:groupNumbers>9</m:groupNumbers></m:product>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") "<errorMessage/>"},
          {"getProducts", "",
           "<productList><product><productNumber>70</productNumber><articleList>" TIE TIED
           "</articleList><groupNumbers>3</groupNumbers></product></productList>"},
          {"updateProduct",
           "<m:groupNumbers>3</m:groupNumbers><m:groupNumbers>9</m:groupNumbers></m:product>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") "<errorMessage/>"});
    struct koppel_results *one = write_ok(&m, articles_write, KOPPEL_VERB_UPDATE,
                                          "[{\"groupNumbers\":[\"9\"]}]", "14");
    struct koppel_results *shared = write_ok(&m, articles_write, KOPPEL_VERB_UPDATE,
                                             "[{\"groupNumbers\":[\"9\"]}]", "14");

    ck_assert(one->of[0].done && shared->of[0].done);
    json_decref(one->of[0].record);
    free(one);
    host_end(shared);
}
END_TEST

/* A product that is called as its only article goes on being so. */
START_TEST(article_renames_its_product)
{
    STEPS({"getProducts", "", PRESENT},
          {"updateProduct",
           "<m:productNumber>70</m:productNumber><m:description>Cup</m:description>"
           "<m:articleList><m:article><m:articleNumber>14</m:articleNumber>"
           "<m:description>Cup</m:description></m:article>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") "<errorMessage/>"});
    struct koppel_results *out = write_ok(&m, articles_write, KOPPEL_VERB_UPDATE,
                                          "[{\"description\":\"Cup\"}]", "14");

    ck_assert(out->of[0].done);
    host_end(out);
}
END_TEST

START_TEST(article_cannot_move)
{
    STEPS({"getProducts", "", PRESENT});
    struct koppel_error err = write_bad(&m, articles_write, KOPPEL_VERB_UPDATE,
                                        "[{\"productNumber\":\"71\"}]", "14");

    ck_assert_str_eq(err.reason, "article.product");
}
END_TEST

START_TEST(article_update_of_a_missing_one)
{
    STEPS({"getProducts", "", "<productList/>"});
    struct koppel_error err = write_bad(&m, articles_write, KOPPEL_VERB_UPDATE,
                                        "[{\"description\":\"x\"}]", "14");

    ck_assert_str_eq(err.reason, "article.missing");
}
END_TEST

START_TEST(article_that_no_message_can_hold)
{
    struct mplus m;
    struct koppel_error err;

    host_begin(&m, NULL, 0);
    err = write_bad(&m, articles_write, KOPPEL_VERB_CREATE, "[{\"priceIncl\":\"12,50\"}]", NULL);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_ptr_nonnull(strstr(err.text, "Article.priceIncl cannot hold \"12,50\""));
}
END_TEST

START_TEST(nothing_is_ever_removed)
{
    static write_fn *const writes[] = {articles_write, products_write, groups_write, stock_write};
    struct mplus m;

    host_begin(&m, NULL, 0);
    ck_assert_int_eq(write_bad(&m, writes[_i], KOPPEL_VERB_REMOVE, "[{}]", "14").kind,
                     KOPPEL_E_REJECTED);
}
END_TEST

/* ---- products ---- */

/* The till has no products without articles: until its first one comes, nothing is sent. */
START_TEST(product_waits_for_its_first_article)
{
    STEPS({"getProducts", "<m:productNumbers>70</m:productNumbers>", "<productList/>"},
          {"getProducts", "<m:productNumbers>70</m:productNumbers>", "<productList/>"});
    struct koppel_results *made = write_ok(
        &m, products_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"description\":\"Tee\"}]", NULL);
    struct koppel_results *changed = write_ok(&m, products_write, KOPPEL_VERB_UPDATE,
                                              "[{\"description\":\"Shirt\"}]", "70");

    ck_assert_str_eq(made->of[0].id, "70");
    answer_is(made, 0, "productNumber", "70");
    ck_assert(json_is_true(json_object_get(made->of[0].record, "reserved")));
    ck_assert(json_is_true(json_object_get(changed->of[0].record, "reserved")));
    json_decref(made->of[0].record);
    free(made);
    host_end(changed);
}
END_TEST

START_TEST(product_with_articles)
{
    STEPS({"createProduct",
           "<m:product><m:productNumber>70</m:productNumber><m:articleList><m:article>"
           "<m:size>M</m:size></m:article></m:articleList></m:product>",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "70")
           NUMBER("articleNumbers", "15") "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, products_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"articleList\":[{\"size\":\"M\"}]}]", NULL);

    ck_assert_str_eq(out->of[0].id, "70");
    host_end(out);
}
END_TEST

START_TEST(product_without_a_number)
{
    struct mplus m;

    host_begin(&m, NULL, 0);
    ck_assert_str_eq(write_bad(&m, products_write, KOPPEL_VERB_CREATE,
                               "[{\"description\":\"Tee\"}]", NULL).reason, "product.number");
}
END_TEST

static const struct step taken[][1] = {
    {{"createProduct", "productNumber",
      RESULT("CREATE-PRODUCT-RESULT-FAILED-PRODUCT-NUMBER-ALREADY-TAKEN") "<errorMessage/>"}},
    {{"getProducts", "productNumber",
      "<productList><product><productNumber>70</productNumber></product></productList>"}},
};

START_TEST(product_is_there_already)
{
    static const char *const records[] = {
        "[{\"productNumber\":\"70\",\"articleList\":[{\"size\":\"M\"}]}]",
        "[{\"productNumber\":\"70\"}]"};
    struct mplus m;

    host_begin(&m, taken[_i], 1);
    ck_assert_int_eq(write_bad(&m, products_write, KOPPEL_VERB_CREATE, records[_i], NULL).kind,
                     KOPPEL_E_EXISTS);
}
END_TEST

START_TEST(product_update_sends_only_what_differs)
{
    STEPS({"getProducts", "productNumbers", PRESENT}, {"getProducts", "productNumbers", PRESENT},
          {"updateProduct",
           "<m:product><m:productNumber>70</m:productNumber><m:description>Cup</m:description>"
           "<m:groupNumbers>3</m:groupNumbers></m:product>",
           RESULT("UPDATE-PRODUCT-RESULT-OK") "<errorMessage/>"});
    struct koppel_results *first = write_ok(&m, products_write, KOPPEL_VERB_UPDATE,
                                            "[{\"description\":\"Mug\",\"extraText\":\"\"}]", "70");
    struct koppel_results *second = write_ok(&m, products_write, KOPPEL_VERB_UPDATE,
                                             "[{\"description\":\"Cup\"}]", "70");

    ck_assert(json_is_true(json_object_get(first->of[0].record, "unchanged")));
    answer_is(second, 0, "productNumber", "70");
    json_decref(first->of[0].record);
    free(first);
    host_end(second);
}
END_TEST

/* ---- the program ---- */

UNIT_MAIN("mplus goods")
{
    tcase_add_test(t, article_by_plu_is_compared_exactly);
    tcase_add_test(t, article_by_number_asks_for_whole_numbers_only);
    tcase_add_test(t, article_alone_makes_its_product);
    tcase_add_test(t, article_without_number_gets_one);
    tcase_add_test(t, article_joins_its_product);
    tcase_add_test(t, article_makes_its_group);
    tcase_add_test(t, article_meets_its_group);
    tcase_add_test(t, article_of_a_named_group);
    tcase_add_test(t, article_number_is_taken);
    tcase_add_loop_test(t, article_number_is_none, 0, 5);
    LOOP(article_that_is_equal_is_not_sent, same);
    LOOP(article_update_sends_only_what_differs, differing);
    tcase_add_test(t, article_groups_of_its_product);
    tcase_add_test(t, article_renames_its_product);
    tcase_add_test(t, article_cannot_move);
    tcase_add_test(t, article_update_of_a_missing_one);
    tcase_add_test(t, article_that_no_message_can_hold);
    tcase_add_loop_test(t, nothing_is_ever_removed, 0, 4);
    tcase_add_test(t, product_waits_for_its_first_article);
    tcase_add_test(t, product_with_articles);
    tcase_add_test(t, product_without_a_number);
    LOOP(product_is_there_already, taken);
    tcase_add_test(t, product_update_sends_only_what_differs);
}
