/* SPDX-License-Identifier: MIT
 * What jobs wait for, what helps, and by what a person knows and finds a record. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "flow/brief.h"
#include "flow/cause.h"
#include "flow/remedy_command.h"

/* ---- causes ---- */

static char text[2000];

static const char *cause(const char *reason, const char *facts, const char *words)
{
    char *out = cause_text(reason, facts, words);
    ck_assert_ptr_nonnull(out);
    snprintf(text, sizeof text, "%s", out);
    free(out);
    return text;
}

static void alike(const char *a, const char *b, bool same)
{
    char first[sizeof text];
    snprintf(first, sizeof first, "%s", cause("rejected", NULL, a));
    ck_assert_msg((strcmp(first, cause("rejected", NULL, b)) == 0) == same, "%s / %s", a, b);
}

START_TEST(a_cause_is_its_facts)
{
    ck_assert_str_eq(cause("map.unmapped", "{\"value\":\"GIFT\",\"table\":\"pay\"}", "words"),
                     "map.unmapped\n{\"table\":\"pay\",\"value\":\"GIFT\"}");
    ck_assert_str_eq(cause("order.totals", NULL, "3 cents are missing"), "order.totals\n");
    ck_assert_str_eq(cause("order.totals", "", "3 cents are missing"), "order.totals\n");
}
END_TEST

START_TEST(refusals_are_alike_but_for_numbers_and_names)
{
    alike("HTTP 422: order 10099: debtor \"Jansen\" is blocked",
          "HTTP 422: order 7: debtor \"de Vries BV\" is blocked", true);
    alike("line 3 of 2026-11-26T10:00 costs 12,50", "line 12 of 2025-01-01T09:00 costs 1.234,00",
          true);
    alike("field 'naam' is too long", "field 'adres' is too long", true);
    alike("debiteur “A” bestaat niet", "debiteur “B C” bestaat niet", true);
    alike("konto „A“ fehlt", "konto „B“ fehlt", true);
    alike("invoice AB-1024/7 exists", "invoice XY-9/1 exists", true);
    alike("the book year is closed", "the period is closed", false);
    alike("it doesn't fit, and can't be", "it doesn't fit, and won't be", false);
    alike("an \"unclosed part", "an \"unclosed portion", false);
    alike("", "", true);
}
END_TEST

/* A reason that nobody has a remedy for tells no more than its words do. */
START_TEST(unknown_reasons_are_told_apart_by_words)
{
    char first[sizeof text];
    snprintf(first, sizeof first, "%s", cause("acme.odd", NULL, "the moon is full"));
    ck_assert_str_ne(first, cause("acme.odd", NULL, "the tide is high"));
}
END_TEST

/* ---- remedies ---- */

static const char *command(const char *reason, const char *facts, int64_t number)
{
    json_t *known = facts ? json_read_text(facts, NULL) : NULL;
    struct remedy_command_about about = {
        .flow = "orders", .job = "orders/3/1024", .cause = number, .facts = known};
    char *out = remedy_command(remedy_of(reason), &about);
    snprintf(text, sizeof text, "%s", out ? out : "(none)");
    free(out);
    json_decref(known);
    return text;
}

START_TEST(commands_have_their_facts)
{
    ck_assert_str_eq(command("map.unmapped", "{\"table\":\"pay\",\"value\":\"GIFT\"}", 17),
                     "koppel table orders/pay add GIFT VALUE && koppel retry --cause 000000000011");
    ck_assert_str_eq(command("map.unmapped", "{\"table\":\"pay\",\"value\":\"it's |21\"}", 17),
                     "koppel table orders/pay add 'it'\\''s |21' VALUE && koppel retry --cause "
                     "000000000011");
    ck_assert_str_eq(command("map.unmapped", "{\"table\":\"pay\",\"value\":\"$(reboot)\"}", 17),
                     "koppel table orders/pay add '$(reboot)' VALUE && koppel retry --cause "
                     "000000000011");
    ck_assert_str_eq(command("map.unmapped", "{\"table\":\"pay\"}", 17), "(none)");
    ck_assert_str_eq(command("map.unmapped", NULL, 17), "(none)");
    ck_assert_str_eq(command("unsure", NULL, 0),
                     "koppel done orders/3/1024 --id ID --why WHY");
    ck_assert_str_eq(command("held", NULL, 17), "(none)");
    ck_assert_ptr_null(remedy_of("no.such"));
    ck_assert_str_eq(remedy_for("no.such"), "");
}
END_TEST

