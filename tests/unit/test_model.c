/* SPDX-License-Identifier: MIT
 * The rules of the core models: orders, products, stock levels, days of a till. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "model/complete.h"
#include "unit.h"

static struct koppel_error err;
static json_t *core, *settings, *notes;

static void setup(void)
{
    err = (struct koppel_error){0};
    core = settings = NULL;
    notes = json_array();
}

static void teardown(void)
{
    json_decref(core);
    json_decref(settings);
    json_decref(notes);
}

static json_t *parse(const char *text)
{
    json_error_t where;
    char copy[4096];
    size_t n = strlen(text);
    ck_assert_uint_lt(n, sizeof copy);
    for (size_t i = 0; i <= n; i++)
        copy[i] = text[i] == '\'' ? '"' : text[i];
    json_t *value = json_loads(copy, 0, &where);
    ck_assert_msg(value != NULL, "%s at %d", where.text, where.column);
    return value;
}

static int complete(const char *model, const char *record, const char *with, bool whole)
{
    json_decref(core);
    json_decref(settings);
    core = parse(record);
    settings = parse(with);
    err = (struct koppel_error){0};
    struct model_facts facts = {.settings = settings, .whole_numbers = whole,
                                .destination = "till", .notes = notes};
    return complete_record(model, core, &facts, &err);
}

/* A member by a simple path "lines.0.net". */
static const char *at(const char *path)
{
    char copy[128], *save = NULL;
    json_t *value = core;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save))
        value = json_is_array(value) ? json_array_get(value, (size_t)strtol(part, NULL, 10))
                                     : json_object_get(value, part);
    const char *text = json_string_value(value);
    return text ? text : "none";
}

#define THIRDS                                                                                     \
    "{'vat_method':'inclusive','total_incl':'1.00','vat':[{'code':'1','rate':'21.00','excl':'0."   \
    "83',"                                                                                         \
    "'vat':'0.17'}],'lines':[{'number':'1','quantity':'1','total_incl':'0.33','vat_code':'1'},"    \
    "{'number':'2','quantity':'1','total_incl':'0.33','vat_code':'1'},"                            \
    "{'number':'3','quantity':'1','total_incl':'0.34','vat_code':'1'}]}"

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

#define OFF                                                                                        \
    "{'vat_method':'exclusive','total_incl':'%s','vat':[{'code':'1','rate':'0.00','excl':'%s','"   \
    "vat':'0.00'}],"                                                                               \
    "'lines':[{'number':'1','quantity':'1','total_excl':'1.00','vat_code':'1'},"                   \
    "{'number':'2','quantity':'1','total_excl':'2.00','vat_code':'1'}]}"

static int off_by(const char *total, const char *with)
{
    char text[1024];
    snprintf(text, sizeof text, OFF, total, total);
    return complete("order", text, with, false);
}

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
    tcase_add_test(t, o21_shares_add_up);
    tcase_add_test(t, o25_payments_are_summed);
    tcase_add_test(t, o21_vat_rounding);
    tcase_add_test(t, vat_totals_that_the_source_does_not_tell);
    tcase_add_test(t, o21_prices_and_what_they_miss);
    tcase_add_test(t, o23_shifted_rates_count_as_zero);
    tcase_add_test(t, o27_discounts_as_lines);
    tcase_add_test(t, o8_invoice_rules);
    tcase_add_test(t, o37_unit_prices);
    tcase_add_test(t, o34_delivery_at_home_is_none);
    tcase_add_test(t, o21_rounding_line_within_the_limit);
    tcase_add_test(t, o25_payments_on_account);
    tcase_add_test(t, o32_packing_slip);
    tcase_add_test(t, f7_unknown_stock_is_not_zero);
    tcase_add_test(t, f7_an_article_without_a_price);
    tcase_add_test(t, f7_a_day_with_an_amount_that_is_not_there);
    tcase_add_test(t, f7_row4_lines_without_amounts);
    tcase_add_test(t, row4_totals_that_differ);
    tcase_add_test(t, row12_nothing_to_send);
    tcase_add_test(t, sums_that_do_not_fit);
    tcase_add_test(t, f18_dates_of_a_record);
    tcase_add_test(t, f15_customers);
    tcase_add_test(t, row17_row29_decimals_and_words);
    tcase_add_test(t, a_document_in_another_currency);
    tcase_add_test(t, p2_numbers);
    tcase_add_test(t, p10_prices);
    tcase_add_test(t, s2_formulas);
    tcase_add_test(t, s4_rules);
    tcase_add_test(t, o38_day);
    tcase_add_test(t, f17_rounding_per_receipt);
    tcase_add_test(t, f7_an_amount_of_a_day_that_is_not_told);
}
