/* SPDX-License-Identifier: MIT
 * The rules of products and stock levels. */
#include "model_fixture.h"

/* P2: whole numbers, their only form, and the other mode. */
START_TEST(p2_numbers)
{
    static const char *const wrong[] = {"AB-12", "0.2", "0012", "0", "9223372036854775808",
                                        "1 2",   "-4"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "{'number':'%s','price_incl':'1.00','price_excl':'1.00'}",
                 wrong[i]);
        ck_assert_msg(complete("product", text, "{'numbers':'whole'}", true) == -1, "%s", wrong[i]);
        ck_assert_str_eq(err.reason, "article.number");
        ck_assert(strstr(err.text, "not a whole number") != NULL);
        ck_assert_int_eq(complete("product", text, "{'numbers':'any'}", true), 0);
        ck_assert_str_eq(at("plu"), wrong[i]);
        ck_assert_str_eq(at("article_number"), "none");
        ck_assert_int_eq(complete("product", text, "{}", false), 0);
        ck_assert_str_eq(at("article_number"), wrong[i]);
    }
    ck_assert_int_eq(complete("product", "{'number':'9223372036854775807'}",
                              "{'offer':'false'}", true), 0);
    ck_assert_str_eq(at("article_number"), "9223372036854775807");
    ck_assert_int_eq(complete("product", "{'name':'x'}", "{}", true), -1);
}
END_TEST

/* P10: prices complete each other, to the cent. */
START_TEST(p10_prices)
{
    ck_assert_int_eq(
        complete("product", "{'number':'1','price_excl':'16.52','vat_rate':'21.00'}", "{}", true),
        0);
    ck_assert_str_eq(at("price_incl"), "19.99");
    ck_assert_int_eq(
        complete("product", "{'number':'1','price_incl':'19.99','vat_rate':'21.00'}", "{}", true),
        0);
    ck_assert_str_eq(at("price_excl"), "16.52");
    ck_assert_int_eq(
        complete("product", "{'number':'1','price_excl':'1.005','vat_rate':'0.00'}", "{}", true),
        0);
    ck_assert_str_eq(at("price_incl"), "1.01");
    ck_assert_int_eq(complete("product", "{'number':'1','price_excl':'1.00'}", "{}", true), -1);
    ck_assert_str_eq(err.reason, "article.vat");
}
END_TEST

#define LEVEL                                                                                      \
    "{'number':'1','levels':[{'branch':'1','physical':'12','available':'10','reserved':'3','"      \
    "incoming':'5'}]}"

