/* SPDX-License-Identifier: MIT
 * core/base/json_read.c and json_number.c: what is read, what is refused and where, and which
 * elements of a list are lost. json_oracle.sh and fuzz_json_read.c compare with other readers. */
#include "base/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_text.h"
#include "unit.h"

#define LENGTH(a) (sizeof(a) / sizeof(a)[0])

/* The value as text again, for what fits on a line. */
static void is_text(json_t *value_take, const char *wanted)
{
    char *text = json_text(value_take, false, NULL);
    ck_assert_ptr_nonnull(text);
    ck_assert_str_eq(text, wanted);
    free(text);
    json_decref(value_take);
}

/* From memory of exactly its size, so that a sanitizer sees a byte too many. */
static json_t *read_exactly(const char *text, size_t bytes, const struct json_read_list *list,
                            struct json_read_error *error)
{
    char *copy = malloc(bytes ? bytes : 1);
    memcpy(copy, text, bytes);
    json_t *value = json_read_list(copy, bytes, NULL, list, error);
    free(copy);
    return value;
}

static const char *const good[][2] = {
    {"{}", "{}"},
    {" [ ] ", "[]"},
    {"null", "null"},
    {"\t[true,\nfalse,\r\nnull]", "[true,false,null]"},
    {"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}"},
    {"{\"b\":{\"c\":[{},[]]},\"a\":\"\"}", "{\"b\":{\"c\":[{},[]]},\"a\":\"\"}"},
    {"{\"\":1}", "{\"\":1}"},
    {"{\"a\\u0062\":\"\\u0041\\n\"}", "{\"ab\":\"A\\n\"}"},
    {"{\"a\\n\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "{\"a\\n\":\"\\\"\\\\/\\b\\f\\n\\r\\t\"}"},
    {"\"\\u00e9\\u20AC\\ud83d\\uDE00\"", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
    {"\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"",
     "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\""},
    {"\"0123456789abcdef0123456789abcde\\\"\"", "\"0123456789abcdef0123456789abcde\\\"\""},
    {"\"\\uFFFF\\uFEFF\"", "\"\xEF\xBF\xBF\xEF\xBB\xBF\""},
    {"[0,-0,1,-1,10]", "[0,0,1,-1,10]"},
    {"[999999999999999999,1000000000000000000]", "[999999999999999999,1000000000000000000]"},
    {"[9223372036854775807,-9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
    {"[9223372036854775808,-9223372036854775809]",
     "[\"9223372036854775808\",\"-9223372036854775809\"]"},
    {"[18446744073709551616]", "[\"18446744073709551616\"]"},
    {"[1.50,-0.1,0.0,-0.00,0.10]", "[\"1.50\",\"-0.1\",\"0.0\",\"0.00\",\"0.10\"]"},
    {"[1e3,1E+3,1e0,-1e2,0e5,-0e5]", "[\"1000\",\"1000\",\"1\",\"-100\",\"0\",\"0\"]"},
    {"[1.5e3,1.50e1,1.50e2,1.50e3]", "[\"1500\",\"15.0\",\"150\",\"1500\"]"},
    {"[0.5e1,0.05e1,0.005e3,0.05e0]", "[\"5\",\"0.5\",\"5\",\"0.05\"]"},
    {"[15e-1,10e-1,1.5e-3,-5e-1,12e-2]", "[\"1.5\",\"1.0\",\"0.0015\",\"-0.5\",\"0.12\"]"},
    {"[0e-2,-0.0e-1,1e-0002]", "[\"0.00\",\"0.00\",\"0.01\"]"},
    {"[19.989999999999998,123456789012345678901234567890.123456789]",
     "[\"19.989999999999998\",\"123456789012345678901234567890.123456789\"]"},
};

START_TEST(test_good)
{
    struct json_read_error error;
    json_t *value = read_exactly(good[_i][0], strlen(good[_i][0]), NULL, &error);
    ck_assert_msg(value != NULL, "%s: %s", good[_i][0], error.text);
    is_text(value, good[_i][1]);
}
END_TEST

static const struct {
    const char *text;
    size_t bytes; /* 0: to its NUL */
    const char *error;
} wrong[] = {
    {"", 0, "line 1, column 1: there is no text"},
    {" \n", 0, "line 2, column 1: there is no text"},
    {"\xEF\xBB\xBF", 0, "line 1, column 1: there is no text"},
    {"{", 0, "line 1, column 2: the text ends too early"},
    {"{\"a\"", 0, "line 1, column 5, at a: a colon is missing"},
    {"{\"a\":", 0, "line 1, column 6, at a: the text ends too early"},
    {"[1,", 0, "line 1, column 4, at [1]: the text ends too early"},
    {"[1 2]", 0, "line 1, column 4, at [0]: a comma or the end of what is open is missing"},
    {"[1}", 0, "line 1, column 3, at [0]: a comma or the end of what is open is missing"},
    {"[,1]", 0, "line 1, column 2, at [0]: a value is missing"},
    {"[1,]", 0, "line 1, column 4, at [1]: a value is missing"},
    {"{\"a\":1,}", 0, "line 1, column 8: a name in quotes is missing"},
    {"{a:1}", 0, "line 1, column 2: a name in quotes is missing"},
    {"{'a':1}", 0, "line 1, column 2: a name in quotes is missing"},
    {"{} {}", 0, "line 1, column 4: there is more behind the end of the value"},
    {"{}\0", 3, "line 1, column 3: there is more behind the end of the value"},
    {"[\"a]", 0, "line 1, column 2, at [0]: this text has no end"},
    {"[\"a\\", 0, "line 1, column 2, at [0]: this text has no end"},
    {"[\"a\\\"]", 0, "line 1, column 2, at [0]: this text has no end"},
    {"[\"a\nb\"]", 0,
     "line 1, column 4, at [0]: a control character that is not escaped"},
    {"[\n\"\xC3\xA9\x01\"]", 0,
     "line 2, column 3, at [0]: a control character that is not escaped"},
    {"[\"a\0b\"]", 7, "line 1, column 4, at [0]: NUL is not allowed"},
    {"[\"\\u0000\"]", 0, "line 1, column 3, at [0]: NUL is not allowed"},
    {"{\"\\u0000\":1}", 0, "line 1, column 3: NUL is not allowed"},
    {"[\"\\x41\"]", 0, "line 1, column 3, at [0]: this is no escape"},
    {"[\"\\u12g4\"]", 0, "line 1, column 3, at [0]: this is no escape"},
    {"[\"\\u12\"]", 0, "line 1, column 3, at [0]: this is no escape"},
    {"[\"\\ud83d\"]", 0, "line 1, column 3, at [0]: half a surrogate pair"},
    {"[\"\\ud83dx\"]", 0, "line 1, column 3, at [0]: half a surrogate pair"},
    {"[\"\\ud83d\\u0041\"]", 0, "line 1, column 3, at [0]: half a surrogate pair"},
    {"[\"\\ude00\\ud83d\"]", 0, "line 1, column 3, at [0]: half a surrogate pair"},
    {"[\"\xC3(\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xE9t\xE9\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xC0\x80\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xE0\x9F\xBF\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xED\xA0\xBD\xED\xB8\x80\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xF4\x90\x80\x80\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"[\"\xF0\x8F\xBF\xBF\"]", 0, "line 1, column 3, at [0]: these bytes are no UTF-8"},
    {"\"\xE2\x82", 0, "line 1, column 2: these bytes are no UTF-8"},
    {"{\"n\":01}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":-}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":-01}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":1.}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":.5}", 0, "line 1, column 6, at n: this is no value"},
    {"{\"n\":+5}", 0, "line 1, column 6, at n: this is no value"},
    {"{\"n\":1e}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":1e+}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":1.5.5}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":12abc}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":1-2}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":0x10}", 0, "line 1, column 6, at n: this is no number"},
    {"{\"n\":1e999999999}", 0, "line 1, column 6, at n: the exponent of the number is too large"},
    {"{\"n\":1e-99999999999999999999}", 0,
     "line 1, column 6, at n: the exponent of the number is too large"},
    {"{\"n\":NaN}", 0, "line 1, column 6, at n: this is no value"},
    {"{\"n\":True}", 0, "line 1, column 6, at n: this is no value"},
    {"{\"n\":nul}", 0, "line 1, column 6, at n: this is no value"},
    {"{\"a\":1,\"b\":2,\"a\":3}", 0,
     "line 1, column 15, at a: this name stands twice in one object"},
    {"{\"a\":1,\"\\u0061\":{\"b\":1}}", 0,
     "line 1, column 9, at \\u0061: this name stands twice in one object"},
    {"{\"lines\":[{},{\"price\":\n  {\"net\":1,\"vat\":x}}]}", 0,
     "line 2, column 18, at lines[1].price.vat: this is no value"},
};

