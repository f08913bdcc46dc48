/* SPDX-License-Identifier: MIT
 * The rules of days of a till, of customers and of dates. */
#include "model_fixture.h"

/* O38: a day balances within the limit; the rest is rounding, with the sign of a debit. */
START_TEST(o38_day)
{
    const char *day = "{'groups':[{'excl':'10.00','vat':'2.10'}],'payments':[{'amount':'12.12'}],"
                      "'inflow':[{'amount':'5.00'}],'outflow':[{'amount':'5.00'}]}";
    ck_assert_int_eq(complete("ledger", day, "{}", false), 0);
    ck_assert_str_eq(at("rounding"), "-0.02");
    ck_assert_int_eq(
        complete("ledger",
                 "{'groups':[{'excl':'10.00','vat':'2.10'}],'payments':[{'amount':'12.10'}]}", "{}",
                 false),
        0);
    ck_assert_str_eq(at("rounding"), "none");
    ck_assert_int_eq(
        complete("ledger",
                 "{'groups':[{'excl':'10.00','vat':'2.10'}],'payments':[{'amount':'13.10'}]}", "{}",
                 false),
        -1);
    ck_assert_str_eq(err.reason, "ledger.totals");
}
END_TEST

/* F7: an amount that is not told is unknown. */
START_TEST(f7_an_amount_of_a_day_that_is_not_told)
{
    static const char *const days[] = {
        "{'groups':[{'excl':'10.00'}],'payments':[{'amount':'10.00'}]}",
        "{'groups':[{'excl':null,'vat':'0.00'}],'payments':[]}",
        "{'groups':[],'payments':[{'total':'10.00'}]}", "{'inflow':[{'amount':''}]}"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        ck_assert_int_eq(complete("ledger", days[i], "{}", false), -1);
        ck_assert_str_eq(err.reason, "field.unknown");
    }
}
END_TEST

START_TEST(f7_a_day_with_an_amount_that_is_not_there)
{
    ck_assert_int_eq(complete("ledger", "{'groups':[{'excl':'0.00'}],'payments':[]}", "{}", false),
                     -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_ptr_nonnull(strstr(err.text, "groups[0].vat"));
    ck_assert_int_eq(complete("ledger", "{'payments':[{'amount':'x'}]}", "{}", false), -1);
    ck_assert_str_eq(err.reason, "ledger.totals");
}
END_TEST

/* F18, F12: dates of every form become days of the home zone; one that is none parks with the
 * place. */
START_TEST(f18_dates_of_a_record)
{
    const char *home = "{'home':{'zone':'Europe/Amsterdam','country':'BE','currency':'EUR'}}";
    ck_assert_int_eq(complete("order",
                              "{'date':'2026-06-30T22:00:00Z','due_date':'2026-07-30',"
                              "'delivery_date':''}",
                              home, false),
                     0);
    ck_assert_str_eq(at("date"), "2026-07-01");
    ck_assert_str_eq(at("due_date"), "2026-07-30");
    ck_assert_str_eq(at("customer.country"), "BE");
    ck_assert_int_eq(complete("quote", "{'valid':'2026-07-01T00:00:00+02:00'}", home, false), 0);
    ck_assert_str_eq(at("valid"), "2026-07-01");
    ck_assert_int_eq(complete("order", "{'date':'12026-06-30'}", home, false), -1);
    ck_assert_str_eq(err.reason, "field.wrong");
    ck_assert_ptr_nonnull(strstr(err.text, "date \"12026-06-30\""));
    ck_assert_ptr_nonnull(strstr(err.text, "at character 1"));
    ck_assert_int_eq(complete("ledger", "{'date':'2026-06-30T24:00:00'}", home, false), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "hour 24 at character 12"));
}
END_TEST

/* F14, F15, O15, row 30: a customer's country, blanks and bank account. */
START_TEST(f15_customers)
{
    ck_assert_int_eq(complete("customer",
                              "{'company':'\u00a0\u200b','country':'Griekenland',"
                              "'iban':'NL92ABNA0417164300'}",
                              "{}", false),
                     0);
    ck_assert_str_eq(at("company"), "none");
    ck_assert_str_eq(at("country"), "GR");
    ck_assert_str_eq(at("iban"), "NL92ABNA0417164300");
    ck_assert_ptr_nonnull(strstr(json_string_value(json_array_get(notes, 0)), "iban: the check"));
    ck_assert_int_eq(
        complete("customer", "{'iban':'NL92ABNA0417164300'}", "{'wrong_iban':'drop'}", false), 0);
    ck_assert_str_eq(at("iban"), "none");
    ck_assert_int_eq(
        complete("customer", "{'iban':'NL92ABNA0417164300'}", "{'wrong_iban':'park'}", false), -1);
    ck_assert_str_eq(err.reason, "field.wrong");
    ck_assert_int_eq(complete("order", "{'customer':{'country':'Atlantis'}}", "{}", false), -1);
    ck_assert_str_eq(err.reason, "field.wrong");
    ck_assert_ptr_nonnull(strstr(err.text, "customer.country"));
    ck_assert_int_eq(
        complete("order", "{'delivery':{'country':'Duitsland','street':'x'}}", "{}", false), 0);
    ck_assert_str_eq(at("delivery.country"), "DE");
    ck_assert_int_eq(complete("product",
                              "{'number':'\u20071\u200b','price_incl':'1','price_excl':'1',"
                              "'barcode':'4006381333932'}",
                              "{'wrong_barcode':'drop'}", true),
                     0);
    ck_assert_str_eq(at("barcode"), "none");
    ck_assert_str_eq(at("article_number"), "1");
}
END_TEST

UNIT_MAIN("model day")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, f7_a_day_with_an_amount_that_is_not_there);
    tcase_add_test(t, f18_dates_of_a_record);
    tcase_add_test(t, f15_customers);
    tcase_add_test(t, o38_day);
    tcase_add_test(t, f7_an_amount_of_a_day_that_is_not_told);
}
