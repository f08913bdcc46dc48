/* SPDX-License-Identifier: MIT
 * Loading a configuration: what a good one becomes, and every mistake with its file and line.
 * The plugins are made of catalogues only, so that no built plugin is needed. */
#include "base/nearest.h"
#include "catalogue/catalogue_parse.h"
#include "config/conf_load.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/model.h"
#include "plugin/plugins.h"
#include "plugin/plugins_function.h"
#include "plugin/plugins_names.h"
#include "unit.h"

/* ---- plugins without code, in place of plugin/loader.c ---- */

static const char shop_text[] =
    "{\"title\":\"Shop\",\"settings\":[{\"name\":\"url\",\"type\":\"url\",\"required\":true},"
    "{\"name\":\"secret\",\"required\":true,\"secret\":true},"
    "{\"name\":\"port\",\"type\":\"integer\",\"min\":1,\"max\":65535},"
    "{\"name\":\"branch\",\"default\":\"1\",\"requires\":\"workplace\"},"
    "{\"name\":\"limit\",\"type\":\"decimal\",\"default\":\"0.05\"},"
    "{\"name\":\"workplace\"}],"
    "\"entities\":[{\"name\":\"order\",\"model\":\"order\",\"key\":\"id\",\"can\":[\"read\"],"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"x\"},{\"name\":\"state\"},"
    "{\"name\":\"rows\",\"type\":\"list\"}],"
    "\"options\":[{\"name\":\"relations\",\"type\":\"boolean\","
    "\"default\":true},{\"name\":\"types\",\"type\":\"choice\",\"many\":true,"
    "\"values\":[\"sales\",\"repeat\"]},{\"name\":\"since\",\"type\":\"date\"}]},"
    "{\"name\":\"article\",\"model\":\"article\",\"key\":\"id\",\"can\":[\"read\",\"create\"],"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"number\"}]},"
    "{\"name\":\"proposal\",\"model\":\"quote\",\"key\":\"id\",\"can\":[\"read\"],"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"x\"}]},"
    "{\"name\":\"strange\",\"model\":\"horse\",\"key\":\"id\",\"can\":[\"read\"]},"
    "{\"name\":\"stock\",\"model\":\"stock\",\"key\":\"id\",\"can\":[\"create\"],"
    "\"fields\":[{\"name\":\"id\"}]}]}";
static const char books_text[] =
    "{\"title\":\"Books\",\"concurrency\":4,\"settings\":[{\"name\":\"wait\","
    "\"type\":\"duration\",\"default\":\"5s\"}],"
    "\"entities\":[{\"name\":\"debtor\",\"model\":\"customer\",\"key\":\"number\","
    "\"can\":[\"read\",\"find\",\"create\",\"update\"],\"repeat\":\"lookup\","
    "\"fields\":[{\"name\":\"number\"},{\"name\":\"mail\"}],\"find\":[\"mail\"],"
    "\"match\":{\"email\":\"mail\"}},"
    "{\"name\":\"article\",\"model\":\"article\",\"key\":\"number\","
    "\"can\":[\"read\",\"create\"],\"fields\":[{\"name\":\"number\"}]},"
    "{\"name\":\"level\",\"model\":\"stock\",\"key\":\"number\",\"can\":[\"read\"]},"
    "{\"name\":\"invoice\",\"model\":\"order\",\"can\":[\"create\"],"
    "\"fields\":[{\"name\":\"id\",\"read_only\":true},{\"name\":\"description\"},"
    "{\"name\":\"date\"},{\"name\":\"extra\",\"type\":\"object\"},"
    "{\"name\":\"lines\",\"type\":\"list\",\"fields\":[{\"name\":\"vatCode\"},"
    "{\"name\":\"amount\"}]}],"
    "\"references\":[{\"name\":\"customer\",\"entity\":\"debtor\",\"from\":\"customer\","
    "\"key\":\"number\",\"model\":\"customer\"}]}]}";
static const char words_text[] =
    "{\"title\":\"Words\",\"functions\":[{\"name\":\"trim\"},"
    "{\"name\":\"truncate\",\"args\":[{\"name\":\"count\",\"type\":\"integer\",\"min\":0,"
    "\"required\":true}]}]}";

static struct plugin shop, books, words;

