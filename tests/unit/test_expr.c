/* SPDX-License-Identifier: MIT
 * Decimal expressions: what they give, what they refuse, and where they say the mistake is. */
#include "base/expr_parse.h"
#include "unit.h"

#include <string.h>

static const char record_text[] =
    "{\"price\": \"19.95\", \"quantity\": 3, \"zero\": \"0.00\", \"blank\": \"  \", \"none\": null,"
    " \"word\": \"many\", \"yes\": true, \"huge\": \"99999999999999999999999999999999999999\","
    " \"a\": {\"b_1\": \"-2.5\"}, \"levels\": [{\"physical\": \"10\"}, {\"physical\": \"4.25\"}]}";

static int eval(const char *text, unsigned flags, char out[DECIMAL_TEXT_BYTES],
                struct koppel_error *err)
{
    struct expr *e = expr_parse(text, err);
    json_t *record = json_loads(record_text, 0, NULL);
    struct decimal d;
    ck_assert_msg(e != NULL, "%s: %s", text, err->text);
    ck_assert_ptr_nonnull(record);
    ck_assert_str_eq(expr_text(e), text);
    int rc = expr_eval(e, record, NULL, flags, &d, err);
    if (rc == 0)
        decimal_format(d, out);
    json_decref(record);
    expr_free(e);
    return rc;
}

static void gives(const char *text, const char *want)
{
    char got[DECIMAL_TEXT_BYTES];
    struct koppel_error err = {0};
    ck_assert_msg(eval(text, 0, got, &err) == 0, "%s: %s", text, err.text);
    ck_assert_msg(strcmp(got, want) == 0, "%s gives %s, not %s", text, got, want);
}

static void refuses(const char *text, const char *reason, const char *part)
{
    char got[DECIMAL_TEXT_BYTES];
    struct koppel_error err = {0};
    ck_assert_msg(eval(text, 0, got, &err) == -1, "%s gives %s", text, got);
    ck_assert_int_eq(err.kind, KOPPEL_E_REJECTED);
    ck_assert_str_eq(err.reason, reason);
    ck_assert_msg(strstr(err.text, part) != NULL, "%s", err.text);
}

START_TEST(calculates)
{
    gives("1", "1");
    gives(" 1 + 2 * 3 ", "7");
    gives("(1 + 2) * 3", "9");
    gives("10 - 4 - 3", "3");
    gives("8 / 4 / 2", "1");
    gives("-price", "-19.95");
    gives("--price", "19.95");
    gives("2 * -3", "-6");
    gives("2--3", "5");
    gives("price * 1.05", "20.9475");
    gives("quantity * a.b_1", "-7.5");
    gives("levels[0].physical + levels[1].physical", "14.25");
    gives("min(price, quantity)", "3");
    gives("max(price, quantity)", "19.95");
    gives("max(0, levels[1].physical - 10)", "0");
    gives("min (1, 1.0)", "1");
}
END_TEST

START_TEST(divides_at_six_places)
{
    gives("10 / 4", "2.5");
    gives("1 / 3", "0.333333");
    gives("2 / 3", "0.666667");
    gives("-2 / 3", "-0.666667");
    gives("2 / -3", "-0.666667");
    gives("1 / 3 * 3", "0.999999");
    gives("zero / 3", "0");
}
END_TEST

/* One rounding only: 0.125 by way of 0.1250 or of a sixth place would be another cent. */
START_TEST(rounds_once)
{
    gives("round(price * 1.05, 2)", "20.95");
    gives("round(0.125, 2)", "0.13");
    gives("round(-0.125, 2)", "-0.13");
    gives("round(1, 2)", "1.00");
    gives("round(1 / 3 * 3, 6)", "1.000000");
    gives("round(1 / 3 + 1 / 6, 0)", "1");
    gives("round(0.0249999 / 5, 3)", "0.005");
    gives("round(0.0024999999 / 1, 3)", "0.002");
    gives("round(0.0024999999 * (1 / 7) * 7, 3)", "0.002");
    gives("round(max(1 / 3, 0.3333333), 8)", "0.33333333");
    gives("round(min(1 / -3, -0.3333333), 8)", "-0.33333333");
    gives("round(round(2 / 3, 2) / 3, 4)", "0.2233");
    gives("round(2 / 3, 2) / 3", "0.223333");
}
END_TEST

/* 1 where it holds, else 0; nothing is rounded before it is compared. */
START_TEST(compares)
{
    gives("price < 20", "1");
    gives("price < 19.95", "0");
    gives("price <= 19.950", "1");
    gives("price > quantity", "1");
    gives("price >= 19.96", "0");
    gives("price = 19.9500", "1");
    gives("price == 19.95", "1");
    gives("price != 19.95", "0");
    gives("price * 2 != quantity + 1", "1");
    gives("1 / 3 * 3 = 1", "1");
    gives("1 / 3 < 0.3333333333", "0");
    gives("-1 / 3 < -0.333333", "1");
    gives("a.b_1<0", "1");
    refuses("absent < 1", "expr.missing", "\"absent\" has no value");
    refuses("1 < word", "expr.value", "\"many\"");
    refuses("price / zero > 1", "expr.zero", "division by zero");
    struct koppel_error err = {0};
    struct expr *e = expr_parse("price < 20", &err), *sum = expr_parse("price - 20", &err);
    ck_assert(expr_compares(e));
    ck_assert(!expr_compares(sum));
    expr_free(e);
    expr_free(sum);
}
END_TEST

