/* SPDX-License-Identifier: MIT
 * core/base/json_text.c: byte for byte what Jansson writes, on chosen and on random values. */
#include "base/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "unit.h"

#define RANDOM_CASES 2000

struct joined {
    char *text;
    size_t bytes;
};

static void join(void *user, const char *text, size_t bytes)
{
    struct joined *j = user;
    ck_assert_uint_gt(bytes, 0);
    j->text = realloc(j->text, j->bytes + bytes + 1);
    memcpy(j->text + j->bytes, text, bytes);
    j->bytes += bytes;
    j->text[j->bytes] = '\0';
}

static void same(const json_t *value)
{
    char *lines = json_text_lines(value);
    char *dumped = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
    ck_assert_str_eq(lines, dumped);
    free(lines);
    free(dumped);
    for (int sorted = 0; sorted < 2; sorted++) {
        size_t bytes = 0;
        char *theirs =
            json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | (sorted ? JSON_SORT_KEYS : 0));
        char *ours = json_text(value, sorted != 0, &bytes);
        ck_assert_ptr_nonnull(theirs);
        ck_assert_ptr_nonnull(ours);
        ck_assert_str_eq(ours, theirs);
        ck_assert_uint_eq(bytes, strlen(theirs));
        struct joined pieces = {0};
        ck_assert_int_eq(json_text_feed(value, sorted != 0, join, &pieces), 0);
        ck_assert_str_eq(pieces.text, theirs);
        free(pieces.text);
        free(theirs);
        free(ours);
    }
}

static const char *const texts[] = {
    "{}",
    "[]",
    "null",
    "true",
    "false",
    "\"\"",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "-0.1",
    "1e300",
    "100.0",
    "{\"b\":1,\"a\":{\"z\":[1,2,{\"y\":null}],\"ab\":\"\",\"a\":\"x\"},\"\":true}",
    "\"\\\" \\\\ / \\b\\f\\n\\r\\t \\u0001 \\u001f \\u007f \\u00e9 \\u20ac \\ud83d\\ude00\"",
    "{\"\\\"quoted\\\"\":\"\\u0000 inside\"}",
    "[[[[[]]]],{\"a\":[{}]}]",
};

START_TEST(test_chosen)
{
    json_error_t error;
    json_t *value = json_loads(texts[_i], JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    ck_assert_msg(value != NULL, "%s", error.text);
    same(value);
    json_decref(value);
}
END_TEST

static json_t *random_text(void)
{
    static const char *const pieces[] = {"a",
                                         "Zz",
                                         "\"",
                                         "\\",
                                         "/",
                                         "\n",
                                         "\t",
                                         "\x01",
                                         "\x1f",
                                         "\x7f",
                                         "\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         " ",
                                         "0"};
    char text[256] = "";
    for (int n = rand() % 20; n > 0; n--)
        strncat(text, pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])],
                sizeof text - strlen(text) - 1);
    return json_string(text);
}

static json_t *random_value(int depth)
{
    json_t *made;
    switch (rand() % (depth > 0 ? 8 : 6)) {
    case 0: return json_null();
    case 1: return json_boolean(rand() % 2);
    case 2: return json_integer((json_int_t)rand() * rand() * (rand() % 2 ? 1 : -1));
    case 3: return json_real(rand() / 1000.0);
    case 6:
        made = json_array();
        for (int n = rand() % 6; n > 0; n--)
            json_array_append_new(made, random_value(depth - 1));
        return made;
    case 7:
        made = json_object();
        for (int n = rand() % (rand() % 10 ? 6 : 200); n > 0;
             n--) { /* now and then more than fit the stack */
            json_t *key = random_text();
            json_object_set_new(made, json_string_value(key), random_value(depth - 1));
            json_decref(key);
        }
        return made;
    default: return random_text();
    }
}

START_TEST(test_random)
{
    srand(20261124);
    for (int i = 0; i < RANDOM_CASES; i++) {
        json_t *value = random_value(3);
        same(value);
        json_decref(value);
    }
}
END_TEST

START_TEST(test_long_and_deep)
{
    char *text = malloc(1000001);
    memset(text, 'x', 1000000);
    text[1000000] = '\0';
    json_t *value = json_pack("[s,s]", text, text), *deep = json_array();
    same(value);
    json_decref(value);
    free(text);
    for (int i = 0; i < 900; i++)
        deep = json_pack("[o]", deep);
    same(deep);
    for (int i = 0; i < 200; i++)
        deep = json_pack("[o]", deep);
    ck_assert_ptr_null(json_text(deep, false, NULL));
    struct joined pieces = {0};
    ck_assert_int_eq(json_text_feed(deep, true, join, &pieces), -1);
    free(pieces.text);
    json_decref(deep);
    ck_assert_ptr_null(json_text(NULL, false, NULL));
}
END_TEST

/* Whatever bytes a string or a name holds, what is written can be read again. */
START_TEST(test_f16_any_bytes_give_valid_json)
{
    srand(20261127);
    for (int i = 0; i < RANDOM_CASES; i++) {
        char bytes[80];
        size_t n = (size_t)rand() % sizeof bytes;
        for (size_t k = 0; k < n; k++) /* half of them letters, so that runs are long at times */
            bytes[k] = (char)(rand() % 2 ? rand() % 255 + 1 : 'a');
        json_t *value = json_pack("{s:[o]}", "a", json_stringn_nocheck(bytes, n));
        json_object_setn_new_nocheck(value, bytes, n, json_null());
        char *text = json_text(value, i % 2, NULL);
        struct json_read_error error;
        json_t *again = json_read_text(text, &error);
        ck_assert_msg(again != NULL, "%s: %s", error.text, text);
        json_decref(again);
        json_decref(value);
        free(text);
    }
    json_t *value = json_stringn_nocheck("a\xE9\xC3\xA9\xF0\x9F\x98", 7);
    char *text = json_text(value, false, NULL);
    ck_assert_str_eq(text, "\"a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    free(text);
    json_decref(value);
}
END_TEST

UNIT_MAIN("json_text")
{
    LOOP(test_chosen, texts);
    tcase_add_test(t, test_random);
    tcase_add_test(t, test_long_and_deep);
    tcase_add_test(t, test_f16_any_bytes_give_valid_json);
}
