/* SPDX-License-Identifier: MIT
 * Mapping rules as an integrator writes them: text of a flow in, records through, JSON out. The
 * transforms are the built ones, in the directory that KOPPEL_PLUGINS names. */
#include "config/conf_load.h"
#include "mapping/condition.h"
#include "mapping/map.h"
#include "mapping/map_recorder.h"
#include "mapping/told.h"
#include "mapping/value.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection/host.h"
#include "plugin/plugins.h"
#include "unit.h"

static char dir[64];
static struct plugins *plugins;
static struct conf *conf;
static struct koppel_error err;
static json_t *notes;
static struct map_recorder recorder;

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void setup(void)
{
    const char *dirs[] = {getenv("KOPPEL_PLUGINS"), NULL};
    char path[128];
    if (!dirs[0])
        dirs[0] = "plugins";
    ck_assert_int_eq(secret_start(&err), 0);
    plugins = plugins_new(dirs, &host_table, &err);
    ck_assert_msg(plugins != NULL, "%s", err.text);
    snprintf(dir, sizeof dir, "/tmp/koppel-map-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/connections.d", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/flows.d", dir);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    put("koppel.conf", "workers = 1;\n");
    put("secret.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    put("connections.d/in.conf",
        "name = \"in\";\nconnector = \"file\";\nsettings = { path = \"in.jsonl\"; };\n");
    put("connections.d/out.conf", "name = \"out\";\nconnector = \"null\";\n");
    put("codes.csv", "high,1\nlow,2\nnothing,\nB2B|NL,domestic\n*|BE,belgian\nB2C|*,never\n");
    put("all.csv", "high,1\n*,9\n");
    notes = json_array();
}

static void teardown(void)
{
    static const char *const names[] = {
        "connections.d/in.conf", "connections.d/out.conf", "flows.d/f.conf", "codes.csv", "all.csv",
        "koppel.conf", "secret.key", "connections.d", "flows.d", ""};
    conf_free(conf);
    conf = NULL;
    json_decref(notes);
    map_recorder_done(&recorder);
    plugins_free(plugins);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        (void)remove(path);
    }
}

/* Texts below have ' for ", to be readable. */
static char *quoted(const char *text)
{
    char *copy = strdup(text);
    for (char *p = copy; p && *p; p++) {
        if (*p == '\'')
            *p = '"';
    }
    return copy;
}

static void rules(const char *text)
{
    struct conf_report report = {0};
    char flow[8192], *map = quoted(text);
    snprintf(flow, sizeof flow,
             "name = \"f\";\nfrom = { connection = \"in\"; entity = \"record\"; };\n"
             "to = { connection = \"out\"; entity = \"record\"; };\n"
             "tables = { codes = \"codes.csv\"; all = \"all.csv\"; };\nmap = (%s);\n", map);
    free(map);
    put("flows.d/f.conf", flow);
    conf_free(conf);
    conf = conf_load(dir, NULL, plugins, &report);
    if (!conf)
        conf_report_print(&report);
    conf_report_done(&report);
    ck_assert_msg(conf != NULL, "these rules were refused: %s", text);
}

static int watched; /* how often a default row was told */

static int run(const char *record, enum map_verb verb, json_t **out)
{
    char *text = quoted(record);
    json_t *source = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *before;
    free(text);
    ck_assert_msg(source != NULL, "no JSON: %s", record);
    before = json_deep_copy(source);
    err = (struct koppel_error){0};
    int rc = map_apply(&conf->flows[0].send, source, verb, &(struct map_tell){.notes = notes}, out,
                       &err);
    ck_assert_msg(json_equal(source, before), "the source was changed");
    json_decref(before);
    json_decref(source);
    return rc;
}

static void gives_on(enum map_verb verb, const char *record, const char *want)
{
    char *text = quoted(want);
    json_t *out = NULL, *expected = json_loads(text, 0, NULL);
    free(text);
    ck_assert_msg(expected != NULL, "no JSON: %s", want);
    ck_assert_msg(run(record, verb, &out) == 0, "%s: %s", record, err.text);
    char *got = json_dumps(out, JSON_COMPACT);
    ck_assert_msg(json_equal(out, expected), "%s gives %s, not %s", record, got, want);
    free(got);
    json_decref(out);
    json_decref(expected);
}

static void gives(const char *record, const char *want)
{
    gives_on(MAP_CREATE, record, want);
}

static void refuses(const char *record, const char *reason, const char *part)
{
    json_t *out = NULL;
    ck_assert_msg(run(record, MAP_CREATE, &out) == -1, "taken: %s", record);
    ck_assert_ptr_null(out);
    ck_assert_str_eq(err.reason, reason);
    ck_assert_msg(strstr(err.text, part) != NULL, "%s", err.text);
}

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

