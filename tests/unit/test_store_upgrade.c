/* SPDX-License-Identifier: MIT
 * Programs of several ages on one store on PostgreSQL: each is this one, told that it knows other
 * schemas. */
#include "store_fixture.h"

#include "store/postgres_pool.h"
#include "store/postgres_session.h"
#include "store/postgres_upgrade.h"
#include "store/store_kind.h"

#define DAY_MS INT64_C(86400000)

static const struct postgres_upgrade_step none[] = {{0, 0, NULL}};
static const struct postgres_upgrade_step adds[] = {
    {2, 1, "ALTER TABLE koppel.host ADD COLUMN tried bigint NOT NULL DEFAULT 0"}, {0, 0, NULL}};
static const struct postgres_upgrade_step uses[] = {
    {2, 1, "ALTER TABLE koppel.host ADD COLUMN tried bigint NOT NULL DEFAULT 0"},
    {3, 2, "CREATE TABLE koppel.tries(id bigint PRIMARY KEY)"},
    {0, 0, NULL}};
static const struct postgres_upgrade_step broken[] = {
    {2, 1, "ALTER TABLE koppel.nowhere ADD COLUMN x bigint"}, {0, 0, NULL}};

/* What the programs of four releases know. */
static const struct postgres_upgrade first = {1, 1, none}, second = {2, 1, adds},
                                     third = {3, 2, uses}, faulty = {2, 1, broken};

static int open_as(const struct postgres_upgrade *program, struct store **out)
{
    struct store_conf conf = conf_of(false);
    postgres_upgrade_program = program;
    err = (struct koppel_error){0};
    if (!made_anew)
        psql("DROP SCHEMA IF EXISTS koppel CASCADE");
    made_anew = true;
    return store_postgres.open(&conf, STORE_ENGINE, out, &err);
}

static void tables(int *stands, int *needs)
{
    struct postgres_store *s = postgres_of(st);
    struct conn_postgres *c = postgres_pool_take(s);
    if (!c->db)
        OK(postgres_session_open(c, &s->place, &err));
    OK(postgres_upgrade_read(c, stands, needs, &err));
    postgres_pool_give(s, c, false);
}

#define TABLES(stands, needs)                                                                      \
    do {                                                                                           \
        int s_, n_;                                                                                \
        tables(&s_, &n_);                                                                          \
        ck_assert_int_eq(s_, stands);                                                              \
        ck_assert_int_eq(n_, needs);                                                               \
    } while (0)

/* Whoever was seen was seen that long ago. */
static void age(int64_t ms)
{
    char sql[200];
    snprintf(sql, sizeof sql, "UPDATE koppel.meta SET value = value::bigint - %lld"
             " WHERE starts_with(name, chr(107) || chr(110) || chr(111) || chr(119))",
             (long long)ms); /* "know": the shell has its own mind about quotes */
    psql(sql);
}

static void works(struct store *s)
{
    struct store_reader r = begin(s);
    int added = append_to(s, &r, "a", 1, "{}", NULL, NULL);
    ck_assert_int_ge(added, 0);
    s->ops->read_end(s, &r, true);
}

START_TEST(hosts_are_upgraded_one_by_one)
{
    struct store *old = NULL, *newer = NULL;
    enum postgres_upgrade_end end;
    int from, to;
    if (KINDS <= POSTGRES)
        return;
    OK(open_as(&first, &old));
    st = old;
    OK(old->ops->flow_declare(old, "orders", 2, &err));
    TABLES(1, 1);
    OK(postgres_upgrade_tell(postgres_of(old), &err));
    /* the newer one works with the older tables, and leaves them as they are */
    OK(open_as(&second, &newer));
    OK(postgres_upgrade(postgres_of(newer), false, &end, &from, &to, &err));
    ck_assert_int_eq(end, POSTGRES_UPGRADE_LATER);
    TABLES(1, 1);
    works(newer);
    works(old);
    /* a day later nobody has seen the older one, which may be put back all the same */
    old->ops->close(old);
    st = newer;
    age(DAY_MS + 1000);
    OK(postgres_upgrade(postgres_of(newer), false, &end, &from, &to, &err));
    ck_assert_int_eq(end, POSTGRES_UPGRADE_DONE);
    ck_assert_int_eq(from, 1);
    ck_assert_int_eq(to, 2);
    TABLES(2, 1);
    OK(open_as(&first, &old));
    works(old);
    works(newer);
    old->ops->close(old);
    postgres_upgrade_program = &second;
}
END_TEST

START_TEST(by_order_at_once_but_over_nobody)
{
    struct store *old = NULL, *newest = NULL;
    int from, to;
    bool later;
    if (KINDS <= POSTGRES)
        return;
    OK(open_as(&second, &old));
    st = old;
    OK(store_kind_upgrade(old, &from, &to, &later, &err));
    TABLES(2, 1);
    old->ops->close(old);
    st = NULL;
    OK(open_as(&first, &old));
    st = old;
    usleep(200000);
    OK(open_as(&third, &newest));
    /* a host that runs does not know what the third step needs */
    OK(store_kind_upgrade(newest, &from, &to, &later, &err));
    ck_assert(later);
    TABLES(2, 1);
    old->ops->close(old);
    st = newest;
    OK(store_kind_upgrade(newest, &from, &to, &later, &err));
    ck_assert(!later);
    ck_assert_int_eq(to, 3);
    TABLES(3, 2);
    /* from then on the oldest program is refused, with words; the one between is not */
    ck_assert_int_ne(open_as(&first, &old), 0);
    ck_assert_str_eq(err.reason, "store.newer");
    ck_assert_ptr_nonnull(strstr(err.text, "schema 2; this one knows 1"));
    OK(open_as(&second, &old));
    old->ops->close(old);
    err = (struct koppel_error){0};
    OK(store_kind_upgrade(newest, &from, &to, &later, &err));
    ck_assert_int_eq(from, to);
}
END_TEST

/* Tables that are too old for a program are told, not touched. */
START_TEST(too_old)
{
    struct store *newest = NULL;
    if (KINDS <= POSTGRES)
        return;
    OK(open_as(&first, &st));
    ck_assert_int_ne(open_as(&third, &newest), 0);
    ck_assert_str_eq(err.reason, "store.older");
    TABLES(1, 1);
}
END_TEST

/* A step that fails leaves the tables and the number as they were. */
START_TEST(a_step_that_fails)
{
    int from, to;
    bool later;
    if (KINDS <= POSTGRES)
        return;
    OK(open_as(&faulty, &st));
    OK(st->ops->flow_declare(st, "orders", 2, &err));
    ck_assert_int_ne(store_kind_upgrade(st, &from, &to, &later, &err), 0);
    err = (struct koppel_error){0};
    TABLES(1, 1);
    works(st);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_test(t, hosts_are_upgraded_one_by_one);
    tcase_add_test(t, by_order_at_once_but_over_nobody);
    tcase_add_test(t, too_old);
    tcase_add_test(t, a_step_that_fails);
}

int main(void)
{
    return run_suite("store: upgrade", add_tests);
}
