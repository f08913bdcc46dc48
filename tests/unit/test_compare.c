/* SPDX-License-Identifier: MIT
 * core/flow/compare.c: what differs, and whether it is the same document. */
#include "unit.h"

#include <string.h>

#include "catalogue/catalogue_parse.h"
#include "flow/compare.h"

static struct catalogue *catalogue;
static const struct cat_entity *invoice, *plain;
static struct difference diff;

static void setup(void)
{
    struct koppel_error err = {0};
    catalogue = catalogue_parse(
        "{\"title\":\"T\",\"entities\":[{\"name\":\"invoice\",\"key\":\"id\",\"can\":[\"read\"],"
        "\"balance\":\"lines[].amount\",\"fields\":["
        "{\"name\":\"id\",\"read_only\":true},{\"name\":\"debtor\",\"role\":\"customer\"},"
        "{\"name\":\"total\",\"type\":\"decimal\",\"role\":\"total\"},"
        "{\"name\":\"date\",\"type\":\"date\"},{\"name\":\"text\"},"
        "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"sku\"},"
        "{\"name\":\"amount\",\"type\":\"decimal\"},"
        "{\"name\":\"data\",\"type\":\"object\",\"fields\":["
        "{\"name\":\"price\",\"type\":\"decimal\"},{\"name\":\"unit\"}]}]}]},"
        "{\"name\":\"plain\",\"key\":\"id\",\"can\":[\"read\"],\"fields\":[{\"name\":\"id\"},"
        "{\"name\":\"text\"}]}]}",
        &err);
    ck_assert_msg(catalogue != NULL, "%s", err.text);
    invoice = catalogue_entity(catalogue, "invoice");
    plain = catalogue_entity(catalogue, "plain");
}

static void teardown(void)
{
    catalogue_free(catalogue);
}

static const char *differs(const char *present, const char *record)
{
    json_t *a = json_loads(present, 0, NULL), *b = json_loads(record, 0, NULL);
    ck_assert(a && b);
    compare_records(invoice, a, b, &diff);
    json_decref(a);
    json_decref(b);
    return diff.text;
}

static bool same(const struct cat_entity *e, const char *present, const char *record)
{
    json_t *a = json_loads(present, 0, NULL), *b = json_loads(record, 0, NULL);
    ck_assert(a && b);
    bool is = compare_is_same(e, a, b, &diff);
    json_decref(a);
    json_decref(b);
    return is;
}

START_TEST(amounts_and_dates_compare_by_value)
{
    ck_assert_str_eq(differs("{\"total\":\"12.5000\"}", "{\"total\":\"12.50\"}"), "");
    ck_assert_str_eq(differs("{\"total\":12}", "{\"total\":\"12.00\"}"), "");
    ck_assert_str_eq(differs("{\"total\":\"-0.00\"}", "{\"total\":\"0\"}"), "");
    ck_assert_str_eq(differs("{\"date\":\"2026-11-24T00:00:00Z\"}", "{\"date\":\"2026-11-24\"}"),
                     "");
    ck_assert_str_eq(differs("{\"total\":\"12.50\"}", "{\"total\":\"12.51\"}"),
                     "total 12.50 -> 12.51");
    ck_assert_str_eq(differs("{\"date\":\"2026-11-24\"}", "{\"date\":\"2026-11-25\"}"),
                     "date 2026-11-24 -> 2026-11-25");
}
END_TEST

START_TEST(what_only_the_destination_says_is_no_difference)
{
    ck_assert_str_eq(differs("{\"id\":\"7\",\"text\":\"x\"}", "{}"), "");
    ck_assert_str_eq(differs("{\"id\":\"7\"}", "{\"id\":\"8\"}"), ""); /* read only */
    ck_assert_str_eq(differs("{}", "{\"text\":\"x\"}"), "text none -> x");
    ck_assert_str_eq(differs("{\"text\":null}", "{\"text\":\"x\"}"), "text none -> x");
}
END_TEST

