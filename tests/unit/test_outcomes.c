/* SPDX-License-Identifier: MIT
 * What a run did, for the log: one line, and one per reason of what it parked. */
#include "flow/outcomes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "unit.h"

static int file, kept;

static void catch_log(void)
{
    char name[] = "/tmp/koppel-outcomes-XXXXXX";
    file = mkstemp(name);
    kept = dup(STDERR_FILENO);
    ck_assert_int_ge(file, 0);
    unlink(name);
    ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
    clock_fix(1000);
}

static void caught(char *out, size_t room)
{
    clock_fix(0);
    dup2(kept, STDERR_FILENO);
    ssize_t n = pread(file, out, room - 1, 0);
    ck_assert_int_ge(n, 0);
    out[n] = '\0';
    close(file);
    close(kept);
}

/* What outcomes_tell writes. */
static void told(struct outcomes *o, int64_t read, int64_t took_ms, char *out, size_t room)
{
    catch_log();
    outcomes_tell(o, "orders", true, read, took_ms);
    caught(out, room);
}

START_TEST(a_storm_is_a_line_per_reason_with_the_first_job)
{
    struct outcomes o;
    char text[4096];
    outcomes_init(&o);
    o.begun_ms += 3600000; /* it tells nothing before its end, however slow the machine */
    for (int i = 0; i < 100000; i++)
        outcomes_add(&o, JOB_PARKED, i % 4 == 1 ? "plugin.no_id" : "of.nobody",
                     NULL, (struct job_id){"orders", i % 16, 7 + i}, i % 4 == 1);
    outcomes_add(&o, JOB_DONE, "", NULL, (struct job_id){"orders", 0, 1}, false);
    outcomes_add(&o, JOB_SKIPPED, "unchanged", NULL, (struct job_id){"orders", 0, 2}, false);
    outcomes_add(&o, JOB_WAITING, "retry", NULL, (struct job_id){"orders", 0, 3}, false);
    told(&o, 100003, 61250, text, sizeof text);
    ck_assert_str_eq(
        text,
        "time=1970-01-01T00:00:01Z level=info event=run flow=orders msg=\"100003 read, 1 done, 1 "
        "skipped, 100000 parked, 1 to be tried again, in 61.2 s\"\n"
        "time=1970-01-01T00:00:01Z level=warning event=parked flow=orders job=orders/0/7 "
        "reason=of.nobody count=75000 msg=\"75000 records are parked; see: koppel activity "
        "orders/0/7\"\n"
        "time=1970-01-01T00:00:01Z level=error event=parked flow=orders job=orders/1/8 "
        "reason=plugin.no_id count=25000 msg=\"25000 records are parked: look in the destination "
        "whether it was made; tell the plugin's author; see: koppel activity orders/1/8\"\n");
    outcomes_done(&o);
}
END_TEST

START_TEST(what_only_waits_again_is_no_line)
{
    struct outcomes o;
    char text[512];
    outcomes_init(&o);
    told(&o, 0, 10, text, sizeof text);
    ck_assert_str_eq(text, "");
    outcomes_add(&o, JOB_WAITING, "held", NULL, (struct job_id){"stock", 0, 3}, false);
    told(&o, 0, 10, text, sizeof text);
    ck_assert_str_eq(text, "");
    outcomes_add(&o, JOB_SKIPPED, "unchanged", NULL, (struct job_id){"stock", 0, 3}, false);
    told(&o, 0, 10, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "level=info event=run"));
    outcomes_done(&o);
}
END_TEST

static int lines_with(const char *text, const char *word)
{
    int count = 0;
    for (; (text = strstr(text, word)); text++)
        count++;
    return count;
}

START_TEST(y6_a_long_run_tells_the_first_of_each_cause_at_once)
{
    struct outcomes o;
    char text[8192];
    outcomes_init(&o);
    outcomes_add(&o, JOB_PARKED, "map.unmapped", "vat 1", (struct job_id){"orders", 0, 1}, false);
    clock_shift_ms(OUTCOMES_LONG_MS);
    catch_log();
    /* what came before is told with the next record, whatever became of that */
    outcomes_add(&o, JOB_DONE, "", NULL, (struct job_id){"orders", 0, 2}, false);
    outcomes_add(&o, JOB_PARKED, "map.unmapped", "vat 1", (struct job_id){"orders", 0, 3}, false);
    outcomes_add(&o, JOB_PARKED, "map.unmapped", "vat 2", (struct job_id){"orders", 0, 4}, false);
    caught(text, sizeof text);
    ck_assert_int_eq(lines_with(text, "event=parked"), 2);
    ck_assert_int_eq(lines_with(text, " count=1 "), 2);
    ck_assert_ptr_nonnull(strstr(text, "job=orders/0/1 reason=map.unmapped"));
    ck_assert_ptr_nonnull(strstr(text, "job=orders/0/4 reason=map.unmapped"));
    told(&o, 4, 9000, text, sizeof text);
    ck_assert_int_eq(lines_with(text, "event=parked"), 1);
    ck_assert_ptr_nonnull(strstr(text, " count=3 "));
    outcomes_done(&o);
    clock_shift_ms(-OUTCOMES_LONG_MS);
}
END_TEST

START_TEST(y6_causes_without_number_are_not_told_one_by_one)
{
    struct outcomes o;
    char text[16384], cause[32];
    outcomes_init(&o);
    clock_shift_ms(OUTCOMES_LONG_MS);
    catch_log();
    for (int i = 0; i < 1000; i++) {
        snprintf(cause, sizeof cause, "customer %d", i);
        outcomes_add(&o, JOB_PARKED, "customer.missing", cause, (struct job_id){"orders", 0, i},
                     false);
    }
    caught(text, sizeof text);
    ck_assert_int_eq(lines_with(text, "event=parked"), 10);
    told(&o, 1000, 9000, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, " count=1000 "));
    outcomes_done(&o);
    clock_shift_ms(-OUTCOMES_LONG_MS);
}
END_TEST

START_TEST(y6_what_was_told_whole_is_not_told_again)
{
    struct outcomes o;
    char text[4096];
    outcomes_init(&o);
    clock_shift_ms(OUTCOMES_LONG_MS);
    catch_log();
    outcomes_add(&o, JOB_PARKED, "map.unmapped", "vat 1", (struct job_id){"orders", 0, 1}, false);
    caught(text, sizeof text);
    ck_assert_int_eq(lines_with(text, "event=parked"), 1);
    told(&o, 1, 9000, text, sizeof text);
    ck_assert_int_eq(lines_with(text, "event=parked"), 0);
    outcomes_done(&o);
    clock_shift_ms(-OUTCOMES_LONG_MS);
}
END_TEST

UNIT_MAIN("outcomes")
{
    tcase_add_test(t, y6_a_long_run_tells_the_first_of_each_cause_at_once);
    tcase_add_test(t, y6_causes_without_number_are_not_told_one_by_one);
    tcase_add_test(t, y6_what_was_told_whole_is_not_told_again);
    tcase_add_test(t, a_storm_is_a_line_per_reason_with_the_first_job);
    tcase_add_test(t, what_only_waits_again_is_no_line);
}
