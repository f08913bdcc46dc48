/* SPDX-License-Identifier: MIT
 * jq programs: what they give, and that none of them can do harm: to the time, the memory, the
 * files or the numbers of the program that asks. */
#include <pthread.h>
#include <unistd.h>

#include "transform_fixture.h"

static const struct {
    const char *program, *value, *gives, *fails;
} cases[] = {
    {".a", "{'a': 'b'}", "'b'", NULL},
    {".", "{'a': [1, null, true, {'b': '19.95'}]}", "{'a': [1, null, true, {'b': '19.95'}]}", NULL},
    {"empty", "1", "null", NULL},
    {"null", "1", "null", NULL},
    {".[0], .[1]", "[1, 2]", NULL, "more than one value"},
    {"[.[] | tonumber] | add", "['1', '2']", "3", NULL},
    {"test(\"^[0-9]+$\")", "'123'", "true", NULL},
    {".[\"é\"] + \"ß\u20ac\"", "{'é': '\\ud83d\\ude00'}", "'\\ud83d\\ude00ß\u20ac'", NULL},
    {"6 / 2", "null", "3", NULL},
    {"1 / 3", "null", NULL, "not whole or has more than 15 digits"},
    {"[{a: 0.5}]", "null", NULL, "not whole or has more than 15 digits"},
    {"1e15", "null", NULL, "not whole or has more than 15 digits"},
    {"1e300 * 1e300", "null", NULL, "number"},
    {".", "999999999999999", "999999999999999", NULL},
    {".", "1000000000000000", NULL, "more than 15 digits, which jq cannot keep"},
    {".", "{'a': [-9007199254740993]}", NULL, "more than 15 digits, which jq cannot keep"},
    {"error(\"no stock\")", "null", NULL, "the jq program says: no stock"},
    {"error({a: 1})", "null", NULL, "{\"a\":1}"},
    {".a.b", "{'a': 'text'}", NULL, "Cannot index string"},
    {"error(null)", "1", "null", NULL},
    /* nothing from outside */
    {"input", "1", NULL, "input has no place in a mapping"},
    {"[inputs]", "1", NULL, "inputs has no place in a mapping"},
    {"env", "1", NULL, "env has no place in a mapping"},
    {"$ENV", "1", "{}", NULL},
    {"now", "1", NULL, "now has no place in a mapping"},
    {"input_filename", "1", NULL, "input_filename has no place in a mapping"},
    {"halt", "1", NULL, "halt has no place in a mapping"},
    {"\"x\" | halt_error(1)", "1", NULL, "halt_error has no place in a mapping"},
    {"debug", "1", NULL, "debug has no place in a mapping"},
    {"import \"a\" as a; .", "1", NULL, "the jq program is wrong: syntax error"},
    {"include \"a\"; .", "1", NULL, "the jq program is wrong: syntax error"},
    {".a | nofunction(1)", "1", NULL, "the jq program is wrong: nofunction/1 is not defined"},
    {". as [$a] | $b", "1", NULL, "$b is not defined"},
    {"", "1", NULL, "expected text of 1 to 65536 bytes"},
    /* no harm */
    {"def f: f; f", "1", NULL, "longer than 2 seconds"},
    {"reduce range(40) as $i (\"x\"; . + .)", "1", NULL, "needs more than 256 MiB of memory"},
    {"test(\"^(a+)+$\")", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'", NULL,
     "Regex failure"},
    {"[limit(3; repeat(1))]", "1", "[1, 1, 1]", NULL},
};

/* A new reference, or NULL with err. value is stolen. */
static json_t *through(const char *name, const char *program, json_t *value,
                       struct koppel_error *err)
{
    json_t *args = json_pack("[s]", program);
    json_t *out = transform_call(name, args, value, err);
    json_decref(args);
    return out;
}

START_TEST(known_cases)
{
    struct koppel_error err = {0};
    json_t *out = through("jq.value", cases[_i].program, transform_json(cases[_i].value), &err);
    if (cases[_i].fails) {
        ck_assert_msg(out == NULL, "%s does not fail", cases[_i].program);
        ck_assert_msg(strstr(err.text, cases[_i].fails) != NULL, "%s: %s", cases[_i].program,
                      err.text);
        ck_assert(err.kind == KOPPEL_E_REJECTED || err.kind == KOPPEL_E_CONFIG);
        return;
    }
    ck_assert_msg(out != NULL, "%s: %s", cases[_i].program, err.text);
    json_t *want = transform_json(cases[_i].gives);
    char *got = json_dumps(out, JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(out, want), "%s gives %s", cases[_i].program, got);
    free(got);
    json_decref(want);
    json_decref(out);
}
END_TEST

/* ---- one program, many calls ---- */

struct asker {
    const struct plugins_call *call;
    int number, wrong;
};

