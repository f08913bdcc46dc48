/* SPDX-License-Identifier: MIT
 * Mapping rules as an integrator writes them. */
#include "map_fixture.h"

#include "mapping/told.h"
#include "mapping/value.h"

static int watched; /* how often a default row was told */

/* ---- values ---- */

START_TEST(copies_a_value)
{
    rules("{ to = 'a'; from = 'x.y'; }, { to = 'b'; value = 7; }, { to = 'c'; value = true; },"
          "{ to = 'd.e'; value = 'text'; }");
    gives("{'x': {'y': '1.50'}}", "{'a': '1.50', 'b': 7, 'c': true, 'd': {'e': 'text'}}");
    gives("{'x': {'y': 3}}", "{'a': 3, 'b': 7, 'c': true, 'd': {'e': 'text'}}");
    gives("{'x': {'y': null}}", "{'b': 7, 'c': true, 'd': {'e': 'text'}}");
    gives("{}", "{'b': 7, 'c': true, 'd': {'e': 'text'}}");
}
END_TEST

/* An object is copied, so that what a later rule puts into it stays out of the source. */
START_TEST(copies_objects_and_lists)
{
    rules("{ to = 'a'; from = 'x'; }, { to = 'a.more'; value = 1; },"
          "{ to = 'l'; from = 'list'; }, { to = 'l'; value = 'z'; append = true; }");
    gives("{'x': {'y': 2}, 'list': ['p']}", "{'a': {'y': 2, 'more': 1}, 'l': ['p', 'z']}");
}
END_TEST

START_TEST(joins_values)
{
    rules("{ to = 'a'; from = [ 'x', 'y', 'z' ]; }, { to = 'b'; from = [ 'x', 'y' ]; join = ' x '; "
          "}");
    gives("{'x': 'p', 'y': 2, 'z': true}", "{'a': 'p|2|true', 'b': 'p x 2'}");
    gives("{'y': 'q'}", "{'a': '|q|', 'b': ' x q'}");
    gives("{'x': '', 'y': null, 'z': {}}", "{}");
}
END_TEST

/* A path with [] is all of its values: a list, or with `join` one text. */
START_TEST(takes_every_element)
{
    rules("{ to = 'a'; from = 'lines[].n'; }, { to = 'b'; from = 'lines[].n'; join = ', '; },"
          "{ to = 'c'; from = [ 'x', 'lines[].n' ]; join = '/'; },"
          "{ to = 'd'; from = 'lines[].n'; via = 'join:+'; },"
          "{ to = 'e'; from = 'x'; join = '-'; }");
    gives("{'x': 'X', 'lines': [{'n': '1'}, {}, {'n': '2'}, {'n': ''}, {'n': null}]}",
          "{'a': ['1', '2', ''], 'b': '1, 2', 'c': 'X/1/2', 'd': '1+2', 'e': 'X'}");
    gives("{'lines': []}", "{}");
}
END_TEST

START_TEST(refuses_a_joined_value_without_end)
{
    size_t n = 600 * 1024;
    char *record = malloc(2 * n + 64);
    rules("{ to = 'a'; from = [ 'x', 'y' ]; }");
    char *p = record + sprintf(record, "{'x': '");
    memset(p, 'k', n);
    p += n;
    p += sprintf(p, "', 'y': '");
    memset(p, 'k', n);
    strcpy(p + n, "'}");
    refuses(record, "map.value", "field a: the joined value is too long");
    free(record);
}
END_TEST

START_TEST(applies_functions)
{
    rules("{ to = 'a'; from = 'x'; via = [ 'trim', 'truncate:3' ]; },"
          "{ to = 'b'; from = 'none'; via = 'text.default:empty'; },"
          "{ to = 'c'; from = 'x'; via = 'if-blank-null'; }");
    gives("{'x': '  abcdef '}", "{'a': 'abc', 'b': 'empty', 'c': '  abcdef '}");
    gives("{'x': ' '}", "{'b': 'empty'}");
    rules("{ to = 'a'; from = 'x'; via = 'date.year'; }");
    refuses("{'x': 'tomorrow'}", "map.value", "field a, date.year: \"tomorrow\" is no date");
}
END_TEST

