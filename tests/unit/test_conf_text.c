/* SPDX-License-Identifier: MIT
 * Files of a configuration: includes, tables, pipes, and texts in memory over the disk. */
#include "config_fixture.h"

/* What the first table of the flow makes of a key; "": nothing. */
static const char *row_of(const struct conf *c, const char *key)
{
    const struct grid_row *row = grid_find(conf_flow(c, "orders")->tables[0]->grid, key);
    return row ? json_string_value(row->value) : "";
}

START_TEST(test_table)
{
    struct conf *c = load_good();
    ck_assert_int_eq(grid_count(conf_flow(c, "orders")->tables[0]->grid), 4);
    ck_assert_str_eq(row_of(c, "high"), "1");
    ck_assert_str_eq(row_of(c, "low, or so"), "a \"2\"");
    ck_assert_str_eq(row_of(c, "NL|x"), "5");
    ck_assert_str_eq(row_of(c, "anything"), "9");
    ck_assert_str_eq(row_of(c, "any|thing"), "9");
    conf_free(c);
    put("vat.csv", "a,1\nb\nc,1,2\na,3\n\"d,4\n");
    ck_assert_ptr_null(load());
    expect("vat.csv", 2, "no second column");
    expect("vat.csv", 3, "more than two columns");
    expect("vat.csv", 4, "twice");
    expect("vat.csv", 5, "quote");
    ck_assert_int_eq(report.errors, 4);
}
END_TEST

/* What spreadsheets of several countries, and old ones, write. */
START_TEST(f18_tables_of_spreadsheets)
{
    static const char *const texts[] = {"\xEF\xBB\xBFhigh,1\nlow,a;b\n",
                                        "high;1\nlow;\"a;b\"\n",
                                        "high\t1\nlow\ta;b\n",
                                        "sep=;\r\nhigh;1\r\nlow;\"a;b\"\r\n",
                                        "sep=,\nhigh,1\nlow,a;b\n",
                                        "high,1\rlow,a;b\r",
                                        "# high;1\n\nhigh,1\nlow,\"a;b\"",
                                        "  \nhigh;1\nlow;\"a;b\"\n",
                                        "\"high\";\"1\"\r\n\"low\";\"a;b\"",
                                        "\xEF\xBB\xBFsep=;\nhigh ; 1\nlow;\"a;b\" \n",
                                        "\u00a0high\u200b,1\u00a0\nlow,a;b\n",
                                        "\u00a0\"high\",1\n\u00a0\nlow,\v\"a;b\"\u200b\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put("vat.csv", texts[i]);
        struct conf *c = load_good();
        int count = grid_count(conf_flow(c, "orders")->tables[0]->grid);
        ck_assert_msg(count == 2, "%zu: %d rows", i, count);
        ck_assert_msg(strcmp(row_of(c, "high"), "1") == 0, "%zu: %s", i, row_of(c, "high"));
        ck_assert_msg(strcmp(row_of(c, "low"), "a;b") == 0, "%zu: %s", i, row_of(c, "low"));
        conf_free(c);
    }
    put("vat.csv", "high;1;2\nlow\n\"x\"y;2\n");
    ck_assert_ptr_null(load());
    expect("vat.csv", 1,
           "more than two columns; a row is key;value (quote what holds a semicolon)");
    expect("vat.csv", 2, "no second column");
    expect("vat.csv", 3, "quote");
    ck_assert_int_eq(report.errors, 3);
    put("vat.csv", "sep=|\na|b\n");
    ck_assert_ptr_null(load());
    expect("vat.csv", 1, "sep=|");
    put("vat.csv", "high,1\nCAF\xC9,2\n");
    ck_assert_ptr_null(load());
    expect("vat.csv", 2, "UTF-8");
}
END_TEST

START_TEST(test_version)
{
    struct conf *c = load_good();
    char first[16];
    snprintf(first, sizeof first, "%s", conf_flow(c, "orders")->version);
    conf_free(c);
    c = load_good();
    ck_assert_str_eq(conf_flow(c, "orders")->version, first);
    conf_free(c);
    put("vat.csv", "high,2\n");
    c = load_good();
    ck_assert_str_ne(conf_flow(c, "orders")->version, first);
    conf_free(c);
}
END_TEST