START_TEST(test_wrong)
{
    struct json_read_error error;
    size_t bytes = wrong[_i].bytes ? wrong[_i].bytes : strlen(wrong[_i].text);
    ck_assert_ptr_null(read_exactly(wrong[_i].text, bytes, NULL, &error));
    ck_assert_str_eq(error.text, wrong[_i].error);
    ck_assert_uint_le(error.offset, bytes);
    ck_assert_ptr_null(read_exactly(wrong[_i].text, bytes, NULL, NULL));
}
END_TEST

/* Every text, cut anywhere, is refused or read, never more than its bytes. */
START_TEST(test_cut_anywhere)
{
    for (size_t n = 0; n < strlen(good[_i][0]); n++)
        json_decref(read_exactly(good[_i][0], n, NULL, NULL));
}
END_TEST

START_TEST(test_f18_a_byte_order_mark_is_read)
{
    struct json_read_error error;
    is_text(json_read_text("\xEF\xBB\xBF [1]", &error), "[1]");
    ck_assert_ptr_null(json_read_text("\xEF\xBB\xBF[x]", &error));
    ck_assert_str_eq(error.text, "line 1, column 2, at [0]: this is no value");
    ck_assert_uint_eq(error.offset, 4);
    ck_assert_ptr_null(json_read_text("\xEF\xBB\xBF\xEF\xBB\xBF[1]", &error));
}
END_TEST