/* An argument may hold a colon, or be a list. */
START_TEST(functions_take_lists_of_arguments)
{
    rules("{ to = 'a'; from = 'x'; via = ( [ 'replace', ':', '-' ], 'upper' ); },"
          "{ to = 'b'; from = 'x'; via = ( ( 'truncate', 2 ) ); },"
          "{ to = 'c'; from = 'x'; via = [ 'upper' ]; }");
    gives("{'x': 'a:b'}", "{'a': 'A-B', 'b': 'a:', 'c': 'A:B'}");
    wrong("{ to = 'a'; from = 'x'; via = [ 'replace', ':', '-' ]; }", "replace");
    wrong("{ to = 'a'; from = 'x'; via = [ 'trim', '::' ]; }", "brackets of their own");
    wrong("{ to = 'a'; from = 'x'; via = ( [ 'truncate', 'many' ] ); }", "truncate");
    wrong("{ to = 'a'; from = 'x'; via = ( [ ] ); }", "a function is a text such as");
    wrong("{ to = 'a'; from = 'x'; via = 5; }", "a function is a text such as");
    wrong("{ to = 'a'; from = 'x'; via = ( ( 'truncate', 2.5 ) ); }", "decimals are texts");
}
END_TEST

START_TEST(calculates)
{
    rules("{ to = 'a'; expr = 'max(0, physical - reserved)'; },"
          "{ to = 'lines'; each = 'lines'; map = ("
          "  { to = 'net'; expr = 'round(price * quantity, 2)'; default = '0.00'; } ); }");
    gives("{'physical': '4', 'reserved': 7, 'lines': [{'price': '1.005', 'quantity': '3'}, {}]}",
          "{'a': '0', 'lines': [{'net': '3.02'}, {'net': '0.00'}]}");
    gives("{'physical': '4'}", "{}");
    refuses("{'physical': 'few', 'reserved': '1'}", "map.value", "field a: expression");
    refuses("{'lines': [{'price': '1', 'quantity': '1'}, {'price': 'x', 'quantity': '1'}]}",
            "map.value",
            "lines 2: field net: expression \"round(price * quantity, 2)\": \"price\" is");
    rules("{ to = 'a'; expr = 'p / q'; required = true; }");
    refuses("{'p': 1, 'q': 0}", "map.value", "division by zero");
    refuses("{'p': 1}", "map.required", "field a is required");
}
END_TEST

/* ---- default, table, unmapped, force ---- */

START_TEST(r2_table_default_unmapped_decide_in_that_order)
{
    rules("{ to = 'a'; from = 'x'; table = 'codes'; default = '7'; }");
    gives("{'x': 'high'}", "{'a': '1'}");
    gives("{}", "{'a': '7'}");
    gives("{'x': '  '}", "{'a': '7'}");
    gives("{'x': 'high', 'y': 1}", "{'a': '1'}");
    refuses("{'x': 'middle'}", "map.unmapped", "field a: table codes has no row for \"middle\"");
    ck_assert_msg(strstr(err.text, "codes.csv") != NULL, "%s", err.text);
    rules("{ to = 'a'; from = 'x'; table = 'codes'; unmapped = 'default'; default = '7'; }");
    gives("{'x': 'middle'}", "{'a': '7'}");
    rules("{ to = 'a'; from = 'x'; table = 'codes'; unmapped = 'pass'; }");
    gives("{'x': 'middle'}", "{'a': 'middle'}");
    gives("{}", "{}");
}
END_TEST

START_TEST(r2_force_always_wins)
{
    rules("{ to = 'a'; from = 'x'; table = 'codes'; default = '7'; force = true; },"
          "{ to = 'b'; default = ''; force = true; }");
    gives("{'x': 'high'}", "{'a': '7', 'b': ''}");
    gives("{'x': 'middle'}", "{'a': '7', 'b': ''}");
}
END_TEST