START_TEST(lists_compare_by_line_and_length)
{
    ck_assert_str_eq(differs("{\"lines\":[{\"sku\":\"a\",\"amount\":\"1\"}]}",
                             "{\"lines\":[{\"sku\":\"a\",\"amount\":\"1.00\"}]}"),
                     "");
    ck_assert_str_eq(differs("{\"lines\":[{\"sku\":\"a\",\"amount\":\"1\"}]}",
                             "{\"lines\":[{\"sku\":\"b\",\"amount\":\"1\"}]}"),
                     "lines 1 sku a -> b");
    ck_assert_str_eq(differs("{\"lines\":[{\"sku\":\"a\",\"amount\":\"1\"}]}", "{\"lines\":[]}"),
                     "lines 1 -> 0");
    /* a line of zero books nothing where an entry must balance */
    ck_assert_str_eq(differs("{\"lines\":[{\"sku\":\"a\",\"amount\":\"1\"}]}",
                             "{\"lines\":[{\"sku\":\"z\",\"amount\":\"0.00\"},"
                             "{\"sku\":\"a\",\"amount\":\"1\"}]}"),
                     "");
}
END_TEST

START_TEST(objects_compare_by_what_the_new_one_says)
{
    ck_assert_str_eq(differs("{\"lines\":[{\"data\":{\"price\":\"1.50\",\"unit\":\"kg\"}}]}",
                             "{\"lines\":[{\"data\":{\"price\":\"1.5\"}}]}"), "");
    ck_assert_str_eq(differs("{\"lines\":[{\"data\":{\"price\":\"1.50\",\"unit\":\"kg\"}}]}",
                             "{\"lines\":[{\"data\":{\"price\":\"1.5\",\"unit\":\"g\"}}]}"),
                     "lines 1 data unit kg -> g");
    ck_assert_str_eq(differs("{\"text\":null,\"lines\":[{}]}",
                             "{\"text\":\"\",\"lines\":[{\"data\":{\"unit\":\"\"}}]}"), "");
}
END_TEST

START_TEST(it_is_the_same_by_whose_it_is_and_what_it_comes_to)
{
    ck_assert(same(invoice, "{\"debtor\":\"7\",\"total\":\"5\",\"text\":\"a\"}",
                   "{\"debtor\":\"7\",\"total\":\"5.00\",\"text\":\"b\"}"));
    ck_assert(
        !same(invoice, "{\"debtor\":\"8\",\"total\":\"5\"}", "{\"debtor\":\"7\",\"total\":\"5\"}"));
    ck_assert_str_eq(diff.text, "debtor 8 -> 7");
    ck_assert(
        !same(invoice, "{\"debtor\":\"7\",\"total\":\"6\"}", "{\"debtor\":\"7\",\"total\":\"5\"}"));
    /* without either, all that the record says */
    ck_assert(same(plain, "{\"id\":\"1\",\"text\":\"a\"}", "{\"text\":\"a\"}"));
    ck_assert(!same(plain, "{\"id\":\"1\",\"text\":\"a\"}", "{\"text\":\"b\"}"));
}
END_TEST

START_TEST(f16_a_long_difference_is_cut_between_characters)
{
    char present[900] = "{\"text\":\"", record[900] = "{\"text\":\"";
    for (int i = 0; i < 100; i++) {
        strcat(present, "\xc3\xa9");
        strcat(record, "\xe2\x82\xac");
    }
    strcat(present, "\"}");
    strcat(record, "\"}");
    const char *text = differs(present, record);
    json_t *valid = json_string(text); /* refuses half a character */
    ck_assert_ptr_nonnull(valid);
    json_decref(valid);
    ck_assert_uint_lt(strlen(text), COMPARE_BYTES);
}
END_TEST

UNIT_MAIN("compare")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, amounts_and_dates_compare_by_value);
    tcase_add_test(t, what_only_the_destination_says_is_no_difference);
    tcase_add_test(t, lists_compare_by_line_and_length);
    tcase_add_test(t, objects_compare_by_what_the_new_one_says);
    tcase_add_test(t, it_is_the_same_by_whose_it_is_and_what_it_comes_to);
    tcase_add_test(t, f16_a_long_difference_is_cut_between_characters);
}