START_TEST(test_include)
{
    put("more.conf", "workers = 5;\nwrokers = 6;\n");
    put("koppel.conf", "\n@include \"more.conf\"\n");
    ck_assert_ptr_null(load());
    expect("/more.conf", 2, "did you mean \"workers\"");
    ck_assert(report.items[0].file[0] == '/');
}
END_TEST

static void put_pipe(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    (void)unlink(path);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

/* A pipe that nobody writes to keeps whoever opens it waiting. */
START_TEST(test_pipes)
{
    put_pipe("koppel.conf");
    ck_assert_ptr_null(load());
    expect("/koppel.conf", 1, "not a regular file");

    put("koppel.conf", "\n@include \"more.conf\"\n");
    put_pipe("more.conf");
    ck_assert_ptr_null(load());
    expect("/koppel.conf", 2, "more.conf: it is not a regular file");

    put("more.conf", "@include \"deep.conf\"\n");
    put_pipe("deep.conf");
    ck_assert_ptr_null(load());
    expect("/more.conf", 1, "deep.conf: it is not a regular file");

    put("koppel.conf", "workers = 3;\n");
    put_pipe("vat.csv");
    put_pipe("mappings/books/invoice.send.conf");
    ck_assert_ptr_null(load());
    expect("flows.d/orders.conf", 9, "vat.csv: it is not a regular file");
    expect("flows.d/orders.conf", 1, "invoice.send.conf: it is not a regular file");
}
END_TEST

START_TEST(test_missing_table)
{
    char text[2048];
    snprintf(text, sizeof text, "%s", good_flow);
    char *tables = strstr(text, "tables"), *end = strchr(tables, '\n');
    memset(tables, ' ', (size_t)(end - tables));
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("orders.conf", 1, "no \"vat\"");
    ck_assert_int_eq(report.errors, 1);
}
END_TEST

/* A table that two flows use is read twice, and a row of it that is wrong is told once. */
START_TEST(a_mistake_is_told_once)
{
    put("vat.csv", "high,1\nlow\n");
    char text[2048];
    snprintf(text, sizeof text, "%s", good_flow);
    memcpy(strstr(text, "orders"), "others", 6);
    put("flows.d/b.conf", text);
    ck_assert_ptr_null(load());
    expect("vat.csv", 2, "there is no second column");
    ck_assert_int_eq(report.errors, 1);
}
END_TEST

START_TEST(a_file_of_another_name_is_no_flow)
{
    put("flows.d/b.conf", "");
    char from[128], to[128];
    snprintf(from, sizeof from, "%s/flows.d/b.conf", dir);
    snprintf(to, sizeof to, "%s/flows.d/b.cfg", dir);
    ck_assert_int_eq(rename(from, to), 0);
    struct conf *c = load_good();
    expect("b.cfg", 1, "\"b.cfg\" is not read: the name of a flow's file ends with .conf");
    ck_assert_int_eq(report.errors, 0);
    conf_free(c);
    ck_assert_int_eq(unlink(to), 0);
}
END_TEST

START_TEST(a_folder_that_there_is_not)
{
    conf_report_done(&report);
    ck_assert_ptr_null(conf_load("/nonexistent/koppel", NULL, NULL, &report));
    expect("/nonexistent/koppel", 1, "there is no such folder; koppel init makes");
}
END_TEST

START_TEST(test_text_traps)
{
    put("koppel.conf", "workers = 3;\n// the end");
    put("connections.d/till.conf", "\xEF\xBB\xBFname = \"till\";\n");
    put("connections.d/ledger.conf",
        "name = \"ledger\"; # 99999999999\nconnector = \"books\";\n/* 3000000000\n */\n"
        "rate_per_minute = 3000000000;\n");
    put("flows.d/orders.conf", "name = \"orders\";\nfrom = { ;\n");
    ck_assert_ptr_null(load());
    expect("till.conf", 1, "byte order mark");
    expect("ledger.conf", 5, "too large");
    expect("orders.conf", 2, "\"from = {\" that begins at orders.conf:2 is not closed");
}
END_TEST

static struct conf *load_over(const char *path, const char *text)
{
    struct conf_source_text one = {path, text, text ? strlen(text) : 0};
    struct conf_source source = {.texts = &one, .count = 1};
    conf_report_done(&report);
    return conf_load(dir, &source, NULL, &report);
}

START_TEST(test_memory_over_disk)
{
    struct conf *c = load_over("koppel.conf", "workers = 5;\n");
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->workers, 5);
    conf_free(c);
    /* a file that is not there yet, one that is to go, one that others name */
    c = load_over("flows.d/b.conf", "name = \"b\";\n");
    ck_assert_ptr_null(c);
    expect("flows.d/b.conf", 1, "\"from\" is missing");
    c = load_over("flows.d/orders.conf", NULL);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->flow_count, 0);
    conf_free(c);
    ck_assert_ptr_null(load_over("./vat.csv", "high,1\nhigh,2\n"));
    expect("vat.csv", 2, "there twice");
    ck_assert_ptr_null(load_over("vat.csv", NULL));
    expect("orders.conf", 9, "cannot read");
    ck_assert_ptr_null(
        load_over("mappings/books/invoice.send.conf", "map = ( { from = \"x\"; } );"));
    expect("invoice.send.conf", 1, "the rule has no \"to\"");
    /* the disk is as it was */
    conf_free(load_good());
}
END_TEST

