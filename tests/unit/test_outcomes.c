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

/* What outcomes_tell writes, without the time of its lines. */
static void told(struct outcomes *o, int64_t read, int64_t took_ms, char *out, size_t room)
{
    char name[] = "/tmp/koppel-outcomes-XXXXXX";
    int file = mkstemp(name), kept = dup(STDERR_FILENO);
    ck_assert_int_ge(file, 0);
    unlink(name);
    ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
    clock_fix(1000);
    outcomes_tell(o, "orders", true, read, took_ms);
    clock_fix(0);
    dup2(kept, STDERR_FILENO);
    ssize_t n = pread(file, out, room - 1, 0);
    ck_assert_int_ge(n, 0);
    out[n] = '\0';
    close(file);
    close(kept);
}

START_TEST(a_storm_is_a_line_per_reason_with_the_first_job)
{
    struct outcomes o;
    char text[4096];
    outcomes_init(&o);
    for (int i = 0; i < 100000; i++)
        outcomes_add(&o, JOB_PARKED, i % 4 == 1 ? "plugin.no_id" : "of.nobody",
                     (struct job_id){"orders", i % 16, 7 + i}, i % 4 == 1);
    outcomes_add(&o, JOB_DONE, "", (struct job_id){"orders", 0, 1}, false);
    outcomes_add(&o, JOB_SKIPPED, "unchanged", (struct job_id){"orders", 0, 2}, false);
    outcomes_add(&o, JOB_WAITING, "retry", (struct job_id){"orders", 0, 3}, false);
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
    outcomes_add(&o, JOB_WAITING, "held", (struct job_id){"stock", 0, 3}, false);
    told(&o, 0, 10, text, sizeof text);
    ck_assert_str_eq(text, "");
    outcomes_add(&o, JOB_SKIPPED, "unchanged", (struct job_id){"stock", 0, 3}, false);
    told(&o, 0, 10, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "level=info event=run"));
    outcomes_done(&o);
}
END_TEST

UNIT_MAIN("outcomes")
{
    tcase_add_test(t, a_storm_is_a_line_per_reason_with_the_first_job);
    tcase_add_test(t, what_only_waits_again_is_no_line);
}
