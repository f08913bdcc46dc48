// SPDX-License-Identifier: MIT
// Records that are handed from reading to delivery.
#include <stdlib.h>
#include <string.h>

#include "flow/young.h"
#include "unit.h"

static const char text[] = "{\"number\":\"1\"}";

static json_t *record(void)
{
    return json_pack("{s:s}", "number", "1");
}

START_TEST(gives_a_record_once_and_for_its_own_text_only)
{
    struct young y;
    json_t *kept = record();
    young_init(&y);
    ck_assert_ptr_null(young_take(&y, "1", text, strlen(text)));
    young_keep(&y, "1", text, strlen(text), kept);
    ck_assert_ptr_null(young_take(&y, "2", text, strlen(text)));
    json_t *taken = young_take(&y, "1", text, strlen(text));
    ck_assert_ptr_eq(taken, kept);
    ck_assert_ptr_null(young_take(&y, "1", text, strlen(text)));
    json_decref(taken);
    young_keep(&y, "1", text, strlen(text), kept);
    ck_assert_ptr_null(young_take(&y, "1", "{\"number\":\"2\"}", strlen(text)));
    ck_assert_ptr_null(young_take(&y, "1", text, strlen(text)));
    young_keep(&y, "1", text, strlen(text), kept);
    ck_assert_ptr_null(young_take(&y, "1", NULL, 0));
    ck_assert_uint_eq(y.bytes, 0);
    ck_assert_uint_eq(kept->refcount, 1);
    json_decref(kept);
    young_done(&y);
}
END_TEST

START_TEST(keeps_the_newest_of_a_key_within_its_bound)
{
    struct young y;
    json_t *older = record(), *newer = json_pack("{s:s}", "number", "2");
    char *large = calloc(1, YOUNG_BYTES);
    young_init(&y);
    young_keep(&y, "1", text, strlen(text), older);
    young_keep(&y, "1", "newer", 5, newer);
    ck_assert_uint_eq(y.bytes, 5);
    ck_assert_uint_eq(older->refcount, 1);
    young_keep(&y, "2", large, YOUNG_BYTES, older);
    ck_assert_ptr_null(young_take(&y, "2", large, YOUNG_BYTES));
    json_decref(older);
    json_decref(newer);
    young_done(&y); // frees what nobody came for
    free(large);
}
END_TEST

// A connector may put one customer into two orders; delivery changes what it is given.
START_TEST(shares_nothing_with_others)
{
    struct young y;
    json_t *customer = record(), *list = json_pack("[O,[O]]", customer, customer);
    json_t *kept = json_pack("{s:O,s:{s:O}}", "customer", customer, "inner", "list", list);
    json_t *same = json_deep_copy(kept);
    young_init(&y);
    young_keep(&y, "1", text, strlen(text), kept);
    json_decref(kept);
    kept = young_take(&y, "1", text, strlen(text));
    ck_assert(json_equal(kept, same));
    ck_assert_uint_eq(customer->refcount, 3); // ours, and the list's two
    ck_assert_uint_eq(list->refcount, 1);
    json_t *inner = json_object_get(json_object_get(kept, "inner"), "list");
    ck_assert_ptr_ne(json_array_get(inner, 0), json_array_get(json_array_get(inner, 1), 0));
    // nor is a record kept that somebody else holds as a whole
    json_incref(kept);
    young_keep(&y, "1", text, strlen(text), kept);
    ck_assert_ptr_null(young_take(&y, "1", text, strlen(text)));
    json_decref(kept);
    json_decref(kept);
    json_decref(same);
    json_decref(list);
    json_decref(customer);
    young_done(&y);
}
END_TEST

UNIT_MAIN("young")
{
    tcase_add_test(t, gives_a_record_once_and_for_its_own_text_only);
    tcase_add_test(t, keeps_the_newest_of_a_key_within_its_bound);
    tcase_add_test(t, shares_nothing_with_others);
}
