/* SPDX-License-Identifier: MIT
 * Columns, widths and times of answers for people. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "commands/paper.h"
#include "unit.h"

#define NOW INT64_C(1795783501000) /* 2026-11-27 12:05:01 UTC */

static char shown[4096];

/* Standard output goes into a file until caught() reads it. */
static int caught_fd, kept_fd;

static void catch_output(void)
{
    char name[] = "/tmp/koppel-paper-XXXXXX";
    fflush(stdout);
    caught_fd = mkstemp(name);
    ck_assert_int_ge(caught_fd, 0);
    unlink(name);
    kept_fd = dup(STDOUT_FILENO);
    ck_assert_int_ge(dup2(caught_fd, STDOUT_FILENO), 0);
}

static const char *caught(void)
{
    fflush(stdout);
    ssize_t n = pread(caught_fd, shown, sizeof shown - 1, 0);
    ck_assert_int_ge(n, 0);
    shown[n] = '\0';
    ck_assert_int_ge(dup2(kept_fd, STDOUT_FILENO), 0);
    close(kept_fd);
    close(caught_fd);
    return shown;
}

static void print_three(void)
{
    static const char *const heads[] = {"NAME", ">COUNT", "EMPTY", "WORDS"};
    struct paper p;
    paper_begin(&p, 4, heads);
    paper_cell(&p, PAPER_STRONG, "%s", "orders");
    paper_cell(&p, PAPER_PLAIN, "%d", 5);
    paper_cell(&p, PAPER_PLAIN, "%s", "");
    paper_cell(&p, PAPER_BAD, "%s", "it takes no more than that");
    paper_cell(&p, PAPER_STRONG, "%s", "caf\u00e9\u4e2d");
    paper_cell(&p, PAPER_PLAIN, "%d", 1234567);
    paper_cell(&p, PAPER_PLAIN, "%s", "");
    paper_cell(&p, PAPER_BAD, "%s", "");
    paper_end(&p, 1);
}

START_TEST(columns_are_as_wide_as_their_widest_cell)
{
    unsetenv("COLUMNS");
    catch_output();
    print_three();
    ck_assert_str_eq(caught(), " NAME      COUNT  WORDS\n"
                               " orders        5  it takes no more than that\n"
                               " caf\u00e9\u4e2d  1234567\n");
}
END_TEST

START_TEST(a_line_ends_where_the_terminal_does)
{
    setenv("COLUMNS", "33", 1);
    catch_output();
    print_three();
    const char *text = caught();
    unsetenv("COLUMNS");
    ck_assert_str_eq(text, " NAME      COUNT  WORDS\n"
                           " orders        5  it takes no mo\u2026\n"
                           " caf\u00e9\u4e2d  1234567\n");
    char *line = strndup(strchr(text, '\n') + 1, strcspn(strchr(text, '\n') + 1, "\n"));
    ck_assert_int_eq(paper_columns(line), 33);
    free(line);
}
END_TEST

START_TEST(a_cell_is_one_line_and_steers_no_terminal)
{
    struct paper p;
    catch_output();
    paper_begin(&p, 1, NULL);
    paper_cell(&p, PAPER_BAD, "%s", "a\nb\033[31mc");
    paper_end(&p, 0);
    ck_assert_str_eq(caught(), "a\\u000ab\\u001b[31mc\n");
}
END_TEST

static const struct {
    int64_t ms;
    const char *text;
} moments[] = {
    {NOW, "now"},
    {NOW - 1999, "now"},
    {NOW - 2000, "2 s ago"},
    {NOW + 30000, "in 30 s"},
    {NOW - 119000, "119 s ago"},
    {NOW - 120000, "2 min ago"},
    {NOW + 7199000, "in 119 min"},
    {NOW - 7200000, "2 h ago"},
    {NOW - 47 * INT64_C(3600000), "47 h ago"},
    {NOW - 48 * INT64_C(3600000), "2 days ago"},
    {NOW - 27 * INT64_C(86400000), "27 days ago"},
    {NOW - 28 * INT64_C(86400000), "2026-10-30"},
    {NOW + 40 * INT64_C(86400000), "2027-01-06"},
};

START_TEST(moments_are_told_by_how_far_away_they_are)
{
    char out[PAPER_TIME_BYTES];
    ck_assert_str_eq(paper_ago(moments[_i].ms, NOW, NULL, out), moments[_i].text);
}
END_TEST

START_TEST(times_are_those_of_the_zone)
{
    char out[PAPER_TIME_BYTES];
    const struct zone *zone = zone_find("Europe/Amsterdam");
    ck_assert_ptr_nonnull(zone);
    ck_assert_str_eq(paper_time("2026-11-27T23:30:01Z", zone, out), "2026-11-28 00:30:01");
    ck_assert_str_eq(paper_time("2026-07-27T22:30:01.123Z", zone, out), "2026-07-28 00:30:01");
    ck_assert_str_eq(paper_time("2026-11-27T23:30:01Z", NULL, out), "2026-11-27 23:30:01");
    ck_assert_str_eq(paper_time("never", zone, out), "never");
    ck_assert_str_eq(paper_ago_text(NULL, "never", zone, out), "never");
}
END_TEST

UNIT_MAIN("paper")
{
    tcase_add_test(t, columns_are_as_wide_as_their_widest_cell);
    tcase_add_test(t, a_line_ends_where_the_terminal_does);
    tcase_add_test(t, a_cell_is_one_line_and_steers_no_terminal);
    LOOP(moments_are_told_by_how_far_away_they_are, moments);
    tcase_add_test(t, times_are_those_of_the_zone);
}
