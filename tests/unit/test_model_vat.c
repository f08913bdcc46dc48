/* SPDX-License-Identifier: MIT
 * The rules of VAT: rates, shares and rounding, and totals that agree. */
#include "model_fixture.h"

#define THIRDS                                                                                     \
    "{'vat_method':'inclusive','total_incl':'1.00','vat':[{'code':'1','rate':'21.00','excl':'0."   \
    "83',"                                                                                         \
    "'vat':'0.17'}],'lines':[{'number':'1','quantity':'1','total_incl':'0.33','vat_code':'1'},"    \
    "{'number':'2','quantity':'1','total_incl':'0.33','vat_code':'1'},"                            \
    "{'number':'3','quantity':'1','total_incl':'0.34','vat_code':'1'}]}"

/* O21: who computes the VAT of a document itself comes to another cent than the till. */
START_TEST(o21_vat_rounding)
{
    ck_assert_int_eq(complete("order",
                              "{'vat':[{'code':'1','rate':'21.00','excl':'0.02','vat':'0.01'},"
                              "{'code':'2','rate':'9.00','excl':'100.00','vat':'9.00'}],'lines':["
                              "{'quantity':'1','total_excl':'0.02','vat_code':'1'},"
                              "{'quantity':'1','total_excl':'100.00','vat_code':'2'}]}",
                              "{}", false),
                     0);
    ck_assert_str_eq(at("vat_rounding"), "0.01");
    ck_assert_str_eq(at("total_incl"), "109.03");
    ck_assert_int_eq(
        complete("order",
                 "{'vat':[{'code':'1','rate':'21.00','excl':'-10.00','vat':'-2.10'}],'lines':["
                 "{'quantity':'-1','total_excl':'-10.00','vat_code':'1'}]}",
                 "{}", false),
        0);
    ck_assert_str_eq(at("vat_rounding"), "none");
}
END_TEST

/* A packing slip tells no VAT totals. With prices without VAT the till taxes the sum of its lines,
 * and what the lines come to with VAT misses that by their roundings; with VAT in the prices the
 * lines are right. */
START_TEST(vat_totals_that_the_source_does_not_tell)
{
    const char *lines = "'lines':[{'quantity':'1','total_excl':'30.20','total_incl':'36.54',"
                        "'vat_code':'1','vat_rate':'21.00'},"
                        "{'quantity':'5','total_excl':'455.51','total_incl':'551.16',"
                        "'vat_code':'1','vat_rate':'21.00'}]}";
    char order[512];
    snprintf(order, sizeof order, "{'vat_method':'exclusive','total_incl':'587.71',%s", lines);
    ck_assert_msg(complete("order", order, "{}", false) == 0, "%s", err.text);
    ck_assert_str_eq(at("vat.0.vat"), "102.00");
    snprintf(order, sizeof order, "{'vat_method':'inclusive','total_incl':'587.70',%s", lines);
    ck_assert_msg(complete("order", order, "{}", false) == 0, "%s", err.text);
    ck_assert_str_eq(at("total_incl"), "587.70");
}
END_TEST

/* O21: three thirds of a euro; the lines' VAT is the till's, cent by cent. */
START_TEST(o21_shares_add_up)
{
    int64_t net = 0, vat = 0;
    ck_assert_int_eq(complete("order", THIRDS, "{}", false), 0);
    for (size_t i = 0; i < 3; i++) {
        struct decimal d;
        int64_t cents;
        json_t *line = json_array_get(json_object_get(core, "lines"), i);
        ck_assert_int_eq(decimal_parse(json_string_value(json_object_get(line, "net")), &d), 0);
        ck_assert_int_eq(decimal_to_int(d, 2, &cents), 0);
        net += cents;
        ck_assert_int_eq(decimal_parse(json_string_value(json_object_get(line, "vat")), &d), 0);
        ck_assert_int_eq(decimal_to_int(d, 2, &cents), 0);
        vat += cents;
    }
    ck_assert_int_eq(net, 83);
    ck_assert_int_eq(vat, 17);
    ck_assert_str_eq(at("total_net"), "0.83");
}
END_TEST

/* The cent that is left goes to the earlier of two lines that are alike, each time. */
START_TEST(o21_a_tie_goes_to_the_earlier_line)
{
    ck_assert_int_eq(
        complete("order",
                 "{'vat_method':'inclusive','total_incl':'0.30','vat':[{'code':'1','rate':'21.00',"
                 "'excl':'0.25','vat':'0.05'}],'lines':["
                 "{'number':'1','quantity':'1','total_incl':'0.15','vat_code':'1'},"
                 "{'number':'2','quantity':'1','total_incl':'0.15','vat_code':'1'}]}",
                 "{}", false),
        0);
    ck_assert_str_eq(at("lines.0.net"), "0.13");
    ck_assert_str_eq(at("lines.1.net"), "0.12");
}
END_TEST

/* O21: what the lines do not explain goes to a line of its own, within a limit, or parks. */
START_TEST(o21_rounding_line_within_the_limit)
{
    ck_assert_int_eq(off_by("3.04", "{'rounding_account':'8999','rounding_limit':'0.05'}"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(core, "lines")), 3);
    ck_assert_str_eq(at("lines.2.account"), "8999");
    ck_assert_str_eq(at("lines.2.net"), "0.04");
    ck_assert_str_eq(at("lines.1.net"), "2.00");
    ck_assert_str_eq(at("lines.2.region"), "NL");
    ck_assert_int_eq(off_by("3.04", "{'rounding_limit':'0.05'}"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(core, "lines")), 2);
    ck_assert_str_eq(at("lines.1.net"), "2.04");
    ck_assert_int_eq(off_by("2.95", "{'rounding_account':'8999'}"), 0);
    ck_assert_str_eq(at("lines.2.net"), "-0.05");
    ck_assert_int_eq(off_by("3.06", "{'rounding_account':'8999','rounding_limit':'0.05'}"), -1);
    ck_assert_str_eq(err.reason, "order.totals");
}
END_TEST

