/* SPDX-License-Identifier: MIT
 * Revisions: numbered, each text kept once, found by a flow's version, dropped with their
 * texts. */
#include "engine/revision.h"

#include <string.h>

#include "base/clock.h"
#include "store/store_memory.h"
#include "unit.h"

static struct store *st;
static struct secret *key;
static struct koppel_error err;
static struct revision_place place;
static int64_t shifted;

#define OK(call) ck_assert_msg((call) == 0, "%s", err.text)

static void setup(void)
{
    struct store_conf conf = {.shared = true};
    OK(secret_start(&err));
    key = secret_new("0123456789abcdef0123456789abcdef", SECRET_KEY_BYTES);
    OK(store_memory.open(&conf, STORE_ENGINE, &st, &err));
    place = (struct revision_place){st, key, "/conf"};
}

static void teardown(void)
{
    st->ops->close(st);
    secret_free(key);
    clock_shift_ms(-shifted);
    shifted = 0;
}

/* A configuration of one flow and one table; version NULL: it was never active. */
static int64_t put(const char *flow, const char *table, const char *version)
{
    struct revision_set set = {.files = calloc(2, sizeof *set.files), .count = 2};
    set.files[0] =
        (struct revision_file){strdup("/conf/flows.d/a.conf"), strdup(flow), strlen(flow)};
    set.files[1] = (struct revision_file){strdup("/usr/table.csv"), strdup(table), strlen(table)};
    struct conf_flow one = {.name = "a", .version = version};
    struct conf conf = {.flows = &one, .flow_count = 1};
    struct revision_origin origin = {"jan", version ? "cli" : "hand", version};
    int64_t seq = 0;
    OK(revision_put(&place, &set, version ? &conf : NULL, &origin, &seq, &err));
    revision_set_done(&set);
    return seq;
}

static int64_t last(void)
{
    json_t *r = NULL;
    OK(revision_get(&place, 0, &r, &err));
    int64_t seq = json_integer_value(json_object_get(r, "revision"));
    json_decref(r);
    return seq;
}

static int count_entry(void *arg, const struct store_entry *e)
{
    (void)e;
    ++*(int *)arg;
    return 0;
}

static int texts(void)
{
    struct store_entry_filter f = {.kind = "revision-text"};
    int count = 0;
    OK(st->ops->entries(st, &f, count_entry, &count, &err));
    return count;
}

START_TEST(the_same_is_no_new_one)
{
    ck_assert_int_eq(put("one", "t", "v1"), 1);
    ck_assert_int_eq(put("one", "t", "v1"), 1);
    ck_assert_int_eq(put("two", "t", "v2"), 2);
    ck_assert_int_eq(put("one", "t", "v1"), 3);
    ck_assert_int_eq(texts(), 3);
    ck_assert_int_eq(last(), 3);
    json_t *r = NULL;
    OK(revision_get(&place, 2, &r, &err));
    json_t *changes = json_object_get(r, "changes"), *one = json_array_get(changes, 0);
    ck_assert_int_eq(json_array_size(changes), 1);
    ck_assert_str_eq(json_string_value(json_object_get(one, "path")), "flows.d/a.conf");
    ck_assert_str_eq(json_string_value(json_object_get(r, "who")), "jan");
    json_decref(r);
    OK(revision_get(&place, 9, &r, &err));
    ck_assert_ptr_null(r);
}
END_TEST

START_TEST(what_was_never_active_is_not_the_last)
{
    put("one", "t", "v1");
    ck_assert_int_eq(put("two", "t", NULL), 2);
    ck_assert_int_eq(last(), 1);
    /* and keeps its author where it becomes so */
    ck_assert_int_eq(put("two", "t", "v2"), 3);
    json_t *r = NULL;
    OK(revision_get(&place, 0, &r, &err));
    ck_assert_str_eq(json_string_value(json_object_get(r, "how")), "hand");
    json_decref(r);
}
END_TEST

START_TEST(a_version_leads_to_its_revision)
{
    int64_t seq = -1;
    put("one", "t", "v1");
    for (int i = 0; i < 60; i++) /* more than a page */
        put(i % 2 ? "two" : "three", "t", i % 2 ? "v2" : "v3");
    OK(revision_of_version(&place, "a", "v1", &seq, &err));
    ck_assert_int_eq(seq, 1);
    OK(revision_of_version(&place, NULL, "v2", &seq, &err));
    ck_assert_int_eq(seq, 61);
    OK(revision_of_version(&place, "b", "v2", &seq, &err));
    ck_assert_int_eq(seq, 0);
}
END_TEST

START_TEST(old_ones_go_with_their_texts)
{
    int count = 0;
    char *text = NULL, *digest = revision_digest(&place, "three", 5);
    size_t bytes;
    put("one", "t", "v1");
    put("two", "t", "v2");
    put("three", "t", "v3");
    put("four", "t", NULL);
    clock_shift_ms(shifted = 7200000);
    int64_t now = st->ops->now_ms(st);
    OK(revision_drop(st, now, 0, &count, &err));
    ck_assert_int_eq(count, 2); /* the last active one and what came after it stay */
    ck_assert_int_eq(texts(), 3);
    OK(revision_text(&place, digest, &text, &bytes, &err));
    ck_assert_str_eq(text, "three");
    free(text);
    free(digest);
    OK(revision_drop(st, now, 0, &count, &err));
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(put("five", "t", "v5"), 5);
    OK(revision_drop(st, now, 3, &count, &err));
    ck_assert_int_eq(count, 0);
}
END_TEST

UNIT_MAIN("revision")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, the_same_is_no_new_one);
    tcase_add_test(t, what_was_never_active_is_not_the_last);
    tcase_add_test(t, a_version_leads_to_its_revision);
    tcase_add_test(t, old_ones_go_with_their_texts);
}
