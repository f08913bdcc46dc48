/* SPDX-License-Identifier: MIT
 * Every function of the shipped transforms, by the examples of its catalogue and by odd values. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"vat.country", "' België '", "'BE'", NULL},
    {"vat.country", "'de'", "'DE'", NULL},
    {"vat.country", "''", "null", NULL},
    {"vat.country", "null", "null", NULL},
    {"vat.country", "'Atlantis'", NULL, "unknown country \"Atlantis\""},
    {"vat.country", "31", NULL, "the value is no text"},
    {"vat.valid-number", "'nl 8123.45.678 b01'", "'NL812345678B01'", NULL},
    {"vat.valid-number", "' '", "null", NULL},
    {"vat.valid-number", "'BE0123'", NULL, "has not the form of a VAT number of BE"},
    {"vat.valid-number", "'US123456789'", NULL, "begins with the two letters of its country"},
    {"vat.valid-number", "'NL812345678B01NL812345678B01'", NULL, "has not the form"},
    {"vat.valid-number", "'GR 094019245'", "'EL094019245'", NULL},
    {"vat.valid-number", "'BE-0123/456/749'", "'BE0123456749'", NULL},
    {"vat.valid-number", "'XI123456789'", "'XI123456789'", NULL},
    {"vat.valid-number", "'Nederland|8123.45.678 b01'", "'NL812345678B01'", NULL},
    {"vat.valid-number", "'|NL812345678B01'", "'NL812345678B01'", NULL},
    {"vat.valid-number", "'NL|'", "null", NULL},
    {"vat.in-eu", "'Griekenland'", "'true'", NULL},
    {"vat.in-eu", "'GB'", "'false'", NULL},
    {"vat.in-eu", "''", "null", NULL},
    {"vat.in-eu", "'Atlantis'", NULL, "unknown country"},
    {"vat.country", "'Nederlnad'", NULL, "(did you mean \"Nederland\"?): write its name"},
    {"vat.country", "'Nederland\u200b'", "'NL'", NULL},
    {"vat.country", "'EL'", "'GR'", NULL},
    {"vat.country", "'JP'", "'JP'", NULL},
    {"address.street", "'Dorpsstraat 12-A bis'", "'Dorpsstraat'", NULL},
    {"address.number", "'Dorpsstraat 12-A bis'", "'12'", NULL},
    {"address.suffix", "'Dorpsstraat 12-A bis'", "'-A bis'", NULL},
    {"address.suffix", "'Dorpsstraat 12'", "null", NULL},
    {"address.number", "'Plein 1944 12'", "'12'", NULL},
    {"address.street", "'Plein 1944 12'", "'Plein 1944'", NULL},
    {"address.street", "'Haven'", "'Haven'", NULL},
    {"address.number", "'Haven'", "null", NULL},
    {"address.number", "12", NULL, "no text"},
    {"address.number", "'Dorpsstraat\u00a012'", "'12'", NULL},
    {"address.street", "'Dorpsstraat\u00a012'", "'Dorpsstraat'", NULL},
};

static const char *const names[] = {"text", "number", "date", "table", "vat", "address", "code"};

#define CASES ((int)(sizeof cases / sizeof cases[0]))

START_TEST(calls)
{
    transform_expect(&cases[_i]);
}
END_TEST

/* ---- the examples of the catalogues ---- */

static void expect_example(const char *name, const json_t *example)
{
    struct koppel_error err = {0};
    json_t *in = json_object_get(example, "in"), *before = json_deep_copy(in);
    const char *fails = json_string_value(json_object_get(example, "error"));
    char *shown = json_dumps(example, 0);
    json_t *out = transform_call(name, json_object_get(example, "args"), json_incref(in), &err);
    if (fails) {
        ck_assert_msg(out == NULL, "%s: %s does not fail", name, shown);
        ck_assert_msg(strstr(err.text, fails) != NULL, "%s: %s: %s", name, shown, err.text);
        ck_assert(err.kind == KOPPEL_E_REJECTED || err.kind == KOPPEL_E_CONFIG);
    } else {
        ck_assert_msg(out != NULL, "%s: %s: %s", name, shown, err.text);
        char *got = json_dumps(out, JSON_ENCODE_ANY);
        ck_assert_msg(json_equal(out, json_object_get(example, "out")), "%s: %s, not %s", name,
                      shown, got);
        free(got);
    }
    ck_assert_msg(json_equal(in, before), "%s changed what it was given", name);
    json_decref(before);
    json_decref(out);
    free(shown);
}

/* What each function does with values that it may not be for: an outcome or a reason, never a
 * crash, and nothing for nothing. */
static void expect_sound(const char *name, const struct cat_function *f, const json_t *args)
{
    static const char *const odd[] = {
        "null", "''", "' '", "true", "7", "-9007199254740993", "[]", "{}", "['a', null, 1]",
        "{'a': {'b': []}}", "'a\u0301\U0001f600'", "'99999999999999999999999999999999999.99'"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        struct koppel_error err = {0};
        json_t *out = transform_call(name, args, transform_json(odd[i]), &err);
        ck_assert_msg(out || err.kind == KOPPEL_E_REJECTED, "%s of %s: %s", name, odd[i], err.text);
        if (out && i == 0 && f->takes)
            ck_assert_msg(json_is_null(out), "%s makes something of nothing", name);
        json_t *again = transform_call(name, args, transform_json(odd[i]), &err);
        ck_assert_msg(out ? json_equal(out, again) : !again, "%s of %s differs the second time",
                      name, odd[i]);
        json_decref(out);
        json_decref(again);
    }
}

START_TEST(examples)
{
    struct koppel_error err = {0};
    const struct plugin *p = plugins_load(transforms, names[_i], &err);
    ck_assert_msg(p != NULL, "%s", err.text);
    for (int i = 0; i < p->catalogue->function_count; i++) {
        const struct cat_function *f = &p->catalogue->functions[i];
        char full[128];
        size_t k;
        json_t *example;
        snprintf(full, sizeof full, "%s.%s", names[_i], f->name);
        ck_assert_msg(f->help[0] && json_array_size(f->examples), "%s has no example", full);
        json_array_foreach(f->examples, k, example) {
            expect_example(full, example);
            if (k == 0)
                expect_sound(full, f, json_object_get(example, "args"));
        }
    }
    const struct plugins_call beyond = {.plugin = p, .function = 999};
    json_t *out = NULL;
    ck_assert_int_eq(host_convert(&beyond, json_null(), NULL, &out, &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_BUG);
}
END_TEST

UNIT_MAIN("transforms")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    tcase_add_loop_test(t, calls, 0, CASES);
    LOOP(examples, names);
}
