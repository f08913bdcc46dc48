/* SPDX-License-Identifier: MIT
 * core/reconcile: what a document comes to, and numbers that nobody has. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue_parse.h"
#include "flow/flow.h"
#include "reconcile/reconcile_compare.h"
#include "reconcile/reconcile_document.h"
#include "reconcile/reconcile_gaps.h"

static struct catalogue *catalogue;
static const struct cat_entity *invoice, *entry;
static struct reconcile_codes codes;
static struct reconcile_gaps gaps;

static void setup(void)
{
    struct koppel_error err = {0};
    codes = (struct reconcile_codes){0};
    gaps = (struct reconcile_gaps){0};
    catalogue = catalogue_parse(
        "{\"title\":\"T\",\"entities\":[{\"name\":\"invoice\",\"key\":\"id\",\"can\":[\"read\"],"
        "\"document\":\"ref\",\"fields\":[{\"name\":\"id\"},{\"name\":\"ref\"},"
        "{\"name\":\"date\",\"type\":\"date\",\"role\":\"date\"},"
        "{\"name\":\"incl\",\"type\":\"decimal\",\"role\":\"total\"},"
        "{\"name\":\"net\",\"type\":\"decimal\",\"role\":\"excl\"},"
        "{\"name\":\"paid\",\"role\":\"payment\"},"
        "{\"name\":\"lines\",\"type\":\"list\",\"fields\":["
        "{\"name\":\"code\",\"role\":\"vat_code\"},"
        "{\"name\":\"amount\",\"type\":\"decimal\",\"role\":\"line_excl\"},"
        "{\"name\":\"vat\",\"type\":\"decimal\",\"role\":\"line_vat\"}]}]},"
        "{\"name\":\"entry\",\"key\":\"id\",\"can\":[\"read\"],\"document\":\"ref\","
        "\"balance\":\"lines[].amount\",\"fields\":[{\"name\":\"id\"},{\"name\":\"ref\"},"
        "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"on\",\"role\":\"account\"},"
        "{\"name\":\"amount\",\"type\":\"decimal\",\"role\":\"line_excl\"}]}]}]}",
        &err);
    ck_assert_msg(catalogue != NULL, "%s", err.text);
    invoice = catalogue_entity(catalogue, "invoice");
    entry = catalogue_entity(catalogue, "entry");
}

static void teardown(void)
{
    catalogue_free(catalogue);
    reconcile_document_codes_done(&codes);
    reconcile_gaps_done(&gaps);
}

/* ---- documents ---- */

static int fill(struct reconcile_document *d, const struct cat_entity *e, const char *text)
{
    struct koppel_error err = {0};
    json_t *record = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(record);
    *d = (struct reconcile_document){0};
    int rc = reconcile_document_fill(d, e, record, &codes, &err);
    ck_assert_int_eq(rc != 0, err.kind != 0);
    json_decref(record);
    return rc;
}

static void comes_to(struct decimal d, const char *text)
{
    char found[DECIMAL_TEXT_BYTES];
    decimal_format(decimal_trim(d, 2), found);
    ck_assert_str_eq(found, text);
}

static const struct reconcile_sum *sum_of(const struct reconcile_document *d,
                                          enum reconcile_kind kind, const char *code)
{
    const struct reconcile_sum *sum =
        reconcile_document_of(d, reconcile_document_code(&codes, kind, code));
    ck_assert_ptr_nonnull(sum);
    return sum;
}

START_TEST(lines_of_one_code_are_added_to_the_last_digit)
{
    struct reconcile_document d;
    ck_assert_int_eq(fill(&d, invoice,
                          "{\"ref\":\"A-1\",\"date\":\"2026-02-28T00:00:00\",\"incl\":\"0.33\","
                          "\"net\":\"0.30\",\"paid\":7,\"lines\":["
                          "{\"code\":\"1\",\"amount\":\"0.10\",\"vat\":\"0.015\"},"
                          "{\"code\":\"1\",\"amount\":\"0.20\",\"vat\":\"0.015\"},"
                          "{\"code\":\"0\",\"amount\":\"0\"}]}"), 0);
    comes_to(sum_of(&d, RECONCILE_VAT, "1")->excl, "0.30");
    comes_to(sum_of(&d, RECONCILE_VAT, "1")->vat, "0.03");
    comes_to(sum_of(&d, RECONCILE_PAYMENT, "7")->excl, "0.33");
    ck_assert_int_eq(d.count, 2);
    ck_assert_int_eq(d.day, reconcile_document_day("2026-02-28"));
    ck_assert_str_eq(d.reference, "A-1");
    reconcile_document_done(&d);
}
END_TEST

