/* SPDX-License-Identifier: MIT
 * Loading a configuration: what a good one becomes, and every mistake with its file and line. */
#include "config_fixture.h"

#include "config/conf_dashboard.h"

START_TEST(test_good)
{
    struct conf *c = load_good();
    ck_assert_int_eq(report.count, 0);
    ck_assert_int_eq(c->workers, 3);
    ck_assert_msg(strstr(c->store_path, "/k.db") != NULL, "%s", c->store_path);
    ck_assert_ptr_nonnull(c->key);
    struct conf_connection *till = conf_connection(c, "till"),
                           *ledger = conf_connection(c, "ledger");
    ck_assert_str_eq(secret_text(conf_setting(till, "secret")->secret), "sesame-open");
    ck_assert_ptr_null(conf_setting(till, "secret")->text);
    ck_assert_int_eq(conf_setting(till, "port")->number, 443);
    ck_assert_int_eq(conf_setting(ledger, "wait")->number, 5000);
    ck_assert_int_eq(ledger->concurrency, 4);
    ck_assert_int_eq(ledger->limit_bytes, 2 * 1024 * 1024);
    ck_assert_int_eq(till->timeout_ms, 60000);
    struct conf_flow *f = conf_flow(c, "orders");
    ck_assert(f->enabled && f->from == till && f->to == ledger);
    ck_assert_str_eq(f->model, "order");
    ck_assert_int_eq(f->every_ms, 120000);
    ck_assert_int_eq(f->partitions, 16);
    ck_assert_str_eq(json_string_value(json_object_get(f->settings, "currency")), "");
    ck_assert_str_eq(json_string_value(json_object_get(f->settings, "zero_lines")), "drop");
    ck_assert(json_is_true(json_object_get(f->options, "relations")));
    ck_assert_uint_eq(strlen(f->version), 12);
    conf_free(c);
}
END_TEST

static const char *setting_of(const struct conf *c, const char *group, const char *name)
{
    const json_t *settings = conf_flow(c, "orders")->settings;
    return json_string_value(json_object_get(json_object_get(settings, group), name));
}

START_TEST(f15_f18_home)
{
    char version[16];
    struct conf *c = load_good();
    ck_assert_str_eq(c->home.country, "NL");
    ck_assert_str_eq(c->home.currency, "EUR");
    ck_assert_str_eq(c->home.zone, "Europe/Amsterdam");
    ck_assert_str_eq(c->home.language, "nl");
    ck_assert_str_eq(setting_of(c, "home", "country"), "NL");
    ck_assert_str_eq(setting_of(c, "words", "rounding"), "Afronding");
    ck_assert_ptr_eq(conf_connection(c, "till")->home, &c->home);
    ck_assert_ptr_eq(conf_flow(c, "orders")->send.rules[2].via[0].home, &c->home);
    snprintf(version, sizeof version, "%s", conf_flow(c, "orders")->version);
    conf_free(c);
    put("koppel.conf", "home = { country = \"Deutschland\"; zone = \"Europe/Berlin\"; };\n");
    c = load_good();
    ck_assert_str_eq(c->home.country, "DE");
    ck_assert_str_eq(c->home.language, "de");
    ck_assert_str_eq(setting_of(c, "words", "rounding"), "Rundung");
    ck_assert_str_ne(conf_flow(c, "orders")->version, version);
    conf_free(c);
    put("koppel.conf", "home = { country = \"FR\"; currency = \"CHF\"; zone = \"UTC\"; language = "
                       "\"nl\"; };\n");
    c = load_good();
    ck_assert_str_eq(c->home.currency, "CHF");
    ck_assert_str_eq(c->home.language, "nl");
    conf_free(c);
    put("koppel.conf", "home = {\n country = \"Nederlnad\";\n currency = \"EURO\";\n zone = "
                       "\"Europe\";\n language = \"fr\";\n langage = 1;\n};\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 2, "did you mean \"Nederland\"?");
    expect("koppel.conf", 3, "no currency");
    expect("koppel.conf", 4, "no zone \"Europe\"");
    expect("koppel.conf", 5, "language");
    expect("koppel.conf", 6, "did you mean \"language\"?");
    put("koppel.conf", "home = { country = \"BE\"; };\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 1, "\"zone\" is missing");
}
END_TEST

