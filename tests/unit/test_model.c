/* SPDX-License-Identifier: MIT
 * The rules of orders: prices, discounts, payments, lines. */
#include "model_fixture.h"

/* O25: what was paid in two ways is one sum off the customer. */
START_TEST(o25_payments_are_summed)
{
    ck_assert_int_eq(complete("order",
                              "{'payments':[{'method':'PIN','amount':'10.05'},{'method':'GIFT',"
                              "'amount':'-0.10'}]}",
                              "{}", false),
                     0);
    ck_assert_str_eq(at("total_paid"), "9.95");
    ck_assert_int_eq(complete("order", "{'payments':[]}", "{}", false), 0);
    ck_assert_str_eq(at("total_paid"), "none");
    ck_assert_int_eq(complete("order", "{'payments':[{'amount':'x'}]}", "{}", false), -1);
}
END_TEST

#define HOME                                                                                       \
    "{'customer':{'name':'Jan','company':'Jan B.V.','street':'A "                                  \
    "1','postcode':'1','city':'Z','country':'NL'},"

/* O34: only an address that is another one is a delivery address. */
START_TEST(o37_unit_prices)
{
    const char *order = "{'vat_method':'exclusive','lines':["
                        "{'quantity':'1','price_excl':'2.675','total_excl':'2.68','vat_code':'1','"
                        "vat_rate':'21.00'},"
                        "{'quantity':'3','price_excl':'0.3333','total_excl':'1.00','vat_code':'1','"
                        "vat_rate':'21.00'},"
                        "{'quantity':'2','price_excl':'10.00','total_excl':'18.00','vat_code':'2','"
                        "vat_rate':'9.00'},"
                        "{'quantity':'-7','price_excl':'1.1149','total_excl':'-7.80','vat_code':'2'"
                        ",'vat_rate':'9.00'},"
                        "{'quantity':'1','description':'text'}]}";
    ck_assert_msg(complete("order", order, "{}", false) == 0, "%s", err.text);
    ck_assert_str_eq(at("lines.0.unit_price"), "2.68");
    ck_assert_str_eq(at("lines.1.unit_price"), "0.33");
    ck_assert_str_eq(at("lines.2.unit_price"), "9.00"); /* a discount is off */
    ck_assert_str_eq(at("lines.3.unit_price"), "1.11");
    ck_assert_str_eq(at("lines.4.unit_price"), "none");
    ck_assert_str_eq(at("price_rounding.0.vat_code"), "1");
    ck_assert_str_eq(at("price_rounding.0.amount"), "0.01");
    ck_assert_str_eq(at("price_rounding.1.vat_code"), "2");
    ck_assert_str_eq(at("price_rounding.1.amount"), "-0.03");
    ck_assert_str_eq(at("price_rounding.2.amount"), "none");

    ck_assert_int_eq(
        complete(
            "order",
            "{'vat_method':'shifted','customer':{'vat_number':'BE1'},'lines':["
            "{'quantity':'1','price_excl':'10','total_excl':'10','vat_code':'1','vat_rate':'21'}]}",
            "{}", false),
        -1);
    ck_assert_str_eq(err.reason, "order.shifted");
}
END_TEST

START_TEST(o34_delivery_at_home_is_none)
{
    ck_assert_int_eq(complete("order",
                              HOME "'delivery':{'name':'Jan B.V.','street':'A 1','city':'Z'}}",
                              "{}", false),
                     0);
    ck_assert_ptr_null(json_object_get(core, "delivery"));
    ck_assert_int_eq(
        complete("order", HOME "'delivery':{'name':'Jan','street':'A 2','city':'Z'}}", "{}", false),
        0);
    ck_assert_str_eq(at("delivery.street"), "A 2");
    ck_assert_int_eq(
        complete("order", HOME "'delivery':{'name':'Piet','street':'A 1'}}", "{}", false), 0);
    ck_assert_str_eq(at("delivery.name"), "Piet");
    ck_assert_int_eq(
        complete("order", HOME "'delivery':{'contact':'Piet','street':'A 1'}}", "{}", false), 0);
    ck_assert_str_eq(at("delivery.contact"), "Piet");
}
END_TEST

#define SEVEN                                                                                      \
    "{'vat':[{'code':'1','rate':'21.00','excl':'0.05','vat':'0.01'}],'lines':[{'quantity':'7','"   \
    "total_excl':"                                                                                 \
    "'0.05','vat_code':'1'}%s]}"

