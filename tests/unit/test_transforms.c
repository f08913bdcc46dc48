/* SPDX-License-Identifier: MIT
 * Every function of the shipped transforms, called as a mapping calls it. The plugins are the built
 * ones, in the directory that KOPPEL_PLUGINS names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection/host.h"
#include "unit.h"

/* The call as in `via`, the value as JSON (' for "), the outcome as JSON, or what the error says.
 */
static const struct {
    const char *via, *value, *gives, *fails;
} cases[] = {
    {"text.trim", "' a b\t\n'", "'a b'", NULL},
    {"text.trim", "null", "null", NULL},
    {"text.trim", "'\u00a0\u200ba\ufeff'", "'a'", NULL},
    {"text.lower", "'ΕΛΛΆΔΑ'", "'ελλάδα'", NULL},
    {"text.casefold", "'Cafe\u0301\u200b'", "'café'", NULL},
    {"text.truncate:1", "'e\u0301te'", "'e\u0301'", NULL},
    {"text.if-blank-null", "'\u200b\u00a0'", "null", NULL},
    {"text.trim", "['a']", NULL, "the value is no text"},
    {"text.lower", "'ÀÉÖ ŽŁ ABC'", "'àéö žł abc'", NULL},
    {"text.upper", "'àéö žł ÿ abc'", "'ÀÉÖ ŽŁ Ÿ ABC'", NULL},
    {"text.truncate:3", "'héél lang'", "'héé'", NULL},
    {"text.truncate:30", "'kort'", "'kort'", NULL},
    {"text.truncate:x", "'kort'", NULL, "argument \"count\" is \"x\""},
    {"text.replace:aa:b", "'aaaxaa'", "'baxb'", NULL},
    {"text.replace::b", "'a'", NULL, "at least 1 byte"},
    {"text.prefix:VAT ", "'21'", "'VAT 21'", NULL},
    {"text.append: bis", "'12'", "'12 bis'", NULL},
    {"text.default:none", "''", "'none'", NULL},
    {"text.default:none", "null", "'none'", NULL},
    {"text.default:none", "0", "0", NULL},
    {"text.default:none", "[]", "'none'", NULL},
    {"text.default:none", "{'a': 1}", "{'a': 1}", NULL},
    {"text.digits", "'06-12 34 56'", "'06123456'", NULL},
    {"text.casefold", "' Ä@B.nl '", "'ä@b.nl'", NULL},
    {"text.if-blank-null", "' \t '", "null", NULL},
    {"text.if-blank-null", "' a'", "' a'", NULL},
    {"text.join:, ", "['a', '', null, 'b']", "'a, b'", NULL},
    {"text.join:, ", "'a'", "'a'", NULL},
    {"text.join:, ", "{'a': 1}", NULL, "the value is no text"},
    {"text.split:/:1", "'a/b/c'", "'b'", NULL},
    {"text.split:/:2", "'a/b/c'", "'c'", NULL},
    {"text.split:/:3", "'a/b/c'", "null", NULL},
    {"text.split::0", "'a'", NULL, "at least 1 byte"},
    {"text.equals:a:yes:no", "'a'", "'yes'", NULL},
    {"text.equals:a:yes:no", "'b'", "'no'", NULL},
    {"text.equals:a:yes", "'b'", "'b'", NULL},
    {"text.equals:a:yes", "null", "null", NULL},
    {"text.equals:true:yes:no", "true", "'yes'", NULL},
    {"text.equals:7:yes:no", "7", "'yes'", NULL},
    {"text.has-value:yes:no", "'x'", "'yes'", NULL},
    {"text.has-value:yes:no", "''", "'no'", NULL},
    {"text.has-value:yes:no", "null", "'no'", NULL},
    {"number.add:0.05", "'1.00'", "'1.05'", NULL},
    {"number.add:1", "2", "'3'", NULL},
    {"number.add:1", "null", "null", NULL},
    {"number.add:1", "''", "null", NULL},
    {"number.add:1", "'x'", NULL, "x"},
    {"number.add:1", "true", NULL, "the value is no number"},
    {"number.multiply:1.21", "'19.95'", "'24.1395'", NULL},
    {"number.percent:5", "'19.95'", "'20.9475'", NULL},
    {"number.percent:-100", "'19.95'", "'0.0000'", NULL},
    {"number.round:2", "'1.005'", "'1.01'", NULL},
    {"number.round:2", "'-1.005'", "'-1.01'", NULL},
    {"number.round:x", "'1'", NULL, "expected integer, 0 to 18"},
    {"number.negate", "'1.50'", "'-1.50'", NULL},
    {"number.abs", "'-1.50'", "'1.50'", NULL},
    {"number.abs", "'1.50'", "'1.50'", NULL},
    {"date.year", "'2026-06-02'", "'2026'", NULL},
    {"date.month", "'2026-06-02'", "'6'", NULL},
    {"date.day", "'2026-06-02T00:00:00+02:00'", "'2'", NULL},
    {"date.date", "'2026-06-02T23:59:00'", "'2026-06-02'", NULL},
    {"date.midnight", "'2024-02-29 10:00:00'", "'2024-02-29T00:00:00'", NULL},
    {"date.date", "''", "null", NULL},
    {"date.date", "'2026-02-29'", NULL, "is no date"},
    {"date.date", "'2026-13-01'", NULL, "is no date"},
    {"date.date", "'2026-1-1'", NULL, "is no date"},
    {"date.date", "'2026-06-30T22:00:00Z'", "'2026-07-01'", NULL},
    {"date.date", "'2026-07-01T00:00:00+02:00'", "'2026-07-01'", NULL},
    {"date.date", "'2026-06-30T22:00:00'", "'2026-06-30'", NULL},
    {"date.time", "'2026-06-30T22:15:00Z'", "'00:15:00'", NULL},
    {"date.month", "'2025-12-31T23:30:00Z'", "'1'", NULL},
    {"date.date", "'30-6-2026'", "'2026-06-30'", NULL},
    {"date.date", "'12026-06-30'", NULL, "the year has not four digits at character 1"},
    {"date.date", "'2026-06-30T24:00:00'", NULL, "hour 24 at character 12"},
    {"date.date", "'\u00a0'", "null", NULL},
    {"date.date", "20260101", NULL, "the value"},
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

static const char *const names[] = {"text", "number", "date", "vat", "address"};

#define CASES ((int)(sizeof cases / sizeof cases[0]))

static struct plugins *plugins;

static void setup(void)
{
    const char *dirs[] = {getenv("KOPPEL_PLUGINS"), NULL};
    struct koppel_error err = {0};
    if (!dirs[0])
        dirs[0] = "plugins";
    plugins = plugins_new(dirs, &host_table, &err);
    ck_assert_msg(plugins != NULL, "%s", err.text);
}

static void teardown(void)
{
    plugins_free(plugins);
}

static json_t *json_of(const char *text)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *p = copy; *p; p++) {
        if (*p == '\'')
            *p = '"';
        if (*p == '\t' || *p == '\n') /* no place in JSON text; one blank is as good as another */
            *p = ' ';
    }
    json_t *json = json_loads(copy, JSON_DECODE_ANY, NULL);
    ck_assert_msg(json != NULL, "no JSON: %s", text);
    return json;
}