START_TEST(default_rows_are_told)
{
    rules(
        "{ to = 'a'; from = 'x'; table = 'all'; }, { to = 'b'; from = ['x', 'y']; table = 'codes';"
        " unmapped = 'pass'; }");
    gives("{'x': 'high', 'y': 'BE'}", "{'a': '1', 'b': 'belgian'}");
    ck_assert_uint_eq(json_array_size(notes), 1);
    gives("{'x': 'other', 'y': 'FR'}", "{'a': '9', 'b': 'other|FR'}");
    ck_assert_uint_eq(json_array_size(notes), 2);
    ck_assert_str_eq(json_string_value(json_array_get(notes, 1)),
                     "a: no row \"other\" in table all, the default row \"*\" gave \"9\"");
}
END_TEST

static void count_default(void *arg, const char *table, const char *key, const char *row,
                          const char *value)
{
    struct told *t = arg;
    ck_assert_str_eq(row, "*");
    ck_assert_str_eq(value, "9");
    if (told_first(t, table, key))
        watched++;
}

/* Row 22: a thousand records with one value that the table lacks are told once. */
START_TEST(row22_default_rows_are_told_once)
{
    struct told *t = told_new();
    struct map_tell tell = {.default_row = count_default, .arg = t};
    json_t *source, *out = NULL;
    watched = 0;
    rules("{ to = 'a'; from = 'x'; table = 'all'; }");
    for (int i = 0; i < 10; i++) {
        source = json_pack("{s:s}", "x", i % 2 ? "other" : i == 4 ? "more" : "high");
        ck_assert_int_eq(map_apply(&conf->flows[0].send, source, MAP_CREATE, &tell, &out, &err),
                         0);
        json_decref(out);
        json_decref(source);
    }
    ck_assert_int_eq(watched, 2);
    ck_assert(told_first(t, "codes", "other"));
    ck_assert(!told_first(t, "all", "other"));
    for (int i = 0; i < 2 * TOLD_LIMIT; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        watched += told_first(t, "all", key);
    }
    ck_assert_int_eq(watched, 2 + TOLD_LIMIT - 3);
    told_free(t);
}
END_TEST

START_TEST(a_key_of_any_length_meets_the_default_row)
{
    char record[700] = "{'x': 'k', 'y': '";
    rules("{ to = 'a'; from = [ 'x', 'y' ]; table = 'all'; }");
    memset(record + strlen(record), 'k', 400);
    strcat(record, "'}");
    gives(record, "{'a': '9'}");
}
END_TEST

#define SHEET "tables = { code = { file = 'sheet.csv'; keys = [ 'region', 'rate' ];" \
              " value = 'vat code'; }; account = { file = 'sheet.csv'; keys = [ 'rate' ];" \
              " value = 'account'; }; all = 'all.csv'; };\n"

static void sheet(const char *text, struct conf_report *report, const char *rules)
{
    char members[4096];
    put("sheet.csv", text);
    snprintf(members, sizeof members, SHEET "map = (%s);", rules);
    load(members, report);
}

START_TEST(tables_of_a_sheet)
{
    struct conf_report report = {0};
    sheet("# what the bookkeeper decided\nregion;rate;vat code;account\n"
          "NL;21.00;1;8000\nNL;*;2;\n*;9.00;3;8001\n*;*;4;8002\n", &report,
          "{ to = 'a'; from = [ 'region', 'rate' ]; table = 'code'; },"
          "{ to = 'b'; parts = ( { from = 'region'; }, { value = '9.00'; } ); table = 'code'; },"
          "{ to = 'c'; value = 'NL|x'; via = 'trim'; table = 'code'; }");
    ck_assert_int_eq(report.errors, 1); /* 21.00 and * are keys of "account" twice */
    conf_report_done(&report);
    sheet("region,rate,vat code,account\nNL,21.00,1,8000\nNL,*,2,8003\n*,9.00,3,8001\n",
          &report, "{ to = 'a'; from = [ 'region', 'rate' ]; table = 'code'; },"
          "{ to = 'b'; parts = ( { from = 'region'; }, { value = '9.00'; } ); table = 'code'; },"
          "{ to = 'c'; from = 'rate'; table = 'account'; },"
          "{ to = 'd'; value = 'NL|x'; via = 'trim'; table = 'code'; }");
    ck_assert_msg(conf != NULL, "%s", report.count ? report.items[0].text : "");
    bool told = false;
    for (int i = 0; i < report.count; i++)
        told = told || (report.items[i].warning && report.items[i].line == 4 &&
                        strstr(report.items[i].text,
                               "\"NL|9.00\" fits row \"NL|*\" of line 3 and row \"*|9.00\" "
                               "of line 4 equally well; line 3 is taken"));
    ck_assert(told);
    conf_report_done(&report);
    gives("{'region': 'NL', 'rate': '21.00'}", "{'a': '1', 'b': '2', 'c': '8000', 'd': '2'}");
    gives("{'region': 'BE', 'rate': '9.00'}", "{'a': '3', 'b': '3', 'c': '8001', 'd': '2'}");
    gives("{'region': 'NL', 'rate': ''}", "{'a': '2', 'b': '2', 'd': '2'}");
    refuses("{'region': 'BE', 'rate': '21.00'}", "map.unmapped",
            "table code has no row for \"BE|21.00\"");
    ck_assert_str_eq(err.facts, "{\"table\":\"code\",\"value\":\"BE|21.00\"}");
}
END_TEST

