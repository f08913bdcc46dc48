/* SPDX-License-Identifier: MIT
 * What the mapper tells of itself: the rule behind each field. */
#include "map_fixture.h"

START_TEST(records_what_each_rule_did)
{
    json_t *out = NULL;
    rules("{ to = 'a'; from = 'x'; via = [ 'trim', 'upper' ]; table = 'codes';"
          "  unmapped = 'pass'; },\n"
          "{ to = 'b'; from = 'x'; table = 'all'; },\n{ to = 'c'; from = 'none'; },\n"
          "{ to = 'd'; from = 'none'; default = 'D'; }, { to = 'e'; default = 'E'; force = true; },"
          "{ to = 'f'; from = 'none'; empty = 'clear'; }, { to = 'g'; expr = 'n * 2'; },"
          "{ to = 'h'; value = 1; on = 'update'; },"
          "{ to = 'i'; value = 1; when = ( { field = 'n'; more = '7'; } ); },"
          "{ to = 'j'; parts = ( { from = 'n'; }, { value = 'w';"
          "  when = ( { field = 'none'; has = true; } ); } ); },"
          "{ to = 'a'; value = 'later'; }");
    ck_assert_int_eq(recorded("{'x': ' q ', 'n': 3}", MAP_CREATE, &out), 0);
    explains("a", 0, "{'from': [{'path': 'x', 'value': ' q '}], 'value': 'Q', 'applied': true,"
             " 'via': [{'function': 'trim', 'value': 'q'}, {'function': 'upper', 'value': 'Q'}],"
             " 'because': 'unmapped'}");
    json_t *rule = json_object_get(row_of("a", 0), "rule");
    ck_assert_int_eq(json_integer_value(json_object_get(rule, "line")), 5);
    ck_assert(json_equal(json_object_get(row_of("a", 0), "replaced"),
                         json_object_get(row_of("a", 1), "rule")));
    explains("a", 1, "{'value': 'later', 'because': 'value'}");
    explains("b", 0, "{'value': '9', 'because': 'table'}");
    json_t *table = json_object_get(row_of("b", 0), "table");
    ck_assert_str_eq(json_string_value(json_object_get(table, "row")), "*");
    ck_assert_str_eq(json_string_value(json_object_get(table, "key")), " q ");
    ck_assert(json_is_true(json_object_get(table, "hit")));
    explains("c", 0, "{'from': [{'path': 'none', 'value': null}], 'applied': false,"
             " 'because': 'nothing'}");
    explains("d", 0, "{'value': 'D', 'because': 'default'}");
    explains("e", 0, "{'value': 'E', 'because': 'force'}");
    explains("f", 0, "{'value': '', 'because': 'clear', 'applied': true}");
    explains("g", 0, "{'from': [{'path': 'n', 'value': 3}], 'value': '6', 'because': 'expr'}");
    explains("h", 0, "{'applied': false, 'because': 'update', 'value': null}");
    explains("i", 0, "{'applied': false, 'because': 'when'}");
    json_t *when = json_object_get(row_of("i", 0), "when");
    ck_assert_str_eq(json_string_value(json_object_get(when, "condition")), "n is more than \"7\"");
    ck_assert_int_eq(json_integer_value(json_object_get(when, "value")), 3);
    json_t *parts = json_object_get(row_of("j", 0), "parts");
    ck_assert_uint_eq(json_array_size(parts), 2);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(parts, 1), "because")),
                     "when");
    json_decref(out);
}
END_TEST

START_TEST(records_places_in_lists)
{
    json_t *out = NULL;
    rules("{ to = 'rows'; each = 'lines'; map = ( { to = 'n'; from = 'number'; },"
          "    { to = 'o'; map = ( { to = 'p'; from = 'settings.q'; } ); } ); },"
          "{ to = 'rows'; each = 'costs'; append = true; map = ( { to = 'n'; from = '.'; } ); },"
          "{ to = 'tags'; append = true; value = 'u'; },"
          "{ to = 'tags'; append = true; value = 'v'; }");
    ck_assert_int_eq(recorded("{'settings': {'q': 'Q'}, 'lines': [{'number': 1}, {'number': 2}],"
                              " 'costs': [5]}", MAP_CREATE, &out), 0);
    explains("rows", 0, "{'because': 'each', 'count': 2, 'applied': true}");
    explains("rows[1].n", 0, "{'from': [{'path': 'lines[1].number', 'value': 2}], 'value': 2}");
    explains("rows[1].o.p", 0, "{'from': [{'path': 'settings.q', 'value': 'Q'}]}");
    explains("rows[2].n", 0, "{'from': [{'path': 'costs[0]', 'value': 5}], 'value': 5}");
    explains("tags[1]", 0, "{'value': 'v'}");
    ck_assert_ptr_null(json_object_get(row_of("tags[0]", 0), "replaced"));
    json_decref(out);
}
END_TEST

START_TEST(records_why_it_parks)
{
    json_t *out = NULL;
    rules("{ to = 'a'; value = 1; }, { to = 'rows'; each = 'lines'; map = ("
          "  { to = 'n'; from = 'k'; table = 'codes'; } ); }, { to = 'b'; value = 2; }");
    ck_assert_int_eq(recorded("{'lines': [{'k': 'no'}]}", MAP_CREATE, &out), -1);
    explains("rows[0].n", 0, "{'applied': false, 'because': 'error'}");
    json_t *row = row_of("rows[0].n", 0);
    ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(row, "error")), "no row for"));
    ck_assert(json_is_false(json_object_get(json_object_get(row, "table"), "hit")));
    ck_assert_uint_eq(json_array_size(recorder.rows), 3);
}
END_TEST

UNIT_MAIN("map_recorder")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, records_what_each_rule_did);
    tcase_add_test(t, records_places_in_lists);
    tcase_add_test(t, records_why_it_parks);
}