static char *nested(int depth, const char *inside)
{
    char *text = malloc((size_t)depth * 2 + strlen(inside) + 1);
    memset(text, '[', (size_t)depth);
    strcpy(text + depth, inside);
    memset(text + depth + strlen(inside), ']', (size_t)depth);
    text[(size_t)depth * 2 + strlen(inside)] = '\0';
    return text;
}

START_TEST(test_depth_and_length)
{
    struct json_read_error error;
    struct json_read_limits limits = {.depth = 3};
    char *text = nested(JSON_READ_DEPTH, "");
    json_t *value = json_read_text(text, &error);
    ck_assert_ptr_nonnull(value);
    json_decref(value);
    free(text);

    text = nested(1000000, "");
    ck_assert_ptr_null(json_read_text(text, &error));
    ck_assert_ptr_nonnull(strstr(error.text, ": this is nested too deep"));
    ck_assert_uint_eq(error.offset, JSON_READ_DEPTH);
    ck_assert_ptr_nonnull(strstr(error.path, "..."));
    free(text);

    is_text(json_read("[[{}]]", 6, &limits, &error), "[[{}]]");
    ck_assert_ptr_null(json_read("[[[[]]]]", 8, &limits, &error));
    ck_assert_str_eq(error.text, "line 1, column 4, at [0][0][0]: this is nested too deep");
    limits = (struct json_read_limits){.bytes = 4};
    is_text(json_read("[12]", 4, &limits, &error), "[12]");
    ck_assert_ptr_null(json_read("[123]", 5, &limits, &error));
    ck_assert_str_eq(error.text, "line 1, column 1: the text is longer than is allowed");
}
END_TEST

