/* SPDX-License-Identifier: MIT
 * The goods side of the MplusKASSA connector against a till that is a script: what it asks for, what
 * it sends, what it leaves out, and what it makes of every answer. */
#include "mplus_host.h"

#include "../../plugins/mpluskassa/goods.h"

/* ---- articles: find ---- */

#define TIE "<article><articleNumber>14</articleNumber><pluNumber>AB-12</pluNumber></article>"
#define TIED "<article><articleNumber>140</articleNumber><pluNumber>AB-123</pluNumber></article>"

static struct koppel_results *find(struct mplus *m, find_fn *find_by, const char *match,
                                   const char *const *keys, uint32_t count)
{
    struct koppel_find_request request = {sizeof request, count, "", match, keys, NULL};
    struct koppel_results *out = host_results();
    struct koppel_error err = {0};

    ck_assert_msg(find_by(m, &request, out, &err) == 0, "%s", err.text);
    return out;
}

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

START_TEST(article_of_a_missing_product)
{
    STEPS({"getProducts", "productNumbers", "<productList/>"});
    struct koppel_error err = write_bad(&m, articles_write, KOPPEL_VERB_CREATE,
                                        "[{\"productNumber\":\"70\",\"colour\":\"red\"}]", NULL);

    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(err.reason, "product.missing");
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

/* ---- articles: read ---- */

#define TREE                                                                                       \
    "<articleGroupList><articleGroups><groupNumber>3</groupNumber><name> Clothing</name><text/>"   \
    "<subGroupList><articleGroups><groupNumber>4</groupNumber><name>Shirts</name><text>Long"       \
    "</text><subGroupList/><sortOrder>1</sortOrder></articleGroups><articleGroups>"                \
    "<groupNumber>5</groupNumber><name>Old</name><text/><subGroupList/><sortOrder>2</sortOrder>"   \
    "<isDeleted>true</isDeleted></articleGroups></subGroupList><sortOrder>1</sortOrder>"           \
    "</articleGroups><articleGroups><groupNumber>6</groupNumber><name>Shirts</name><text/>"        \
    "<subGroupList/><sortOrder>2</sortOrder></articleGroups></articleGroupList>"

static const char *path_text(const json_t *record, const char *a, size_t i, const char *b)
{
    json_t *list = json_object_get(record, a);

    return json_string_value(json_object_get(json_array_get(list, i), b));
}

START_TEST(articles_bring_their_groups)
{
    STEPS({"getProducts", "<m:syncMarker>9</m:syncMarker>",
           "<productList><product><productNumber>7</productNumber><syncMarker>11</syncMarker>"
           "<articleList>" TIE "</articleList><groupNumbers>4</groupNumbers></product>"
           "</productList>"},
          {"getArticleGroups", "", TREE});
    struct koppel_batch batch = read_all(&m, articles_read, "8");
    json_t *record = json_array_get(batch.records, 0);

    ck_assert_uint_eq(json_array_size(batch.records), 1);
    ck_assert_str_eq(path_text(record, "groups", 0, "path"), " Clothing/Shirts");
    ck_assert_str_eq(batch.next, "11");
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* ---- products ---- */

START_TEST(product_is_made_under_its_number)
{
    STEPS({"createProduct",
           "<m:product><m:productNumber>70</m:productNumber><m:description>Tee</m:description>"
           "</m:product>",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "70") "<errorMessage/>"},
          {"createProduct", "<m:description>T-100</m:description>|!productNumber",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "71") "<errorMessage/>"},
          {"createProduct", "!productNumber",
           RESULT("CREATE-PRODUCT-RESULT-OK") NUMBER("productNumber", "72") "<errorMessage/>"});
    struct koppel_results *out = write_ok(
        &m, products_write, KOPPEL_VERB_CREATE,
        "[{\"productNumber\":\"70\",\"description\":\"Tee\"},"
        "{\"productNumber\":\"T-100\",\"description\":\"T-100\"},"
        "{\"productNumber\":\"0070\",\"description\":\"x\"}]", NULL);

    ck_assert_str_eq(out->of[0].id, "70");
    answer_is(out, 1, "productNumber", "71");
    ck_assert_str_eq(out->of[2].id, "72");
    host_end(out);
}
END_TEST

