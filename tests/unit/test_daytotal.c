/* SPDX-License-Identifier: MIT
 * The totals of a till's day: receipts in, one record per branch out, exact to the cent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/mpluskassa/day_record.h"
#include "plugins/mpluskassa/daytotal.h"
#include "plugins/mpluskassa/soap_value.h"
#include "unit.h"

#define LINE(group, type, code, rate, excl, incl)                                                  \
    "{\"articleNumber\":\"1\",\"data\":{\"turnoverGroup\":\"" group "\",\"turnoverGroupName\":\"G" \
    group "\",\"turnoverGroupType\":\"TURNOVER-GROUP-TYPE-" type "\",\"vatCode\":\"" code          \
    "\",\"vatPercentage\":\"" rate "\",\"totalExclAmount\":\"" excl                                \
    "\",\"totalInclAmount\":\"" incl "\"}}"
#define VAT(code, rate, excl, vat)                                                                 \
    "{\"vatCode\":\"" code "\",\"vatPercentage\":\"" rate "\",\"exclAmount\":\"" excl              \
    "\",\"vatAmount\":\"" vat "\"}"
#define PAY(method, amount) "{\"method\":\"" method "\",\"amount\":\"" amount "\"}"
#define RECEIPT(type, branch, marker, total, lines, vat, payments, more)                           \
    "{\"receiptType\":\"RECEIPT-TYPE-" type "\",\"financialBranchNumber\":\"" branch               \
    "\",\"syncMarker\":\"" marker "\",\"totalInclAmount\":\"" total "\",\"lineList\":[" lines      \
    "],\"vatGroupList\":[" vat "],\"paymentList\":[" payments "]" more "}"
#define SALE(total, lines, vat, payments)                                                          \
    RECEIPT("RECEIPT", "1", "7", total, lines, vat, payments, ",\"state\":\"RECEIPT-STATE-PAID\"")

static void add(json_t *day, const char *text)
{
    json_error_t where;
    json_t *receipt = json_loads(text, 0, &where);

    ck_assert_msg(receipt != NULL, "%s: %s", where.text, text);
    daytotal_add_receipt(day, receipt);
    json_decref(receipt);
}

static void add_count(json_t *day, const char *text)
{
    json_t *count = json_loads(text, 0, NULL);

    ck_assert_ptr_nonnull(count);
    daytotal_add_cash_count(day, count);
    json_decref(count);
}

static json_t *record_of(const json_t *day, const char *branch)
{
    int64_t marker;
    json_t *record = day_record_make(day, branch, "2026-06-12", NULL, &marker);

    ck_assert_ptr_nonnull(record);
    return record;
}

/* The rows of a list as "a b c|...", with the members named. */
static void rows_are(const json_t *record, const char *list, const char *members, const char *want)
{
    char got[1000] = "";
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(record, list), i, row) {
        char *names = strdup(members), *save = NULL, *name;

        if (i > 0)
            strncat(got, "|", sizeof got - strlen(got) - 1);
        for (name = strtok_r(names, " ", &save); name != NULL; name = strtok_r(NULL, " ", &save)) {
            const char *text = json_string_value(json_object_get(row, name));

            snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s",
                     name == names ? "" : " ", text != NULL ? text : "-");
        }
        free(names);
    }
    ck_assert_str_eq(got, want);
}

#define TURNOVER "turnoverGroup vatCode exclAmount vatAmount inclAmount"

START_TEST(sums_groups_and_payments)
{
    json_t *day = daytotal_new(), *record;

    add(day, SALE("24.20", LINE("10", "TURNOVER", "2", "21.00", "20.00", "24.20"),
                  VAT("2", "21.00", "20.00", "4.20"), PAY("CASH", "24.20")));
    add(day, SALE("14.55", LINE("2", "TURNOVER", "1", "9.00", "10.00", "10.90") ","
                           LINE("10", "TURNOVER", "2", "21.00", "3.02", "3.65"),
                  VAT("1", "9.00", "10.00", "0.90") "," VAT("2", "21.00", "3.02", "0.63"),
                  PAY("CASH", "4.55") "," PAY("PIN", "10.00")));
    /* a return, on its own receipt */
    add(day, RECEIPT("CREDIT-RECEIPT", "1", "9", "-12.10",
                     LINE("10", "TURNOVER", "2", "21.00", "-10.00", "-12.10"),
                     VAT("2", "21.00", "-10.00", "-2.10"), PAY("PIN", "-12.10"), ""));
    record = record_of(day, "1");
    rows_are(record, "turnover", TURNOVER, "2 1 10.00 0.90 10.90|10 2 13.02 2.73 15.75");
    rows_are(record, "payments", "method amount", "CASH 28.75|PIN -2.10");
    ck_assert_str_eq(json_string_value(json_object_get(record, "totalInclAmount")), "26.65");
    ck_assert_str_eq(json_string_value(json_object_get(record, "receipts")), "3");
    ck_assert_str_eq(json_string_value(json_object_get(record, "dayTotalId")), "1/2026-06-12");
    json_decref(record);
    json_decref(day);
}
END_TEST