/* O23: the till may name a rate where VAT is shifted; there is none for all that. */
START_TEST(o23_shifted_rates_count_as_zero)
{
    const char *shifted =
        "{'vat_method':'shifted','customer':{'vat_number':'BE1'},'vat':[{'code':'1','rate':'21.00',"
        "'excl':'10.00','vat':'0.00'}],'lines':[{'quantity':'4','total_excl':'10.00','vat_code':'1'"
        "}]}";
    ck_assert_int_eq(complete("order", shifted, "{}", false), 0);
    ck_assert_str_eq(at("lines.0.net"), "10.00");
    ck_assert_str_eq(at("lines.0.vat"), "0.00");
    ck_assert_str_eq(at("lines.0.region"), "shifted");
    ck_assert_str_eq(at("vat_rounding"), "none");
}
END_TEST

/* F17: what the source rounded receipt by receipt is no difference; the limit holds for the
 * rest. */
START_TEST(f17_rounding_per_receipt)
{
    static const char *const day =
        "{'groups':[{'excl':'245.87','vat':'52.13'}],'payments':[{'amount':'%s'}],"
        "'rounded':'2.00'}";
    char text[200];
    snprintf(text, sizeof text, day, "300.00");
    ck_assert_int_eq(complete("ledger", text, "{}", false), 0);
    ck_assert_str_eq(at("rounding"), "-2.00");
    snprintf(text, sizeof text, day, "305.80");
    ck_assert_int_eq(complete("ledger", text, "{}", false), -1);
    ck_assert_ptr_nonnull(strstr(err.text, "differ by 5.80"));
}
END_TEST

#define TEN                                                                                        \
    "{'vat_method':'exclusive',%s'vat':[{'code':'1','rate':'21','excl':'10.00','vat':'2.10'}],"    \
    "'lines':[{'number':'1','quantity':'1','total_excl':'10.00','vat_code':'1'}]}"

/* Row 4: a total that differs never passes, in whatever terms it is told. */
START_TEST(row4_totals_that_differ)
{
    char text[512];
    snprintf(text, sizeof text, TEN, "'total_excl':'10.01',");
    ck_assert_int_eq(complete("order", text, "{}", false), -1);
    ck_assert_str_eq(err.reason, "order.totals");
    snprintf(text, sizeof text, TEN, "'total_incl':'12.11',");
    ck_assert_int_eq(complete("order", text, "{}", false), -1);
    snprintf(text, sizeof text, TEN, "'total_incl':'12.10','total_excl':'10.00',");
    ck_assert_int_eq(complete("order", text, "{}", false), 0);
    ck_assert_int_eq(complete_total("order", core, "12.1", true, 1, &err), 0);
    ck_assert_int_eq(complete_total("order", core, "10", false, 1, &err), 0);
    ck_assert_int_eq(complete_total("order", core, "-12.10", true, -1, &err), 0);
    ck_assert_int_eq(complete_total("order", core, NULL, true, 1, &err), 0);
    ck_assert_int_eq(complete_total("order", core, " ", true, 1, &err), 0);
    ck_assert_int_eq(complete_total("order", core, "12.09", true, 1, &err), -1);
    ck_assert_str_eq(err.reason, "order.totals");
    ck_assert_ptr_nonnull(strstr(err.text, "12.09"));
    ck_assert_ptr_nonnull(strstr(err.text, "12.10"));
    ck_assert_int_eq(complete_total("order", core, "12.10", true, -1, &err), -1);
    ck_assert_int_eq(complete_total("order", core, "twelve", true, 1, &err), -1);
}
END_TEST

/* Sums are checked, and amounts that nobody means are refused. */
START_TEST(sums_that_do_not_fit)
{
    static const char *const orders[] = {
        "{'payments':[{'amount':'9999999999.00'},{'amount':'9999999999.00'}]}",
        "{'payments':[{'amount':'99999999999999999.00'}]}",
        "{'lines':[{'number':'1','quantity':'99999999','price':'99999999','vat_code':'1'}]}",
        "{'vat':[{'code':'1','rate':'0','excl':'9999999999','vat':'0'},{'code':'2','rate':'0','"
        "excl':"
        "'9999999999','vat':'0'}],'lines':[{'number':'1','total_excl':'9999999999','vat_code':'1'},"
        "{'number':'2','total_excl':'9999999999','vat_code':'2'}]}"};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        ck_assert_msg(complete("order", orders[i], "{}", false) == -1, "%zu", i);
        ck_assert_msg(strcmp(err.reason, "order.totals") == 0, "%zu: %s", i, err.text);
    }
    ck_assert_int_eq(complete("ledger",
                              "{'payments':[{'amount':'99999999999999'}],'groups':[{'excl':"
                              "'99999999999999','vat':'0'}]}",
                              "{}", false),
                     -1);
    ck_assert_str_eq(err.reason, "ledger.totals");
}
END_TEST

UNIT_MAIN("model vat")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, o21_shares_add_up);
    tcase_add_test(t, o21_a_tie_goes_to_the_earlier_line);
    tcase_add_test(t, o21_vat_rounding);
    tcase_add_test(t, vat_totals_that_the_source_does_not_tell);
    tcase_add_test(t, o23_shifted_rates_count_as_zero);
    tcase_add_test(t, o21_rounding_line_within_the_limit);
    tcase_add_test(t, row4_totals_that_differ);
    tcase_add_test(t, sums_that_do_not_fit);
    tcase_add_test(t, f17_rounding_per_receipt);
}
