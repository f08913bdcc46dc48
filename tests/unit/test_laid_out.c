/* SPDX-License-Identifier: MIT
 * Bodies in lines, and columns that wrap. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/cells.h"
#include "commands/laid_out.h"
#include "unit.h"

static void laid(const char *text, const char *wanted)
{
    char *out = laid_out(text);
    ck_assert_ptr_nonnull(out);
    ck_assert_str_eq(out, wanted);
    free(out);
}

START_TEST(json_keeps_every_character_of_its_values)
{
    laid("{\"a\":1.50,\"b\":[],\"c\":[1,\"x,{\\\"y\"],\"d\":{}}",
         "{\n  \"a\": 1.50,\n  \"b\": [],\n"
         "  \"c\": [\n    1,\n    \"x,{\\\"y\"\n  ],\n  \"d\": {}\n}");
    laid("[ ]", "[]");
}
END_TEST

START_TEST(xml_has_a_line_for_each_element)
{
    laid("<?xml version=\"1.0\"?>\n<a><b>x &amp; y</b><c/><d><e></e></d></a>",
         "<?xml version=\"1.0\"?>\n<a>\n  <b>x &amp; y</b>\n  <c/>\n"
         "  <d>\n    <e></e>\n  </d>\n</a>");
}
END_TEST

/* What was cut, or is neither, is shown as far as it goes. */
START_TEST(anything_is_shown)
{
    static const char *const odd[] = {"", "<", "<a", "<a><", "</a></b>", "{", "}", "{\"a", "{\"a\\",
                                      "[[[", "]]", "\"", "a=b&c=d", "<a>x"};
    laid("a=b&c=d", "a=b&c=d");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char *out = laid_out(odd[i]);
        ck_assert_ptr_nonnull(out);
        ck_assert_msg(!*odd[i] == !*out, "%s", odd[i]);
        free(out);
    }
}
END_TEST

static void printed(int a, int b, const char *left, const char *right, const char *wanted)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    cells_print(to, 1, (const int[]){a, b}, (const char *const[]){left, right}, 2);
    fclose(to);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(columns_wrap_at_words_and_by_their_width)
{
    printed(6, 4, "one two", "x", " one    x\n two\n");
    printed(4, 3, "abcdefgh", "r", " abcd r\n efgh\n");
    printed(4, 3, "  abc", "r", "   ab r\n c\n"); /* what is set in is not a place to break */
    printed(4, 4, "a\nb", NULL, " a\n b\n");
    printed(4, 4, "日本語", "r", " 日本 r\n 語\n");
    printed(4, 9, "a", "\033[2J", " a    \\u001b[2J\n");
}
END_TEST

UNIT_MAIN("laid_out")
{
    tcase_add_test(t, json_keeps_every_character_of_its_values);
    tcase_add_test(t, xml_has_a_line_for_each_element);
    tcase_add_test(t, anything_is_shown);
    tcase_add_test(t, columns_wrap_at_words_and_by_their_width);
}
