/* SPDX-License-Identifier: MIT
 * Tables in a mapping beyond the examples of their catalogue. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"table: a=1, b=2, *=3", "'a'", "'1'", NULL},
    {"table: a=1, b=2, *=3", "null", "null", NULL},
    {"table: a=1, b=2, *=3", "' '", "null", NULL},
    {"table: a=1, b=2,", "'b'", "'2'", NULL},
    {"table:21=high,9=low", "21", "'high'", NULL},
    {"table:true=yes,false=no", "false", "'no'", NULL},
    {"table:a==", "'a'", "'='", NULL},
    {"table:a=", "'a'", "''", NULL},
    {"table:a=1,*", "7", "7", NULL},
    {"table:a=1,*", "['x']", NULL, "the value is no text"},
    {"table:a b = c d ", "'a b'", "'c d'", NULL},
    {"table:a=1", "'A'", NULL, "no row for \"A\"; add one to the mapping"},
    {"table:*|x=1,a|*=2", "'a|x'", "'2'", NULL},
    {"table:*", "'a'", NULL, "there is no row such as a=1"},
    {"table:", "'a'", NULL, "there is no row such as a=1"},
    {"table", "'a'", NULL, "takes 1 argument"},
    {"table:a=1:b=2:c", "'a'", NULL, "row \"c\" has no ="},
    {"table:a=1,2:b=3", "'a'", "'1,2'", NULL},
};

START_TEST(rows_that_stand_in_the_mapping)
{
    transform_expect(&cases[_i]);
}
END_TEST

/* Empty lists of rows are refused where they are written, not record by record. */
START_TEST(a_list_without_rows_is_refused)
{
    struct koppel_error err = {0};
    json_t *args = json_pack("[[]]");
    ck_assert_ptr_null(transform_call("table", args, json_string("a"), &err));
    ck_assert_int_eq(err.kind, KOPPEL_E_CONFIG);
    json_decref(args);
}
END_TEST

UNIT_MAIN("transform_table")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    LOOP(rows_that_stand_in_the_mapping, cases);
    tcase_add_test(t, a_list_without_rows_is_refused);
}