START_TEST(test_memory_is_included)
{
    put("koppel.conf", "@include \"more.conf\"\nhome = { zone = \"Europe/Amsterdam\"; };\n");
    put("more.conf", "workers = 3;\n");
    struct conf *c = load_over("more.conf", "workers = 7;\n");
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->workers, 7);
    conf_free(c);
    ck_assert_ptr_null(load_over("more.conf", "workers = 7;\nworkrs = 8;\n"));
    expect("more.conf", 2, "did you mean \"workers\"");
    ck_assert_ptr_null(load_over("more.conf", "\nhome = { };\n"));
    expect("koppel.conf", 2, "second time; the first is at more.conf:2");
}
END_TEST

/* What is told of the first mistake, as data. */
static void expect_json(const char *path, const char *nearest)
{
    json_t *j = conf_report_json(&report.items[0]);
    ck_assert_ptr_nonnull(j);
    const char *has = json_string_value(json_object_get(j, "path"));
    const char *near = json_string_value(json_object_get(j, "nearest"));
    ck_assert_str_eq(has ? has : "-", path ? path : "-");
    ck_assert_str_eq(near ? near : "-", nearest ? nearest : "-");
    ck_assert_int_eq(json_integer_value(json_object_get(j, "line")), report.items[0].line);
    ck_assert_str_eq(json_string_value(json_object_get(j, "text")), report.items[0].text);
    ck_assert_int_eq(json_is_true(json_object_get(j, "warning")), report.items[0].warning);
    json_decref(j);
}

START_TEST(test_mistakes_are_data)
{
    ck_assert_ptr_null(load_over("koppel.conf", "home = { contry = \"NL\"; };\n"));
    expect_json("home/contry", "country");
    ck_assert_ptr_null(load_over("connections.d/till.conf",
                                 "name = \"till\";\nconnector = \"shop\";\nsettings = { url = "
                                 "\"https://x\"; secret = \"env:SHOP_SECRET\"; prt = 1; };\n"));
    expect_json("connections/till/settings/prt", "port");
    char text[sizeof good_flow + 64];
    snprintf(text, sizeof text, "%soverlap = \"x\";\n", good_flow);
    ck_assert_ptr_null(load_over("flows.d/orders.conf", text));
    expect_json("flows/orders/overlap", NULL);
    ck_assert_ptr_null(
        load_over("mappings/books/debtor.send.conf",
                  "map = (\n  { to = \"mail\"; from = \"email\"; on = \"crate\"; }\n);"));
    expect_json("mappings/books/debtor.send.conf:map/0/on", "create");
    ck_assert_ptr_null(load_over("vat.csv", "a,b,c\n"));
    expect_json(NULL, NULL);
}
END_TEST

UNIT_MAIN("conf text")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_table);
    tcase_add_test(t, f18_tables_of_spreadsheets);
    tcase_add_test(t, test_version);
    tcase_add_test(t, test_include);
    tcase_add_test(t, test_pipes);
    tcase_add_test(t, test_missing_table);
    tcase_add_test(t, test_text_traps);
    tcase_add_test(t, a_mistake_is_told_once);
    tcase_add_test(t, a_file_of_another_name_is_no_flow);
    tcase_add_test(t, a_folder_that_there_is_not);
    tcase_add_test(t, test_memory_over_disk);
    tcase_add_test(t, test_memory_is_included);
    tcase_add_test(t, test_mistakes_are_data);
}
