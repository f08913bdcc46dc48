/* SPDX-License-Identifier: MIT
 * VAT numbers with their check digits, and amounts with and without VAT: the lines of a group sum
 * to the converted total, whatever they are. */
#include "base/decimal.h"
#include "transform_fixture.h"

/* One for each form of each country; those of the first table are right and those of the second
 * have another digit somewhere. Made at random and judged by python-stdnum, version 1.18. */
static const char *const right[] = {
    "ATU69070293",      "BE0036993226",    "BE1852109981",    "BG448240895",    "BG2460155773",
    "CHE438419881MWST", "CHE729159808TVA", "CHE641876926IVA", "CY55206285M",    "CZ25722573",
    "CZ812429556",      "CZ9302026965",    "DE223553756",     "DK19830942",     "EE839591832",
    "EL262768244",      "ES70205482Y",     "FI71707636",      "FRX9603894627",  "GB714404915",
    "GB730453852108",   "GBGD049",         "GBHA547",         "HR16513908128",  "HU76771369",
    "IE2088431P",       "IE2836880QM",     "IT72606120284",   "LT940388217",    "LT024204241813",
    "LU83457926",       "LV90654199409",   "MT81473862",      "NL164674235B02", "NO963287119",
    "NO233537535MVA",   "PL8042543229",    "PT994022808",     "RO60",           "RO108",
    "RO6313",           "RO40323",         "RO806138",        "RO6106869",      "RO48264333",
    "RO514943574",      "RO3691526291",    "SE733466687701",  "SI50953010",     "SK0661214543",
    "XI775867617",      "XI814980371982",  "XIGD231",         "XIHA861",
};
static const char *const wrong[] = {
    "ATU94580730",    "BE0160714073",     "BE1209226960",    "BG911328916",     "BG8910984357",
    "CHE433857034",   "CHE364742089MWST", "CHE024142851TVA", "CHE850304878IVA", "CY94415071Y",
    "CZ88939422",     "CZ601904684",      "CZ9849118839",    "DE332395974",     "DK02905654",
    "EE055149772",    "EL779993237",      "ESR0787625B",     "FI44479291",      "FRK8965445148",
    "GB824260672",    "GB498827743488",   "GBGD511",         "GBHA438",         "HR43027841399",
    "HU51720301",     "IE7755921Z",       "IE6129102HD",     "IT26917791499",   "LT973530665",
    "LT653319636867", "LU62475941",       "LV04676917177",   "MT04330684",      "NL292870232B43",
    "NO150748650",    "NO876286113MVA",   "PL0529475543",    "PT692929253",     "RO05",
    "RO975",          "RO1533",           "RO42955",         "RO366486",        "RO0487261",
    "RO15199200",     "RO474586822",      "RO8223418237",    "SE724589821821",  "SI92457303",
    "SK4477874889",   "XI450660882",      "XI114580586561",  "XIGD694",         "XIHA470",
};

static const struct transform_case cases[] = {
    {"vat.valid-number:digits", "'NL004495445B01'", "'NL004495445B01'", NULL},
    {"vat.valid-number:digits", "'NL 0000.99.998 b57'", "'NL000099998B57'", NULL},
    {"vat.valid-number:digits", "'NL123456789B01'", NULL, "check digits of the VAT number"},
    {"vat.valid-number:digits", "'NL123456789B13'", "'NL123456789B13'", NULL},
    {"vat.valid-number", "'NL123456789B01'", "'NL123456789B01'", NULL},
    {"vat.valid-number:digits", "'België|0403.019.261'", "'BE0403019261'", NULL},
    {"vat.valid-number:digits", "'CHE-116.281.710 MWST'", "'CHE116281710MWST'", NULL},
    {"vat.valid-number:digits", "'GR 094259216'", "'EL094259216'", NULL},
    {"vat.valid-number:digits", "'EL 094259217'", NULL, "check digits"},
    {"vat.valid-number:all", "'NL123456789B01'", NULL, "check"},
    {"vat.excl:21", "'121'", "'100.00'", NULL},
    {"vat.excl:21", "121", "'100.00'", NULL},
    {"vat.excl:21", "'-0.01'", "'-0.01'", NULL},
    {"vat.excl:0", "'1.005'", "'1.01'", NULL},
    {"vat.excl:0", "'-1.005'", "'-1.01'", NULL},
    {"vat.excl:21:4", "'1'", "'0.8264'", NULL},
    {"vat.incl:5.5", "'1.00'", "'1.06'", NULL},
    {"vat.incl:21", "['1', null, '']", "['1.21', null, '']", NULL},
    {"vat.incl:21", "[]", "[]", NULL},
    {"vat.excl:21", "['100.00', '-99.99']", "['82.65', '-82.64']", NULL},
    {"vat.excl:21", "['1', 'x']", NULL, "line 2: the amount is no decimal"},
    {"vat.excl:-100", "'1'", NULL, "-100 or less"},
    {"vat.excl:x", "'1'", NULL, "rate"},
    {"vat.excl:21", "'99999999999999999999999999999999999.99'", NULL, "too large"},
    {"vat.excl-lines:a:r:n", "[{'a': '1', 'r': '21.0'}, {'a': '1', 'r': 21}, {'a': '1', 'r': '9'}]",
     "[{'a': '1', 'r': '21.0', 'n': '0.83'}, {'a': '1', 'r': 21, 'n': '0.82'},"
     " {'a': '1', 'r': '9', 'n': '0.92'}]",
     NULL},
    {"vat.excl-lines:a:r:n", "[{'a': '1'}]", NULL, "line 1: r is no decimal"},
    {"vat.excl-lines:a:r:n", "'1'", NULL, "no list of lines"},
};