static void make(struct plugin *p, const char *name, uint32_t kind, const char *text)
{
    struct koppel_error err = {0};
    p->entry.name = name;
    p->entry.kind = kind;
    p->catalogue = catalogue_parse(text, &err);
    ck_assert_msg(p->catalogue != NULL, "%s: %s", name, err.text);
}

const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err)
{
    (void)p;
    if (strcmp(name, "shop") == 0)
        return &shop;
    if (strcmp(name, "books") == 0)
        return &books;
    if (strcmp(name, "words") == 0)
        return &words;
    err_set(err, KOPPEL_E_CONFIG, "there is no plugin \"%s\"", name);
    return NULL;
}

char **plugins_names(struct plugins *p, int *count)
{
    static const char *const known[] = {"shop", "books", "words"};
    char **names = calloc(3, sizeof *names);
    (void)p;
    for (*count = 0; names && *count < 3; ++*count)
        names[*count] = strdup(known[*count]);
    return names;
}

void plugins_names_free(char **names, int count)
{
    for (int i = 0; names && i < count; i++)
        free(names[i]);
    free(names);
}

int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err)
{
    (void)p;
    int i = catalogue_function(words.catalogue, name);
    if (i < 0)
        return err_set(err, KOPPEL_E_CONFIG, "there is no function \"%s\"", name);
    *out = &words;
    *function = (uint32_t)i;
    return 0;
}

/* ---- a directory of files ---- */