START_TEST(x9_keep)
{
    const int64_t day = 86400000;
    struct conf *c = load_good();
    ck_assert(c->keep.jobs.done_ms == 30 * day && c->keep.jobs.skipped_ms == 7 * day &&
              c->keep.jobs.rows_ms == 400 * day);
    ck_assert_int_eq(c->keep.free_bytes, 200 << 20);
    conf_free(c);
    put("koppel.conf", "keep = { payloads = \"90d\"; skipped = \"1h\"; rows = \"ever\"; runs = "
                       "\"1d\"; audit = \"2d\"; revisions = \"3d\"; free_mb = 0; };\n");
    c = load_good();
    ck_assert(c->keep.jobs.done_ms == 90 * day && c->keep.jobs.skipped_ms == day / 24 &&
              c->keep.jobs.rows_ms == KEEPING_EVER && c->keep.runs_ms == day &&
              c->keep.audit_ms == 2 * day && c->keep.revisions_ms == 3 * day &&
              c->keep.free_bytes == 0);
    conf_free(c);
    put("koppel.conf", "keep = {\n payloads = \"30\";\n skiped = \"7d\";\n skipped = 7;\n"
                       " free_mb = -1;\n};\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 2, "\"payloads\" must be an age");
    expect("koppel.conf", 3, "did you mean \"skipped\"?");
    expect("koppel.conf", 4, "\"skipped\" must be an age");
    expect("koppel.conf", 5, "free_mb");
    put("koppel.conf", "keep = {\n payloads = \"90d\";\n rows = \"60d\";\n};\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 3, "\"payloads\" is longer than \"rows\"");
}
END_TEST

START_TEST(x11_metrics_are_shown_on_this_machine_alone)
{
    static const char *const wrong[] = {"0.0.0.0:9484",  "192.168.1.2:9484", "[::]:9484",
                                        "127.0.0.1",     "127.0.0.1:0",      "127.0.0.1:65536",
                                        "127.0.0.1:9x",  "localhost:9484",   ":9484",
                                        "127.0.0.1: 1",  "",                 "[::1]9484",
                                        "128.0.0.1:9484"};
    static const char *const right[] = {"127.0.0.1:9484", "127.255.3.4:1", "[::1]:65535"};
    struct conf *c = load_good();
    ck_assert_ptr_null(c->metrics);
    conf_free(c);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char text[200];
        snprintf(text, sizeof text, "metrics = { listen = \"%s\"; };\n", right[i]);
        put("koppel.conf", text);
        c = load_good();
        ck_assert_str_eq(c->metrics, right[i]);
        conf_free(c);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[200];
        snprintf(text, sizeof text, "metrics = {\n listen = \"%s\"; };\n", wrong[i]);
        put("koppel.conf", text);
        ck_assert_ptr_null(load());
        expect("koppel.conf", 2, "address of this machine alone");
    }
    put("koppel.conf", "metrics = { lisen = \"127.0.0.1:9484\"; };\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 1, "did you mean \"listen\"?");
    put("koppel.conf", "metrics = {};\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 1, "no \"listen\"");
    put("koppel.conf", "metrics = { listen = 9484; };\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 1, "\"listen\" must be text");
}
END_TEST

/* Told before anything is sent: the HTTP client speaks plainly to this machine only. */
START_TEST(test_plain_http)
{
    static const struct {
        const char *url;
        int warnings;
    } all[] = {{"http://till.example", 1},          {"http://till.example/api", 1},
               {"http://10.0.0.1:8080", 1},         {"http://127.0.0.1.till.example", 1},
               {"http://127.0.0.1:8080/api", 0},    {"http://localhost", 0},
               {"http://[::1]:80/", 0},             {"https://till.example", 0}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name = \"till\";\nconnector = \"shop\";\nsettings = {\n url = \"%s\";\n"
                 " secret = \"env:SHOP_SECRET\"; };\n", all[i].url);
        put("connections.d/till.conf", text);
        struct conf *c = load_good();
        ck_assert_int_eq(report.count, all[i].warnings);
        if (all[i].warnings)
            expect("till.conf", 4, "write https://");
        conf_free(c);
    }
}
END_TEST

