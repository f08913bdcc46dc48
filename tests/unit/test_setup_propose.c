/* SPDX-License-Identifier: MIT
 * What rows of value tables are proposed to become. */
#include "unit.h"

#include <string.h>

#include "base/json_read.h"
#include "service/setup_propose.h"

static struct koppel_list rows;

static void row(const char *value, const char *title, const char *facts)
{
    struct koppel_error err = {0};
    json_t *told = json_read_text(facts, NULL), *fact;
    const char *name;
    ck_assert_int_eq(list_add(&rows, value, title, &err), 0);
    json_object_foreach(told, name, fact)
        ck_assert_int_eq(list_add_fact(&rows, name, json_string_value(fact), &err), 0);
    json_decref(told);
}

/* The value that is proposed, "" for none; why must begin with the reason. */
static const char *proposed(const char *key_text, const char *vat, const char *why)
{
    struct setup_propose p = {&rows, "NL", vat};
    const char *because = "";
    json_t *key = json_read_text(key_text, NULL);
    ck_assert_ptr_nonnull(key);
    const struct list_row *found = setup_propose_row(&p, key, &because);
    json_decref(key);
    if (found)
        ck_assert_str_eq(because, why);
    return found ? found->value : "";
}

#define RATE(region, rate)                                                                         \
    "{\"parts\":[{\"role\":\"region\",\"value\":\"" region "\",\"title\":\"x\"},"                  \
    "{\"role\":\"rate\",\"value\":\"" rate "\",\"title\":\"x\"}]}"
#define KIND(kind) "{\"parts\":[{\"role\":\"kind\",\"value\":\"" kind "\",\"title\":\"x\"}]}"
#define NAMED(title, facts)                                                                        \
    "{\"parts\":[{\"role\":\"list\",\"value\":\"X\",\"title\":\"" title "\",\"facts\":" facts      \
    "}]}"

START_TEST(a_vat_code_has_rate_and_country)
{
    row("51", "Voorbelasting", "{\"rate\":\"21\",\"country\":\"NL\",\"kind\":\"purchase\"}");
    row("6", "Oud", "{\"rate\":\"21\",\"country\":\"NL\",\"not\":\"it is no longer valid\"}");
    row("1", "Hoog", "{\"rate\":\"21.0\",\"country\":\"NLD\",\"kind\":\"sales\"}");
    row("3", "Nul", "{\"rate\":\"0\",\"country\":\"NL\",\"kind\":\"sales\"}");
    row("4", "ICP", "{\"rate\":\"0\",\"kind\":\"sales\"}");
    row("21", "OSS", "{\"rate\":\"21\",\"country\":\"BE\",\"kind\":\"sales\"}");
    ck_assert_str_eq(proposed(RATE("NL", "21.00"), NULL, "because.rate"), "1");
    ck_assert_str_eq(proposed(RATE("BE", "21.00"), NULL, "because.rate"), "21");
    ck_assert_str_eq(proposed(RATE("BE", "9.00"), NULL, ""), "");
    ck_assert_str_eq(proposed(RATE("BE", "0.00"), NULL, "because.home"), "3");
    ck_assert_str_eq(proposed(RATE("shifted", "21.00"), NULL, "because.rate"), "4");
    list_done(&rows);
}
END_TEST

START_TEST(an_account_follows_its_vat_code_or_number)
{
    row("8000", "Omzet hoog", "{\"vat\":\"1\"}");
    row("8031", "Omzet kleding", "{\"vat\":\"1\"}");
    row("1010", "Pin onderweg", "{}");
    ck_assert_str_eq(proposed(RATE("NL", "21.00"), "1", "because.vat"), "8000");
    ck_assert_str_eq(proposed(RATE("NL", "9.00"), "2", ""), "");
    ck_assert_str_eq(proposed(NAMED("PIN", "{\"account\":\"1010\"}"), NULL, "because.account"),
                     "1010");
    list_done(&rows);
}
END_TEST

START_TEST(names_are_equal_or_near)
{
    row("1", "Contant", "{}");
    row("2", "14 dagen", "{}");
    row("1750", "Cadeaubonnen in omloop", "{}");
    row("1760", "Statiegeld", "{}");
    ck_assert_str_eq(proposed(NAMED("contant ", "null"), NULL, "because.name"), "1");
    ck_assert_str_eq(proposed(NAMED("iDEAL", "null"), NULL, ""), "");
    ck_assert_str_eq(proposed(KIND("gift-card"), NULL, "because.near"), "1750");
    ck_assert_str_eq(proposed(KIND("deposit"), NULL, "because.name"), "1760");
    ck_assert_str_eq(proposed(KIND("shipping"), NULL, ""), "");
    list_done(&rows);
}
END_TEST

UNIT_MAIN("setup_propose")
{
    tcase_add_test(t, a_vat_code_has_rate_and_country);
    tcase_add_test(t, an_account_follows_its_vat_code_or_number);
    tcase_add_test(t, names_are_equal_or_near);
}
