/* SPDX-License-Identifier: MIT
 * core/flow/backoff.c: how long what failed waits. */
#include "flow/backoff.h"
#include "unit.h"

#define TRIES 200 /* of what chance decides */
#define HOUR (60 * 60 * 1000)

static const struct {
    int attempt;
    int64_t asked, least, most;
} waits[] = {
    {1, 0, 250, 500},
    {2, 0, 500, 1000},
    {3, 0, 1000, 2000},
    {10, 0, 128000, 256000},
    {11, 0, 150000, 300000}, /* five minutes at the most */
    {1000, 0, 150000, 300000},
    {1, 100, 250, 500},           /* what the peer asks for is the least */
    {1, 10000, 10000, 10000},
    {1, HOUR, HOUR, HOUR},
    {1, 24 * HOUR, HOUR, HOUR}, /* and an hour is believed */
};

START_TEST(half_of_it_is_chance)
{
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < TRIES; i++) {
        int64_t ms = backoff_ms(waits[_i].attempt, waits[_i].asked);
        ck_assert_int_ge(ms, waits[_i].least);
        ck_assert_int_le(ms, waits[_i].most);
        least = ms < least ? ms : least;
        most = ms > most ? ms : most;
    }
    if (waits[_i].least < waits[_i].most) /* they do not come back in step */
        ck_assert_int_lt(least, most);
}
END_TEST

UNIT_MAIN("backoff")
{
    LOOP(half_of_it_is_chance, waits);
}
