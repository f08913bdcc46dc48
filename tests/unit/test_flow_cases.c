/* SPDX-License-Identifier: MIT
 * Cases: what differs between two records, and records without the persons in them. */
#include "unit.h"

#include <string.h>

#include "base/check_digit.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "flow/cases_differ.h"
#include "flow/cases_fake.h"

/* ---- what differs ---- */

static void differ(const char *expected, const char *got, const char *rows)
{
    json_t *a = json_read_text(expected, NULL), *b = json_read_text(got, NULL);
    json_t *out = json_array(), *want = json_read_text(rows, NULL);
    ck_assert(a && b && out && want);
    ck_assert_int_eq(cases_differ("r", a, b, out), 0);
    char *text = json_text(out, true, NULL);
    ck_assert_msg(json_equal(out, want), "%s: %s", rows, text);
    free(text);
    json_decref(a);
    json_decref(b);
    json_decref(out);
    json_decref(want);
}

START_TEST(every_field_that_differs_is_told_with_its_path)
{
    differ("{\"a\":1,\"b\":[1,{\"c\":\"x\"}]}", "{\"b\":[1,{\"c\":\"x\"}],\"a\":1}", "[]");
    differ("{\"a\":\"1\"}", "{\"a\":1}", "[{\"path\":\"r.a\",\"expected\":\"1\",\"got\":1}]");
    differ("{\"a\":1}", "{}", "[{\"path\":\"r.a\",\"expected\":1}]");
    differ("{}", "{\"a\":null}", "[{\"path\":\"r.a\",\"got\":null}]");
    differ("{\"b\":[1,2]}", "{\"b\":[1,3,4]}",
           "[{\"path\":\"r.b[1]\",\"expected\":2,\"got\":3},{\"path\":\"r.b[2]\",\"got\":4}]");
    differ("{\"b\":[{\"c\":\"x\"}]}", "{\"b\":[{\"c\":\"y\",\"d\":1}]}",
           "[{\"path\":\"r.b[0].c\",\"expected\":\"x\",\"got\":\"y\"},"
           "{\"path\":\"r.b[0].d\",\"got\":1}]");
    differ("{\"b\":[]}", "{\"b\":{}}", "[{\"path\":\"r.b\",\"expected\":[],\"got\":{}}]");
}
END_TEST

/* ---- without persons ---- */

static const char explain[] =
    "[{\"to\":\"customer.name\",\"from\":[{\"path\":\"buyer\","
    "\"value\":\"Zo\xc3\xab van der Berg\"}]},"
    "{\"to\":\"customer.email\",\"from\":[{\"path\":\"mail\",\"value\":\"zoe@shop.nl\"}]},"
    "{\"to\":\"customer.iban\",\"from\":[{\"path\":\"bank\",\"value\":\"NL91ABNA0417164300\"}]},"
    "{\"to\":\"delivery.postcode\","
    "\"parts\":[{\"from\":[{\"path\":\"zip\",\"value\":\"1234 AB\"}]}]},"
    "{\"to\":\"customer.country\",\"from\":[{\"path\":\"land\",\"value\":\"Nederland\"}]},"
    "{\"to\":\"lines[0].description\",\"from\":[{\"path\":\"l\",\"value\":\"Coffee\"}]},"
    "{\"to\":\"reference\",\"from\":[{\"path\":\"no\",\"value\":\"2026-7\"}]}]";

static const char source[] =
    "{\"buyer\":\"Zo\xc3\xab van der Berg\",\"mail\":\"zoe@shop.nl\","
    "\"bank\":\"NL91ABNA0417164300\","
    "\"zip\":\"1234 AB\",\"land\":\"Nederland\",\"no\":\"2026-7\",\"l\":[\"Coffee\","
    "\"for Zo\xc3\xab van der Berg, today\"],\"n\":5,\"sum\":\"12.10\","
    "\"again\":{\"buyer\":\"Zo\xc3\xab van der Berg\"},"
    "\"telephone\":\"06-12345678\",\"other\":\"info@firm.be\",\"yes\":true,\"no_one\":null}";

static json_t *faked(const char *key)
{
    json_t *record = json_read_text(source, NULL), *rows = json_read_text(explain, NULL);
    struct secret *secret = secret_new(key, strlen(key));
    ck_assert(record && rows && secret);
    json_t *out = cases_fake(record, rows, secret);
    ck_assert_ptr_nonnull(out);
    json_decref(record);
    json_decref(rows);
    secret_free(secret);
    return out;
}

static const char *at(const json_t *record, const char *name)
{
    return json_string_value(json_object_get(record, name));
}

START_TEST(what_is_personal_is_replaced_in_its_shape)
{
    json_t *out = faked("0123456789abcdef0123456789abcdef");
    char *text = json_text(out, true, NULL);
    const char *zip = at(out, "zip"), *bank = at(out, "bank"), *name = at(out, "buyer");
    static const char *const gone[] = {"Zo\xc3\xab", "Berg", "zoe", "shop.nl", "0417164300",
                                       "1234", "12345678", "firm.be"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        ck_assert_msg(!strstr(text, gone[i]), "%s is in %s", gone[i], text);
    ck_assert_uint_eq(strlen(name), strlen("Zo\xc3\xab van der Berg"));
    ck_assert(strspn(zip, "0123456789") == 4 && zip[0] != '0' && zip[4] == ' ');
    ck_assert(strspn(zip + 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 && !zip[7]);
    ck_assert_int_eq(check_digit_iban(bank, NULL), 0);
    ck_assert(strncmp(bank, "NL", 2) == 0 && strncmp(bank + 4, "ABNA", 4) == 0);
    ck_assert(strstr(at(out, "mail"), "@example.org") && strstr(at(out, "other"), "@example.org"));
    ck_assert_str_eq(at(json_object_get(out, "again"), "buyer"), name);
    ck_assert_ptr_nonnull(strstr(json_string_value(json_array_get(json_object_get(out, "l"), 1)),
                                 name));
    free(text);
    json_decref(out);
}
END_TEST

START_TEST(what_is_not_stays)
{
    json_t *out = faked("0123456789abcdef0123456789abcdef");
    ck_assert_str_eq(at(out, "land"), "Nederland");
    ck_assert_str_eq(at(out, "no"), "2026-7");
    ck_assert_str_eq(at(out, "sum"), "12.10");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(out, "l"), 0)), "Coffee");
    ck_assert_int_eq(json_integer_value(json_object_get(out, "n")), 5);
    ck_assert(json_is_true(json_object_get(out, "yes")));
    ck_assert(json_is_null(json_object_get(out, "no_one")));
    json_decref(out);
}
END_TEST

START_TEST(a_fake_is_the_same_for_one_key_and_another_for_another)
{
    json_t *a = faked("0123456789abcdef0123456789abcdef");
    json_t *b = faked("0123456789abcdef0123456789abcdef");
    json_t *c = faked("another key of thirty-two bytes!");
    ck_assert(json_equal(a, b));
    ck_assert_str_ne(at(a, "buyer"), at(c, "buyer"));
    json_decref(a);
    json_decref(b);
    json_decref(c);
}
END_TEST

UNIT_MAIN("flow cases")
{
    tcase_add_test(t, every_field_that_differs_is_told_with_its_path);
    tcase_add_test(t, what_is_personal_is_replaced_in_its_shape);
    tcase_add_test(t, what_is_not_stays);
    tcase_add_test(t, a_fake_is_the_same_for_one_key_and_another_for_another);
}