START_TEST(what_is_not_told_is_not_zero)
{
    struct reconcile_document d;
    ck_assert_int_eq(fill(&d, invoice, "{\"ref\":\"A-1\"}"), 0);
    ck_assert(!d.has_incl && !d.has_excl);
    ck_assert_int_eq(d.day, RECONCILE_NO_DAY);
    reconcile_document_done(&d);
    ck_assert_int_eq(fill(&d, invoice, "{\"ref\":\"A-1\",\"incl\":\"1,5\"}"), -1);
    reconcile_document_done(&d);
    ck_assert_int_eq(fill(&d, invoice, "{\"lines\":[{\"code\":\"1\",\"amount\":\"x\"}]}"), -1);
    reconcile_document_done(&d);
}
END_TEST

START_TEST(an_entry_with_its_correction_debits_what_is_left)
{
    struct reconcile_document d, more;
    ck_assert_int_eq(fill(&d, entry, "{\"ref\":\"A\",\"lines\":[{\"on\":1300,\"amount\":\"121\"},"
                                     "{\"on\":8000,\"amount\":\"-100\"},"
                                     "{\"on\":1500,\"amount\":\"-21\"}]}"), 0);
    comes_to(d.incl, "121");
    ck_assert_int_eq(fill(&more, entry, "{\"ref\":\"A/2\",\"lines\":[{\"on\":1300,"
                                        "\"amount\":\"-21\"},{\"on\":1500,\"amount\":\"21\"}]}"),
                     0);
    ck_assert_int_eq(reconcile_document_add(&d, &more), 0);
    ck_assert_int_eq(reconcile_document_debit(&d), 0);
    comes_to(d.incl, "100");
    comes_to(sum_of(&d, RECONCILE_ACCOUNT, "1500")->excl, "0");
    reconcile_document_done(&d);
    reconcile_document_done(&more);
}
END_TEST

START_TEST(sums_beyond_a_decimal_are_an_error)
{
    static const char most[] = "170000000000000000000000000000000000000";
    struct reconcile_document d, more;
    char text[200];
    snprintf(text, sizeof text, "{\"ref\":\"A\",\"incl\":\"%s\"}", most);
    ck_assert_int_eq(fill(&d, invoice, text), 0);
    ck_assert_int_eq(fill(&more, invoice, text), 0);
    ck_assert_int_eq(reconcile_document_add(&d, &more), -1);
    reconcile_document_done(&d);
    reconcile_document_done(&more);
}
END_TEST

static const struct {
    const char *there; /* when the period is June, and the source says its 15th */
    enum reconcile_outcome outcome;
} days[] = {
    {"2026-05-31", RECONCILE_OUTSIDE},   {"2026-06-01", RECONCILE_DIFFERENT},
    {"2026-06-15", RECONCILE_SAME},      {"2026-06-30", RECONCILE_DIFFERENT},
    {"2026-07-01", RECONCILE_OUTSIDE},
};