static void bad_sheet(const char *text, const char *rules, int line, const char *part)
{
    struct conf_report report = {0};
    bool told = false;
    sheet(text, &report, rules);
    for (int i = 0; i < report.count; i++)
        told = told || (report.items[i].line == line && strstr(report.items[i].text, part));
    if (!told)
        conf_report_print(&report, true);
    conf_report_done(&report);
    ck_assert_msg(told && !conf, "not told of %s: %s", part, text);
}

START_TEST(mistakes_of_sheets)
{
    static const char good[] = "region,rate,vat code,account\n*,*,1,2\n";
    static const char rule[] = "{ to = 'a'; from = [ 'region', 'rate' ]; table = 'code'; }";
    bad_sheet("region,rates,vat code,account\n", rule, 4, "did you mean \"rates\"?");
    bad_sheet("region,rate,vat-code,account\n", rule, 4,
              "has no column \"vat code\"; it has region, rate, vat-code, account");
    bad_sheet("region,rate,vat code,account\nNL,1,2\n", rule, 2,
              "the row has 3 columns, the heading has 4");
    bad_sheet("region,rate,rate,vat code,account\n", rule, 1, "column \"rate\" is there twice");
    bad_sheet("region,rate,vat code,account\nNL,1,2,3\nNL,1,3,3\n", rule, 3,
              "key \"NL|1\" is there twice");
    bad_sheet("region,rate,vat code,account\nN|L,1,2,3\n", rule, 2, "cannot hold a |");
    bad_sheet("region,rate,vat code,account\n\"NL,1,2,3\n", rule, 2, "a quote");
    bad_sheet("# nothing\n", rule, 1, "there is no heading");
    bad_sheet(good, "{ to = 'a'; from = [ 'a', 'b', 'c' ]; table = 'code'; }", 5,
              "has 2 keys (region, rate), this rule asks it by 3 values");
    bad_sheet(good, "{ to = 'a'; from = [ 'a', 'b' ]; join = '-'; table = 'code'; }", 5,
              "\"join\" cannot be \"-\"");
    struct conf_report report = {0};
    load("tables = { t = { file = 'all.csv'; key = 'a'; }; };", &report);
    ck_assert_int_ge(report.errors, 2); /* key is near keys, and value is missing */
    conf_report_done(&report);
    load("tables = { t = { file = 'nope.csv'; keys = 'a'; value = 'b'; }; };", &report);
    ck_assert_int_eq(report.errors, 1);
    ck_assert_ptr_nonnull(strstr(report.items[0].text, "cannot read"));
    conf_report_done(&report);
}
END_TEST

START_TEST(a_list_is_no_key)
{
    rules("{ to = 'a'; from = 'x'; table = 'codes'; }");
    refuses("{'x': ['high']}", "map.value", "a list or object cannot be looked up in table codes");
}
END_TEST

/* ---- business rules ---- */

