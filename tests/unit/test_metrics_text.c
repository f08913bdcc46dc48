/* SPDX-License-Identifier: MIT
 * What is measured, and how it is written. */
#include "metrics/metrics_text.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static struct buf out;

static void begin(void)
{
    buf_done(&out);
    buf_init(&out, 1 << 20);
    meter_forget();
}

START_TEST(a_family_has_help_kind_and_samples)
{
    begin();
    metrics_text_family(&out, "koppel_x", "gauge", "What it is");
    metrics_text_number(&out, "koppel_x", NULL, -3);
    metrics_text_number(&out, "koppel_x", METRICS_TEXT_LABELS({"flow", "a"}, {"state", "b"}),
                        INT64_MIN);
    ck_assert_str_eq(buf_text(&out), "# HELP koppel_x What it is.\n# TYPE koppel_x gauge\n"
                                     "koppel_x -3\n"
                                     "koppel_x{flow=\"a\",state=\"b\"} -9223372036854775808\n");
}
END_TEST

START_TEST(parts_are_written_exactly)
{
    static const struct {
        int64_t value, parts;
        const char *text;
    } rows[] = {{0, 1000, "0"},
                {1, 1000, "0.001"},
                {-1, 1000, "-0.001"},
                {2500, 1000, "2.5"},
                {1000, 1000, "1"},
                {1790000000123, 1000, "1790000000.123"},
                {50, 1000000, "0.00005"},
                {100, 1000000, "0.0001"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[80];
        begin();
        metrics_text_part(&out, "x", NULL, rows[i].value, rows[i].parts);
        snprintf(line, sizeof line, "x %s\n", rows[i].text);
        ck_assert_str_eq(buf_text(&out), line);
    }
}
END_TEST

START_TEST(no_value_of_a_label_breaks_a_line)
{
    begin();
    metrics_text_number(&out, "x", METRICS_TEXT_LABELS({"a", "q\"b\\c\nd\xc3\xa9\x7f"}), 1);
    ck_assert_str_eq(buf_text(&out), "x{a=\"q\\\"b\\\\c?d???\"} 1\n");
}
END_TEST

static void write_row(void *arg, const struct meter_row *row)
{
    metrics_text_histogram(&out, "y_seconds", METRICS_TEXT_LABELS({"flow", row->words[0]}), arg,
                           row, 1000000);
}

START_TEST(a_histogram_counts_what_is_at_most_its_bound)
{
    int64_t bounds[METER_BUCKETS];
    begin();
    memcpy(bounds, meter_bounds(METER_RUN_US), sizeof bounds);
    ck_assert_int_eq(bounds[0], 100000);
    meter_add(METER_RUN_US, "b", NULL, NULL, 100000);      /* on a bound */
    meter_add(METER_RUN_US, "b", NULL, NULL, 100001);      /* just behind it */
    meter_add(METER_RUN_US, "b", NULL, NULL, INT64_C(9000000000)); /* behind the last one */
    meter_each(METER_RUN_US, write_row, bounds);
    ck_assert_str_eq(buf_text(&out), "y_seconds_bucket{flow=\"b\",le=\"0.1\"} 1\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"0.5\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"1\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"5\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"15\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"60\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"300\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"900\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"3600\"} 2\n"
                                     "y_seconds_bucket{flow=\"b\",le=\"+Inf\"} 3\n"
                                     "y_seconds_sum{flow=\"b\"} 9000.200001\n"
                                     "y_seconds_count{flow=\"b\"} 3\n");
}
END_TEST

static void list(void *arg, const struct meter_row *row)
{
    (void)arg;
    buf_printf(&out, "%s/%s/%s=%d ", row->words[0], row->words[1], row->words[2], (int)row->count);
}

START_TEST(rows_are_sorted_and_counted_apart)
{
    begin();
    meter_add(METER_CALLS, "till", "read/order", "ok", 1);
    meter_add(METER_CALLS, "books", "write/x", "ok", 1);
    meter_add(METER_CALLS, "till", "read/order", "retry", 1);
    meter_add(METER_CALLS, "till", "read/order", "ok", 1);
    meter_add(METER_CALLS, "books", NULL, NULL, 1);
    meter_each(METER_CALLS, list, NULL);
    ck_assert_str_eq(buf_text(&out),
                     "books//=1 books/write/x/ok=1 till/read/order/ok=2 till/read/order/retry=1 ");
}
END_TEST

static void count(void *arg, const struct meter_row *row)
{
    *(int64_t *)arg += row->count;
}

START_TEST(a_family_is_bounded)
{
    int64_t measured = 0;
    begin();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < METER_ROWS + 500; i++) {
            char word[2 * METER_WORD_BYTES];
            snprintf(word, sizeof word, "%06d%0*d", i, METER_WORD_BYTES, 0); /* cut */
            meter_add(METER_REQUESTS, word, NULL, NULL, 1);
        }
    }
    meter_each(METER_REQUESTS, count, &measured);
    ck_assert_int_eq(measured, 2 * METER_ROWS);
}
END_TEST

UNIT_MAIN("metrics_text")
{
    tcase_add_test(t, a_family_has_help_kind_and_samples);
    tcase_add_test(t, parts_are_written_exactly);
    tcase_add_test(t, no_value_of_a_label_breaks_a_line);
    tcase_add_test(t, a_histogram_counts_what_is_at_most_its_bound);
    tcase_add_test(t, rows_are_sorted_and_counted_apart);
    tcase_add_test(t, a_family_is_bounded);
}