/* The receipt's own VAT wins over its lines; the cents go to the largest line of the code. */
START_TEST(the_receipts_vat_is_the_truth)
{
    json_t *day = daytotal_new(), *record;

    add(day, SALE("30.00", LINE("1", "TURNOVER", "2", "21.00", "8.27", "10.00") ","
                           LINE("2", "TURNOVER", "2", "21.00", "16.53", "20.00"),
                  VAT("2", "21.00", "24.79", "5.21"), PAY("CASH", "30.00")));
    record = record_of(day, "1");
    rows_are(record, "turnover", TURNOVER, "1 2 8.27 1.73 10.00|2 2 16.52 3.48 20.00");
    json_decref(record);
    json_decref(day);
}
END_TEST

START_TEST(vat_without_a_line_is_unexplained)
{
    json_t *day = daytotal_new(), *record;

    add(day, SALE("12.10", "", VAT("2", "21.00", "10.00", "2.10"), PAY("CASH", "12.10")));
    record = record_of(day, "1");
    rows_are(record, "turnover", "turnoverGroup turnoverGroupType inclAmount",
             "unexplained UNEXPLAINED 12.10");
    json_decref(record);
    json_decref(day);
}
END_TEST

/* A main line may or may not hold the price of its options: what adds up is right. */
START_TEST(options_count_once)
{
    static const char inside[] =
        "{\"articleNumber\":\"1\",\"data\":{\"turnoverGroup\":\"1\",\"vatCode\":\"2\","
        "\"totalExclAmount\":\"10.00\",\"totalInclAmount\":\"12.10\"},\"preparationList\":["
        LINE("5", "TURNOVER", "2", "21.00", "1.00", "1.21") "]}";
    char text[2000];
    json_t *day = daytotal_new(), *record;

    snprintf(text, sizeof text, SALE("12.10", "%s", "", PAY("CASH", "12.10")), inside);
    add(day, text);
    record = record_of(day, "1");
    rows_are(record, "turnover", TURNOVER, "1 2 10.00 2.10 12.10");
    json_decref(record);
    json_decref(day);

    day = daytotal_new();
    snprintf(text, sizeof text, SALE("13.31", "%s", "", PAY("CASH", "13.31")), inside);
    add(day, text);
    record = record_of(day, "1");
    rows_are(record, "turnover", TURNOVER, "1 2 10.00 2.10 12.10|5 2 1.00 0.21 1.21");
    json_decref(record);
    json_decref(day);
}
END_TEST

/* O29: a card that is sold is no turnover, a card that is redeemed is a payment. */
START_TEST(gift_cards)
{
    json_t *day = daytotal_new(), *record;

    add(day, SALE("50.00", LINE("90", "SUSPENSE", "0", "0.00", "50.00", "50.00"), "",
                  PAY("PIN", "50.00")));
    add(day, SALE("12.10", LINE("1", "TURNOVER", "2", "21.00", "10.00", "12.10"), "",
                  PAY("GIFT", "12.10")));
    record = record_of(day, "1");
    rows_are(record, "turnover", "turnoverGroup turnoverGroupType inclAmount",
             "1 TURNOVER-GROUP-TYPE-TURNOVER 12.10|90 TURNOVER-GROUP-TYPE-SUSPENSE 50.00");
    rows_are(record, "payments", "method amount", "GIFT 12.10|PIN 50.00");
    json_decref(record);
    json_decref(day);
}
END_TEST