/* Of an address that may hold a password nothing is shown. */
START_TEST(test_wrong_addresses)
{
    static const char *const all[][2] = {
        {"htp://till.example", "starts with https://"},
        {"https://me:sesame@till.example", "holds a user name or password"},
        {"https://sesame@till.example", "holds a user name or password"},
        {"https://till.example:99999", "has a port that is none"},
        {"https://till.example/?key=sesame", "must end before"},
        {"https://", "is no URL"},
        {"https://till example", "is no URL"},
        {"", "must not be empty"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name = \"till\";\nconnector = \"shop\";\nsettings = {\n url = \"%s\";\n"
                 " secret = \"env:SHOP_SECRET\"; };\n",
                 all[i][0]);
        put("connections.d/till.conf", text);
        ck_assert_msg(!load(), "%s is taken", all[i][0]);
        expect("till.conf", 4, all[i][1]);
        ck_assert_msg(!strstr(report.items[0].text, "sesame"), "%s", report.items[0].text);
    }
}
END_TEST

/* Looks need the store, its key and the names of flows; nothing else has to be right. */
START_TEST(test_names)
{
    struct conf_report found = {0};
    put("koppel.conf", "wrokers = 1;\nstore = { path = \"elsewhere.db\"; };\n");
    put("flows.d/a.conf", "name = \"first\";\nnonsense = 3;\n");
    put("flows.d/b.conf", "name = {{{ \n");
    struct conf *c = conf_load_names(dir, &found);
    ck_assert_ptr_nonnull(c);
    ck_assert_ptr_nonnull(strstr(c->store_path, "/elsewhere.db"));
    ck_assert_ptr_nonnull(c->key);
    ck_assert_ptr_nonnull(conf_flow(c, "first"));
    ck_assert_ptr_nonnull(conf_flow(c, "b"));
    conf_free(c);
    conf_report_done(&found);
    put("koppel.conf", "key = \"file:nothing\";\nstore = { path = \"elsewhere.db\"; };\n");
    c = conf_load_names(dir, &found); /* an engine that runs is found all the same */
    ck_assert_ptr_nonnull(c);
    ck_assert_ptr_null(c->key);
    ck_assert_ptr_nonnull(strstr(c->store_path, "/elsewhere.db"));
    ck_assert_int_gt(found.errors, 0);
    conf_free(c);
    conf_report_done(&found);
}
END_TEST

/* The pages are shown in safe mode too: a slip in what a host says for itself gives them nothing
 * that it may have been meant to keep from them. */
START_TEST(test_a_slip_opens_nothing_to_the_pages)
{
    static const struct {
        const char *text, *edit;
    } all[] = {
        {"workers = 3;\n", "all"},
        {"dashboard = { edit = \"tables\"; };\n", "tables"},
        {"dashbord = { edit = \"none\"; };\n", "none"},
        {"pages = { edit = \"none\"; };\n", "none"},
        {"dashboard = \"none\";\n", "none"},
        {"dashboard = { edti = \"none\"; };\n", "none"},
        {"dashboard = { change = \"none\"; };\n", "none"},
        {"dashboard = { edit = 3; };\n", "none"},
        {"dashboard = { listen = \"here\"; };\n", "none"},
        {"dashboard = { edit = \"none\";\n", "none"},
        {"key = \"file:nothing\";\n", "none"},
        {"workers = 0;\ndashboard = { edit = \"tables\"; };\n", "tables"},
        {"workers = 0;\ndashboard = { edit = \"all\"; };\n", "all"},
        {"home = { zone = \"nowhere\"; };\n", "all"},
    };
    put("flows.d/a.conf", "name = \"first\";\nnonsense = 3;\n");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct conf_report found = {0};
        put("koppel.conf", all[i].text);
        struct conf *c = conf_load_names(dir, &found);
        ck_assert_ptr_nonnull(c);
        const char *edit = conf_dashboard_edit_name(c->dashboard->edit);
        ck_assert_msg(strcmp(edit, all[i].edit) == 0, "%s: %s", all[i].text, edit);
        conf_free(c);
        conf_report_done(&found);
    }
}
END_TEST