START_TEST(r3_outcomes_join_and_pass_a_table)
{
    rules("{ to = 'kind'; table = 'codes'; parts = ("
          "    { value = 'B2B'; default = 'B2C'; when = ( { field = 'company'; has = true; } ); },"
          "    { from = 'country'; via = 'upper'; default = 'NL'; } ); },"
          "{ to = 'plain'; join = ' + '; parts = ( { from = 'company'; }, { from = 'city'; } ); }");
    gives("{'company': 'Bakker', 'country': 'nl'}", "{'kind': 'domestic', 'plain': 'Bakker + '}");
    gives("{'company': 'Bakker'}", "{'kind': 'domestic', 'plain': 'Bakker + '}");
    gives("{'country': 'be', 'city': 'Gent'}", "{'kind': 'belgian', 'plain': ' + Gent'}");
    refuses("{'country': 'fr'}", "map.unmapped", "table codes has no row for \"B2C|FR\"");
}
END_TEST

START_TEST(r3_parts_have_tables_and_nothing_to_say)
{
    rules("{ to = 'a'; parts = ( { from = 'x'; table = 'codes'; unmapped = 'pass'; },"
          "  { expr = 'p * 2'; }, { from = [ 'y', 'z' ]; join = '-'; },"
          "  { value = 'w'; when = ( { field = 'w'; is = 'yes'; } ); } ); }");
    gives("{'x': 'high', 'p': '2', 'y': 'm', 'z': 'n', 'w': 'yes'}", "{'a': '1|4|m-n|w'}");
    gives("{'x': 'other', 'w': 'no'}", "{'a': 'other|||'}");
    gives("{'w': 'no'}", "{}");
    refuses("{'p': 'x'}", "map.value", "field a: expression");
}
END_TEST

START_TEST(r3_append_equals_has_value_and_five_percent)
{
    rules("{ to = 'appended'; from = 'x'; via = 'append: (web)'; },"
          "{ to = 'equal'; from = 'x'; via = 'equals:shirt:textile:other'; },"
          "{ to = 'has'; from = 'y'; via = 'has-value:yes:no'; },"
          "{ to = 'more'; from = 'price'; via = 'percent:5'; },"
          "{ to = 'rounded'; from = 'price'; via = [ 'percent:5', 'round:2' ]; },"
          "{ to = 'same'; expr = 'round(price * 1.05, 2)'; }");
    gives("{'x': 'shirt', 'y': 'v', 'price': '19.95'}",
          "{'appended': 'shirt (web)', 'equal': 'textile', 'has': 'yes', 'more': '20.9475',"
          " 'rounded': '20.95', 'same': '20.95'}");
    gives("{'x': 'shoe'}", "{'appended': 'shoe (web)', 'equal': 'other', 'has': 'no'}");
}
END_TEST

/* ---- nothing to say ---- */

START_TEST(p5_keep_leaves_the_field_out)
{
    rules("{ to = 'a'; from = 'x'; }, { to = 'b'; from = 'y'; empty = 'keep'; },"
          "{ to = 'c'; from = 'z'; table = 'codes'; }, { to = 'd'; expr = 'w + 1'; }");
    gives("{'x': '', 'y': ' \\t ', 'z': 'nothing', 'w': ''}", "{}");
    gives("{'x': [], 'y': {}, 'z': 'low', 'w': '1'}", "{'c': '2', 'd': '2'}");
}
END_TEST

START_TEST(p5_clear_sends_it_empty)
{
    rules("{ to = 'a'; from = 'x'; empty = 'clear'; },"
          "{ to = 'b'; from = 'y'; empty = 'clear'; default = '1'; },"
          "{ to = 'c'; from = 'z'; empty = 'clear'; table = 'codes'; on = 'update'; }");
    gives("{'x': '', 'z': ''}", "{'a': '', 'b': '1'}");
    gives_on(MAP_UPDATE, "{'x': '  ', 'y': '2'}", "{'a': '', 'b': '2', 'c': ''}");
    gives_on(MAP_UPDATE, "{'x': 'v', 'z': 'nothing'}", "{'a': 'v', 'b': '1', 'c': ''}");
}
END_TEST

START_TEST(p5_what_is_written_out_is_sent)
{
    rules("{ to = 'a'; value = ''; }, { to = 'b'; from = 'x'; default = ''; }");
    gives("{}", "{'a': '', 'b': ''}");
    rules("{ to = 'a'; from = 'x'; table = 'codes'; unmapped = 'default'; default = ''; }");
    gives("{'x': 'unknown'}", "{'a': ''}");
    gives("{'x': 'nothing'}", "{}");
}
END_TEST