static const struct {
    const char *receipt, *payments, *inflow, *outflow;
} moves[] = {
    {RECEIPT("CASH-INFLOW", "1", "1", "100.00",
             LINE("80", "CASH-INFLOW", "0", "0.00", "100.00", "100.00"), "",
             PAY("CASH", "100.00"), ""), "CASH 100.00", "80 100.00", ""},
    {RECEIPT("CASH-OUTFLOW", "1", "1", "-20.00",
             LINE("81", "CASH-OUTFLOW", "0", "0.00", "-20.00", "-20.00"), "",
             PAY("CASH", "-20.00"), ""), "CASH -20.00", "", "81 20.00"},
    /* the same without a sign */
    {RECEIPT("CASH-OUTFLOW", "1", "1", "20.00",
             LINE("81", "CASH-OUTFLOW", "0", "0.00", "20.00", "20.00"), "", PAY("CASH", "20.00"),
             ""), "CASH -20.00", "", "81 20.00"},
    /* nothing says what for */
    {RECEIPT("CASH-OUTFLOW", "1", "1", "20.00", "", "", PAY("CASH", "-20.00"), ""), "CASH -20.00",
     "", "- 20.00"},
    {RECEIPT("PAYMENT-METHOD-TRANSFER", "1", "1", "0.00", "", "",
             PAY("CASH", "-200.00") "," PAY("BANK", "200.00"), ""), "BANK 200.00|CASH -200.00", "",
     ""},
};

START_TEST(money_in_and_out)
{
    json_t *day = daytotal_new(), *record;

    add(day, moves[_i].receipt);
    record = record_of(day, "1");
    rows_are(record, "payments", "method amount", moves[_i].payments);
    rows_are(record, "inflow", "turnoverGroup amount", moves[_i].inflow);
    rows_are(record, "outflow", "turnoverGroup amount", moves[_i].outflow);
    rows_are(record, "turnover", TURNOVER, "");
    ck_assert_str_eq(json_string_value(json_object_get(record, "totalInclAmount")), "0.00");
    json_decref(record);
    json_decref(day);
}
END_TEST

/* What is still to be paid is a claim; what cash lacks is for the books to judge. */
START_TEST(unpaid_and_rounded)
{
    json_t *day = daytotal_new(), *record;

    add(day, RECEIPT("RECEIPT", "1", "1", "12.10",
                     LINE("1", "TURNOVER", "2", "21.00", "10.00", "12.10"), "", PAY("CASH", "2.10"),
                     ",\"state\":\"RECEIPT-STATE-PARTLY-PAID\""));
    add(day, SALE("10.02", LINE("1", "TURNOVER", "2", "21.00", "8.28", "10.02"), "",
                  PAY("CASH", "10.00")));
    record = record_of(day, "1");
    rows_are(record, "payments", "method amount", "CASH 12.10|outstanding 10.00");
    rows_are(record, "turnover", "turnoverGroup inclAmount", "1 22.12");
    json_decref(record);
    json_decref(day);
}
END_TEST

static const struct {
    const char *paid, *amount, *receipts; /* for 10.02 */
} rounded[] = {
    {"10.00", "-0.02", "1"}, {"10.01", "-0.01", "1"}, {"10.02", "0.00", "0"},
    {"10.04", "0.02", "1"},  {"9.99", "0.00", "0"},   {"10.05", "0.00", "0"},
};

/* Two cents are what cash is rounded by; three are a difference. */
START_TEST(rounding_is_two_cents)
{
    json_t *day = daytotal_new();
    json_t *receipt = json_loads(SALE("10.02", LINE("1", "TURNOVER", "2", "21.00", "8.28", "10.02"),
                                      "", PAY("CASH", "10.02")), 0, NULL);
    ck_assert_ptr_nonnull(receipt);
    json_t *list = json_object_get(receipt, "paymentList");
    json_object_set_new(json_array_get(list, 0), "amount", json_string(rounded[_i].paid));
    char *text = json_dumps(receipt, 0);
    add(day, text);
    json_t *record = record_of(day, "1");
    ck_assert_str_eq(json_string_value(json_object_get(record, "roundingAmount")),
                     rounded[_i].amount);
    ck_assert_str_eq(json_string_value(json_object_get(record, "roundedReceipts")),
                     rounded[_i].receipts);
    free(text);
    json_decref(receipt);
    json_decref(record);
    json_decref(day);
}
END_TEST