START_TEST(a_remedy_as_json)
{
    json_t *facts = json_read_text("{\"table\":\"pay\",\"value\":\"GIFT\",\"x\":\"y\"}", NULL);
    struct remedy_command_about about = {.flow = "orders", .cause = 17, .facts = facts};
    json_t *out = remedy_command_json(remedy_of("map.unmapped"), &about);
    ck_assert_str_eq(json_string_value(json_object_get(out, "do")), "table.add");
    ck_assert_str_eq(json_string_value(json_object_get(out, "severity")), "warning");
    ck_assert_str_eq(json_string_value(json_object_get(out, "value")), "GIFT");
    ck_assert_ptr_null(json_object_get(out, "x"));
    json_decref(out);
    out = remedy_command_json(remedy_of("quiet"), &about);
    ck_assert_str_eq(json_string_value(json_object_get(out, "do")), "nothing");
    ck_assert(json_is_null(json_object_get(out, "command")));
    json_decref(out);
    json_decref(facts);
}
END_TEST

/* What only a plugin knows has a remedy too, in its own words where it gave some. */
START_TEST(remedies_of_a_plugin)
{
    json_t *facts = json_read_text("{\"remedy\":\"fill the tank\"}", NULL);
    struct remedy_command_about about = {.flow = "orders", .cause = 17, .facts = facts};
    ck_assert_ptr_null(remedy_at_least(""));
    ck_assert_ptr_null(remedy_at_least("filtered"));
    ck_assert_ptr_eq(remedy_at_least("unsure"), remedy_of("unsure"));
    json_t *out = remedy_command_json(remedy_at_least("acme.dry"), &about);
    ck_assert_str_eq(json_string_value(json_object_get(out, "text")), "fill the tank");
    ck_assert_str_eq(json_string_value(json_object_get(out, "command")),
                     "koppel retry --cause 000000000011");
    json_decref(out);
    about.facts = NULL;
    out = remedy_command_json(remedy_at_least("acme.dry"), &about);
    ck_assert_str_eq(json_string_value(json_object_get(out, "text")), remedy_for("rejected"));
    json_decref(out);
    json_decref(facts);
}
END_TEST