/* O21: a price of four decimals times the quantity may miss the line, too; no amount is ever left
 * out. */
START_TEST(o21_prices_and_what_they_miss)
{
    char text[512];
    ck_assert_int_eq(
        complete("order",
                 "{'vat':[{'code':'1','rate':'0.00','excl':'69.79','vat':'0.00'}],'lines':["
                 "{'quantity':'9970','total_excl':'69.79','vat_code':'1'}]}",
                 "{}", false),
        0);
    ck_assert_str_eq(at("lines.0.unit_net"), "0.007");
    ck_assert_str_eq(at("vat_rounding"), "none");
    ck_assert_int_eq(
        complete("order",
                 "{'vat':[{'code':'1','rate':'0.00','excl':'69.75','vat':'0.00'}],'lines':["
                 "{'quantity':'9970','total_excl':'69.75','vat_code':'1'}]}",
                 "{}", false),
        0);
    ck_assert_str_eq(at("vat_rounding"), "-0.04");
    snprintf(text, sizeof text, SEVEN, ",{'quantity':'1','total_excl':'3.00','vat_code':'2'}");
    ck_assert_int_eq(complete("order", text, "{}", false), -1);
    ck_assert_str_eq(err.reason, "order.totals");
    snprintf(text, sizeof text, SEVEN,
             ",{'quantity':'1','total_excl':'0.00','description':'thank you'}");
    ck_assert_int_eq(complete("order", text, "{}", false), 0);
    ck_assert_str_eq(at("lines.0.unit_net"), "0.0071");
    ck_assert_str_eq(at("lines.1.unit_net"), "0.00");
}
END_TEST

#define CHEAP                                                                                      \
    "{'vat_method':'%s','total_incl':'24.20','vat':[{'code':'1','rate':'21.00','excl':'20.00','"   \
    "vat':'4.20'}],"                                                                               \
    "'lines':[{'quantity':'2','description':'Mug','%s','total_incl':'24.20','total_excl':'20.00'," \
    "'vat_code':'1'"                                                                               \
    ",'discount_percent':'20.00'}]}"

/* O27: a discount is in the price, or a line of its own; together they are what the line was. */
START_TEST(o27_discounts_as_lines)
{
    static const char *const cases[][2] = {{"inclusive", "original_price':'15.13"},
                                           {"exclusive", "original_price_excl':'12.50"}};
    char text[512];
    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text, CHEAP, cases[i][0], cases[i][1]);
        ck_assert_int_eq(complete("order", text, "{'discounts':'line'}", false), 0);
        ck_assert_uint_eq(json_array_size(json_object_get(core, "lines")), 2);
        ck_assert_str_eq(at("lines.1.kind"), "discount");
        ck_assert_str_eq(at("lines.1.description"), "Korting 20.00 %: Mug");
        ck_assert_str_eq(at("lines.0.net"), i ? "25.00" : "25.01");
        ck_assert_str_eq(at("lines.1.net"), i ? "-5.00" : "-5.01");
        ck_assert_str_eq(at("lines.0.vat"), "5.25");
        ck_assert_str_eq(at("lines.1.vat"), "-1.05");
        ck_assert_str_eq(at("lines.1.region"), "NL");
        ck_assert_str_eq(at("total_incl"), "24.20");
        ck_assert_int_eq(complete("order", text, "{'discounts':'net'}", false), 0);
        ck_assert_uint_eq(json_array_size(json_object_get(core, "lines")), 1);
    }
}
END_TEST

/* O8: what was not invoiced parks where that is set; what the settings do not ask for is no part of
 * it. */
START_TEST(o8_invoice_rules)
{
    const char *with = "{'date':'2026-01-02','delivery_date':'2026-01-05','invoice':'2026-7'}";
    ck_assert_int_eq(complete("order", "{'date':'2026-01-02'}", "{'uninvoiced':'park'}", false),
                     -1);
    ck_assert_str_eq(err.reason, "order.type");
    ck_assert_int_eq(complete("order", with, "{'uninvoiced':'park'}", false), 0);
    ck_assert_str_eq(at("date"), "2026-01-02");
    ck_assert_str_eq(at("delivery_date"), "none");
    ck_assert_str_eq(at("invoice"), "none");
    ck_assert_int_eq(
        complete("order", with, "{'invoice_date':'delivery','invoice_number':'document'}", false),
        0);
    ck_assert_str_eq(at("date"), "2026-01-05");
    ck_assert_str_eq(at("invoice"), "2026-7");
}
END_TEST

