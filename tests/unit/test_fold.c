/* SPDX-License-Identifier: MIT
 * Trimming and folding of text. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "unit.h"

static const char *const blanks[] = {
    " ",      "\t",     "\n",     "\r",     "\v",     "\f",       "\u00a0", "\u1680", "\u2003",
    "\u2009", "\u2028", "\u202f", "\u205f", "\u3000", "\xC2\x85", "\u200b", "\u200c", "\u200d",
    "\u2060", "\ufeff", "\u00ad", "\u200e", "\u200f", "\u202e",   "\u2066", "\u180e", "\u061c"};

#define BLANKS (int)(sizeof blanks / sizeof blanks[0])

static void is_key(const char *text, const char *want)
{
    char *key = fold_key(text);
    ck_assert_ptr_nonnull(key);
    ck_assert_msg(strcmp(key, want) == 0, "\"%s\" became \"%s\", not \"%s\"", text, key, want);
    char *again = fold_key(key);
    ck_assert_str_eq(again, key);
    free(again);
    free(key);
}

START_TEST(f14_blanks_that_nobody_sees_are_blanks)
{
    char text[64], want[] = "jan@x.example";
    size_t bytes;
    ck_assert_uint_eq(fold_blank(blanks[_i]), strlen(blanks[_i]));
    ck_assert(fold_is_blank(blanks[_i]));
    snprintf(text, sizeof text, "%s%sjan@x.example%s", blanks[_i], blanks[_i], blanks[_i]);
    const char *start = fold_trim(text, &bytes);
    ck_assert_uint_eq(bytes, strlen(want));
    ck_assert_mem_eq(start, want, bytes);
    is_key(text, want);
    ck_assert(fold_same(text, want));
}
END_TEST

START_TEST(f14_case_beyond_latin_letters)
{
    ck_assert(fold_same("ΕΛΛΆΔΑ", "ελλάδα"));
    ck_assert(fold_same("БЪЛГАРИЯ", "българия"));
    ck_assert(fold_same("STRASSE", "straße"));
    ck_assert(fold_same("ΟΔΟΣ", "οδός") == false);
    ck_assert(fold_same("ΟΔΟΣ", "οδος"));
    ck_assert(fold_same("Jan@X.NL ", "jan@x.nl"));
    ck_assert(!fold_same("jan@x.nl", "an@x.nl"));
}
END_TEST

START_TEST(f14_composed_and_decomposed)
{
    ck_assert(fold_same("Caf\u00e9", "cafe\u0301"));
    ck_assert(fold_same("\uff21\uff22-\uff11", "ab-1"));
    ck_assert(!fold_same("cafe", "caf\u00e9"));
    is_key("a\u00a0 \u2003b", "a b");
    is_key("a\u200bb", "ab");
}
END_TEST

START_TEST(f14_others_are_asked_for_what_is_composed)
{
    static const char *const texts[][2] = {
        {"jose\xCC\x81@x.nl", "jos\xC3\xA9@x.nl"},       {"\xC2\xA0" "A  b\xE2\x80\x8B", "A  b"},
        {"\xC3\x96zil", "\xC3\x96zil"},                  {"\xFF" "a ", "\xFF" "a"},
        {" ", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *made = fold_composed(texts[i][0]);
        ck_assert_str_eq(made, texts[i][1]);
        free(made);
    }
}
END_TEST

START_TEST(f14_nothing_is_no_key)
{
    ck_assert(fold_is_blank(NULL));
    ck_assert(fold_is_blank(""));
    ck_assert(!fold_is_blank("\u00a0x"));
    ck_assert(!fold_same("", ""));
    ck_assert(!fold_same(NULL, "x"));
    ck_assert(!fold_same("\u200b", "\ufeff"));
}
END_TEST

START_TEST(text_that_is_no_utf8_is_its_own_key)
{
    is_key("Gr\xfc\xdf", "gr\xfc\xdf");
    is_key(" \xff ", "\xff");
    is_key("\xe2\x80", "\xe2\x80");
    ck_assert(!fold_is_blank("\xc2"));
}
END_TEST

START_TEST(a_key_is_cut_between_characters)
{
    char out[4];
    ck_assert_uint_eq(fold_key_into("aé€", out, sizeof out), 6);
    ck_assert_str_eq(out, "aé");
    ck_assert_uint_eq(fold_key_into("ABC", out, sizeof out), 3);
    ck_assert_str_eq(out, "abc");
}
END_TEST

START_TEST(cases_of_every_script)
{
    char *up = fold_upper("straße élan ÿ ж σ", strlen("straße élan ÿ ж σ"));
    char *low = fold_lower("ÉLAN Ÿ Ж Σ", strlen("ÉLAN Ÿ Ж Σ"));
    ck_assert_ptr_nonnull(strstr(up, "ÉLAN Ÿ Ж Σ"));
    ck_assert_str_eq(low, "élan ÿ ж σ");
    free(up);
    free(low);
}
END_TEST

START_TEST(names_of_people)
{
    char *name = fold_name("  St.-Étienne  (Loire) ");
    ck_assert_str_eq(name, "stetienneloire");
    free(name);
}
END_TEST

static void becomes(char *made, const char *want)
{
    ck_assert_ptr_nonnull(made);
    ck_assert_str_eq(made, want);
    free(made);
}

START_TEST(f14_words_as_in_a_title)
{
    becomes(fold_title("JAN-PIETER d'ANCONA 3d"), "Jan-Pieter D'ancona 3d");
    becomes(fold_title("\u01c6 e\u0301N"), "\u01c5 E\u0301n");
    becomes(fold_title("a\xff" "b"), "A\xff" "B");
    becomes(fold_title(""), "");
}
END_TEST

START_TEST(f14_text_for_those_who_know_ascii_only)
{
    becomes(fold_ascii("Åse Strauß, Łódź", "?"), "Ase Strauss, Lodz");
    becomes(fold_ascii("\u2018x\u2019\u00a0\u2013 \ufb01\u00ad", "?"), "'x' - fi");
    becomes(fold_ascii("\u03a9\xff", "<no>"), "<no><no>");
    becomes(fold_ascii("\u4e2d", ""), "");
}
END_TEST

UNIT_MAIN("fold")
{
    tcase_add_loop_test(t, f14_blanks_that_nobody_sees_are_blanks, 0, BLANKS);
    tcase_add_test(t, f14_case_beyond_latin_letters);
    tcase_add_test(t, f14_composed_and_decomposed);
    tcase_add_test(t, f14_others_are_asked_for_what_is_composed);
    tcase_add_test(t, f14_nothing_is_no_key);
    tcase_add_test(t, text_that_is_no_utf8_is_its_own_key);
    tcase_add_test(t, a_key_is_cut_between_characters);
    tcase_add_test(t, cases_of_every_script);
    tcase_add_test(t, names_of_people);
    tcase_add_test(t, f14_words_as_in_a_title);
    tcase_add_test(t, f14_text_for_those_who_know_ascii_only);
}
