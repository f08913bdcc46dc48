/* SPDX-License-Identifier: MIT
 * Paths: syntax, reading, setting. */
#include "base/path.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const char RECORD[] =
    "{\"a\":{\"b\":\"x\"},\"lines\":[{\"sku\":\"1\"},{\"sku\":\"2\"},{\"other\":true}],"
    "\"_data\":[{\"x\":[{\"y\":\"p\"}]},{\"x\":[{\"y\":\"q\"},{\"y\":\"r\"}]}],\"n\":null}";

static json_t *record(void)
{
    json_t *r = json_loads(RECORD, 0, NULL);

    ck_assert_ptr_nonnull(r);
    return r;
}

static struct path *parsed(const char *text)
{
    struct koppel_error err = {0};
    struct path *p = path_parse(text, &err);

    ck_assert_msg(p != NULL, "%s", err.text);
    ck_assert_str_eq(path_text(p), text);
    return p;
}

static const char *got(const json_t *r, const char *text)
{
    struct path *p = parsed(text);
    const char *value = json_string_value(path_get(p, r));

    path_free(p);
    return value ? value : "(none)";
}

START_TEST(reads)
{
    json_t *r = record();
    struct path *whole = parsed("."), *empty = parsed("");

    ck_assert_str_eq(got(r, "a.b"), "x");
    ck_assert_str_eq(got(r, "lines[1].sku"), "2");
    ck_assert_str_eq(got(r, "lines[].sku"), "1");
    ck_assert_str_eq(got(r, "_data[1].x[1].y"), "r");
    ck_assert_str_eq(got(r, "lines[9].sku"), "(none)");
    ck_assert_str_eq(got(r, "a.b.c"), "(none)");
    ck_assert_str_eq(got(r, "a[0]"), "(none)");
    ck_assert(path_get(whole, r) == r && path_get(empty, r) == r);
    path_free(whole);
    path_free(empty);
    json_decref(r);
}
END_TEST

static int collect(void *arg, json_t *value)
{
    char *text = arg;

    strncat(text, json_string_value(value), 1);
    return strcmp(json_string_value(value), "q") == 0 ? 7 : 0;
}

START_TEST(visits_every_element)
{
    json_t *r = record();
    struct path *sku = parsed("lines[].sku"), *deep = parsed("_data[].x[].y"), *one = parsed("a.b");
    char text[16] = "";

    ck_assert(path_is_plural(sku) && !path_is_plural(one));
    ck_assert_int_eq(path_each(sku, r, collect, text), 0);
    ck_assert_int_eq(path_each(deep, r, collect, text), 7);
    ck_assert_int_eq(path_each(one, r, collect, text), 0);
    ck_assert_str_eq(text, "12pqx");
    path_free(sku);
    path_free(deep);
    path_free(one);
    json_decref(r);
}
END_TEST

static int set(json_t *r, const char *text, json_t *value)
{
    struct path *p = parsed(text);
    int rc = path_set_take(p, r, value);

    path_free(p);
    return rc;
}

START_TEST(sets_and_makes_what_is_missing)
{
    json_t *r = record();

    ck_assert_int_eq(set(r, "a.b", json_string("new")), 0);
    ck_assert_int_eq(set(r, "c.d[0].e", json_string("made")), 0);
    ck_assert_int_eq(set(r, "c.d[1]", json_string("behind")), 0);
    ck_assert_int_eq(set(r, "n.m", json_string("was null")), 0);
    ck_assert_str_eq(got(r, "a.b"), "new");
    ck_assert_str_eq(got(r, "c.d[0].e"), "made");
    ck_assert_str_eq(got(r, "c.d[1]"), "behind");
    ck_assert_str_eq(got(r, "n.m"), "was null");
    ck_assert_int_eq(set(r, "c.d[3]", json_string("gap")), -1);
    ck_assert_int_eq(set(r, "a.b.c", json_string("in a string")), -1);
    ck_assert_int_eq(set(r, "a[]", json_string("no list")), -1);
    json_decref(r);
}
END_TEST

START_TEST(sets_in_every_element)
{
    json_t *r = record();

    ck_assert_int_eq(set(r, "lines[].sku", json_string("all")), 0);
    ck_assert_int_eq(set(r, "lines[].extra", json_pack("{s:s}", "k", "v")), 0);
    ck_assert_str_eq(got(r, "lines[2].sku"), "all");
    ck_assert_int_eq(set(r, "lines[0].extra.k", json_string("changed")), 0);
    ck_assert_str_eq(got(r, "lines[1].extra.k"), "v");
    ck_assert_int_eq(set(r, "nothing[].sku", json_string("x")), 0);
    ck_assert_ptr_null(json_object_get(r, "nothing"));
    json_decref(r);
}
END_TEST

START_TEST(replaces_the_record)
{
    json_t *r = record();

    ck_assert_int_eq(set(r, ".", json_pack("{s:s}", "only", "this")), 0);
    ck_assert_uint_eq(json_object_size(r), 1);
    ck_assert_int_eq(set(r, ".", json_string("no object")), -1);
    json_decref(r);
}
END_TEST

START_TEST(refuses_bad_syntax)
{
    static const char *const bad[] = {"a.", ".a", "a..b", "a[", "a[x]", "a[1", "a]", "a[]b",
                                      "a[-1]", "a[100000]", "a.[0]",
                                      "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a."
                                      "a.a.a"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct koppel_error err = {0};

        ck_assert_msg(path_parse(bad[i], &err) == NULL, "taken: %s", bad[i]);
        ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
        ck_assert_ptr_nonnull(strstr(err.text, "position"));
    }
}
END_TEST

UNIT_MAIN("path")
{
    tcase_add_test(t, reads);
    tcase_add_test(t, visits_every_element);
    tcase_add_test(t, sets_and_makes_what_is_missing);
    tcase_add_test(t, sets_in_every_element);
    tcase_add_test(t, replaces_the_record);
    tcase_add_test(t, refuses_bad_syntax);
}