START_TEST(known_cases)
{
    transform_expect(&cases[_i]);
}
END_TEST

START_TEST(right_numbers)
{
    struct koppel_error err = {0};
    json_t *out = transform_via("vat.valid-number:digits", json_string(right[_i]), &err);
    ck_assert_msg(out != NULL, "%s: %s", right[_i], err.text);
    ck_assert_str_eq(json_string_value(out), right[_i]);
    json_decref(out);
}
END_TEST

START_TEST(wrong_numbers)
{
    struct koppel_error err = {0};
    json_t *out = transform_via("vat.valid-number:digits", json_string(wrong[_i]), &err);
    ck_assert_msg(out == NULL, "%s is taken", wrong[_i]);
    ck_assert_ptr_nonnull(strstr(err.text, "check digits"));
    out = transform_via("vat.valid-number", json_string(wrong[_i]), &err);
    ck_assert_str_eq(json_string_value(out), wrong[_i]);
    json_decref(out);
}
END_TEST

/* ---- sums ---- */

static struct decimal decimal_of(const json_t *value)
{
    struct decimal d = DECIMAL_ZERO;
    ck_assert(json_string_value(value) && decimal_parse(json_string_value(value), &d) == 0);
    return d;
}

static struct decimal sum_of(const json_t *list)
{
    struct decimal sum = DECIMAL_ZERO;
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
        ck_assert_int_eq(decimal_add(sum, decimal_of(one), &sum), 0);
    return sum;
}

/* Less than one cent between a line and what it would be alone, which is rounded half a cent away.
 */
static void expect_near(struct decimal line, struct decimal alone)
{
    struct decimal difference;
    static const struct decimal one_cent = {1, 2};
    ck_assert_int_eq(decimal_sub(line, alone, &difference), 0);
    ck_assert_int_le(decimal_compare(decimal_abs(difference), one_cent), 0);
}

static json_t *any_amount(uint32_t limit)
{
    struct decimal d;
    char text[DECIMAL_TEXT_BYTES];
    int64_t units = (int64_t)transform_random(limit);
    decimal_from_int(transform_random(4) ? units : -units, transform_random(3) ? 2 : 3, &d);
    decimal_format(d, text);
    return json_string(text);
}

static json_t *must_give(const char *via, json_t *value)
{
    struct koppel_error err = {0};
    json_t *out = transform_via(via, value, &err);
    ck_assert_msg(out != NULL, "%s: %s", via, err.text);
    return out;
}

/* The sum of the lines is what their sum becomes. */
START_TEST(lines_sum_to_the_total)
{
    static const char *const rates[] = {"21", "9", "0", "5.5", "19", "7.7", "25.5"};
    transform_seed();
    for (int i = 0; i < 5000; i++) {
        char via[32], total[DECIMAL_TEXT_BYTES];
        json_t *list = json_array();
        snprintf(via, sizeof via, "vat.%s:%s", transform_random(2) ? "excl" : "incl",
                 rates[transform_random(sizeof rates / sizeof rates[0])]);
        for (uint32_t n = 1 + transform_random(12); n > 0; n--)
            json_array_append_new(list, any_amount(i % 2 ? 100 : 1000000));
        decimal_format(sum_of(list), total);
        json_t *of_total = must_give(via, json_string(total));
        json_t *lines = must_give(via, json_incref(list));
        ck_assert_int_eq(decimal_compare(sum_of(lines), decimal_of(of_total)), 0);
        for (size_t k = 0; k < json_array_size(list); k++) {
            json_t *alone = must_give(via, json_incref(json_array_get(list, k)));
            expect_near(decimal_of(json_array_get(lines, k)), decimal_of(alone));
            json_decref(alone);
        }
        json_decref(of_total);
        json_decref(lines);
        json_decref(list);
    }
}
END_TEST

/* Where the percentage is not below zero, an amount of cents comes back: incl keeps more than excl
 * loses. */
START_TEST(excl_of_incl_is_the_same)
{
    static const char *const rates[] = {"21", "9", "0", "5.5", "19", "7.7", "25.5"};
    transform_seed();
    for (int i = 0; i < 20000; i++) {
        char text[DECIMAL_TEXT_BYTES], incl[32], excl[32];
        const char *rate = rates[transform_random(sizeof rates / sizeof rates[0])];
        struct decimal cents;
        decimal_from_int((int64_t)transform_random(10000000) - 5000000, 2, &cents);
        decimal_format(cents, text);
        snprintf(incl, sizeof incl, "vat.incl:%s", rate);
        snprintf(excl, sizeof excl, "vat.excl:%s", rate);
        json_t *back = must_give(excl, must_give(incl, json_string(text)));
        ck_assert_str_eq(json_string_value(back), text);
        json_decref(back);
    }
}
END_TEST

UNIT_MAIN("transform_vat")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    tcase_set_timeout(t, 60);
    LOOP(known_cases, cases);
    LOOP(right_numbers, right);
    LOOP(wrong_numbers, wrong);
    tcase_add_test(t, lines_sum_to_the_total);
    tcase_add_test(t, excl_of_incl_is_the_same);
}