START_TEST(test_many)
{
    put("koppel.conf", "workers = 0;\nstroe = { };\n");
    put("connections.d/till.conf", "name = \"till\";\nconnector = \"shop\";\n"
                                   "settings = { url = \"till.example\";\n secret = "
                                   "\"env:NOT_SET_AT_ALL\";\n port = 70000; };\n"
                                   "timeout = 5;\n");
    put("flows.d/orders.conf",
        "name = \"orders\";\n"
        "from = { connection = \"tull\"; entity = \"order\"; };\n"
        "to = { connection = \"ledger\"; entity = \"invoice\"; };\n"
        "evry = \"5m\";\n"
        "filter = ( { field = \"branch\"; less = \"x\"; },\n"
        "  { field = \"state\"; } );\n"
        "references = { custommer = { }; };\n"
        "tables = { vat = \"vat.csv\"; };\n"
        "map = ( { to = \"descripton\"; from = \"note\"; },\n"
        "  { to = \"id\"; from = \"note\"; },\n"
        "  { to = \"lines[].vatcode\"; from = \"note\"; },\n"
        "  { to = \"date\"; from = \"note\"; value = \"b\"; },\n"
        "  { to = \"date\"; from = \"note\"; via = \"trim:1\"; },\n"
        "  { to = \"date\"; from = \"note\"; via = \"trom\"; },\n"
        "  { to = \"date\"; from = \"note\"; table = \"vta\"; },\n"
        "  { to = \"date\"; from = \"note\"; on = \"updat\"; } );\n"
        "settings = { on_change = \"updte\"; };\n");
    ck_assert_ptr_null(load());
    expect("koppel.conf", 1, "from 1 to 256");
    expect("koppel.conf", 2, "did you mean \"store\"");
    expect("till.conf", 3, "https://");
    expect("till.conf", 4, "NOT_SET_AT_ALL");
    expect("till.conf", 5, "from 1 to 65535");
    expect("till.conf", 6, "must be a time");
    expect("orders.conf", 2, "did you mean \"till\"");
    expect("orders.conf", 4, "did you mean \"every\"");
    expect("orders.conf", 5, "decimal");
    expect("orders.conf", 6, "exactly one");
    expect("orders.conf", 7, "did you mean \"customer\"");
    expect("orders.conf", 9, "did you mean \"description\"");
    expect("orders.conf", 10, "read-only");
    expect("orders.conf", 11, "did you mean \"vatCode\"");
    expect("orders.conf", 12, "exactly one of \"from\"");
    expect("orders.conf", 13, "takes 0 arguments");
    expect("orders.conf", 14, "no function \"trom\"");
    expect("orders.conf", 15, "did you mean \"vat\"");
    expect("orders.conf", 16, "did you mean \"update\"");
    expect("orders.conf", 17, "did you mean \"update\"");
    ck_assert_int_eq(report.errors, 20);
}
END_TEST

START_TEST(test_connector)
{
    put("connections.d/till.conf", "name = \"till\";\nconnector = \"shp\";\n");
    put("connections.d/z.conf", "name = \"ledger\";\nconnector = \"words\";\n");
    ck_assert_ptr_null(load());
    expect("till.conf", 2, "did you mean \"shop\"");
    expect("z.conf", 2, "transform");
    expect("z.conf", 1, "ledger.conf:1");
}
END_TEST

START_TEST(test_literal_secret)
{
    put("connections.d/till.conf",
        "name = \"till\";\nconnector = \"shop\";\n"
        "settings = { url = \"https://till.example\";\n secret = \"plain-words\"; };\n");
    struct conf *c = load_good();
    expect("till.conf", 4, "stands in the file");
    ck_assert(report.items[0].warning);
    ck_assert_int_eq(report.errors, 0);
    ck_assert_ptr_null(strstr(report.items[0].text, "plain-words"));
    ck_assert_str_eq(secret_text(conf_setting(conf_connection(c, "till"), "secret")->secret),
                     "plain-words");
    conf_free(c);
}
END_TEST

START_TEST(test_nearest)
{
    static const char *const names[] = {"orders", "order", "customer", NULL};
    ck_assert_str_eq(nearest_name("ordr", names, 4), "order");
    ck_assert_str_eq(nearest_name("orderz", names, 4), "orders");
    ck_assert_str_eq(nearest_name("custmer", names, 4), "customer");
    ck_assert_ptr_null(nearest_name("xyz", names, 4));
    ck_assert_ptr_null(nearest_name("order", names, 0));
}
END_TEST

UNIT_MAIN("config")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_good);
    tcase_add_test(t, f15_f18_home);
    tcase_add_test(t, x9_keep);
    tcase_add_test(t, x11_metrics_are_shown_on_this_machine_alone);
    tcase_add_test(t, test_names);
    tcase_add_test(t, test_a_slip_opens_nothing_to_the_pages);
    tcase_add_test(t, test_plain_http);
    tcase_add_test(t, test_wrong_addresses);
    tcase_add_test(t, test_many);
    tcase_add_test(t, test_connector);
    tcase_add_test(t, test_literal_secret);
    tcase_add_test(t, test_nearest);
}