START_TEST(numbers_of_causes)
{
    char out[JOB_CAUSE_BYTES];
    int64_t number;
    job_cause_format(INT64_C(0xabcdef012345), out);
    ck_assert_str_eq(out, "abcdef012345");
    ck_assert_int_eq(job_cause_parse("ABCDEF012345", &number), 0);
    ck_assert_int_eq(number, INT64_C(0xabcdef012345));
    static const char *const bad[] = {"", "17", "abcdef01234", "abcdef01234g", "0xabcdef0123",
                                      "000000000000", "abcdef0123456"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(job_cause_parse(bad[i], &number), -1);
}
END_TEST

/* ---- briefs and words ---- */

static struct conf_flow conf;
static struct flow flow = {.conf = &conf};
static struct store_job job = {.key = (char *)"K-1"};
static struct work work;

static void of(const char *model, const char *core)
{
    json_decref(work.core);
    conf.model = model;
    work = (struct work){.flow = &flow, .job = &job, .core = core ? json_read_text(core, NULL)
                                                                  : NULL};
}

static const char *brief(void)
{
    char *out = brief_text(&work);
    snprintf(text, sizeof text, "%s", out ? out : "(none)");
    free(out);
    return text;
}

START_TEST(briefs)
{
    of("order", "{\"reference\":\"10099\",\"date\":\"2026-11-26\",\"total_incl\":\"12.00\","
                "\"currency\":\"EUR\",\"customer\":{\"name\":\"de Vries\",\"company\":\"\"}}");
    ck_assert_str_eq(brief(), "{\"number\":\"10099\",\"title\":\"de Vries\",\"total\":\"12.00\","
                              "\"currency\":\"EUR\",\"date\":\"2026-11-26\"}");
    of("product", "{\"number\":12,\"name\":\"Stoel\"}");
    ck_assert_str_eq(brief(), "{\"number\":\"12\",\"title\":\"Stoel\"}");
    of("order", NULL);
    ck_assert_str_eq(brief(), "(none)");
    /* never longer than it may be, and cut between characters */
    char core[1000], name[400];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(core, sizeof core,
             "{\"reference\":\"%s\",\"total_incl\":\"1\",\"date\":\"2026-11-26\","
             "\"customer\":{\"name\":\"%.57sü%s\"}}", name, name, name);
    of("order", core);
    ck_assert_uint_le(strlen(brief()), BRIEF_BYTES);
    json_t *read = json_read_text(brief(), NULL);
    ck_assert_ptr_nonnull(json_object_get(read, "number"));
    json_decref(read);
    of("order", NULL);
}
END_TEST

static const char *words(void)
{
    char *out[STORE_WORDS];
    int n = brief_words(&work, out, STORE_WORDS);
    text[0] = '\0';
    for (int i = 0; i < n; i++) {
        strcat(strcat(text, out[i]), " ");
        free(out[i]);
    }
    return text;
}

START_TEST(words_of_records)
{
    of("order", "{\"reference\":\"SO 10099\",\"note\":\"nobody looks for this\","
                "\"customer\":{\"number\":\"7\",\"name\":\"Jan Müller-de Vries\","
                "\"company\":\"Bakkerij 't Hoekje B.V.\",\"email\":\"Jan@X.nl\","
                "\"city\":\"Ede\"}}");
    ck_assert_str_eq(words(), "k1 so 10099 7 jan mullerde muller de vries bakkerij t hoekje bv "
                              "janxnl ");
    of("product", "{\"number\":\"4711\",\"name\":\"Stoel\",\"barcode\":\"8712345678906\"}");
    work.remote_id = strdup("ABC-9");
    ck_assert_str_eq(words(), "k1 4711 stoel 8712345678906 abc9 ");
    free(work.remote_id);
    of("order", NULL);
    ck_assert_str_eq(words(), "k1 ");
}
END_TEST

/* What is asked for is folded as what is kept. */
START_TEST(words_of_questions)
{
    char *out[4];
    ck_assert_int_eq(brief_query("  Müller-de  JAN@x.NL ", out, 4), 2);
    ck_assert_str_eq(out[0], "mullerde");
    ck_assert_str_eq(out[1], "janxnl");
    free(out[0]);
    free(out[1]);
    ck_assert_int_eq(brief_query(" -- ", out, 4), 0);
    ck_assert_int_eq(brief_query("a b c d e", out, 4), 4);
    for (int i = 0; i < 4; i++)
        free(out[i]);
}
END_TEST

UNIT_MAIN("cause")
{
    tcase_add_test(t, a_cause_is_its_facts);
    tcase_add_test(t, refusals_are_alike_but_for_numbers_and_names);
    tcase_add_test(t, unknown_reasons_are_told_apart_by_words);
    tcase_add_test(t, commands_have_their_facts);
    tcase_add_test(t, a_remedy_as_json);
    tcase_add_test(t, remedies_of_a_plugin);
    tcase_add_test(t, numbers_of_causes);
    tcase_add_test(t, briefs);
    tcase_add_test(t, words_of_records);
    tcase_add_test(t, words_of_questions);
}