START_TEST(conditions_decide)
{
    rules("{ to = 'is'; value = 1; when = ( { field = 'x'; is = 'a'; } ); },"
          "{ to = 'not'; value = 1; when = ( { field = 'x'; not = 'a'; } ); },"
          "{ to = 'in'; value = 1; when = ( { field = 'x'; in = [ 'a', 'b' ]; } ); },"
          "{ to = 'not_in'; value = 1; when = ( { field = 'x'; not_in = [ 'a', 'b' ]; } ); },"
          "{ to = 'has'; value = 1; when = ( { field = 'x'; has = true; } ); },"
          "{ to = 'empty'; value = 1; when = ( { field = 'x'; empty = true; } ); },"
          "{ to = 'less'; value = 1; when = ( { field = 'n'; less = '2.0'; } ); },"
          "{ to = 'more'; value = 1; when = ( { field = 'n'; more = '2'; } ); },"
          "{ to = 'two'; value = 1; when = ( { field = 'x'; is = 'b'; }, { field = 'n'; is = '3'; "
          "} ); }");
    gives("{'x': 'a', 'n': '1.99'}", "{'is': 1, 'in': 1, 'has': 1, 'less': 1}");
    gives("{'x': 'b', 'n': 3}", "{'not': 1, 'in': 1, 'has': 1, 'more': 1, 'two': 1}");
    gives("{'x': 'c', 'n': '2.00'}", "{'not': 1, 'not_in': 1, 'has': 1}");
    gives("{'n': 'many'}", "{'not': 1, 'not_in': 1, 'empty': 1}");
    gives("{'x': [], 'n': {}}", "{'not': 1, 'not_in': 1, 'empty': 1}");
    gives("{'x': {'y': 1}}", "{'not': 1, 'not_in': 1, 'has': 1}");
}
END_TEST

START_TEST(settings_are_seen_from_everywhere)
{
    rules("{ to = 'a'; value = 1; when = ( { field = 'settings.on'; is = 'true'; } ); },"
          "{ to = 'lines'; each = 'lines'; map = ("
          "  { to = 'b'; value = 2; when = ( { field = 'settings.on'; is = 'true'; } ); },"
          "  { to = 'c'; from = 'settings.account'; },"
          "  { to = 'd'; from = 'setting'; } ); }");
    gives("{'settings': {'on': 'true', 'account': '8000'}, 'lines': [{'setting': 5}]}",
          "{'a': 1, 'lines': [{'b': 2, 'c': '8000', 'd': 5}]}");
    gives("{'settings': {'on': 'false'}, 'lines': [{'settings': {'on': 'true'}}]}",
          "{'lines': [{}]}");
}
END_TEST

START_TEST(filters_see_the_same_conditions)
{
    rules("{ to = 'a'; value = 1; when = ( { field = 'x'; is = 'a'; }, { field = 'y'; has = true; "
          "} ); }");
    const struct conf_rule *rule = &conf->flows[0].send.rules[0];
    json_t *record = json_pack("{s:s, s:i}", "x", "a", "y", 1);
    ck_assert(condition_all(rule->when, rule->when_count, record, record, NULL));
    json_object_del(record, "y");
    ck_assert(!condition_all(rule->when, rule->when_count, record, record, NULL));
    ck_assert(condition_all(NULL, 0, record, record, NULL));
    json_decref(record);
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

/* ---- what it tells of itself ---- */

/* The row for a field, or for the nth that there is of it. */
static json_t *row_of(const char *to, int nth)
{
    size_t i;
    json_t *row;
    json_array_foreach(recorder.rows, i, row) {
        if (strcmp(json_string_value(json_object_get(row, "to")), to) == 0 && nth-- == 0)
            return row;
    }
    ck_abort_msg("nothing was recorded of %s", to);
    return NULL;
}

static void explains(const char *to, int nth, const char *want)
{
    char *text = quoted(want);
    json_t *row = row_of(to, nth), *expected = json_loads(text, 0, NULL), *value;
    const char *name;
    free(text);
    ck_assert_msg(expected != NULL, "no JSON: %s", want);
    json_object_foreach(expected, name, value) {
        char *got = json_dumps(json_object_get(row, name), JSON_COMPACT | JSON_ENCODE_ANY);
        ck_assert_msg(json_equal(json_object_get(row, name), value), "%s of %s: %s", name, to, got);
        free(got);
    }
    json_decref(expected);
}

static int recorded(const char *record, enum map_verb verb, json_t **out)
{
    char *text = quoted(record);
    json_t *source = json_loads(text, 0, NULL);
    struct map_tell tell = {.recorder = &recorder};
    free(text);
    map_recorder_done(&recorder);
    ck_assert_int_eq(map_recorder_init(&recorder), 0);
    err = (struct koppel_error){0};
    int rc = map_apply(&conf->flows[0].send, source, verb, &tell, out, &err);
    json_decref(source);
    return rc;
}

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
    tcase_add_test(t, refuses_a_joined_value_without_end);
    tcase_add_test(t, applies_functions);
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
    tcase_add_test(t, conditions_decide);
    tcase_add_test(t, settings_are_seen_from_everywhere);
    tcase_add_test(t, filters_see_the_same_conditions);
    tcase_add_test(t, each_maps_a_list);
    tcase_add_test(t, append_adds_lists_objects_and_values);
    tcase_add_test(t, append_needs_a_list);
    tcase_add_test(t, map_alone_makes_one_object);
    tcase_add_test(t, a_place_that_cannot_be_set);
    tcase_add_test(t, records_what_each_rule_did);
    tcase_add_test(t, records_places_in_lists);
    tcase_add_test(t, records_why_it_parks);
    tcase_add_test(t, texts_of_values);
}
