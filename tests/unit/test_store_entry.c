/* SPDX-License-Identifier: MIT
 * The log of what happened. */
#include "store_fixture.h"

static int64_t note(const char *kind, const char *subject, const char *body)
{
    int64_t seq = 0;
    struct store_entry e = {.kind = kind, .who = "jan", .subject = subject, .body = body,
                            .body_bytes = body ? strlen(body) : 0};
    OK(st->ops->entry_add(st, &e, &seq, &err));
    return seq;
}

static char all[400];

static int see(void *arg, const struct store_entry *e)
{
    size_t at = strlen(all);
    (void)arg;
    ck_assert_str_eq(e->who, "jan");
    ck_assert_int_gt(e->at_ms, 0);
    ck_assert_int_eq((int)e->body_bytes, e->body ? (int)strlen(e->body) : 0);
    snprintf(all + at, sizeof all - at, "%d %s %s;", (int)e->seq, e->subject ? e->subject : "-",
             e->body ? e->body : "-");
    note("seen", NULL, NULL); /* it may call the store again */
    return 0;
}

static const char *listed(const char *kind, const char *subject, int64_t before, int limit)
{
    struct store_entry_filter f = {kind, subject, before, limit};
    all[0] = '\0';
    OK(st->ops->entries(st, &f, see, NULL, &err));
    return all;
}

static int dropped(const char *kind, int64_t before_ms, int64_t keep, int limit)
{
    int count = -1;
    OK(st->ops->entry_drop(st, kind, before_ms, keep, limit, &count, &err));
    return count;
}

START_TEST(newest_first)
{
    start(_i, 1);
    ck_assert_str_eq(listed("audit", NULL, 0, 0), "");
    ck_assert_int_eq(note("audit", "orders", "a"), 1);
    ck_assert_int_eq(note("revision", NULL, "other"), 1);
    ck_assert_int_eq(note("audit", "stock", "b"), 2);
    ck_assert_int_eq(note("audit", NULL, NULL), 3);
    ck_assert_int_eq(note("audit", "orders", "c"), 4);
    ck_assert_str_eq(listed("audit", NULL, 0, 0), "4 orders c;3 - -;2 stock b;1 orders a;");
    ck_assert_str_eq(listed("audit", NULL, 0, 2), "4 orders c;3 - -;");
    ck_assert_str_eq(listed("audit", NULL, 3, 2), "2 stock b;1 orders a;");
    ck_assert_str_eq(listed("audit", "orders", 0, 1), "4 orders c;");
    ck_assert_str_eq(listed("audit", "orders", 4, 9), "1 orders a;");
    ck_assert_str_eq(listed("revision", NULL, 0, 0), "1 - other;");
}
END_TEST

static int stop(void *arg, const struct store_entry *e)
{
    (void)e;
    return ++*(int *)arg == 2 ? 7 : 0;
}

START_TEST(a_list_ends_where_it_is_told)
{
    struct store_entry_filter f = {.kind = "audit"};
    int seen = 0;
    start(_i, 1);
    for (int i = 0; i < 4; i++)
        note("audit", NULL, "x");
    ck_assert_int_eq(st->ops->entries(st, &f, stop, &seen, &err), 7);
    ck_assert_int_eq(seen, 2);
}
END_TEST

/* A number that was dropped is not given again: "revision 3" is one thing for ever. */
START_TEST(old_ones_go)
{
    start(_i, 1);
    for (int i = 0; i < 5; i++)
        note("audit", NULL, "old");
    note("run", NULL, "old");
    shift(1000);
    int64_t now = st->ops->now_ms(st);
    shift(1000);
    note("audit", NULL, "new");
    ck_assert_int_eq(dropped("audit", now, 1, 2), 2);
    ck_assert_str_eq(listed("audit", NULL, 0, 0), "6 - new;5 - old;4 - old;3 - old;");
    ck_assert_int_eq(dropped("audit", now, 3, 100), 1);
    ck_assert_str_eq(listed("audit", NULL, 0, 0), "6 - new;5 - old;4 - old;");
    ck_assert_int_eq(dropped("audit", INT64_MAX, 1, 100), 2);
    ck_assert_int_eq(dropped("audit", INT64_MAX, 0, 100), 1);
    ck_assert_int_eq(dropped("audit", INT64_MAX, 0, 100), 0);
    ck_assert_int_eq(dropped("never", INT64_MAX, 0, 100), 0);
    ck_assert_str_eq(listed("run", NULL, 0, 0), "1 - old;");
    ck_assert_int_eq(note("audit", NULL, NULL), 7);
    note("audit", "gone", "a");
    note("run", "gone", "b");
    note("audit", "gone", "c");
    OK(st->ops->entry_forget(st, "audit", "gone", &err));
    ck_assert_str_eq(listed("audit", NULL, 0, 0), "7 - -;");
    ck_assert_str_eq(listed("run", "gone", 0, 0), "2 gone b;");
}
END_TEST

/* What was said stands nowhere in the file. */
START_TEST(bodies_are_sealed)
{
    char buffer[1 << 16];
    start(0, 1);
    note("audit", "orders", "a secret that nobody else may read");
    close_store();
    FILE *in = fopen(path, "rb");
    ck_assert_ptr_nonnull(in);
    bool subject = false;
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, in)) > 0;) {
        ck_assert_ptr_null(memmem(buffer, n, "nobody else", 11));
        subject = subject || memmem(buffer, n, "orders", 6);
    }
    fclose(in);
    ck_assert(subject);
}
END_TEST

START_TEST(they_outlive_the_engine)
{
    start(0, 1);
    note("revision", "x", "body");
    close_store();
    st = open_store(0, true);
    ck_assert_str_eq(listed("revision", NULL, 0, 0), "1 x body;");
    ck_assert_int_eq(note("revision", "x", "next"), 2);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, newest_first, 0, KINDS);
    tcase_add_loop_test(t, a_list_ends_where_it_is_told, 0, KINDS);
    tcase_add_loop_test(t, old_ones_go, 0, KINDS);
    tcase_add_test(t, bodies_are_sealed);
    tcase_add_test(t, they_outlive_the_engine);
}

int main(void)
{
    return run_suite("store: entry", add_tests);
}