static void *ask(void *arg)
{
    struct asker *a = arg;
    for (int i = 0; i < 200; i++) {
        struct koppel_error err = {0};
        json_t *value = json_pack("{s:i,s:i}", "a", a->number, "b", i), *out = NULL;
        if (host_convert(a->call, value, &transform_home, &out, &err) != 0 ||
            json_integer_value(out) != a->number * 1000 + i)
            a->wrong++;
        json_decref(out);
        json_decref(value);
    }
    return NULL;
}

START_TEST(answers_go_to_who_asked)
{
    struct plugins_call call = {0};
    struct koppel_error err = {0};
    json_t *args = json_pack("[s]", ".a * 1000 + .b");
    struct asker askers[8];
    pthread_t threads[8];
    ck_assert_int_eq(plugins_call_make(transforms, "jq.value", args, &call, &err), 0);
    for (int i = 0; i < 8; i++) {
        askers[i] = (struct asker){&call, i, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(askers[i].wrong, 0);
    }
    plugins_call_done(&call);
    json_decref(args);
}
END_TEST

/* A program that was ended does not take others with it, and what it left is forgotten. */
START_TEST(goes_on_after_an_end)
{
    struct plugins_call call = {0};
    struct koppel_error err = {0};
    json_t *args =
        json_pack("[s]", "if . == 0 then reduce range(40) as $i (\"x\"; . + .) else . end");
    ck_assert_int_eq(plugins_call_make(transforms, "jq.value", args, &call, &err), 0);
    for (int i = 0; i < 6; i++) {
        json_t *value = json_integer(i % 3), *out = NULL;
        int rc = host_convert(&call, value, &transform_home, &out, &err);
        ck_assert_int_eq(rc, i % 3 == 0 ? -1 : 0);
        if (rc == 0)
            ck_assert(json_equal(out, value));
        json_decref(out);
        json_decref(value);
    }
    plugins_call_done(&call);
    json_decref(args);
}
END_TEST

/* More programs than stay compiled, each of which is found again; one is held, so that they share a
 * process. */
START_TEST(many_programs)
{
    struct plugins_call call = {0};
    json_t *args = json_pack("[s]", ".");
    ck_assert_int_eq(plugins_call_make(transforms, "jq.value", args, &call, NULL), 0);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 70; i++) {
            char program[32];
            struct koppel_error err = {0};
            snprintf(program, sizeof program, ". + %d", i);
            json_t *out = through("jq.value", program, json_integer(1000), &err);
            ck_assert_msg(out != NULL, "%s", err.text);
            ck_assert_int_eq(json_integer_value(out), 1000 + i);
            json_decref(out);
        }
    }
    plugins_call_done(&call);
    json_decref(args);
}
END_TEST

START_TEST(large_values)
{
    struct koppel_error err = {0};
    json_t *list = json_array();
    for (int i = 0; i < 50000; i++)
        json_array_append_new(list, json_pack("{s:i,s:s}", "n", i, "text", "some text of a line"));
    json_t *out = through("jq.value", "map(.n) | add", json_incref(list), &err);
    ck_assert_msg(out != NULL, "%s", err.text);
    ck_assert_int_eq(json_integer_value(out), 50000LL * 49999 / 2);
    json_decref(out);
    out = through("jq.value", ".", json_incref(list), &err);
    ck_assert(json_equal(out, list));
    json_decref(out);
    ck_assert_ptr_null(
        through("jq.value", "reduce range(25) as $i (\"x\"; . + .)", json_null(), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "larger than 16 MiB"));
    json_decref(list);
}
END_TEST

START_TEST(records)
{
    struct plugins_call call = {0};
    struct koppel_error err = {0};
    json_t *args = json_pack("[s]", "if .state == \"open\" then empty "
                                    "elif .state == \"list\" then [] else .state = \"seen\" end");
    static const char *const states[] = {"open", "paid", "list"};
    ck_assert_int_eq(plugins_call_make(transforms, "jq.record", args, &call, &err), 0);
    for (int i = 0; i < 3; i++) {
        json_t *record = json_pack("{s:s}", "state", states[i]), *out = NULL;
        char *skipped = NULL;
        int rc = host_convert_record(&call, record, &transform_home, &out, &skipped, &err);
        ck_assert_int_eq(rc, i == 2 ? -1 : 0);
        if (i == 0)
            ck_assert_str_eq(skipped, "the jq program gives nothing for it");
        if (i == 1)
            ck_assert_str_eq(json_string_value(json_object_get(out, "state")), "seen");
        if (i == 2)
            ck_assert_ptr_nonnull(strstr(err.text, "no record"));
        free(skipped);
        json_decref(out);
        json_decref(record);
    }
    plugins_call_done(&call);
    json_decref(args);
}
END_TEST

UNIT_MAIN("transform_jq")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    tcase_set_timeout(t, 120);
    LOOP(known_cases, cases);
    tcase_add_test(t, answers_go_to_who_asked);
    tcase_add_test(t, goes_on_after_an_end);
    tcase_add_test(t, many_programs);
    tcase_add_test(t, large_values);
    tcase_add_test(t, records);
}