/* S1, S2: the formulas and an expression; the inputs are noted. */
START_TEST(s2_formulas)
{
    static const struct {
        const char *formula, *amount;
    } cases[] = {{"", "7"},     {"available", "7"}, {"physical", "12"},
                 {"free", "9"}, {"economic", "14"}, {"max(physical - 2 * reserved, 0) / 4", "1.5"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char with[128];
        snprintf(with, sizeof with, "{'formula':'%s'}", cases[i].formula);
        ck_assert_int_eq(complete("stock", LEVEL, with, true), 0);
        ck_assert_str_eq(at("quantities.0.amount"), cases[i].amount);
    }
    const char *note = json_string_value(json_array_get(notes, 0));
    ck_assert(note && strstr(note, "available 10, reserved 3"));
    ck_assert_int_eq(
        complete("stock", "{'levels':[{'physical':'x'}]}", "{'formula':'physical'}", true), -1);
    ck_assert_str_eq(err.reason, "stock.formula");
}
END_TEST

/* S3, S4, S6, S10: unmanaged, negative, several branches, decimals. */
START_TEST(s4_rules)
{
    ck_assert_int_eq(complete("stock",
                              "{'managed':'false','levels':[{'available':'3','reserved':'0'}]}",
                              "{}", true),
                     0);
    ck_assert_uint_eq(json_array_size(json_object_get(core, "quantities")), 0);
    ck_assert_int_eq(
        complete("stock", "{'levels':[{'available':'-3','reserved':'0'}]}", "{}", true), 0);
    ck_assert_str_eq(at("quantities.0.amount"), "0");
    ck_assert_int_eq(complete("stock", "{'levels':[{'available':'-3','reserved':'0'}]}",
                              "{'negative':'pass'}", true),
                     0);
    ck_assert_str_eq(at("quantities.0.amount"), "-3");
    ck_assert_int_eq(complete("stock",
                              "{'levels':[{'branch':'1','location':'A','available':'1.250','"
                              "reserved':'0'},{'branch':'2',"
                              "'location':'B','available':'4','reserved':'0'},{'branch':'1','"
                              "location':'C','available':'2','reserved':'0'},"
                              "{'location':'D','available':'9'}]}",
                              "{}", true),
                     0);
    ck_assert_uint_eq(json_array_size(json_object_get(core, "quantities")), 2);
    ck_assert_str_eq(at("quantities.0.amount"), "3.25");
    ck_assert_str_eq(at("quantities.1.amount"), "4");
    bool reported = false;
    size_t i;
    json_t *note;
    json_array_foreach(notes, i, note) reported =
        reported || strstr(json_string_value(note), "location D belongs to no branch");
    ck_assert(reported);
}
END_TEST

/* F7: what the formula needs and the source does not tell is unknown, never zero. */
START_TEST(f7_unknown_stock_is_not_zero)
{
    static const char *const levels[] = {
        "{'reserved':'3'}", "{'available':null,'reserved':'3'}", "{'available':'','reserved':'3'}",
        "{'available':'\u00a0','reserved':'3'}", "{'stock':'10','reserved':'3'}"};
    char text[256];
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        snprintf(text, sizeof text, "{'levels':[{'available':'1','reserved':'0'},%s]}", levels[i]);
        ck_assert_int_eq(complete("stock", text, "{}", true), -1);
        ck_assert_str_eq(err.reason, "field.unknown");
        ck_assert_msg(strstr(err.text, "levels[].available") != NULL, "%s", err.text);
    }
    ck_assert_int_eq(complete("stock", "{'levels':[{'available':'10'}]}", "{}", true), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "levels[].reserved"));
    ck_assert_int_eq(
        complete("stock", "{'levels':[{'physical':'0'}]}", "{'formula':'physical'}", true), 0);
    ck_assert_str_eq(at("quantities.0.amount"), "0");
    ck_assert_int_eq(complete("stock", "{'number':'1'}", "{}", true), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "levels"));
    ck_assert_int_eq(complete("stock", "{'managed':'false'}", "{}", true), 0);
    ck_assert_int_eq(complete("stock", "{'levels':[{'physical':'99999999999999'}]}",
                              "{'formula':'physical'}", true),
                     -1);
    ck_assert_str_eq(err.reason, "stock.formula");
}
END_TEST

START_TEST(f7_an_article_without_a_price)
{
    ck_assert_int_eq(complete("product", "{'number':'1'}", "{}", true), -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_ptr_nonnull(strstr(err.text, "price_incl"));
    ck_assert_int_eq(complete("product", "{'number':'1','price_incl':null}", "{}", true), -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_int_eq(complete("product", "{'number':'1'}", "{'offer':'false'}", true), 0);
    ck_assert_int_eq(
        complete("product", "{'number':'1','price_incl':'0.00','vat_rate':'21'}", "{}", true), 0);
    ck_assert_int_eq(complete("product", "{'number':'1','price_incl':'x'}", "{}", true), -1);
    ck_assert_str_eq(err.reason, "article.vat");
}
END_TEST

UNIT_MAIN("model goods")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, f7_unknown_stock_is_not_zero);
    tcase_add_test(t, f7_an_article_without_a_price);
    tcase_add_test(t, p2_numbers);
    tcase_add_test(t, p10_prices);
    tcase_add_test(t, s2_formulas);
    tcase_add_test(t, s4_rules);
}