/* A receipt of an order is the order's; it moves the version all the same. */
START_TEST(orders_stay_out)
{
    json_t *day = daytotal_new(), *record, *branches;
    int64_t marker;

    add(day, RECEIPT("RECEIPT", "1", "40", "12.10",
                     LINE("1", "TURNOVER", "2", "21.00", "10.00", "12.10"), "",
                     PAY("CASH", "12.10"), ",\"orderIds\":[\"o1\"]"));
    branches = day_record_branches(day);
    ck_assert_uint_eq(json_array_size(branches), 0);
    json_decref(branches);
    add(day, SALE("1.21", LINE("1", "TURNOVER", "2", "21.00", "1.00", "1.21"), "",
                  PAY("CASH", "1.21")));
    record = day_record_make(day, "1", "2026-06-12", NULL, &marker);
    ck_assert_int_eq(marker, 40);
    rows_are(record, "payments", "method amount", "CASH 1.21");
    json_decref(record);
    json_decref(day);
}
END_TEST

START_TEST(branches_are_apart)
{
    json_t *day = daytotal_new(), *branches, *first, *second;

    add(day, RECEIPT("RECEIPT", "10", "1", "2.42",
                     LINE("1", "TURNOVER", "2", "21.00", "2.00", "2.42"), "", PAY("CASH", "2.42"),
                     ""));
    add(day, SALE("1.21", LINE("1", "TURNOVER", "2", "21.00", "1.00", "1.21"), "",
                  PAY("CASH", "1.21")));
    branches = day_record_branches(day);
    ck_assert_uint_eq(json_array_size(branches), 2);
    first = record_of(day, "1");
    second = record_of(day, "10");
    rows_are(first, "turnover", "inclAmount", "1.21");
    rows_are(second, "turnover", "inclAmount", "2.42");
    json_decref(first);
    json_decref(second);
    json_decref(branches);
    json_decref(day);
}
END_TEST

#define COUNT(final, method, amount, account)                                                      \
    "{\"branchNumber\":\"1\",\"isFinalized\":" final ",\"cashCountLineList\":["                    \
    "{\"paymentMethod\":\"" method "\",\"differenceAmount\":\"" amount                             \
    "\",\"differenceAccountNumber\":\"" account "\"}]}"

START_TEST(cash_differences)
{
    json_t *day = daytotal_new(), *record, *branches;

    add_count(day, COUNT("true", "CASH", "-1.50", "4900"));
    add_count(day, COUNT("true", "CASH", "0.25", "4900"));
    add_count(day, COUNT("false", "CASH", "99.00", "4900"));
    add_count(day, COUNT("true", "PIN", "0.00", "4900"));
    branches = day_record_branches(day);
    ck_assert_uint_eq(json_array_size(branches), 1);
    record = record_of(day, "1");
    rows_are(record, "differences", "paymentMethod differenceAmount differenceAccountNumber",
             "CASH -1.25 4900");
    json_decref(branches);
    json_decref(record);
    json_decref(day);
}
END_TEST

START_TEST(accounts_of_the_methods)
{
    json_t *methods = json_loads(
        "[{\"method\":\"PIN\",\"accountNumber\":\"1100\"},{\"method\":\"CASH\",\"accountNumber\":"
        "\"1000\",\"branchAccountNumberList\":[{\"branchNumber\":\"1\","
        "\"accountNumber\":\"1001\"}]}]",
        0, NULL);
    json_t *day = daytotal_new(), *record;
    int64_t marker;

    add(day, SALE("3.00", LINE("1", "TURNOVER", "0", "0.00", "3.00", "3.00"), "",
                  PAY("CASH", "1.00") "," PAY("PIN", "1.00")
                  ",{\"method\":\"CARD\",\"amount\":\"1.00\",\"accountNumber\":\"1200\"}"));
    record = day_record_make(day, "1", "2026-06-12", methods, &marker);
    rows_are(record, "payments", "method accountNumber", "CARD 1200|CASH 1001|PIN 1100");
    json_decref(record);
    json_decref(methods);
    json_decref(day);
}
END_TEST

/* ---- a thousand random days: everything that goes in comes out ---- */

static int64_t cents(const json_t *object, const char *name)
{
    int64_t value = 0;

    soap_value_scale(json_string_value(json_object_get(object, name)), 2, &value);
    return value;
}

static int64_t sum(const json_t *record, const char *list, const char *member)
{
    const json_t *row;
    int64_t total = 0;
    size_t i;

    json_array_foreach(json_object_get(record, list), i, row)
        total += cents(row, member);
    return total;
}

static json_t *money(int64_t value)
{
    char text[NUMBER_BYTES];

    soap_value_format_scaled(value, 2, text);
    return json_string(text);
}