START_TEST(test_long_numbers_and_names)
{
    struct json_read_error error;
    char text[8192], wanted[8192];
    memset(text, '7', 5000);
    strcpy(text + 5000, ".25e300");
    json_t *value = json_read_text(text, &error);
    memset(wanted, '7', 5000);
    memcpy(wanted + 5000, "25", 2);
    memset(wanted + 5002, '0', 298);
    wanted[5300] = '\0';
    ck_assert_str_eq(json_string_value(value), wanted);
    json_decref(value);

    strcpy(text, "{\"\xC3\xA9\\n\x7F");
    memset(text + strlen(text), 'n', 300);
    strcpy(text + 307, "\":x}");
    ck_assert_ptr_null(json_read_text(text, &error));
    ck_assert_int_eq(strncmp(error.path, "\xC3\xA9\\n?nnn", 8), 0);
    ck_assert_str_eq(error.path + strlen(error.path) - 4, "n...");
    ck_assert_uint_lt(strlen(error.text), sizeof error.text - 1);

    struct koppel_error err = {0};
    ck_assert_int_eq(json_read_fail(&error, KOPPEL_E_RETRY, "the answer", &err), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(strncmp(err.text, "the answer: line 1, column 309, at ", 35), 0);
}
END_TEST

/* ---- lists ---- */

struct told {
    int count;
    size_t index[8];
    char raw[8][128], error[8][320], rest[8][128];
};

static void tell(const struct json_read_bad *bad, void *user)
{
    struct told *t = user;
    int i = t->count++;
    if (i >= 8)
        return;
    t->index[i] = bad->index;
    snprintf(t->raw[i], sizeof t->raw[i], "%.*s", (int)bad->raw_bytes, bad->raw);
    snprintf(t->error[i], sizeof t->error[i], "%s", bad->error.text);
    char *rest = bad->rest ? json_text(bad->rest, false, NULL) : NULL;
    snprintf(t->rest[i], sizeof t->rest[i], "%s", rest ? rest : "-");
    free(rest);
}

/* One bad element between good ones: its rest and error; the error's place is left out. */
static const struct {
    const char *bad, *rest, *error;
} elements[] = {
    {"{\"id\":2,\"n\":\"a\nb\"}", "{\"id\":2,\"n\":null}",
     "_data[1].n: a control character that is not escaped"},
    {"{\"n\":\"\\ud83d\",\"id\":2}", "{\"n\":null,\"id\":2}", "_data[1].n: half a surrogate pair"},
    {"{\"id\":2,\"n\":\"\\u0000\"}", "{\"id\":2,\"n\":null}", "_data[1].n: NUL is not allowed"},
    {"{\"id\":2,\"n\":\"\xE9t\xE9\"}", "{\"id\":2,\"n\":null}",
     "_data[1].n: these bytes are no UTF-8"},
    {"{\"id\":2,\"n\":\"\\q\\\"\"}", "{\"id\":2,\"n\":null}", "_data[1].n: this is no escape"},
    {"{\"id\":2,\"n\":[1,NaN,{\"x\":01}]}", "{\"id\":2,\"n\":[1,null,{\"x\":null}]}",
     "_data[1].n[1]: this is no value"},
    {"{\"id\":2,\"n\":1e999999999}", "{\"id\":2,\"n\":null}",
     "_data[1].n: the exponent of the number is too large"},
    {"{\"id\":2,\"n\":1,\"n\":{\"y\":[2]},\"n\":3}", "{\"id\":2,\"n\":null}",
     "_data[1].n: this name stands twice in one object"},
    {"{\"id\":2,\"\\u0000\":{\"y\":[2]}}", "{\"id\":2}", "_data[1]: NUL is not allowed"},
    {"NaN", "-", "_data[1]: this is no value"},
    {"\"\x01\"", "-", "_data[1]: a control character that is not escaped"},
    {"[\"\x01\"]", "[null]", "_data[1][0]: a control character that is not escaped"},
};

START_TEST(test_f12_one_element_alone_is_lost)
{
    struct json_read_error error;
    struct told told = {0};
    struct json_read_list list = {.path = "_data", .bad = tell, .user = &told};
    char text[512], again[64];
    snprintf(text, sizeof text, "{\"n\":1,\"_data\":[{\"id\":1}, %s ,{\"id\":3}],\"next\":[\"x\"]}",
             elements[_i].bad);
    json_t *value = read_exactly(text, strlen(text), &list, &error);
    ck_assert_msg(value != NULL, "%s: %s", text, error.text);
    is_text(value, "{\"n\":1,\"_data\":[{\"id\":1},null,{\"id\":3}],\"next\":[\"x\"]}");
    ck_assert_int_eq(told.count, 1);
    ck_assert_uint_eq(told.index[0], 1);
    ck_assert_str_eq(told.raw[0], elements[_i].bad);
    ck_assert_str_eq(told.rest[0], elements[_i].rest);
    snprintf(again, sizeof again, "%s", strstr(told.error[0], "at ") + 3);
    ck_assert_str_eq(again, elements[_i].error);

    /* Nothing is forgiven outside the list, nor where no list is named. */
    ck_assert_ptr_null(read_exactly(text, strlen(text), NULL, &error));
    list.path = "data";
    ck_assert_ptr_null(read_exactly(text, strlen(text), &list, &error));
    ck_assert_int_eq(told.count, 1);
}
END_TEST

/* What leaves open where an element ends loses the page, not a record without a word. */
static const char *const unbounded[] = {
    "{\"_data\":[{\"n\":\"Jan \"de Boer\"},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":\"a\\\",\"m\":\"b\"},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":'a'},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":1 \"m\":2},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\" 1},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":[1},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":1,},{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":NaN},{\"n\":\"x\"]}",
    "{\"_data\":[{\"n\":NaN},,{\"n\":\"x\"}]}",
    "{\"_data\":[{\"n\":NaN},{\"n\":\"x\"}],\"next\":NaN}",
    "{\"_data\":[{\"n\":NaN},{\"n\":\"x\"}],\"_data\":[]}",
    "{\"_data\":[{\"n\":NaN},{\"n\":\"x\"}]",
};

