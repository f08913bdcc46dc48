/* SPDX-License-Identifier: MIT
 * Memory of JSON values: what is freed is used again, threads give back what they keep, and free()
 * takes what the pool gave. */
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_pool.h"
#include "unit.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/* Every request of this program, and what is in use. */
static atomic_long requests, live;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void __libc_free(void *p);

void *malloc(size_t bytes)
{
    atomic_fetch_add(&requests, 1);
    atomic_fetch_add(&live, 1);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    atomic_fetch_add(&requests, 1);
    atomic_fetch_add(&live, 1);
    return __libc_calloc(count, bytes);
}

void free(void *p)
{
    if (p)
        atomic_fetch_sub(&live, 1);
    __libc_free(p);
}

/* An order of so many lines. */
static json_t *record(int lines)
{
    json_t *order = json_pack("{s:s,s:s,s:b}", "reference", "2026-1", "total", "12.34", "paid", 1);
    json_t *list = json_array();
    json_object_set_new(order, "lines", list);
    for (int i = 0; i < lines; i++) {
        json_t *line = json_object();
        for (int k = 0; k < 14; k++) {
            char name[16];
            snprintf(name, sizeof name, "member-%d", k);
            json_object_set_new(line, name, json_sprintf("value %d of %d", k, i));
        }
        json_array_append_new(list, line);
    }
    return order;
}

START_TEST(the_second_record_asks_for_nothing)
{
    json_pool_start();
    json_decref(record(10));
    long before = atomic_load(&requests);
    json_t *again = record(10);
    ck_assert_int_lt(atomic_load(&requests) - before, 10);
    json_t *copy = json_deep_copy(again);
    ck_assert(json_equal(copy, again));
    json_decref(copy);
    json_decref(again);
}
END_TEST

/* Of any size and order: nothing is handed out twice. */
START_TEST(no_piece_has_two_owners)
{
    json_t *texts[200] = {NULL};
    json_pool_start();
    for (unsigned i = 0; i < 20000; i++) {
        char text[900];
        unsigned at = i * 7919u % 200, size = i * 104729u % sizeof text;
        memset(text, 'a' + (int)(at % 26), size);
        json_decref(texts[at]);
        texts[at] = json_stringn(text, size);
        ck_assert_uint_eq(json_string_length(texts[at]), size);
        unsigned other = i * 31u % 200;
        const char *have = json_string_value(texts[other]);
        ck_assert(!have || strspn(have, (char[]){(char)('a' + other % 26), 0}) == strlen(have));
    }
    for (int i = 0; i < 200; i++)
        json_decref(texts[i]);
}
END_TEST

START_TEST(free_takes_what_jansson_gave)
{
    json_pool_start();
    for (int i = 0; i < 1000; i++) {
        json_t *order = record(3);
        char *text = json_dumps(order, JSON_COMPACT);
        ck_assert_ptr_nonnull(strstr(text, "value 13 of 2"));
        free(text);
        json_decref(order);
    }
}
END_TEST

static void *make(void *arg)
{
    json_t **records = arg;
    for (int i = 0; i < 200; i++)
        records[i] = record(10);
    return NULL;
}

static void *drop(void *arg)
{
    json_t **records = arg;
    for (int i = 0; i < 200; i++)
        json_decref(records[i]);
    return NULL;
}

static void in_thread(void *(*work)(void *), json_t **records)
{
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, work, records), 0);
    pthread_join(thread, NULL);
}

/* One thread makes, another one drops: what that keeps is bounded, and goes with it. */
START_TEST(threads_give_back_what_they_keep)
{
    json_t *records[200];
    json_pool_start();
    in_thread(make, records);
    in_thread(drop, records);
    long before = atomic_load(&live);
    for (int i = 0; i < 20; i++) {
        in_thread(make, records);
        in_thread(drop, records);
    }
    ck_assert_int_lt(labs(atomic_load(&live) - before), 100);
}
END_TEST

UNIT_MAIN("json_pool")
{
    tcase_add_test(t, the_second_record_asks_for_nothing);
    tcase_add_test(t, no_piece_has_two_owners);
    tcase_add_test(t, free_takes_what_jansson_gave);
    tcase_add_test(t, threads_give_back_what_they_keep);
}

#else /* nothing is kept */

START_TEST(nothing_is_kept)
{
    json_pool_start();
    json_t *value = json_string("text");
    ck_assert_str_eq(json_string_value(value), "text");
    json_decref(value);
}
END_TEST

UNIT_MAIN("json_pool")
{
    tcase_add_test(t, nothing_is_kept);
}

#endif