/* One receipt of up to six lines whose own VAT differs from its lines by a few cents. */
static json_t *random_receipt(unsigned *seed, int64_t excl[3], int64_t vat[3], int64_t *total)
{
    static const char *const codes[] = {"0", "1", "2"}, *const rates[] = {"0.00", "9.00", "21.00"};
    static const int parts[] = {0, 9, 21};
    json_t *lines = json_array(), *groups = json_array(), *receipt;
    int64_t own[3] = {0}, own_vat[3] = {0}, incl = 0;
    int i, k, n = rand_r(seed) % 6 + 1;

    for (i = 0; i < n; i++) {
        int64_t net = rand_r(seed) % 20000 - 2000;
        int64_t tax;
        char group[8];

        k = rand_r(seed) % 3;
        tax = net * parts[k] / 100;
        snprintf(group, sizeof group, "%d", rand_r(seed) % 12);
        json_array_append_new(lines, json_pack("{s:{s:s,s:s,s:s,s:o,s:o}}", "data", "turnoverGroup",
                                               group, "vatCode", codes[k], "vatPercentage",
                                               rates[k], "totalExclAmount", money(net),
                                               "totalInclAmount", money(net + tax)));
        own[k] += net;
        own_vat[k] += tax;
        incl += net + tax;
    }
    for (k = 0; k < 3; k++) {
        int64_t shift = own[k] != 0 ? rand_r(seed) % 3 - 1 : 0;

        excl[k] += own[k] + shift;
        vat[k] += own_vat[k] - shift;
        json_array_append_new(groups, json_pack("{s:s,s:s,s:o,s:o}", "vatCode", codes[k],
                                                "vatPercentage", rates[k], "exclAmount",
                                                money(own[k] + shift), "vatAmount",
                                                money(own_vat[k] - shift)));
    }
    receipt = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o,s:[{s:s,s:o}]}", "receiptType",
                        "RECEIPT-TYPE-RECEIPT", "financialBranchNumber", "1", "syncMarker", "1",
                        "totalInclAmount", money(incl), "lineList", lines, "vatGroupList", groups,
                        "paymentList", "method", rand_r(seed) % 2 ? "CASH" : "PIN", "amount",
                        money(incl));
    *total += incl;
    return receipt;
}

static int64_t sum_of_code(const json_t *record, const char *code, const char *member)
{
    const json_t *row;
    int64_t total = 0;
    size_t i;

    json_array_foreach(json_object_get(record, "turnover"), i, row) {
        if (strcmp(json_string_value(json_object_get(row, "vatCode")), code) == 0)
            total += cents(row, member);
    }
    return total;
}

START_TEST(nothing_is_lost)
{
    static const char *const codes[] = {"0", "1", "2"};
    unsigned seed = 20260612u + (unsigned)_i;
    int64_t excl[3] = {0}, vat[3] = {0}, total = 0;
    json_t *day = daytotal_new(), *record;
    int i, k;

    for (i = 0; i < 100; i++) {
        json_t *receipt = random_receipt(&seed, excl, vat, &total);

        daytotal_add_receipt(day, receipt);
        json_decref(receipt);
    }
    record = record_of(day, "1");
    for (k = 0; k < 3; k++) {
        ck_assert_msg(sum_of_code(record, codes[k], "exclAmount") == excl[k], "seed %d", _i);
        ck_assert_msg(sum_of_code(record, codes[k], "vatAmount") == vat[k], "seed %d", _i);
    }
    ck_assert_int_eq(sum(record, "turnover", "inclAmount"), total);
    ck_assert_int_eq(sum(record, "payments", "amount"), total);
    ck_assert_int_eq(cents(record, "totalInclAmount"), total);
    json_decref(record);
    json_decref(day);
}
END_TEST

UNIT_MAIN("daytotal")
{
    tcase_add_test(t, sums_groups_and_payments);
    tcase_add_test(t, the_receipts_vat_is_the_truth);
    tcase_add_test(t, vat_without_a_line_is_unexplained);
    tcase_add_test(t, options_count_once);
    tcase_add_test(t, gift_cards);
    LOOP(money_in_and_out, moves);
    tcase_add_test(t, unpaid_and_rounded);
    LOOP(rounding_is_two_cents, rounded);
    tcase_add_test(t, orders_stay_out);
    tcase_add_test(t, branches_are_apart);
    tcase_add_test(t, cash_differences);
    tcase_add_test(t, accounts_of_the_methods);
    tcase_add_loop_test(t, nothing_is_lost, 0, 50);
}
