/* SPDX-License-Identifier: MIT
 * The growing buffer: limits, sticking errors, ownership. */
#include "base/buf.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

START_TEST(grows_and_gives_its_text)
{
    struct buf b;
    char *text;

    buf_init(&b, 100000);
    ck_assert_str_eq(buf_text(&b), "");
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(buf_printf(&b, "%03d;", i), 0);
    ck_assert_uint_eq(b.bytes, 4000);
    ck_assert_mem_eq(buf_text(&b) + 3996, "999;", 5);
    text = buf_take(&b);
    ck_assert_uint_eq(strlen(text), 4000);
    free(text);
    ck_assert_int_eq(buf_add_text(&b, "again"), 0);
    ck_assert_str_eq(buf_text(&b), "again");
    buf_wipe_done(&b);
}
END_TEST

START_TEST(fills_to_the_limit_and_no_further)
{
    struct buf b;

    buf_init(&b, 5);
    ck_assert_int_eq(buf_add_text(&b, "12345"), 0);
    ck_assert(buf_ok(&b));
    ck_assert_int_eq(buf_add_char(&b, '6'), -1);
    ck_assert(!buf_ok(&b));
    ck_assert_str_eq(buf_text(&b), "12345");
    buf_done(&b);
}
END_TEST

START_TEST(errors_stick_until_cleared)
{
    struct buf b;

    buf_init(&b, 4);
    ck_assert_int_eq(buf_printf(&b, "%s", "too long"), -1);
    ck_assert_int_eq(buf_add(&b, "", 0), -1);
    ck_assert_ptr_null(buf_take(&b));
    buf_clear(&b);
    ck_assert_int_eq(buf_add_text(&b, "ok"), 0);
    buf_done(&b);
}
END_TEST

START_TEST(takes_a_zeroed_struct)
{
    struct buf b = {0};

    buf_done(&b);
    ck_assert_int_eq(buf_add_char(&b, 'x'), -1);
    buf_wipe_done(&b);
}
END_TEST

START_TEST(holds_nul_bytes_and_an_empty_text)
{
    struct buf b;
    char *text;

    buf_init(&b, 10);
    text = buf_take(&b);
    ck_assert_str_eq(text, "");
    free(text);
    ck_assert_int_eq(buf_add(&b, "a\0b", 3), 0);
    ck_assert_mem_eq(b.data, "a\0b", 4);
    buf_done(&b);
}
END_TEST

START_TEST(begins_in_memory_of_the_caller)
{
    struct buf b;
    char room[8], *text;

    buf_init_in(&b, room, sizeof room, 20);
    ck_assert_str_eq(buf_text(&b), "");
    ck_assert_int_eq(buf_add(&b, "a\0bcdef", 7), 0);
    ck_assert_ptr_eq(b.data, room);
    text = buf_take(&b);
    ck_assert_mem_eq(text, "a\0bcdef", 8);
    free(text);

    buf_init_in(&b, room, sizeof room, 20);
    ck_assert_int_eq(buf_add_text(&b, "abcdefg"), 0);
    ck_assert_int_eq(buf_add_text(&b, "hijklmnopqrst"), 0);
    ck_assert_ptr_ne(b.data, room);
    ck_assert_str_eq(buf_text(&b), "abcdefghijklmnopqrst");
    ck_assert_str_eq(room, ""); /* no copy stays behind */
    ck_assert_int_eq(buf_add_char(&b, 'u'), -1);
    buf_done(&b);

    buf_init_in(&b, room, sizeof room, 20);
    ck_assert_int_eq(buf_add_text(&b, "secret"), 0);
    buf_wipe_done(&b);
    ck_assert_str_eq(room, "");
}
END_TEST

UNIT_MAIN("buf")
{
    tcase_add_test(t, begins_in_memory_of_the_caller);
    tcase_add_test(t, grows_and_gives_its_text);
    tcase_add_test(t, fills_to_the_limit_and_no_further);
    tcase_add_test(t, errors_stick_until_cleared);
    tcase_add_test(t, takes_a_zeroed_struct);
    tcase_add_test(t, holds_nul_bytes_and_an_empty_text);
}