START_TEST(names_what_is_missing)
{
    char got[DECIMAL_TEXT_BYTES];
    struct koppel_error err = {0};
    refuses("price + absent", "expr.missing", "\"absent\" has no value");
    refuses("blank", "expr.missing", "\"blank\"");
    refuses("none * 2", "expr.missing", "\"none\"");
    refuses("word", "expr.value", "\"many\"");
    refuses("yes", "expr.value", "\"yes\"");
    refuses("a", "expr.value", "\"a\"");
    ck_assert_int_eq(eval("price - absent.at.all - blank - none", EXPR_MISSING_ZERO, got, &err), 0);
    ck_assert_str_eq(got, "19.95");
    err = (struct koppel_error){0};
    ck_assert_int_eq(eval("word", EXPR_MISSING_ZERO, got, &err), -1);
    ck_assert_str_eq(err.reason, "expr.value");
}
END_TEST

START_TEST(refuses_zero_and_overflow)
{
    refuses("1 / zero", "expr.zero", "division by zero");
    refuses("round(1 / (price - price), 2)", "expr.zero", "division by zero");
    refuses("huge * huge", "expr.range", "too large");
    refuses("huge + huge", "expr.range", "too large");
    refuses("huge / 0.001", "expr.range", "too large");
    refuses("round(huge, 6)", "expr.range", "too large");
    refuses("round(huge / 7 + huge / 11, 2)", "expr.range", "too large");
    refuses("max(huge * 10, 1)", "expr.range", "too large");
    refuses("0.000000000001 * 0.000000000001", "expr.range", "places");
}
END_TEST

static void mistake(const char *text, int column, const char *part)
{
    char where[32];
    struct koppel_error err = {0};
    struct expr *e = expr_parse(text, &err);
    ck_assert_msg(e == NULL, "taken: %s", text);
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    snprintf(where, sizeof where, "column %d: ", column);
    ck_assert_msg(strstr(err.text, where) != NULL, "%s", err.text);
    ck_assert_msg(strstr(err.text, part) != NULL, "%s", err.text);
}

START_TEST(tells_the_column)
{
    mistake("", 1, "expected a number, a name or \"(\"");
    mistake("1 +", 4, "expected a number");
    mistake("1 + * 2", 5, "expected a number");
    mistake("(1 + 2", 7, "expected \")\"");
    mistake("1 + 2)", 6, "expected an operator");
    mistake("price quantity", 7, "expected an operator");
    mistake("2price", 2, "expected an operator between");
    mistake("1.2.3", 1, "no decimal number");
    mistake("1.", 1, "no decimal number");
    mistake("0000000000000000000000000000000000000000000000001", 1, "too long");
    mistake("a..b", 1, "expected a name");
    mistake("lines[].price", 1, "one value");
    mistake("sqrt(2)", 1, "no such function");
    mistake("mins(1, 2)", 1, "no such function");
    mistake("min(1)", 6, "second argument");
    mistake("min(1, 2, 3)", 9, "expected \")\"");
    mistake("round(1, x)", 10, "0 to 18");
    mistake("round(1, 19)", 10, "0 to 18");
    mistake("round(1, )", 10, "0 to 18");
    mistake("5 % 2", 3, "expected an operator");
    mistake("price & 1", 7, "expected an operator");
    mistake("-", 2, "expected a number");
    mistake("price <", 8, "expected a number");
    mistake("1 < 2 < 3", 7, "only one comparison");
    mistake("(1 < 2)", 4, "expected \")\"");
    mistake("price =< 2", 8, "expected a number");
    mistake("price ! 2", 7, "expected an operator");
}
END_TEST

START_TEST(has_limits)
{
    char text[EXPR_TEXT_BYTES + 1];
    struct koppel_error err = {0};
    memset(text, '(', 200);
    text[200] = '\0';
    mistake(text, EXPR_DEPTH_LIMIT + 1, "nested too deep");
    for (int i = 0; i < 200; i++)
        memcpy(text + 2 * i, "1+", 3);
    mistake(text, EXPR_NODE_LIMIT + 2, "too long"); /* the sum behind the 129th number */
    memset(text, ' ', EXPR_TEXT_BYTES);
    text[EXPR_TEXT_BYTES] = '\0';
    ck_assert_ptr_null(expr_parse(text, &err));
    ck_assert_msg(strstr(err.text, "at most 1023") != NULL, "%s", err.text);
    expr_free(NULL);
}
END_TEST

START_TEST(tells_its_names)
{
    struct koppel_error err = {0};
    struct expr *e = expr_parse("max(a.b, 2) - c[0].d + round(a.b / 3, 2)", &err);
    ck_assert_ptr_nonnull(e);
    ck_assert_str_eq(path_text(expr_path(e, 0)), "a.b");
    ck_assert_str_eq(path_text(expr_path(e, 1)), "c[0].d");
    ck_assert_str_eq(path_text(expr_path(e, 2)), "a.b");
    ck_assert_ptr_null(expr_path(e, 3));
    expr_free(e);
}
END_TEST

UNIT_MAIN("expr")
{
    tcase_add_test(t, calculates);
    tcase_add_test(t, divides_at_six_places);
    tcase_add_test(t, rounds_once);
    tcase_add_test(t, compares);
    tcase_add_test(t, names_what_is_missing);
    tcase_add_test(t, refuses_zero_and_overflow);
    tcase_add_test(t, tells_the_column);
    tcase_add_test(t, has_limits);
    tcase_add_test(t, tells_its_names);
}
