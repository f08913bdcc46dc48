/* SPDX-License-Identifier: MIT
 * A configuration in a folder, and plugins made of catalogues only, so that no built plugin is
 * needed. */
#ifndef KOPPEL_TESTS_UNIT_CONFIG_FIXTURE_H
#define KOPPEL_TESTS_UNIT_CONFIG_FIXTURE_H

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

static inline void make(struct plugin *p, const char *name, uint32_t kind, const char *text)
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

static char dir[64];
static struct conf_report report;

static inline void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    (void)unlink(path); /* it may be a pipe */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static inline void folder(const char *name)
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

static inline void setup(void)
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

static inline void teardown(void)
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

static inline struct conf *load(void)
{
    conf_report_done(&report);
    return conf_load(dir, NULL, NULL, &report);
}

static inline struct conf *load_good(void)
{
    struct conf *c = load();
    if (!c)
        conf_report_print(&report, true);
    ck_assert_ptr_nonnull(c);
    return c;
}

/* One mistake stands there: file's end, line, part of the text. */
static inline void expect(const char *file, int line, const char *text)
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

#endif