START_TEST(required_parks)
{
    rules("{ to = 'a'; from = 'x'; required = true; }");
    gives("{'x': '1'}", "{'a': '1'}");
    refuses("{'x': ' '}", "map.required", "field a is required and has no value");
    refuses("{}", "map.required", "field a is required and has no value");
    refuses("{'x': []}", "map.required", "field a is required and has no value");
    refuses("{'x': {}}", "map.required", "field a is required and has no value");
    rules("{ to = 'a'; from = 'x'; via = [ 'truncate:0' ]; required = true; }");
    refuses("{'x': 'a'}", "map.required", "field a is required and has no value");
}
END_TEST

/* ---- when, on ---- */

START_TEST(p4_a_field_for_create_only)
{
    rules("{ to = 'a'; from = 'x'; on = 'create'; }, { to = 'b'; from = 'x'; on = 'update'; },"
          "{ to = 'c'; from = 'x'; on = 'both'; }");
    gives_on(MAP_CREATE, "{'x': '1'}", "{'a': '1', 'c': '1'}");
    gives_on(MAP_UPDATE, "{'x': '1'}", "{'b': '1', 'c': '1'}");
}
END_TEST

/* ---- lists and objects ---- */

START_TEST(each_maps_a_list)
{
    rules("{ to = 'rows'; each = 'lines'; map = ( { to = 'n'; from = 'number'; required = true; },"
          "  { to = 'tags[0]'; from = 'tag'; },"
          "  { to = 'parts'; each = 'parts[]'; map = ( { to = 'p'; from = '.'; } ); } ); }");
    gives("{'lines': [{'number': '1', 'parts': ['x', 'y']}, {'number': '2', 'tag': 't'}]}",
          "{'rows': [{'n': '1', 'parts': [{'p': 'x'}, {'p': 'y'}]}, {'n': '2', 'tags': ['t']}]}");
    gives("{'lines': []}", "{'rows': []}");
    gives("{'lines': {'number': '1'}}", "{}");
    gives("{}", "{}");
    refuses("{'lines': [{'number': '1'}, {}]}", "map.required", "lines 2: field n is required");
}
END_TEST

START_TEST(append_adds_lists_objects_and_values)
{
    rules(
        "{ to = 'rows'; each = 'lines'; map = ( { to = 'n'; from = 'number'; } ); },"
        "{ to = 'rows'; each = 'costs[]'; append = true; map = ( { to = 'c'; from = 'cost'; } ); },"
        "{ to = 'rows'; append = true; map = ( { to = 'total'; from = 'total'; } ); },"
        "{ to = 'rows'; append = true; map = ( { to = 'zero'; value = 0; } );"
        "  when = ( { field = 'total'; empty = true; } ); },"
        "{ to = 'tags[]'; append = true; from = 'x'; }, { to = 'tags'; append = true; from = 'y'; "
        "}");
    gives("{'lines': [{'number': '1'}], 'costs': [{'cost': '5'}, {'cost': '6'}], 'total': '9',"
          " 'x': 'p', 'y': 'q'}",
          "{'rows': [{'n': '1'}, {'c': '5'}, {'c': '6'}, {'total': '9'}], 'tags': ['p', 'q']}");
    gives("{'costs': [{'cost': '5'}], 'y': 'q'}",
          "{'rows': [{'c': '5'}, {'zero': 0}], 'tags': ['q']}");
    gives("{'lines': [{'number': '1'}]}", "{'rows': [{'n': '1'}, {'zero': 0}]}");
}
END_TEST

START_TEST(append_needs_a_list)
{
    rules("{ to = 'a'; value = 'text'; }, { to = 'a'; append = true; value = 'more'; }");
    refuses("{}", "map.value", "field a is no list that could be added to");
    rules("{ to = 'a'; value = 'text'; }, { to = 'a'; append = true; each = 'x'; map = (); }");
    refuses("{'x': [{}]}", "map.value", "field a is no list that could be added to");
    rules("{ to = 'a'; value = 'text'; }, { to = 'a.b'; append = true; value = 'more'; }");
    refuses("{}", "map.value", "field a.b cannot be set");
}
END_TEST