START_TEST(product_is_there_already)
{
    static const char *const keys[] = {"70", "T-100"};
    STEPS({"createProduct", "productNumber",
           RESULT("CREATE-PRODUCT-RESULT-FAILED-PRODUCT-NUMBER-ALREADY-TAKEN") "<errorMessage/>"},
          {"getProducts", "<m:productNumbers>70</m:productNumbers>|!T-100",
           "<productList><product><productNumber>70</productNumber></product></productList>"});
    struct koppel_results *out = host_results();
    struct koppel_error err;

    ck_assert_int_eq(write_all(&m, products_write, KOPPEL_VERB_CREATE,
                               "[{\"productNumber\":\"70\"}]", NULL, out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_EXISTS);
    free(out);
    out = find(&m, products_find, "productNumber", keys, 2);
    ck_assert_str_eq(out->of[0].id, "70");
    ck_assert_int_eq(out->of[1].hits, 0);
    host_end(out);
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

/* ---- article groups ---- */

START_TEST(group_by_path)
{
    static const char *const keys[] = {"clothing / SHIRTS ", "Shirts", "Clothing/Old", "Clothing/",
                                       "Clothing", "Clothing/Shirts/Polo"};
    static const char *const ids[] = {"4", "6", NULL, NULL, "3", NULL};
    STEPS({"getArticleGroups", "<m:getArticleGroups><m:request></m:request>", TREE});
    struct koppel_results *out = find(&m, groups_find, "path", keys, 6);
    int i;

    for (i = 0; i < 6; i++) {
        ck_assert_int_eq(out->of[i].hits, ids[i] != NULL);
        if (ids[i] != NULL)
            ck_assert_str_eq(out->of[i].id, ids[i]);
    }
    answer_is(out, 0, "parentGroupNumber", "3");
    answer_is(out, 4, "parentGroupNumber", "0");
    host_end(out);
}
END_TEST

START_TEST(group_is_made_below_its_parent)
{
    STEPS({"newArticleGroup",
           "<m:request><m:parentGroupNumber>3</m:parentGroupNumber><m:name>Hats</m:name>"
           "<m:text></m:text></m:request>",
           RESULT("NEW-ARTICLE-GROUP-RESULT-OK") NUMBER("groupNumber", "8")},
          {"newArticleGroup", "<m:parentGroupNumber>0</m:parentGroupNumber><m:name>Top",
           RESULT("NEW-ARTICLE-GROUP-RESULT-OK") NUMBER("groupNumber", "9")},
          {"getArticleGroups", "", TREE},
          {"newArticleGroup", "<m:parentGroupNumber>4</m:parentGroupNumber><m:name>Polo",
           RESULT("NEW-ARTICLE-GROUP-RESULT-OK") NUMBER("groupNumber", "10")});
    struct koppel_results *out = write_ok(
        &m, groups_write, KOPPEL_VERB_CREATE,
        "[{\"name\":\"Hats\",\"path\":\"Clothing/Hats\",\"parentGroupNumber\":\"3\"},"
        "{\"name\":\"Top\",\"path\":\"Top\"},"
        "{\"name\":\"Polo\",\"path\":\"clothing/shirts/Polo\"}]", NULL);

    answer_is(out, 0, "groupNumber", "8");
    ck_assert_str_eq(out->of[1].id, "9");
    ck_assert_str_eq(out->of[2].id, "10");
    host_end(out);
}
END_TEST

START_TEST(group_without_its_parent)
{
    STEPS({"getArticleGroups", "", TREE});
    struct koppel_error err = write_bad(&m, groups_write, KOPPEL_VERB_CREATE,
                                        "[{\"name\":\"Polo\",\"path\":\"Toys/Polo\"}]", NULL);

    ck_assert_str_eq(err.reason, "category.missing");
    ck_assert_ptr_nonnull(strstr(err.text, "\"Toys\""));
}
END_TEST

START_TEST(group_update_sends_only_what_differs)
{
    STEPS({"getArticleGroups", "", TREE}, {"getArticleGroups", "", TREE},
          {"updateArticleGroup",
           "<m:request><m:groupNumber>4</m:groupNumber><m:name>Tops</m:name></m:request>",
           RESULT("SAVE-ARTICLE-GROUP-RESULT-OK")});
    struct koppel_results *first = write_ok(
        &m, groups_write, KOPPEL_VERB_UPDATE,
        "[{\"name\":\"Shirts\",\"text\":\"Long\",\"parentGroupNumber\":3,\"sortOrder\":1}]", "4");
    struct koppel_results *second = write_ok(&m, groups_write, KOPPEL_VERB_UPDATE,
                                             "[{\"name\":\"Tops\",\"text\":\"Long\"}]", "4");

    ck_assert(json_is_true(json_object_get(first->of[0].record, "unchanged")));
    ck_assert(second->of[0].done);
    json_decref(first->of[0].record);
    free(first);
    host_end(second);
}
END_TEST

START_TEST(groups_are_read_with_their_paths)
{
    STEPS({"getArticleGroupChanges", "<m:syncMarker>21</m:syncMarker>",
           "<changedArticleGroupList><changedArticleGroups><groupNumber>4</groupNumber>"
           "<parentGroupNumber>3</parentGroupNumber><syncMarker>22</syncMarker><name>Shirts</name>"
           "<text/><sortOrder>1</sortOrder></changedArticleGroups><changedArticleGroups>"
           "<groupNumber>5</groupNumber><parentGroupNumber>3</parentGroupNumber>"
           "<syncMarker>23</syncMarker><name>Old</name><text/><sortOrder>2</sortOrder>"
           "<isDeleted>true</isDeleted></changedArticleGroups></changedArticleGroupList>"},
          {"getArticleGroups", "", TREE});
    struct koppel_batch batch = read_all(&m, groups_read, "20");

    ck_assert_uint_eq(json_array_size(batch.records), 2);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(batch.records, 0), "path")),
                     " Clothing/Shirts");
    ck_assert(json_is_true(json_object_get(json_array_get(batch.records, 1), "isDeleted")));
    ck_assert_str_eq(batch.next, "23");
    ck_assert_int_eq(batch.more, 1);
    host_end(NULL);
    batch_free(&batch);
}
END_TEST