START_TEST(test_f12_an_open_end_loses_the_page)
{
    struct told told = {0};
    struct json_read_error error;
    struct json_read_list list = {.path = "_data", .bad = tell, .user = &told};
    ck_assert_ptr_null(read_exactly(unbounded[_i], strlen(unbounded[_i]), &list, &error));
    ck_assert_int_eq(told.count, 0);
}
END_TEST

START_TEST(test_f12_several_and_the_paths)
{
    struct json_read_error error;
    struct told told = {0};
    struct json_read_list list = {.path = "", .bad = tell, .user = &told};
    is_text(json_read_list("[1,\nNaN,\n\"a\",\n\"\n\"]", 18, NULL, &list, &error),
            "[1,null,\"a\",null]");
    ck_assert_int_eq(told.count, 2);
    ck_assert_uint_eq(told.index[1], 3);
    ck_assert_str_eq(told.error[0], "line 2, column 1, at [1]: this is no value");
    ck_assert_str_eq(told.error[1],
                     "line 4, column 2, at [3]: a control character that is not escaped");

    told.count = 0;
    list.path = "a.b";
    const char *text = "{\"b\":[1],\"a\":{\"b\":[x,[y],{\"a\":{\"b\":[z]}}]}}";
    is_text(json_read_list(text, strlen(text), NULL, &list, &error),
            "{\"b\":[1],\"a\":{\"b\":[null,null,null]}}");
    ck_assert_int_eq(told.count, 3);
    ck_assert_str_eq(told.rest[1], "[null]");
    ck_assert_str_eq(told.rest[2], "{\"a\":{\"b\":[null]}}");
}
END_TEST

START_TEST(test_f23_one_nested_too_deep_alone_is_lost)
{
    struct json_read_error error;
    struct told told = {0};
    struct json_read_list list = {.path = "_data", .bad = tell, .user = &told};
    char *deep = nested(2000, "{\"a\":[1]}"), *text = malloc(8192);
    snprintf(text, 8192, "{\"_data\":[{\"id\":1},{\"id\":2,\"x\":%s,\"y\":2},{\"id\":3}]}", deep);
    json_t *value = json_read_list(text, strlen(text), NULL, &list, &error);
    ck_assert_msg(value != NULL, "%s", error.text);
    is_text(value, "{\"_data\":[{\"id\":1},null,{\"id\":3}]}");
    ck_assert_int_eq(told.count, 1);
    ck_assert_ptr_nonnull(strstr(told.error[0], ": this is nested too deep"));
    ck_assert_int_eq(strncmp(told.rest[0], "{\"id\":2,\"x\":[[[", 15), 0);
    free(text);
    free(deep);

    /* There is an end to what is looked through. */
    deep = nested(200000, "");
    text = malloc(500000);
    snprintf(text, 500000, "{\"_data\":[%s]}", deep);
    ck_assert_ptr_null(json_read_list(text, strlen(text), NULL, &list, &error));
    free(text);
    free(deep);
}
END_TEST

START_TEST(test_too_many_bad_elements)
{
    struct json_read_error error;
    struct told told = {0};
    struct json_read_list list = {.path = "", .bad = tell, .user = &told};
    char text[4100] = "[";
    for (int i = 0; i < 1000; i++)
        strcat(text, i ? ",x" : "x");
    size_t bytes = strlen(text);
    strcpy(text + bytes, "]");
    json_t *value = json_read_list(text, strlen(text), NULL, &list, &error);
    ck_assert_uint_eq(json_array_size(value), 1000);
    ck_assert_int_eq(told.count, 1000);
    json_decref(value);
    strcpy(text + bytes, ",x]");
    ck_assert_ptr_null(json_read_list(text, strlen(text), NULL, &list, &error));
    ck_assert_str_eq(error.text,
                     "line 1, column 2002, at [1000]: "
                     "too many elements of the list cannot be read");
    ck_assert_int_eq(told.count, 1000);
}
END_TEST

UNIT_MAIN("json_read")
{
    LOOP(test_good, good);
    LOOP(test_cut_anywhere, good);
    LOOP(test_wrong, wrong);
    tcase_add_test(t, test_f18_a_byte_order_mark_is_read);
    tcase_add_test(t, test_depth_and_length);
    tcase_add_test(t, test_long_numbers_and_names);
    LOOP(test_f12_one_element_alone_is_lost, elements);
    LOOP(test_f12_an_open_end_loses_the_page, unbounded);
    tcase_add_test(t, test_f12_several_and_the_paths);
    tcase_add_test(t, test_f23_one_nested_too_deep_alone_is_lost);
    tcase_add_test(t, test_too_many_bad_elements);
}
