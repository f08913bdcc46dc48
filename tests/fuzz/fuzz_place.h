/* SPDX-License-Identifier: MIT
 * A small, otherwise right configuration for targets that put a flow into it. The plugins are
 * catalogues without code, in place of plugin/plugins.c; one program includes it once. */
#ifndef KOPPEL_TESTS_FUZZ_PLACE_H
#define KOPPEL_TESTS_FUZZ_PLACE_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/catalogue_parse.h"
#include "config/conf_load.h"
#include "plugin/plugins.h"
#include "plugin/plugins_function.h"
#include "plugin/plugins_names.h"

/* libconfig itself forgets the text of a string at a syntax error. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:strbuf_append\nleak:libconfig_yylex\n";
}

static const char shop_text[] =
    "{\"title\":\"Shop\",\"settings\":[{\"name\":\"url\",\"type\":\"url\",\"required\":true}],"
    "\"entities\":[{\"name\":\"order\",\"model\":\"order\",\"key\":\"id\",\"can\":[\"read\"],"
    "\"fields\":[{\"name\":\"id\"}],\"options\":[{\"name\":\"relations\",\"type\":\"boolean\","
    "\"default\":true},{\"name\":\"types\"}]}]}";
static const char books_text[] =
    "{\"title\":\"Books\",\"entities\":[{\"name\":\"debtor\",\"model\":\"customer\","
    "\"key\":\"number\",\"can\":[\"read\",\"find\",\"create\",\"update\"],\"repeat\":\"lookup\","
    "\"fields\":[{\"name\":\"number\"},{\"name\":\"mail\"}],\"find\":[\"mail\"],"
    "\"match\":{\"email\":\"mail\"}},"
    "{\"name\":\"invoice\",\"model\":\"order\",\"can\":[\"create\"],"
    "\"fields\":[{\"name\":\"id\",\"read_only\":true},{\"name\":\"description\"},"
    "{\"name\":\"extra\",\"type\":\"object\"},{\"name\":\"lines\",\"type\":\"list\","
    "\"fields\":[{\"name\":\"vatCode\"},{\"name\":\"amount\"}]}],"
    "\"references\":[{\"name\":\"customer\",\"entity\":\"debtor\",\"from\":\"customer\","
    "\"key\":\"number\",\"model\":\"customer\"}]}]}";
static const char words_text[] =
    "{\"title\":\"Words\",\"functions\":[{\"name\":\"trim\"},"
    "{\"name\":\"truncate\",\"args\":[{\"name\":\"count\",\"type\":\"integer\",\"min\":0,"
    "\"required\":true}]}]}";

static struct plugin shop, books, words;
static char dir[64];

static void make(struct plugin *p, const char *name, uint32_t kind, const char *text)
{
    struct koppel_error err = {0};
    p->entry.name = name;
    p->entry.kind = kind;
    p->catalogue = catalogue_parse(text, &err);
    if (!p->catalogue)
        abort();
}

const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err)
{
    (void)p;
    if (strcmp(name, "shop") == 0)
        return &shop;
    if (strcmp(name, "books") == 0)
        return &books;
    err_set(err, KOPPEL_E_CONFIG, "there is no plugin \"%s\"", name);
    return NULL;
}

char **plugins_names(struct plugins *p, int *count)
{
    static char *names[] = {(char *)"shop", (char *)"books"};
    (void)p;
    *count = 2;
    return names;
}

void plugins_names_free(char **names, int count)
{
    (void)names;
    (void)count;
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

static void put(const char *name, const void *text, size_t bytes)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || (bytes && write(fd, text, bytes) != (ssize_t)bytes))
        abort();
    close(fd);
}

static void folder(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    if (mkdir(path, 0700) != 0)
        abort();
}

static void put_text(const char *name, const char *text)
{
    put(name, text, strlen(text));
}

static void clean(void)
{
    static const char *const files[] = {
        "connections.d/till.conf", "connections.d/ledger.conf", "flows.d/x.conf",
        "mappings/shop/order.get.conf", "mappings/books/debtor.send.conf",
        "mappings/books/invoice.send.conf", "vat.csv", "koppel.conf", "secret.key",
        "connections.d", "flows.d", "mappings/shop", "mappings/books", "mappings", ""};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        (void)remove(path);
    }
    catalogue_free(shop.catalogue);
    catalogue_free(books.catalogue);
    catalogue_free(words.catalogue);
}

static void start(void)
{
    struct koppel_error err = {0};
    const char *tmp = getenv("TMPDIR");
    if (secret_start(&err) != 0)
        abort();
    if (!tmp || strlen(tmp) > 30)
        tmp = "/tmp";
    snprintf(dir, sizeof dir, "%s/koppel-fuzz-XXXXXX", tmp);
    if (!mkdtemp(dir))
        abort();
    make(&shop, "shop", KOPPEL_KIND_CONNECTOR, shop_text);
    make(&books, "books", KOPPEL_KIND_CONNECTOR, books_text);
    make(&words, "words", KOPPEL_KIND_TRANSFORM, words_text);
    folder("connections.d");
    folder("flows.d");
    folder("mappings");
    folder("mappings/shop");
    folder("mappings/books");
    put_text("secret.key", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    put_text("koppel.conf", "store = { path = \"k.db\"; };\n");
    put_text("connections.d/till.conf", "name = \"till\";\nconnector = \"shop\";\n"
                                        "settings = { url = \"https://till.example\"; };\n");
    put_text("connections.d/ledger.conf", "name = \"ledger\";\nconnector = \"books\";\n");
    put_text("vat.csv", "high,1\n*,9\n");
    put_text("mappings/shop/order.get.conf", "map = ( { to = \"reference\"; from = \"id\"; } );\n");
    put_text("mappings/books/debtor.send.conf",
             "map = ( { to = \"mail\"; from = \"email\"; } );\n");
    put_text("mappings/books/invoice.send.conf",
             "map = ( { to = \"description\"; from = \"reference\"; } );\n");
    atexit(clean);
}

/* @include could name any file of the machine, a device among them. */
static int includes(const uint8_t *data, size_t bytes)
{
    return bytes && memmem(data, bytes, "@include", 8) != NULL;
}

#endif
