/* SPDX-License-Identifier: MIT
 * Rows by keys: which one a key takes, and which two take it equally well. */
#include "base/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

static struct grid *made(int columns, const char *const *rows)
{
    struct grid *g = grid_new(columns);
    ck_assert_ptr_nonnull(g);
    for (int i = 0; rows[i]; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        ck_assert_int_eq(grid_add(g, rows[i], value, i + 1), 0);
    }
    return g;
}

/* The key of the row that is taken; "-": none. */
static const char *takes(const struct grid *g, const char *key)
{
    const struct grid_row *row = grid_find(g, key);
    return row ? row->key : "-";
}

START_TEST(the_most_specific_row_wins)
{
    static const char *const rows[] = {"*|*|*", "NL|*|*", "*|21|*", "*|*|x", "NL|21|*", "*|21|x",
                                       "NL|*|x", "NL|21|x", NULL};
    struct grid *g = made(3, rows);
    ck_assert_str_eq(takes(g, "NL|21|x"), "NL|21|x");
    ck_assert_str_eq(takes(g, "NL|21|y"), "NL|21|*");
    ck_assert_str_eq(takes(g, "NL|9|x"), "NL|*|x");
    ck_assert_str_eq(takes(g, "BE|21|x"), "*|21|x");
    ck_assert_str_eq(takes(g, "NL|9|y"), "NL|*|*");
    ck_assert_str_eq(takes(g, "BE|21|y"), "*|21|*");
    ck_assert_str_eq(takes(g, "BE|9|x"), "*|*|x");
    ck_assert_str_eq(takes(g, "BE|9|y"), "*|*|*");
    ck_assert_str_eq(takes(g, "NL|21"), "NL|21|*");
    ck_assert_str_eq(takes(g, "NL|21|x|y"), "-");
    ck_assert(!grid_find(g, "NL|21|x")->any && grid_find(g, "NL|21|y")->any);
    ck_assert_int_eq(grid_find(g, "NL|9|y")->line, 2);
    grid_free(g);
}
END_TEST

START_TEST(the_first_keys_decide_between_equals)
{
    static const char *const rows[] = {"*|21", "NL|*", NULL};
    struct grid *g = made(2, rows);
    ck_assert_str_eq(takes(g, "NL|21"), "NL|*");
    grid_free(g);
    static const char *const three[] = {"*|b|c", "a|*|c", NULL};
    g = made(3, three);
    ck_assert_str_eq(takes(g, "a|b|c"), "a|*|c");
    grid_free(g);
}
END_TEST

START_TEST(keys_of_any_number_and_one_row_for_all)
{
    static const char *const rows[] = {"high", "NL|21.00", "*|21.00", "gift-card", "*", NULL};
    struct grid *g = made(0, rows);
    ck_assert_str_eq(takes(g, "high"), "high");
    ck_assert_str_eq(takes(g, "NL|21.00"), "NL|21.00");
    ck_assert_str_eq(takes(g, "BE|21.00"), "*|21.00");
    ck_assert_str_eq(takes(g, "BE|9.00"), "*");
    ck_assert_str_eq(takes(g, "a|b|c"), "*");
    ck_assert_str_eq(takes(g, ""), "*");
    ck_assert_str_eq(takes(g, "1|2|3|4|5|6|7|8|9|10"), "*");
    ck_assert_int_eq(grid_add(g, "high", "x", 9), 1);
    ck_assert_int_eq(grid_add(g, "\xff", "x", 9), -1);
    ck_assert_int_eq(grid_add(g, "ok", "\xff", 9), -1);
    ck_assert_int_eq(grid_count(g), 5);
    grid_free(g);
    static const char *const single[] = {"a|b", "*", NULL};
    g = made(1, single);
    ck_assert_str_eq(takes(g, "a|b"), "a|b");
    ck_assert_str_eq(takes(g, "a|c"), "*");
    grid_free(g);
    g = grid_new(2);
    ck_assert_ptr_null(grid_find(g, "a|b"));
    grid_free(g);
    grid_free(NULL);
}
END_TEST

static char told[1024];

static int tell(void *arg, const struct grid_row *taken, const struct grid_row *other,
                const char *both)
{
    int *left = arg;
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s: %s not %s; ", both, taken->key, other->key);
    return --*left == 0;
}

START_TEST(overlaps_are_told)
{
    static const char *const rows[] = {"*|21", "NL|*", "*|9", "BE|*", "BE|9", "NL|21|x", "*", NULL};
    struct grid *g = made(0, rows);
    int left = 100;
    told[0] = '\0';
    grid_overlaps(g, tell, &left);
    ck_assert_str_eq(told, "NL|21: NL|* not *|21; NL|9: NL|* not *|9; BE|21: BE|* not *|21; ");
    left = 1;
    told[0] = '\0';
    grid_overlaps(g, tell, &left);
    ck_assert_str_eq(told, "NL|21: NL|* not *|21; ");
    grid_free(g);
}
END_TEST

/* ---- against the plainest way to say it ---- */

static unsigned state;

static unsigned chance(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
}

static void random_key(char out[32], int keys, bool stars)
{
    static const char *const words[] = {"a", "b", "c", "", "ab"};
    out[0] = '\0';
    for (int i = 0; i < keys; i++) {
        strcat(out, i ? "|" : "");
        strcat(out, stars && chance(3) == 0 ? "*" : words[chance(5)]);
    }
}

/* Bit i: key i is written out, the first the highest; -1: the row does not fit. */
static int fits(const char *row, const char *key, int keys)
{
    int written = 0;
    for (int i = 0; i < keys; i++) {
        size_t n = strcspn(row, "|"), m = strcspn(key, "|");
        bool star = n == 1 && row[0] == '*';
        if (!star && (n != m || strncmp(row, key, n) != 0))
            return -1;
        written |= star ? 0 : 1 << (keys - 1 - i);
        row += n + 1;
        key += m + 1;
    }
    return written;
}

START_TEST(random_tables_agree_with_their_rule)
{
    const char *seed = getenv("SEED");
    state = seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)time(NULL);
    printf("SEED=%u\n", state);
    for (int round = 0; round < 300; round++) {
        int keys = 1 + (int)chance(4), rows = 1 + (int)chance(60);
        struct grid *g = grid_new(keys);
        for (int i = 0; i < rows; i++) {
            char key[32];
            random_key(key, keys, true);
            ck_assert_int_ge(grid_add(g, key, key, i), 0);
        }
        for (int i = 0; i < 50; i++) {
            char key[32];
            const struct grid_row *best = NULL, *row;
            int most = -1;
            random_key(key, keys, false);
            for (int k = 0; (row = grid_at(g, k)); k++) {
                int written = fits(row->key, key, keys);
                int score = written < 0 ? -1 : __builtin_popcount((unsigned)written) * 16 + written;
                best = score > most ? row : best;
                most = score > most ? score : most;
            }
            ck_assert_msg(grid_find(g, key) == best, "%s takes %s, not %s", key, takes(g, key),
                          best ? best->key : "-");
        }
        grid_free(g);
    }
}
END_TEST

UNIT_MAIN("grid")
{
    tcase_add_test(t, the_most_specific_row_wins);
    tcase_add_test(t, the_first_keys_decide_between_equals);
    tcase_add_test(t, keys_of_any_number_and_one_row_for_all);
    tcase_add_test(t, overlaps_are_told);
    tcase_add_test(t, random_tables_agree_with_their_rule);
}