START_TEST(map_alone_makes_one_object)
{
    rules("{ to = 'address'; map = ( { to = 'street'; from = 'customer.street'; },"
          "    { to = 'inner'; map = ( { to = 'deep'; from = 'customer.deep'; } ); } ); },"
          "{ to = 'always'; map = ( { to = 'c'; value = 1; } ); on = 'update'; }");
    gives("{'customer': {'street': 'Dam 1'}}", "{'address': {'street': 'Dam 1'}}");
    gives("{'customer': {'street': ' ', 'deep': 'd'}}", "{'address': {'inner': {'deep': 'd'}}}");
    gives("{}", "{}");
    gives_on(MAP_UPDATE, "{}", "{'always': {'c': 1}}");
    rules("{ to = 'a'; map = ( { to = 'b'; from = 'x'; required = true; } ); }");
    refuses("{}", "map.required", "field b is required");
}
END_TEST

START_TEST(a_place_that_cannot_be_set)
{
    rules("{ to = 'a'; value = 'text'; }, { to = 'a.b'; value = 1; }");
    refuses("{}", "map.value", "field a.b cannot be set");
    rules("{ to = 'a'; value = 'text'; }, { to = 'a.b'; each = 'x'; map = (); }");
    refuses("{'x': []}", "map.value", "field a.b cannot be set");
    rules("{ to = 'rows'; each = 'lines'; map = ( { to = 'n'; from = 'number'; } ); },"
          "{ to = 'rows[].m'; value = 1; }");
    gives("{'lines': [{'number': '1'}, {'number': '2'}]}",
          "{'rows': [{'n': '1', 'm': 1}, {'n': '2', 'm': 1}]}");
}
END_TEST

START_TEST(texts_of_values)
{
    char buf[32];
    const char *text = NULL;
    json_t *value = json_integer(-12);
    ck_assert(value_text(value, buf, &text));
    ck_assert_str_eq(text, "-12");
    json_decref(value);
    ck_assert(value_text(json_true(), buf, &text));
    ck_assert_str_eq(text, "true");
    ck_assert(value_text(json_false(), buf, &text));
    ck_assert_str_eq(text, "false");
    value = json_real(0.5);
    ck_assert(!value_text(value, buf, &text));
    ck_assert(!value_text(json_null(), buf, &text));
    json_decref(value);
}
END_TEST

UNIT_MAIN("map")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, copies_a_value);
    tcase_add_test(t, copies_objects_and_lists);
    tcase_add_test(t, joins_values);
    tcase_add_test(t, takes_every_element);
    tcase_add_test(t, refuses_a_joined_value_without_end);
    tcase_add_test(t, applies_functions);
    tcase_add_test(t, functions_take_lists_of_arguments);
    tcase_add_test(t, tables_of_a_sheet);
    tcase_add_test(t, mistakes_of_sheets);
    tcase_add_test(t, calculates);
    tcase_add_test(t, r2_table_default_unmapped_decide_in_that_order);
    tcase_add_test(t, r2_force_always_wins);
    tcase_add_test(t, default_rows_are_told);
    tcase_add_test(t, row22_default_rows_are_told_once);
    tcase_add_test(t, a_key_of_any_length_meets_the_default_row);
    tcase_add_test(t, a_list_is_no_key);
    tcase_add_test(t, r3_outcomes_join_and_pass_a_table);
    tcase_add_test(t, r3_parts_have_tables_and_nothing_to_say);
    tcase_add_test(t, r3_append_equals_has_value_and_five_percent);
    tcase_add_test(t, p5_keep_leaves_the_field_out);
    tcase_add_test(t, p5_clear_sends_it_empty);
    tcase_add_test(t, p5_what_is_written_out_is_sent);
    tcase_add_test(t, required_parks);
    tcase_add_test(t, p4_a_field_for_create_only);
    tcase_add_test(t, each_maps_a_list);
    tcase_add_test(t, append_adds_lists_objects_and_values);
    tcase_add_test(t, append_needs_a_list);
    tcase_add_test(t, map_alone_makes_one_object);
    tcase_add_test(t, a_place_that_cannot_be_set);
    tcase_add_test(t, texts_of_values);
}