static const struct conf_home home = {"NL", "EUR", "Europe/Amsterdam", "nl"};

/* The call with arguments as a mapping gives them, then the value through it. *out: a new
 * reference. */
static int through(const char *name, const json_t *args, json_t *value, json_t **out,
                   struct koppel_error *err)
{
    struct plugins_call call = {0};
    int rc = plugins_call_make(plugins, name, args, &call, err);
    *out = NULL;
    if (rc == 0)
        rc = host_convert(&call, value, &home, out, err);
    plugins_call_done(&call);
    return rc;
}

START_TEST(calls)
{
    char via[128];
    struct koppel_error err = {0};
    json_t *args = json_array(), *value = json_of(cases[_i].value), *out = NULL;
    snprintf(via, sizeof via, "%s", cases[_i].via);
    for (char *arg = strchr(via, ':'); arg;) {
        *arg++ = '\0';
        char *next = strchr(arg, ':');
        json_array_append_new(args,
                              next ? json_stringn(arg, (size_t)(next - arg)) : json_string(arg));
        arg = next;
    }
    int rc = through(via, args, value, &out, &err);
    if (cases[_i].fails) {
        ck_assert_int_eq(rc, -1);
        ck_assert_msg(strstr(err.text, cases[_i].fails) != NULL, "%s", err.text);
        ck_assert(err.kind == KOPPEL_E_REJECTED || err.kind == KOPPEL_E_CONFIG);
    } else {
        json_t *want = json_of(cases[_i].gives);
        ck_assert_msg(rc == 0, "%s: %s", cases[_i].via, err.text);
        char *got = json_dumps(out, JSON_ENCODE_ANY);
        ck_assert_msg(json_equal(out, want), "%s of %s is %s", cases[_i].via, cases[_i].value, got);
        free(got);
        json_decref(want);
    }
    json_decref(out);
    json_decref(value);
    json_decref(args);
}
END_TEST

/* ---- the examples of the catalogues ---- */

static void expect_example(const char *name, const json_t *example)
{
    struct koppel_error err = {0};
    json_t *out = NULL, *in = json_object_get(example, "in"), *before = json_deep_copy(in);
    const char *fails = json_string_value(json_object_get(example, "error"));
    char *shown = json_dumps(example, 0);
    int rc = through(name, json_object_get(example, "args"), in, &out, &err);
    if (fails) {
        ck_assert_msg(rc == -1, "%s: %s does not fail", name, shown);
        ck_assert_msg(strstr(err.text, fails) != NULL, "%s: %s: %s", name, shown, err.text);
        ck_assert(err.kind == KOPPEL_E_REJECTED || err.kind == KOPPEL_E_CONFIG);
    } else {
        ck_assert_msg(rc == 0, "%s: %s: %s", name, shown, err.text);
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
        json_t *value = json_of(odd[i]), *out = NULL, *again = NULL;
        int rc = through(name, args, value, &out, &err);
        ck_assert_msg(rc == 0 || err.kind == KOPPEL_E_REJECTED, "%s of %s: %s", name, odd[i],
                      err.text);
        if (rc == 0 && i == 0 && f->takes)
            ck_assert_msg(json_is_null(out), "%s makes something of nothing", name);
        ck_assert_int_eq(through(name, args, value, &again, &err), rc);
        if (rc == 0)
            ck_assert_msg(json_equal(out, again), "%s of %s differs the second time", name, odd[i]);
        json_decref(value);
        json_decref(out);
        json_decref(again);
    }
}

START_TEST(examples)
{
    struct koppel_error err = {0};
    const struct plugin *p = plugins_load(plugins, names[_i], &err);
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
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, calls, 0, CASES);
    LOOP(examples, names);
}
