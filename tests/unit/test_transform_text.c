/* SPDX-License-Identifier: MIT
 * Text functions beyond the examples of their catalogue. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"text.trim", "' a b\\t\\n'", "'a b'", NULL},
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
    {"text.if-blank-null", "' \\t '", "null", NULL},
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
    {"text.trim", "7", "'7'", NULL},
    {"text.upper", "true", "'TRUE'", NULL},
    {"text.trim", "{}", NULL, "the value is no text"},
    {"text.collapse", "'\u00a0a\u200b b\\t\\tc '", "'a b c'", NULL},
    {"text.collapse", "' '", "''", NULL},
    {"text.title", "'o\u2019NEILL van de\u0301n BERG'", "'O\u2019neill Van De\u0301n Berg'", NULL},
    {"text.title", "'\u01c6ep 3D'", "'\u01c5ep 3d'", NULL},
    {"text.capitalize", "''", "''", NULL},
    {"text.ascii", "'\u2018Års\u2019\u00a0\ufb01n\u00ad'", "'\\u0027Ars\\u0027 fin'", NULL},
    {"text.slug", "'  -- '", "null", NULL},
    {"text.slug", "' -Zz 9- '", "'zz-9'", NULL},
    {"text.digits", "'0 to 9'", "'09'", NULL},
    {"text.slug", "'Ærø & Ö'", "'aero-o'", NULL},
    {"text.length", "'\U0001f468\u200d\U0001f469\u200d\U0001f467'", "1", NULL},
    {"text.length", "''", "0", NULL},
    {"text.last:2", "'\U0001f468\u200d\U0001f469\u200d\U0001f467e\u0301'",
     "'\U0001f468\u200d\U0001f469\u200d\U0001f467e\u0301'", NULL},
    {"text.last:0", "'abc'", "''", NULL},
    {"text.slice:1:1", "'ae\u0301o'", "'e\u0301'", NULL},
    {"text.slice:-9", "'abc'", "'abc'", NULL},
    {"text.slice:0:0", "'abc'", "''", NULL},
    {"text.shorten:3", "'abc def'", "'ab…'", NULL},
    {"text.shorten:4", "'abc def'", "'abc…'", NULL},
    {"text.shorten:1", "'abc'", "'a'", NULL},
    {"text.shorten:6", "'ab cd ef'", "'ab cd…'", NULL},
    {"text.shorten:7", "'abc def'", "'abc def'", NULL},
    {"text.shorten:6", "' a b c d'", "' a b…'", NULL},
    {"text.first-words:0", "'a b'", "''", NULL},
    {"text.first-words:9", "' a  b '", "'a  b'", NULL},
    {"text.last-words:2", "'\u00a0a b\u00a0c '", "'b\u00a0c'", NULL},
    {"text.pad-left:4:é", "'é1'", "'ééé1'", NULL},
    {"text.pad-left:3:", "'1'", NULL, "at least 1 byte"},
    {"text.pad-left:10001", "'1'", NULL, "0 to 10000"},
    {"text.pad-right:6:ab", "'1'", "'1ababa'", NULL},
    {"text.split:/:0", "'a/b/c'", "'a'", NULL},
    {"text.split:/:-2", "'a/b/c'", "'b'", NULL},
    {"text.split:/:-3", "'a/b/c'", "'a'", NULL},
    {"text.split:/:-2", "'abc'", "null", NULL},
    {"text.split:/:-1", "'abc'", "'abc'", NULL},
    {"text.split-list:/", "' a/ b/'", "['a', 'b']", NULL},
    {"text.join:-", "[true, 2, '']", "'true-2'", NULL},
    {"text.join:-", "[]", "''", NULL},
    {"text.join:-", "['a', {}]", NULL, "the value is no text"},
    {"text.regex-match:^$:none", "''", "'none'", NULL},
    {"text.regex-match:x:y", "['x']", "['x']", NULL},
    {"text.regex-match:(?i)stra\u00dfe:street:other", "'STRA\u1e9eE'", "'street'", NULL},
    {"text.regex-match:^(a+)+$:yes",
     "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'", NULL, "match limit exceeded"},
    {"text.regex-match:\\C:yes", "'a'", NULL, "column"},
    {"text.regex-group:(x)?a:1", "'a'", "null", NULL},
    {"text.regex-group:(x)?(a):2", "'xa'", "'a'", NULL},
    {"text.regex-group:a:100", "'a'", NULL, "0 to 99"},
    {"text.regex-group:\\bb", "'ab b'", "'b'", NULL},
    {"text.regex-replace:x*:-", "'abc'", "'-a-b-c-'", NULL},
    {"text.regex-replace:\\b:|", "'é e'", "'|é| |e|'", NULL},
    {"text.regex-replace:b*:_", "'abb'", "'_a__'", NULL},
    {"text.regex-replace:(?<=a)b:x", "'abab'", "'axax'", NULL},
    {"text.regex-replace:(.)(.)?:${2}${1}0", "'abc'", "'ba0c0'", NULL},
    {"text.regex-replace:a:$", "'ba'", "'b$'", NULL},
    {"text.regex-replace:a:x$$y", "'ba'", "'bx$y'", NULL},
    {"text.regex-replace:a:${x", "'ba'", "'b${x'", NULL},
    {"text.regex-replace:a:", "'banana'", "'bnn'", NULL},
    {"text.regex-replace:^:x", "''", "'x'", NULL},
    {"text.contains::a", "'x'", NULL, "at least 1 byte"},
    {"text.contains:a:yes:no", "null", "'no'", NULL},
    {"text.contains:2:yes:no", "123", "'yes'", NULL},
    {"text.starts-with:ab:yes:no", "'a'", "'no'", NULL},
    {"text.ends-with:ab:yes", "null", "null", NULL},
    {"text.ends-with:ab:yes:no", "'ab'", "'yes'", NULL},
    {"text.starts-with:ab:yes:no", "'ab'", "'yes'", NULL},
};

START_TEST(f16_text_functions)
{
    transform_expect(&cases[_i]);
}
END_TEST

static json_t *filled(size_t bytes, char with)
{
    char *text = malloc(bytes + 1);
    memset(text, with, bytes);
    text[bytes] = '\0';
    json_t *json = json_string(text);
    free(text);
    return json;
}

/* What a text may become is bounded, so that one record cannot take all memory. */
START_TEST(replacing_that_grows_without_end_is_refused)
{
    struct koppel_error err = {0};
    json_t *args = json_pack("[s,s]", "a", "$0$0$0$0$0$0$0$0");
    json_t *out = transform_call("text.regex-replace", args, filled(1000, 'a'), &err);
    ck_assert_uint_eq(json_string_length(out), 8000);
    json_decref(out);
    out = transform_call("text.regex-replace", args, filled(200000, 'a'), &err);
    ck_assert_ptr_null(out);
    ck_assert_ptr_nonnull(strstr(err.text, "longer than 1048576 bytes"));
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    json_decref(args);
}
END_TEST

UNIT_MAIN("transform_text")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    LOOP(f16_text_functions, cases);
    tcase_add_test(t, replacing_that_grows_without_end_is_refused);
}
