/* SPDX-License-Identifier: MIT
 * Cutting text between characters, and showing it on a terminal. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/visible.h"
#include "unit.h"

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467" /* one character of 18 bytes */
#define FLAG "\U0001F1F3\U0001F1F1"                         /* one of 8 */

START_TEST(f16_cut_between_characters)
{
    ck_assert_uint_eq(cut_bytes("abc", 2), 2);
    ck_assert_uint_eq(cut_bytes("abc", 3), 3);
    ck_assert_uint_eq(cut_bytes("abc", 9), 3);
    ck_assert_uint_eq(cut_bytes("a€b", 3), 1);
    ck_assert_uint_eq(cut_bytes("a€b", 4), 4);
    ck_assert_uint_eq(cut_bytes("ae\u0301b", 2), 1); /* the accent belongs to the e */
    ck_assert_uint_eq(cut_bytes("a" FLAG "b", 8), 1);
    ck_assert_uint_eq(cut_bytes("a" FLAG "b", 9), 9);
    ck_assert_uint_eq(cut_bytes(FAMILY FAMILY, 35), 18);
    ck_assert_uint_eq(cut_bytes(NULL, 3), 0);
}
END_TEST

START_TEST(f16_a_character_longer_than_the_limit_is_cut_between_its_parts)
{
    ck_assert_uint_eq(cut_bytes(FAMILY, 9), 7);
    ck_assert_uint_eq(cut_bytes("€", 2), 0);
}
END_TEST

START_TEST(f16_counted_in_characters)
{
    ck_assert_uint_eq(cut_characters("e\u0301te\u0301", 1), 3);
    ck_assert_uint_eq(cut_characters(FAMILY "x", 1), 18);
    ck_assert_uint_eq(cut_characters("abc", 0), 0);
    ck_assert_uint_eq(cut_characters("abc", 7), 3);
    ck_assert_uint_eq(cut_count("e\u0301te\u0301"), 3);
    ck_assert_uint_eq(cut_count(FAMILY "x"), 2);
    ck_assert_uint_eq(cut_count("a\xff\xff" "b"), 4);
    ck_assert_uint_eq(cut_count(""), 0);
}
END_TEST

START_TEST(f16_every_cut_of_every_text_is_utf8)
{
    char out[64];
    const char *text = "x€é" FAMILY "ab\xff\xc3 " FLAG "e\u0301\xe2\x82";
    for (size_t room = 1; room < sizeof out; room++) {
        size_t n = cut_copy(out, room, text);
        ck_assert_uint_lt(n, room);
        char *again = cut_valid(out, n);
        ck_assert_str_eq(again, out);
        free(again);
    }
}
END_TEST

START_TEST(bytes_that_are_no_utf8)
{
    char *made = cut_valid("Gr\xf6\xdf"
                           "e\0x",
                           7);
    ck_assert_str_eq(made, "Gr\ufffd\ufffde\ufffdx");
    free(made);
    ck_assert_uint_eq(cut_bytes("\xff\xff\xff", 2), 2);
}
END_TEST

START_TEST(row26_a_terminal_is_not_steered)
{
    char *shown = visible_text("a\x1b[31m\x7f\xC2\x85\xC2\x9b\u202eb\ufeff\u2028\xff\nc\td", true);
    ck_assert_str_eq(shown, "a\\u001b[31m\\u007f\\u0085\\u009b\\u202eb\\ufeff\\u2028\\xff\nc\td");
    free(shown);
    shown = visible_text("\U000E0041", false);
    ck_assert_str_eq(shown, "\\udb40\\udc41");
    free(shown);
    shown = visible_text("é\n€", false);
    ck_assert_str_eq(shown, "é\\u000a€");
    free(shown);
}
END_TEST

UNIT_MAIN("cut")
{
    tcase_add_test(t, f16_cut_between_characters);
    tcase_add_test(t, f16_a_character_longer_than_the_limit_is_cut_between_its_parts);
    tcase_add_test(t, f16_counted_in_characters);
    tcase_add_test(t, f16_every_cut_of_every_text_is_utf8);
    tcase_add_test(t, bytes_that_are_no_utf8);
    tcase_add_test(t, row26_a_terminal_is_not_steered);
}
