/* SPDX-License-Identifier: MIT
 * Small values: sealed ones with their revision, and notes. */
#include "store_fixture.h"

static int64_t put(const char *value, int64_t rev, int *lost)
{
    int64_t now = 0;
    struct secret *s = NULL;
    OK(st->ops->sealed_put(st, "token", value, strlen(value), rev, lost, &err));
    OK(st->ops->sealed_get(st, "token", &s, &now, &err));
    if (!lost || !*lost)
        ck_assert_str_eq(secret_text(s), value);
    secret_free(s);
    return now;
}

START_TEST(sealed_values)
{
    struct secret *s = NULL;
    int64_t rev = 7;
    int lost = 0;
    start(_i, 1);
    OK(st->ops->sealed_get(st, "token", &s, &rev, &err));
    ck_assert_ptr_null(s);
    ck_assert_int_eq(rev, 0);
    put("no", 3, &lost);
    ck_assert_int_eq(lost, 1);
    rev = put("hush", 0, &lost);
    ck_assert_int_eq(lost, 0);
    put("two new ones", 0, &lost);
    ck_assert_int_eq(lost, 1);
    int64_t next = put("hush again", rev, &lost);
    ck_assert_int_eq(lost, 0);
    ck_assert_int_ne(next, rev);
    put("stale", rev, &lost);
    ck_assert_int_eq(lost, 1);
    put("whatever stands there", -1, NULL);
    OK(st->ops->sealed_get(st, "token", &s, NULL, &err));
    ck_assert_str_eq(secret_text(s), "whatever stands there");
    secret_free(s);
}
END_TEST

static int see_note(void *arg, const char *name, const char *value)
{
    char *all = arg, *note = NULL;
    size_t at = strlen(all);
    snprintf(all + at, 100 - at, "%s=%s;", name, value);
    OK(st->ops->note_get(st, name, &note, &err)); /* it may call the store again */
    free(note);
    return 0;
}

START_TEST(notes)
{
    char all[100] = "", *note = NULL, *holder = NULL;
    start(_i, 1);
    OK(st->ops->note_put(st, "paused/b", "2", &err));
    OK(st->ops->note_put(st, "paused/a", "1", &err));
    OK(st->ops->note_put(st, "other", "3", &err));
    OK(st->ops->notes(st, "paused/", see_note, all, &err));
    ck_assert_str_eq(all, "paused/a=1;paused/b=2;");
    OK(st->ops->note_put(st, "other", NULL, &err));
    OK(st->ops->note_get(st, "other", &note, &err));
    ck_assert_ptr_null(note);
    OK(st->ops->note_get(st, "paused/a", &note, &err));
    ck_assert_str_eq(note, "1");
    free(note);
    OK(st->ops->note_claim(st, "direction/x", "a", &holder, &err));
    ck_assert_str_eq(holder, "a");
    free(holder);
    OK(st->ops->note_claim(st, "direction/x", "b", &holder, &err));
    ck_assert_str_eq(holder, "a");
    free(holder);
    OK(st->ops->note_put(st, "direction/x", NULL, &err));
    OK(st->ops->note_claim(st, "direction/x", "b", &holder, &err));
    ck_assert_str_eq(holder, "b");
    free(holder);
}
END_TEST

static int see_name(void *arg, const char *name)
{
    struct secret *s = NULL;
    OK(st->ops->sealed_get(st, name, &s, NULL, &err)); /* it may call the store again */
    secret_free(s);
    strcat(strcat(arg, name), ";");
    return 0;
}

START_TEST(sealed_values_by_name)
{
    static const char *const names[] = {"user/b", "user/a", "user", "users/c"};
    char all[100] = "";
    int64_t rev = -1;
    struct secret *s = NULL;
    start(_i, 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        OK(st->ops->sealed_put(st, names[i], "x", 1, -1, NULL, &err));
    OK(st->ops->sealed_names(st, "user/", see_name, all, &err));
    ck_assert_str_eq(all, "user/a;user/b;");
    OK(st->ops->sealed_drop(st, "user/a", &err));
    OK(st->ops->sealed_drop(st, "nobody", &err));
    OK(st->ops->sealed_get(st, "user/a", &s, &rev, &err));
    ck_assert_ptr_null(s);
    ck_assert_int_eq(rev, 0);
    all[0] = '\0';
    OK(st->ops->sealed_names(st, "", see_name, all, &err));
    ck_assert_str_eq(all, "user;user/b;users/c;");
}
END_TEST

/* The same for ever under one key, in whichever store; another key, another digest. */
START_TEST(x11_digests_of_what_may_not_stand_in_clear)
{
    char one[STORE_DIGEST_BYTES], again[STORE_DIGEST_BYTES], other[STORE_DIGEST_BYTES];
    start(_i, 1);
    st->ops->digest(st, "jan@x.nl", one);
    ck_assert_uint_eq(strlen(one), STORE_DIGEST_BYTES - 1);
    ck_assert_uint_eq(strspn(one, "#0123456789abcdef"), STORE_DIGEST_BYTES - 1);
    st->ops->digest(st, "jan@x.nl", again);
    ck_assert_str_eq(one, again);
    st->ops->digest(st, "jan@x.nm", other);
    ck_assert_str_ne(one, other);
    st->ops->digest(st, "", other);
    ck_assert_str_ne(one, other);
    close_store();
    if (_i == 0) { /* a store in memory has a key of its own each time */
        st = open_store(_i, true);
        st->ops->digest(st, "jan@x.nl", again);
        ck_assert_str_eq(one, again);
    }
    teardown();
    setup();
    secret_free(key);
    key = make_key('l');
    st = open_store(_i, true);
    st->ops->digest(st, "jan@x.nl", other);
    ck_assert_str_ne(one, other);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_loop_test(t, x11_digests_of_what_may_not_stand_in_clear, 0, KINDS);
    tcase_add_loop_test(t, sealed_values, 0, KINDS);
    tcase_add_loop_test(t, sealed_values_by_name, 0, KINDS);
    tcase_add_loop_test(t, notes, 0, KINDS);
}

int main(void)
{
    return run_suite("store: value", add_tests);
}