/* O25: what goes on account is still owed; the rest is what was paid. */
START_TEST(o25_payments_on_account)
{
    const char *order =
        "{'lines':[],'payments':[{'method':'CASH','amount':'10.00'},{'method':'INVOICE',"
        "'amount':'5.00'},{'method':'PIN','amount':'2.50'}]}";
    ck_assert_int_eq(complete("order", order, "{'on_account':'CREDIT, INVOICE'}", false), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(core, "payments")), 2);
    ck_assert_str_eq(at("total_paid"), "12.50");
    ck_assert_int_eq(complete("order", order, "{'on_account':'VOICE'}", false), 0);
    ck_assert_str_eq(at("total_paid"), "17.50");
}
END_TEST

/* O32: a packing slip has no VAT totals; they are summed, and no more is delivered than was
 * ordered. */
START_TEST(o32_packing_slip)
{
    const char *slip =
        "{'vat_method':'inclusive','lines':[{'number':'1','quantity':'2','total_incl':'12.10',"
        "'vat_code':'1','vat_rate':'21.00'},{'number':'2','quantity':'1','total_incl':'1.09',"
        "'vat_code':'2','vat_rate':'9.00'}],'ordered':[{'number':'1','quantity':'3'},{'number':'2',"
        "'quantity':'1'}],'delivered':[{'number':'1','quantity':'1'},{'number':'1','quantity':'2'},"
        "{'number':'2','quantity':'1'}]}";
    ck_assert_int_eq(complete("order", slip, "{}", false), 0);
    ck_assert_str_eq(at("vat.0.excl"), "10.00");
    ck_assert_str_eq(at("vat.0.vat"), "2.10");
    ck_assert_str_eq(at("vat.1.excl"), "1.00");
    ck_assert_str_eq(at("total_incl"), "13.19");
    ck_assert_int_eq(complete("order", "{'lines':[],'ordered':[{'number':'1','quantity':'-2'}],"
                              "'delivered':[{'number':'1','quantity':'-1'}]}", "{}", false), 0);
    ck_assert_int_eq(complete("order", "{'lines':[],'ordered':[{'number':'1','quantity':'2'}],"
                              "'delivered':[{'number':'1','quantity':'2.001'}]}", "{}", false), -1);
    ck_assert_str_eq(err.reason, "order.delivered");
}
END_TEST

