/* SPDX-License-Identifier: MIT
 * Article groups of the MplusKASSA connector against a till that is a script: the tree and its
 * paths. */
#include "mplus_host.h"
#include "unit.h"

#include "plugins/mpluskassa/groups.h"
#include "plugins/mpluskassa/articles.h"
#include "plugins/mpluskassa/goods.h"

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
    STEPS({"getArticleGroups", "", TREE},
          {"getProducts", "<m:syncMarker>9</m:syncMarker>",
           "<productList><product><productNumber>7</productNumber><syncMarker>11</syncMarker>"
           "<articleList><article><articleNumber>14</articleNumber></article></articleList>"
           "<groupNumbers>4</groupNumbers></product>"
           "</productList>"});
    struct koppel_batch batch = read_all(&m, articles_read, "8");
    json_t *record = json_array_get(batch.records, 0);

    ck_assert_uint_eq(json_array_size(batch.records), 1);
    ck_assert_str_eq(path_text(record, "groups", 0, "path"), " Clothing/Shirts");
    ck_assert_int_eq(strncmp(batch.next, "11:", 3), 0);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

/* A tree that looks otherwise than the cursor says has all articles read again. */
START_TEST(articles_are_read_again_with_another_tree)
{
    STEPS({"getArticleGroups", "", TREE},
          {"getProducts", "<m:syncMarker>0</m:syncMarker>", "<productList/>"},
          {"getArticleGroups", "", TREE},
          {"getProducts", "<m:syncMarker>9</m:syncMarker>", "<productList/>"});
    struct koppel_batch batch = read_all(&m, articles_read, "8:0123456789abcdef");
    char cursor[64];

    ck_assert_int_eq(strncmp(batch.next, "0:", 2), 0);
    snprintf(cursor, sizeof cursor, "8%s", strchr(batch.next, ':'));
    batch_free(&batch);
    batch = read_all(&m, articles_read, cursor);
    ck_assert_str_eq(batch.next, cursor);
    batch_free(&batch);
    host_end(NULL);
}
END_TEST

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

UNIT_MAIN("mplus groups")
{
    tcase_add_test(t, articles_bring_their_groups);
    tcase_add_test(t, articles_are_read_again_with_another_tree);
    tcase_add_test(t, group_by_path);
    tcase_add_test(t, group_is_made_below_its_parent);
    tcase_add_test(t, group_without_its_parent);
    tcase_add_test(t, group_update_sends_only_what_differs);
    tcase_add_test(t, groups_are_read_with_their_paths);
}
