/* SPDX-License-Identifier: MIT
 * The error type: one line, whole characters, no secrets. */
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "unit.h"

START_TEST(fills_and_returns)
{
    struct koppel_error err = {.retry_after_ms = 5, .reason = "old"};

    ck_assert_int_eq(err_set(&err, KOPPEL_E_RETRY, "peer said %d", 503), -1);
    ck_assert_int_eq(err.kind, KOPPEL_E_RETRY);
    ck_assert_int_eq(err.retry_after_ms, 0);
    ck_assert_str_eq(err.reason, "");
    ck_assert_str_eq(err.text, "peer said 503");
    ck_assert_int_eq(err_reason(&err, KOPPEL_E_REJECTED, "customer.ambiguous", "two of them"), -1);
    ck_assert_str_eq(err.reason, "customer.ambiguous");
    ck_assert_int_eq(err_prefix(&err, "order %s", "2026-14"), -1);
    ck_assert_str_eq(err.text, "order 2026-14: two of them");
    ck_assert_str_eq(err.reason, "customer.ambiguous");
    ck_assert_int_eq(err_set(NULL, KOPPEL_E_BUG, "nobody listens"), -1);
    ck_assert_int_eq(err_prefix(NULL, "x"), -1);
}
END_TEST

START_TEST(may_quote_itself)
{
    struct koppel_error err = {0};

    err_set(&err, KOPPEL_E_BUG, "inner");
    err_set(&err, KOPPEL_E_REJECTED, "outer (%s)", err.text);
    ck_assert_str_eq(err.text, "outer (inner)");
}
END_TEST

START_TEST(stays_on_one_line)
{
    struct koppel_error err = {0};

    err_set(&err, KOPPEL_E_BUG, "a\nb\r\tc");
    ck_assert_str_eq(err.text, "a b  c");
}
END_TEST

START_TEST(cuts_at_a_character)
{
    struct koppel_error err = {0};
    char text[3 * ERR_TEXT_BYTES + 1] = "x";

    for (int i = 0; i < ERR_TEXT_BYTES; i++)
        memcpy(text + 1 + i * 2, "\xC3\xAB", 3);
    err_set(&err, KOPPEL_E_BUG, "%s", text);
    ck_assert_uint_eq(strlen(err.text), ERR_TEXT_BYTES - 1);
    err_set(&err, KOPPEL_E_BUG, "x%s", text);
    ck_assert_uint_eq(strlen(err.text), ERR_TEXT_BYTES - 2);
}
END_TEST

START_TEST(never_holds_a_secret)
{
    struct koppel_error err = {0};

    mask_add("hunter22");
    err_set(&err, KOPPEL_E_AUTH, "peer said: bad password hunter22");
    ck_assert_str_eq(err.text, "peer said: bad password ****");
    /* Also where the cut would fall inside it. */
    err_set(&err, KOPPEL_E_AUTH, "%*s", ERR_TEXT_BYTES + 2, "hunter22");
    ck_assert_ptr_null(strstr(err.text, "hunt"));
}
END_TEST

START_TEST(names_its_kinds)
{
    ck_assert_str_eq(err_kind_name(KOPPEL_E_CONFIG), "CONFIG");
    ck_assert_str_eq(err_kind_name(KOPPEL_E_BUG), "BUG");
    ck_assert_str_eq(err_kind_name(99), "UNKNOWN");
    ck_assert_str_eq(err_kind_name(-1), "UNKNOWN");
}
END_TEST

UNIT_MAIN("err")
{
    tcase_add_test(t, fills_and_returns);
    tcase_add_test(t, may_quote_itself);
    tcase_add_test(t, stays_on_one_line);
    tcase_add_test(t, cuts_at_a_character);
    tcase_add_test(t, never_holds_a_secret);
    tcase_add_test(t, names_its_kinds);
}