/* F7, row 4: a line without a total is that of its price; without either it is unknown. */
START_TEST(f7_row4_lines_without_amounts)
{
    ck_assert_msg(
        complete(
            "order",
            "{'vat_method':'exclusive','total_incl':'18.09','lines':["
            "{'kind':'article','number':'1','quantity':'2','price_excl':'5.00','vat_code':'1','vat_"
            "rate':"
            "'21'},{'kind':'text','quantity':'1','price':'4.95','price_excl':'4.95','vat_code':'1',"
            "'vat_rate':'21'},{'kind':'text','description':'thanks','quantity':'1'}]}",
            "{}", false) == 0,
        "%s", err.text);
    ck_assert_str_eq(at("lines.0.net"), "10.00");
    ck_assert_str_eq(at("lines.1.kind"), "cost");
    ck_assert_str_eq(at("lines.1.net"), "4.95");
    ck_assert_str_eq(at("lines.2.kind"), "text");
    ck_assert_str_eq(at("total_net"), "14.95");
    ck_assert_int_eq(
        complete("order", "{'lines':[{'number':'1','quantity':'2','vat_code':'1'}]}", "{}", false),
        -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_ptr_nonnull(strstr(err.text, "line 1"));
    ck_assert_int_eq(
        complete(
            "order",
            "{'lines':[{'number':'1','quantity':'2','price':'3','discount':'1','vat_code':'1'}]}",
            "{}", false),
        -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_int_eq(complete("order",
                              "{'lines':[{'number':'1','quantity':'2','price':'3','discount_"
                              "percent':'10','vat_code':'1',"
                              "'vat_rate':'0'}]}",
                              "{}", false),
                     0);
    ck_assert_str_eq(at("total_net"), "5.40");
    ck_assert_int_eq(complete("order",
                              "{'vat':[{'code':'1','rate':'21','excl':'1.00'}],'lines':[]}", "{}",
                              false),
                     -1);
    ck_assert_str_eq(err.reason, "field.unknown");
    ck_assert_ptr_nonnull(strstr(err.text, "vat[].vat"));
    ck_assert_int_eq(complete("order", "{'payments':[{'method':'PIN'}],'lines':[]}", "{}", false),
                     -1);
    ck_assert_ptr_nonnull(strstr(err.text, "payments[].amount"));
}
END_TEST

/* Row 12: there is nothing to send of an order without lines, or of a day without turnover. */
START_TEST(row12_nothing_to_send)
{
    static const struct {
        const char *model, *record, *reason;
    } cases[] = {{"order", "{}", "no_lines"},
                 {"order", "{'lines':[],'total_incl':'0.00'}", "no_lines"},
                 {"order", "{'lines':[{'description':'thanks','quantity':'1'}]}", "no_lines"},
                 {"order", "{'lines':[],'total_incl':'5.00'}", NULL},
                 {"order", "{'lines':[],'total_incl':'x'}", NULL},
                 {"order", "{'lines':[{'number':'1','quantity':'1'}]}", NULL},
                 {"order", "{'lines':[{'price':'4.95'}]}", NULL},
                 {"quote", "{'lines':[]}", "no_lines"},
                 {"ledger", "{'groups':[{'excl':'0.00','vat':'0'}],'payments':[]}", "no_turnover"},
                 {"ledger", "{'outflow':[{'amount':'1'}]}", NULL},
                 {"product", "{}", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *detail = "";
        json_t *record = parse(cases[i].record);
        const char *reason = complete_nothing(cases[i].model, record, &detail);
        ck_assert_msg(reason && cases[i].reason ? strcmp(reason, cases[i].reason) == 0
                                                : reason == cases[i].reason,
                      "%zu: %s", i, reason ? reason : "something");
        json_decref(record);
    }
}
END_TEST

/* Row 17, row 29: prices with the destination's decimals, and words in the home language. */
START_TEST(row17_row29_decimals_and_words)
{
    json_decref(core);
    json_decref(settings);
    core =
        parse("{'vat':[{'code':'1','rate':'0.00','excl':'1.00','vat':'0.00'}],'lines':[{'quantity':"
              "'3','total_excl':'1.00','vat_code':'1'}]}");
    settings = parse("{'home':{'language':'de'}}");
    struct model_facts facts = {.settings = settings, .destination = "books", .price_places = 2};
    ck_assert_int_eq(complete_record("order", core, &facts, &err), 0);
    ck_assert_str_eq(at("lines.0.unit_net"), "0.33");
    ck_assert_str_eq(at("vat_rounding"), "0.01");
    ck_assert_int_eq(off_by("3.04", "{'rounding_account':'8999','home':{'language':'de'}}"), 0);
    ck_assert_str_eq(at("lines.2.description"), "Rundung");
    ck_assert_int_eq(off_by("3.04", "{'rounding_account':'8999'}"), 0);
    ck_assert_str_eq(at("lines.2.description"), "Afronding");
}
END_TEST

START_TEST(a_document_in_another_currency)
{
    ck_assert_int_eq(complete("order", "{'currency':'USD','lines':[]}", "{}", false), -1);
    ck_assert_str_eq(err.reason, "order.currency");
    ck_assert_int_eq(
        complete("order", "{'currency':'USD','lines':[]}", "{'home':{'currency':'USD'}}", false),
        0);
    ck_assert_int_eq(complete("order", "{'lines':[]}", "{'home':{'currency':'USD'}}", false), 0);
    ck_assert_str_eq(at("currency"), "USD");
}
END_TEST

UNIT_MAIN("model")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, o25_payments_are_summed);
    tcase_add_test(t, o21_prices_and_what_they_miss);
    tcase_add_test(t, o27_discounts_as_lines);
    tcase_add_test(t, o8_invoice_rules);
    tcase_add_test(t, o37_unit_prices);
    tcase_add_test(t, o34_delivery_at_home_is_none);
    tcase_add_test(t, o25_payments_on_account);
    tcase_add_test(t, o32_packing_slip);
    tcase_add_test(t, f7_row4_lines_without_amounts);
    tcase_add_test(t, row12_nothing_to_send);
    tcase_add_test(t, row17_row29_decimals_and_words);
    tcase_add_test(t, a_document_in_another_currency);
}
