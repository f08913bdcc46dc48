/* SPDX-License-Identifier: MIT
 * core/alert/alert_quiet.c: hours of the day in the zone of whoever sleeps. */
#include "unit.h"

#include "alert/alert_quiet.h"
#include "base/clock.h"

static int64_t at(const char *text)
{
    int64_t ms = 0;
    ck_assert_int_eq(clock_parse(text, &ms), 0);
    return ms;
}

/* 2026-07-03 is a Friday; Amsterdam is two hours ahead of UTC. */
static const struct {
    const char *now;
    int from, until;
    unsigned days;
    bool quiet;
} moments[] = {
    {"2026-07-03T19:59:00Z", 22 * 60, 7 * 60, 0x7f, false},
    {"2026-07-03T20:00:00Z", 22 * 60, 7 * 60, 0x7f, true},
    {"2026-07-04T04:59:59Z", 22 * 60, 7 * 60, 0x7f, true},
    {"2026-07-04T05:00:00Z", 22 * 60, 7 * 60, 0x7f, false},
    {"2026-07-03T20:00:00Z", 22 * 60, 7 * 60, 1u << 5, true},  /* it begins on Friday */
    {"2026-07-04T04:00:00Z", 22 * 60, 7 * 60, 1u << 5, true},
    {"2026-07-04T20:00:00Z", 22 * 60, 7 * 60, 1u << 5, false},
    {"2026-07-03T04:00:00Z", 22 * 60, 7 * 60, 1u << 5, false}, /* that began on Thursday */
    {"2026-07-03T11:00:00Z", 12 * 60, 14 * 60, 1u << 5, true},
    {"2026-07-03T12:00:00Z", 12 * 60, 14 * 60, 1u << 5, false},
    {"2026-07-04T11:00:00Z", 12 * 60, 14 * 60, 1u << 5, false},
    {"2026-12-04T20:30:00Z", 22 * 60, 7 * 60, 0x7f, false},    /* in winter one hour */
    {"2026-12-04T21:00:00Z", 22 * 60, 7 * 60, 0x7f, true},
};

START_TEST(warnings_wait_while_it_is_quiet)
{
    struct conf_alert_quiet q = {true, moments[_i].from, moments[_i].until, moments[_i].days,
                                 "Europe/Amsterdam", false};
    int64_t now = at(moments[_i].now);
    ck_assert_msg(alert_quiet_holds(&q, false, now) == moments[_i].quiet, "%s", moments[_i].now);
    ck_assert(!alert_quiet_holds(&q, true, now));
    q.critical = true;
    ck_assert(alert_quiet_holds(&q, true, now) == moments[_i].quiet);
    q.set = false;
    ck_assert(!alert_quiet_holds(&q, true, now));
}
END_TEST

static bool due(int weekday, const char *last, const char *now)
{
    return alert_quiet_is_due("Europe/Amsterdam", 8 * 60, weekday, at(last), at(now));
}

START_TEST(the_digest_is_due_once_a_day)
{
    ck_assert(!due(-1, "2026-07-02T06:00:00Z", "2026-07-03T05:59:59Z"));
    ck_assert(due(-1, "2026-07-02T06:00:00Z", "2026-07-03T06:00:00Z"));
    ck_assert(!due(-1, "2026-07-03T06:00:00Z", "2026-07-03T20:00:00Z"));
    ck_assert(due(-1, "2026-07-01T06:00:00Z", "2026-07-03T05:00:00Z")); /* it was off at eight */
    ck_assert(due(1, "2026-07-05T12:00:00Z", "2026-07-06T06:00:00Z"));  /* a Monday */
    ck_assert(!due(1, "2026-07-06T06:00:00Z", "2026-07-12T23:00:00Z"));
    ck_assert(due(1, "2026-07-06T06:00:00Z", "2026-07-13T06:00:10Z"));
}
END_TEST

UNIT_MAIN("alert_quiet")
{
    LOOP(warnings_wait_while_it_is_quiet, moments);
    tcase_add_test(t, the_digest_is_due_once_a_day);
}