START_TEST(a_period_has_its_first_and_its_last_day)
{
    struct flow flow = {.dest = invoice};
    struct reconcile_there there = {.next = -1};
    struct reconcile r = {.flow = &flow, .from = reconcile_document_day("2026-06-01"),
                          .to = reconcile_document_day("2026-06-30"), .theres = &there,
                          .there_count = 1};
    struct reconcile_pair pair = {.standing = RECONCILE_EXPECTED};
    struct reconcile_verdict v;
    char text[128];
    snprintf(text, sizeof text, "{\"ref\":\"A\",\"incl\":\"1.21\",\"date\":\"%s\"}",
             days[_i].there);
    ck_assert_int_eq(fill(&there.document, invoice, text), 0);
    ck_assert_int_eq(fill(&pair.source, invoice,
                          "{\"ref\":\"A\",\"incl\":\"1.21\",\"date\":\"2026-06-15\"}"), 0);
    ck_assert_int_eq(reconcile_compare(&r, &pair, &v), 0);
    ck_assert_int_eq(v.outcome, days[_i].outcome);
    reconcile_compare_done(&v);
    reconcile_document_done(&there.document);
    reconcile_document_done(&pair.source);
}
END_TEST

/* ---- gaps ---- */

static void add(const char *reference, bool inside)
{
    ck_assert_int_eq(reconcile_gaps_add(&gaps, reference, inside, 0), 0);
}

/* "2026-3..4 2026-7..7", and how many in all. */
static void missing_are(const char *wanted, int count)
{
    char found[400] = "";
    size_t i, n = 0;
    json_t *row, *report = reconcile_gaps_report(&gaps, 100);
    ck_assert_ptr_nonnull(report);
    json_array_foreach(json_object_get(report, "numbers"), i, row)
        n += (size_t)snprintf(found + n, sizeof found - n, "%s%s%lld..%lld", n ? " " : "",
                              json_string_value(json_object_get(row, "prefix")),
                              (long long)json_integer_value(json_object_get(row, "first")),
                              (long long)json_integer_value(json_object_get(row, "last")));
    ck_assert_str_eq(found, wanted);
    ck_assert_int_eq(json_integer_value(json_object_get(report, "number_count")), count);
    json_decref(report);
}

START_TEST(numbers_that_nobody_has_are_told_per_series)
{
    static const char *const there[] = {"2026-9", "2026-2", "2026-5",    "2026-8", "F1",
                                        "F3",     "2026-6", "no number"};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        add(there[i], true);
    missing_are("2026-3..4 2026-7..7 F2..2", 4);
}
END_TEST

START_TEST(what_is_dated_elsewhere_is_no_gap)
{
    add("A-1", false);
    add("A-3", true);
    add("A-4", false);
    add("A-6", true);
    add("A-9", false);
    missing_are("A-5..5", 1);
}
END_TEST

START_TEST(numbers_that_are_none_and_endless_series_are_passed_over)
{
    char reference[40];
    add("", true);
    add("12345678901234567890", true);
    for (int i = 0; i < 200; i++) {
        snprintf(reference, sizeof reference, "%c%c-%d", 'a' + i / 26, 'a' + i % 26, i);
        add(reference, true);
    }
    missing_are("", 0);
    ck_assert(gaps.many);
}
END_TEST

START_TEST(markers_that_were_passed_over_are_counted)
{
    static const int64_t markers[] = {10, 14, 11, 14};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        ck_assert_int_eq(reconcile_gaps_add(&gaps, "x", true, markers[i]), 0);
    json_t *report = reconcile_gaps_report(&gaps, 10);
    json_t *found = json_object_get(report, "markers");
    ck_assert_int_eq(json_integer_value(json_object_get(found, "first")), 10);
    ck_assert_int_eq(json_integer_value(json_object_get(found, "last")), 14);
    ck_assert_int_eq(json_integer_value(json_object_get(found, "unseen")), 2);
    json_decref(report);
}
END_TEST

UNIT_MAIN("reconcile")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, lines_of_one_code_are_added_to_the_last_digit);
    tcase_add_test(t, what_is_not_told_is_not_zero);
    tcase_add_test(t, an_entry_with_its_correction_debits_what_is_left);
    LOOP(a_period_has_its_first_and_its_last_day, days);
    tcase_add_test(t, sums_beyond_a_decimal_are_an_error);
    tcase_add_test(t, numbers_that_nobody_has_are_told_per_series);
    tcase_add_test(t, what_is_dated_elsewhere_is_no_gap);
    tcase_add_test(t, numbers_that_are_none_and_endless_series_are_passed_over);
    tcase_add_test(t, markers_that_were_passed_over_are_counted);
}