static char dir[64];
static struct conf_report report;

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    (void)unlink(path); /* it may be a pipe */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void folder(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static const char good_flow[] =
    "name = \"orders\";\n"
    "from = { connection = \"till\"; entity = \"order\"; };\n"
    "to = { connection = \"ledger\"; entity = \"invoice\"; };\n"
    "every = \"2m\";\n"
    "filter = ( { field = \"state\"; in = [ \"paid\", \"delivered\" ]; },\n"
    "           { field = \"total_incl\"; more = \"-0.01\"; },\n"
    "           { field = \"customer\"; has = false; } );\n"
    "references = { customer = { missing = \"create\"; existing = \"update\"; }; };\n"
    "tables = { vat = \"vat.csv\"; };\n"
    "map = ( { to = \"description\"; from = [ \"note\", \"branch\" ]; via = [ \"trim\", "
    "\"truncate:60\" ]; },\n"
    "        { to = \"extra.any.thing\"; value = 7; on = \"create\"; } );\n"
    "settings = { zero_lines = \"drop\"; };\n";

#define GOOD_GET                                                                                   \
    "map = ( { to = \"reference\"; from = \"id\"; }, { to = \"date\"; from = \"x\"; } );\n"

static void setup(void)
{
    struct koppel_error err = {0};
    ck_assert_int_eq(secret_start(&err), 0);
    make(&shop, "shop", KOPPEL_KIND_CONNECTOR, shop_text);
    make(&books, "books", KOPPEL_KIND_CONNECTOR, books_text);
    make(&words, "words", KOPPEL_KIND_TRANSFORM, words_text);
    snprintf(dir, sizeof dir, "/tmp/koppel-config-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    folder("connections.d");
    folder("flows.d");
    folder("mappings");
    folder("mappings/shop");
    folder("mappings/books");
    setenv("SHOP_SECRET", "sesame-open", 1);
    put("secret.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    put("koppel.conf", "store = { path = \"k.db\"; };\nworkers = 3;\n");
    put("connections.d/till.conf", "name = \"till\";\nconnector = \"shop\";\n"
                                   "settings = { url = \"https://till.example\"; secret = "
                                   "\"env:SHOP_SECRET\"; port = 443; };\n");
    put("connections.d/ledger.conf", "name = \"ledger\";\nconnector = \"books\";\nlimit_mb = 2;\n");
    put("flows.d/orders.conf", good_flow);
    put("vat.csv", "# code,books\nhigh,1\n\"low, or so\",\"a \"\"2\"\"\"\r\n\n NL|x , 5 \n*,9");
    put("mappings/shop/order.get.conf", GOOD_GET);
    put("mappings/books/debtor.send.conf", "map = ( { to = \"mail\"; from = \"email\"; } );\n");
    put("mappings/books/invoice.send.conf",
        "map = (\n"
        "  { to = \"description\"; from = \"reference\"; },\n"
        "  { to = \"date\"; from = \"date\"; required = true; },\n"
        "  { to = \"lines\"; each = \"lines[]\"; map = (\n"
        "      { to = \"vatCode\"; from = \"vat_code\"; table = \"vat\"; } ); }\n"
        ");\n");
}

static void teardown(void)
{
    conf_report_done(&report);
    catalogue_free(shop.catalogue);
    catalogue_free(books.catalogue);
    catalogue_free(words.catalogue);
    char command[128];
    static const char *const files[] = {
        "connections.d/till.conf", "connections.d/ledger.conf", "connections.d/z.conf",
        "flows.d/orders.conf", "flows.d/b.conf", "flows.d/c.conf", "mappings/shop/order.get.conf",
        "mappings/shop/article.get.conf", "mappings/books/debtor.send.conf",
        "mappings/books/level.get.conf", "flows.d/a.conf", "deep.conf",
        "mappings/books/invoice.send.conf", "vat.csv", "more.conf", "koppel.conf", "secret.key",
        "connections.d", "flows.d", "mappings/shop", "mappings/books", "mappings", ""};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(command, sizeof command, "%s/%s", dir, files[i]);
        (void)remove(command);
    }
}

static struct conf *load(void)
{
    conf_report_done(&report);
    return conf_load(dir, NULL, NULL, &report);
}

static struct conf *load_good(void)
{
    struct conf *c = load();
    if (!c)
        conf_report_print(&report, true);
    ck_assert_ptr_nonnull(c);
    return c;
}

/* One mistake stands there: file's end, line, part of the text. */
static void expect(const char *file, int line, const char *text)
{
    for (int i = 0; i < report.count; i++) {
        const struct conf_mistake *m = &report.items[i];
        size_t n = strlen(m->file), k = strlen(file);
        if (m->line == line && strstr(m->text, text) && n >= k &&
            strcmp(m->file + n - k, file) == 0)
            return;
    }
    conf_report_print(&report, true);
    ck_abort_msg("not reported: %s:%d: %s", file, line, text);
}

/* ---- good ones ---- */

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

START_TEST(test_rules)
{
    struct conf *c = load_good();
    struct conf_flow *f = conf_flow(c, "orders");
    ck_assert_int_eq(f->get.count, 2);
    ck_assert_int_eq(f->send.count, 4); /* date, lines; then description (replaced) and extra */
    const struct conf_rule *lines = &f->send.rules[1], *own = &f->send.rules[2];
    ck_assert_str_eq(path_text(lines->each), "lines");
    ck_assert_int_eq(lines->map_count, 1);
    ck_assert_str_eq(lines->map[0].table->name, "vat");
    ck_assert_str_eq(path_text(own->to), "description");
    ck_assert_int_eq(own->from_count, 2);
    ck_assert_str_eq(own->join, "|");
    ck_assert_int_eq(own->via_count, 2);
    ck_assert_int_eq(json_integer_value(json_array_get(own->via[1].call.args, 0)), 60);
    ck_assert_int_eq(json_integer_value(f->send.rules[3].value_json), 7);
    ck_assert_int_eq(f->send.rules[3].on, RULE_CREATE);
    ck_assert(f->send.rules[0].required);
    const struct conf_reference *r = &f->references[0];
    ck_assert_int_eq(f->reference_count, 1);
    ck_assert_int_eq(r->match_count, 1);
    ck_assert_str_eq(r->match[0], "email");
    ck_assert(r->missing == MISSING_CREATE && r->update_existing);
    ck_assert_int_eq(r->send.count, 1);
    conf_free(c);
}
END_TEST

START_TEST(test_conditions)
{
    struct conf *c = load_good();
    const struct conf_condition *f = conf_flow(c, "orders")->filter;
    ck_assert_int_eq(conf_flow(c, "orders")->filter_count, 3);
    ck_assert_int_eq(f[0].op, COND_IS);
    ck_assert_int_eq(f[0].value_count, 2);
    ck_assert_int_eq(f[1].op, COND_MORE);
    ck_assert_int_eq(f[1].at.line, 6);
    ck_assert(f[2].op == COND_HAS && f[2].negate);
    conf_free(c);
}
END_TEST

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

START_TEST(row29_words_in_mappings)
{
    put("mappings/books/invoice.send.conf",
        "map = ( { to = \"date\"; from = [ \"settings.words.rounding\", "
        "\"settings.home.country\" ]; } );\n");
    conf_free(load_good());
    put("mappings/books/invoice.send.conf",
        "map = ( { to = \"date\"; from = [ \"settings.words.runding\", "
        "\"settings.home.county\" ]; } );\n");
    ck_assert_ptr_null(load());
    expect("invoice.send.conf", 1, "did you mean \"rounding\"?");
    expect("invoice.send.conf", 1, "did you mean \"country\"?");
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

START_TEST(test_option_values)
{
    static const char *const all[][3] = {{"types = \"sales, repeat\";", NULL, NULL},
                                         {"types = \"\";", NULL, NULL},
                                         {"types = \"sales,repaet\";",
                                          "must be some of sales, repeat", "repeat"},
                                         {"types = \"sales;repeat\";", "must be some of", NULL},
                                         {"since = \"2026-06-30\";", NULL, NULL},
                                         {"since = \"2026-13-30\";", "must be a date", NULL},
                                         {"since = \"yesterday\";", "must be a date", NULL},
                                         {"since = 20260630;", "must be text in quotes", NULL}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[sizeof good_flow + 128];
        snprintf(text, sizeof text, "%soptions = {\n %s };\n", good_flow, all[i][0]);
        put("flows.d/orders.conf", text);
        struct conf *c = load();
        ck_assert_msg(!c == (all[i][1] != NULL), "%s", all[i][0]);
        conf_free(c);
        if (!all[i][1])
            continue;
        expect("orders.conf", 14, all[i][1]);
        const char *near = report.items[0].nearest;
        ck_assert_str_eq(near ? near : "-", all[i][2] ? all[i][2] : "-");
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

/* ---- mistakes ---- */

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

START_TEST(test_rule_forms)
{
    char text[4096];
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = ( { to = \"lines\"; append = true; map = ( { to = \"amount\"; expr = "
           "\"total_incl + 1\"; } ); },\n"
           "  { to = \"description\"; empty = \"clear\"; parts = ( { from = \"note\"; },"
           "    { value = \"b\"; } ); } );\n");
    put("flows.d/orders.conf", text);
    struct conf *c = load_good();
    const struct conf_mapping *send = &conf_flow(c, "orders")->send;
    ck_assert_int_eq(send->count, 4); /* date, lines; then the appended line and the description */
    ck_assert_str_eq(path_text(send->rules[1].to), "lines");
    ck_assert(!send->rules[1].append && send->rules[2].append && send->rules[3].clear);
    ck_assert_ptr_null(send->rules[2].each);
    ck_assert_str_eq(expr_text(send->rules[2].map[0].expr), "total_incl + 1");
    ck_assert_int_eq(send->rules[3].part_count, 2);
    conf_free(c);
}
END_TEST

START_TEST(test_rule_mistakes)
{
    char text[4096];
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = (\n{ to = \"lines\"; each = \"lines\"; },\n"
           "{ to = \"lines\"; each = \"lines\"; from = \"note\"; map = (); },\n"
           "{ to = \"date\"; expr = \"total_incl +\"; },\n"
           "{ to = \"date\"; from = \"note\"; expr = \"prepaid\"; },\n"
           "{ to = \"date\"; from = \"note\"; empty = \"clean\"; },\n"
           "{ to = \"date\"; from = \"note\"; empty = \"clear\"; required = true; },\n"
           "{ to = \"extra\"; default = \"x\"; map = (); },\n"
           "{ to = \"extra.a[].b\"; from = \"note\"; append = true; },\n"
           "{ to = \"date\"; parts = \"a\"; },\n"
           "{ to = \"date\"; parts = ( \"a\" ); },\n"
           "{ to = \"date\"; parts = ( { from = \"note\"; force = true; } ); },\n"
           "{ to = \"date\"; parts = ( { via = \"trim\"; } ); },\n"
           "{ to = \"date\"; } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("orders.conf", 11, "\"each\" needs a \"map\"");
    expect("orders.conf", 12, "exactly one of");
    expect("orders.conf", 13, "column 13: expected a number");
    expect("orders.conf", 14, "exactly one of");
    expect("orders.conf", 15, "did you mean \"clear\"");
    expect("orders.conf", 16, "exclude one another");
    expect("orders.conf", 17, "\"default\" does nothing beside \"map\"");
    expect("orders.conf", 18, "adds to one list");
    expect("orders.conf", 19, "must be a list of groups");
    expect("orders.conf", 20, "a part is a group");
    expect("orders.conf", 21, "\"force\" is not known here");
    expect("orders.conf", 22, "exactly one of");
    expect("orders.conf", 23, "exactly one of");
    ck_assert_int_eq(report.errors, 13);
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

/* ---- texts in memory over the disk ---- */

static struct conf *load_over(const char *path, const char *text)
{
    struct conf_source_text one = {path, text, text ? strlen(text) : 0};
    struct conf_source source = {&one, 1};
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

START_TEST(test_directions)
{
    put("flows.d/b.conf",
        "name = \"there\";\nfrom = { connection = \"till\"; entity = \"article\"; };\n"
        "to = { connection = \"ledger\"; entity = \"article\"; };\nmap = ();\n");
    put("flows.d/c.conf",
        "name = \"there\";\nfrom = { connection = \"ledger\"; entity = \"article\"; };\n"
        "to = { connection = \"till\"; entity = \"article\"; };\nmap = ();\n"
        "get = \"mappings/shop/article.get.conf\";\n");
    put("mappings/shop/article.get.conf", "map = ( { to = \"number\"; from = \"number\"; } );\n");
    ck_assert_ptr_null(load());
    expect("c.conf", 1, "is there already, at ");
    expect("c.conf", 1,
           "carries product records from \"ledger\" to \"till\", and flow \"there\" at ");
    expect("c.conf", 1, "b.conf:1 product records the other way; articles travel in one direction");
    ck_assert_int_eq(report.errors, 2);
}
END_TEST

/* P1: the other direction may wait, switched off. */
START_TEST(test_p1_one_direction_may_wait)
{
    put("flows.d/b.conf",
        "name = \"there\";\nfrom = { connection = \"till\"; entity = \"article\"; };\n"
        "to = { connection = \"ledger\"; entity = \"article\"; };\nmap = ();\n");
    put("flows.d/c.conf",
        "name = \"back\";\nfrom = { connection = \"ledger\"; entity = \"article\"; };\n"
        "to = { connection = \"till\"; entity = \"article\"; };\nmap = ();\n"
        "get = \"mappings/shop/article.get.conf\";\nenabled = false;\n");
    put("mappings/shop/article.get.conf", "map = ( { to = \"number\"; from = \"number\"; } );\n");
    struct conf *c = load_good();
    ck_assert_str_eq(conf_flow(c, "back")->model, "product");
    ck_assert(!conf_flow(c, "back")->enabled && conf_flow(c, "there")->enabled);
    conf_free(c);
}
END_TEST

/* Settings are of the model; where the sides are wrong, that is what is said, and nothing of it. */
START_TEST(test_settings_of_unknown_sides)
{
    put("flows.d/b.conf", "name = \"b\";\nfrom = { connection = \"tilll\"; entity = \"order\"; };\n"
                          "to = { connection = \"ledgr\"; entity = \"invoice\"; };\n"
                          "settings = { on_change = \"update\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2, "did you mean \"till\"");
    expect("b.conf", 3, "did you mean \"ledger\"");
    ck_assert_int_eq(report.errors, 2);
}
END_TEST

/* Q1: the books of this test have no place for quotes. */
START_TEST(test_q1_quotes_need_a_place)
{
    static const char flow[] =
        "name = \"quotes\";\nfrom = { connection = \"till\"; entity = \"proposal\"; };\n"
        "to = { connection = \"ledger\"; entity = \"quote\"; };\n"
        "get = \"mappings/shop/order.get.conf\";\n";
    char text[512];
    put("flows.d/b.conf", flow);
    ck_assert_ptr_null(load());
    expect(
        "b.conf", 3,
        "flow \"quotes\" cannot be switched on: connection \"ledger\" (connector books) "
        "has no entity that takes what \"proposal\" of \"till\" gives, core model \"quote\"; set "
        "enabled = false, or take it away");
    ck_assert_int_eq(report.errors, 1);
    snprintf(text, sizeof text, "%senabled = false;\n", flow);
    put("flows.d/b.conf", text);
    struct conf *c = load_good();
    ck_assert_ptr_nonnull(strstr(conf_flow(c, "quotes")->cannot, "has no entity that takes"));
    ck_assert_ptr_null(conf_flow(c, "orders")->cannot);
    conf_free(c);
}
END_TEST

/* O36: branch needs workplace, but for the branch that needs none. */
START_TEST(test_o36_settings_that_need_one_another)
{
    static const char start[] =
        "name = \"till\";\nconnector = \"shop\";\n"
        "settings = { url = \"https://till.example\"; secret = \"env:SHOP_SECRET\";\n";
    char text[512];
    snprintf(text, sizeof text, "%s branch = \"2\"; limit = \"5 cents\"; };\n", start);
    put("connections.d/till.conf", text);
    ck_assert_ptr_null(load());
    expect("till.conf", 4, "\"branch\" needs \"workplace\" to be set too, unless it is \"1\"");
    expect("till.conf", 4, "\"limit\" must be a decimal such as \"0.05\"");
    ck_assert_int_eq(report.errors, 2);
    snprintf(text, sizeof text, "%s branch = \"2\"; workplace = \"\"; };\n", start);
    put("connections.d/till.conf", text);
    ck_assert_ptr_null(load());
    expect("till.conf", 4, "\"branch\" needs \"workplace\"");
    snprintf(text, sizeof text, "%s branch = \"1\"; };\n", start);
    put("connections.d/till.conf", text);
    conf_free(load_good());
    snprintf(text, sizeof text, "%s branch = \"2\"; workplace = \"3\"; };\n", start);
    put("connections.d/till.conf", text);
    conf_free(load_good());
}
END_TEST

START_TEST(test_formula)
{
    static const char *const cases[][2] = {
        {"free", NULL},
        {"physical - 2 * reserved", NULL},
        {"physical - reservd",
         "\"levels[].reservd\" is no field of the core model \"stock\"; did you mean "
         "\"reserved\"?"},
        {"physical -",
         "must be one of available, physical, free, economic, or a calculation: expression"},
    };
    put("mappings/books/level.get.conf", "map = ( { to = \"number\"; from = \"no\"; } );\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "name = \"stock\";\nfrom = { connection = \"ledger\"; entity = \"level\"; };\n"
                 "to = { connection = \"till\"; entity = \"stock\"; };\nmap = ();\n"
                 "settings = { formula = \"%s\"; };\n", cases[i][0]);
        put("flows.d/b.conf", text);
        struct conf *c = load();
        if (cases[i][1])
            expect("b.conf", 5, cases[i][1]);
        else
            ck_assert_str_eq(json_string_value(json_object_get(conf_flow(c, "stock")->settings,
                                                               "formula")), cases[i][0]);
        ck_assert_int_eq(report.errors, cases[i][1] != NULL);
        conf_free(c);
    }
}
END_TEST

START_TEST(test_fields_of_the_core)
{
    char text[4096];
    put("mappings/shop/order.get.conf",
        "map = (\n{ to = \"reference\"; from = \"idd\"; },\n"
        "{ to = \"custom.colour\"; from = \"x\"; "
        "when = ( { field = \"rows[0].a\"; has = true; } ); },\n"
        "{ to = \"date\"; from = \"x\"; },\n"
        "{ to = \"refrence\"; from = \"x\"; },\n"
        "{ to = \"customer.emial\"; from = \"x\"; },\n"
        "{ to = \"total_net\"; from = \"x\"; },\n"
        "{ to = \"lines\"; each = \"rows\"; map = ( { to = \"number\"; from = \"x\"; },\n"
        "{ to = \"custom.size\"; from = \"x\"; },\n"
        "{ to = \"numbr\"; from = \"x\"; } ); },\n"
        "{ to = \"gone\"; value = true; },\n"
        "{ to = \"customer.ref\"; value = \"9\"; } );\n");
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(
        strstr(text, "map = ("),
        "map = (\n{ to = \"description\"; from = [ \"customer.ref\", \"custom.a.b\", \"gone\" ]; "
        "},\n"
        "{ to = \"extra.a\"; from = \"customer.city[0]\"; when = ( { field = \"sttate\"; is = "
        "\"x\"; } ); },\n"
        "{ to = \"extra.b\"; value = 1; when = ( { field = \"settings.on_change\"; is = \"park\"; "
        "} ); },\n"
        "{ to = \"extra.c\"; value = 1; when = ( { field = \"settings.on_chnge\"; is = \"park\"; } "
        "); },\n"
        "{ to = \"lines\"; each = \"lines\"; map = ( { to = \"amount\"; expr = \"net + vta\"; },\n"
        "{ to = \"vatCode\"; parts = ( { from = \"region\"; }, { from = \"regin\"; } ); },\n"
        "{ to = \"vatCode\"; value = \"1\"; when = ( { field = \"settings.on_change\"; is = \"x\"; "
        "} ); } ); },\n"
        "{ to = \"lines\"; each = \"customer\"; append = true; map = ( { to = \"amount\"; from = "
        "\"name\"; } ); },\n"
        "{ to = \"lines\"; each = \"liens\"; append = true; map = (); } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("order.get.conf", 2, "\"idd\" is no field of entity \"order\"; did you mean \"id\"?");
    expect("orders.conf", 12, "\"city\" of the core model \"order\" is a text, no list");
    expect("order.get.conf", 5,
           "\"refrence\" is no field of the core model \"order\"; did you mean "
           "\"reference\"?");
    expect("order.get.conf", 6,
           "\"customer.emial\" is no field of the core model \"order\"; did you mean "
           "\"email\"?");
    expect("order.get.conf", 7,
           "\"total_net\" of the core model \"order\" is filled by Koppel itself");
    expect("order.get.conf", 10, "\"lines[].numbr\" is no field");
    expect("order.get.conf", 11, "\"gone\" is no field");
    expect("order.get.conf", 12, "\"customer.ref\" is no field");
    expect("orders.conf", 12, "did you mean \"state\"?");
    expect("orders.conf", 14,
           "model \"order\" has no setting \"on_chnge\"; did you mean \"on_change\"?");
    expect("orders.conf", 15, "\"lines[].vta\" is no field");
    expect("orders.conf", 16,
           "\"lines[].regin\" is no field of the core model \"order\"; did you mean "
           "\"region\"?");
    expect("orders.conf", 18, "\"each\" goes through a list, \"customer\" is an object");
    expect("orders.conf", 19, "did you mean \"lines\"?");
    ck_assert_int_eq(report.errors, 14); /* what a get mapping with mistakes fills is not known */
}
END_TEST

/* A state that no order has would let nothing through, without a word. */
START_TEST(test_values_of_the_core)
{
    char text[4096];
    put("mappings/shop/order.get.conf",
        "map = ( { to = \"date\"; from = \"x\"; },\n{ to = \"reference\"; from = \"x\"; },\n"
        "{ to = \"state\"; value = \"piad\"; when = ( { field = \"state\"; is = \"any\"; } ); },\n"
        "{ to = \"state\"; value = \"P\"; table = \"vat\"; },\n"
        "{ to = \"lines\"; each = \"rows\"; map = ( { to = \"kind\"; value = \"article\"; },\n"
        "{ to = \"kind\"; value = \"shiping\"; } ); } );\n");
    snprintf(text, sizeof text, "%s", good_flow);
    strcpy(strstr(text, "map = ("),
           "map = (\n{ to = \"description\"; value = \"x\"; when = ( { field = \"state\"; not = "
           "\"canceled\"; } ); },\n"
           "{ to = \"lines\"; each = \"lines\"; when = ( { field = \"vat_method\"; in = [ "
           "\"inclusive\", \"incl\" ]; } );\n"
           "map = ( { to = \"amount\"; from = \"net\"; when = ( { field = \"kind\"; is = \"text\"; "
           "}, { field = \"kind\"; has = true; } ); } ); } );\n");
    put("flows.d/orders.conf", text);
    ck_assert_ptr_null(load());
    expect("order.get.conf", 3,
           "\"state\" is never \"piad\"; it is one of open, paid, delivered, cancelled; "
           "did you mean \"paid\"?");
    expect("order.get.conf", 6, "did you mean \"shipping\"?");
    expect("orders.conf", 11, "\"state\" is never \"canceled\"");
    expect("orders.conf", 12, "\"vat_method\" is never \"incl\"");
    ck_assert_int_eq(report.errors, 4);
}
END_TEST

START_TEST(test_unknown_model)
{
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"till\"; entity = \"strange\"; };\n"
        "to = { connection = \"ledger\"; entity = \"debtor\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2, "\"strange\" is of model \"horse\", which Koppel does not know");
    ck_assert_int_eq(report.errors, 1);
}
END_TEST

START_TEST(test_abilities)
{
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"ledger\"; entity = \"invoice\"; };\n"
        "to = { connection = \"till\"; entity = \"order\"; };\n"
        "get = \"mappings/shop/order.get.conf\";\nmap = ();\n");
    put("flows.d/c.conf", "name = \"c\";\nfrom = { connection = \"till\"; entity = \"order\"; };\n"
                          "to = { connection = \"ledger\"; entity = \"debtor\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 2,
           "entity \"invoice\" of connection \"ledger\" (connector books) cannot be read; "
           "these can: debtor, article, level");
    expect("b.conf", 3, "cannot be written; these can: article, stock");
    expect("c.conf", 3, "of model \"customer\"");
    put("flows.d/b.conf",
        "name = \"b\";\nfrom = { connection = \"ledger\"; entity = \"level\"; };\n"
        "to = { connection = \"till\"; entity = \"order\"; };\n");
    ck_assert_ptr_null(load());
    expect("b.conf", 3,
           "entity \"order\" of connection \"till\" (connector shop) cannot be written; "
           "these can: article, stock");
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

START_TEST(test_models)
{
    static const char *const names[] = {"customer", "category", "order", "quote",
                                        "product", "stock", "ledger", "record"};
    for (int i = 0; i < 8; i++) {
        const struct model *m = model_at(i);
        ck_assert_str_eq(m->name, names[i]);
        ck_assert_ptr_eq(model_find(names[i]), m);
        ck_assert_ptr_nonnull(m->title);
        ck_assert((m->record != NULL) == (i < 7));
    }
    ck_assert_ptr_null(model_at(8));
    ck_assert_ptr_null(model_at(-1));
    ck_assert_int_eq(model_find("record")->count, 0);
    ck_assert_int_eq(model_find("quote")->count, model_find("order")->count); /* like an order */
    ck_assert_ptr_eq(model_find("article"), model_find("product"));
    ck_assert_ptr_null(model_find("orders"));
    ck_assert_ptr_null(model_find(NULL));
    /* A quote is an order with more; an order holds the whole customer. */
    ck_assert_ptr_nonnull(catalogue_field(model_find("quote")->record, "valid"));
    ck_assert_ptr_nonnull(catalogue_field(model_find("quote")->record, "lines.vat_rate"));
    ck_assert_ptr_null(catalogue_field(model_find("order")->record, "valid"));
    const struct cat_entity *customer = model_find("customer")->record;
    for (int i = 0; i < customer->field_count; i++) {
        char path[64];
        snprintf(path, sizeof path, "customer.%s", customer->fields[i].name);
        ck_assert_ptr_nonnull(catalogue_field(model_find("order")->record, path));
    }
    const struct cat_entity *order = model_find("order")->record;
    ck_assert(catalogue_field(order, "lines[].net")->read_only);
    ck_assert(catalogue_field(order, "reference")->required);
}
END_TEST

UNIT_MAIN("config")
{
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_good);
    tcase_add_test(t, test_rules);
    tcase_add_test(t, test_conditions);
    tcase_add_test(t, test_table);
    tcase_add_test(t, f18_tables_of_spreadsheets);
    tcase_add_test(t, f15_f18_home);
    tcase_add_test(t, x9_keep);
    tcase_add_test(t, x11_metrics_are_shown_on_this_machine_alone);
    tcase_add_test(t, row29_words_in_mappings);
    tcase_add_test(t, test_version);
    tcase_add_test(t, test_include);
    tcase_add_test(t, test_pipes);
    tcase_add_test(t, test_names);
    tcase_add_test(t, test_plain_http);
    tcase_add_test(t, test_wrong_addresses);
    tcase_add_test(t, test_option_values);
    tcase_add_test(t, test_many);
    tcase_add_test(t, test_rule_forms);
    tcase_add_test(t, test_rule_mistakes);
    tcase_add_test(t, test_missing_table);
    tcase_add_test(t, test_connector);
    tcase_add_test(t, test_literal_secret);
    tcase_add_test(t, test_text_traps);
    tcase_add_test(t, test_memory_over_disk);
    tcase_add_test(t, test_memory_is_included);
    tcase_add_test(t, test_mistakes_are_data);
    tcase_add_test(t, test_directions);
    tcase_add_test(t, test_p1_one_direction_may_wait);
    tcase_add_test(t, test_settings_of_unknown_sides);
    tcase_add_test(t, test_q1_quotes_need_a_place);
    tcase_add_test(t, test_o36_settings_that_need_one_another);
    tcase_add_test(t, test_formula);
    tcase_add_test(t, test_fields_of_the_core);
    tcase_add_test(t, test_values_of_the_core);
    tcase_add_test(t, test_unknown_model);
    tcase_add_test(t, test_abilities);
    tcase_add_test(t, test_nearest);
    tcase_add_test(t, test_models);
}