/* ---- the program ---- */

#define LOOP(test, table)                                                                          \
    tcase_add_loop_test(tc, test, 0, (int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
    Suite *s = suite_create("mplus goods");
    TCase *tc = tcase_create("all");
    SRunner *runner;
    int bad;

    tcase_add_test(tc, article_by_plu_is_compared_exactly);
    tcase_add_test(tc, article_by_number_asks_for_whole_numbers_only);
    tcase_add_test(tc, article_alone_makes_its_product);
    tcase_add_test(tc, article_without_number_gets_one);
    tcase_add_test(tc, article_joins_its_product);
    tcase_add_test(tc, article_of_a_missing_product);
    tcase_add_test(tc, article_number_is_taken);
    tcase_add_loop_test(tc, article_number_is_none, 0, 5);
    LOOP(article_that_is_equal_is_not_sent, same);
    LOOP(article_update_sends_only_what_differs, differing);
    tcase_add_test(tc, article_groups_of_its_product);
    tcase_add_test(tc, article_cannot_move);
    tcase_add_test(tc, article_update_of_a_missing_one);
    tcase_add_test(tc, article_that_no_message_can_hold);
    tcase_add_loop_test(tc, nothing_is_ever_removed, 0, 4);
    tcase_add_test(tc, articles_bring_their_groups);
    tcase_add_test(tc, product_is_made_under_its_number);
    tcase_add_test(tc, product_is_there_already);
    tcase_add_test(tc, product_update_sends_only_what_differs);
    tcase_add_test(tc, group_by_path);
    tcase_add_test(tc, group_is_made_below_its_parent);
    tcase_add_test(tc, group_without_its_parent);
    tcase_add_test(tc, group_update_sends_only_what_differs);
    tcase_add_test(tc, groups_are_read_with_their_paths);
    suite_add_tcase(s, tc);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    bad = srunner_ntests_failed(runner);
    srunner_free(runner);
    return bad == 0 ? 0 : 1;
}
