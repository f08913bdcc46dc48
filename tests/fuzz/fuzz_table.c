/* SPDX-License-Identifier: MIT
 * A CSV file: fields lie in their row, rows one behind another, and of the table that the rows make
 * each is found by its own key, and no key finds a row that does not fit. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/grid.h"
#include "config/conf_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void fields(const struct conf_csv *c, const struct conf_csv_row *row, size_t bytes)
{
    size_t before = row->start;
    must(row->start <= row->end && row->end <= row->next && row->next <= bytes);
    if (row->kind != CONF_CSV_ROW)
        return;
    must(row->count > 0 && row->count <= CONF_CSV_COLUMNS);
    for (int i = 0; i < row->count; i++) {
        const struct conf_csv_field *f = &row->fields[i];
        must(before <= f->start && f->start <= f->end && f->end <= row->end);
        before = f->end;
        char *text = conf_csv_text(c, f);
        must(text && strlen(text) <= f->end - f->start);
        free(text);
    }
}

/* The first field is the key, the second the value. */
static void add(struct grid *g, const struct conf_csv *c, const struct conf_csv_row *row)
{
    if (row->kind != CONF_CSV_ROW || row->count < 2)
        return;
    char *key = conf_csv_text(c, &row->fields[0]), *value = conf_csv_text(c, &row->fields[1]);
    int before = grid_count(g), rc = grid_add(g, key, value, row->line);
    must(rc >= -1 && rc <= 1 && grid_count(g) == before + (rc == 0));
    free(key);
    free(value);
}

/* "*" alone, and the same in each of its keys. */
static int fits(const char *row, const char *key)
{
    if (strcmp(row, "*") == 0)
        return 1;
    for (;;) {
        size_t a = strcspn(row, "|"), b = strcspn(key, "|");
        if (!(a == 1 && *row == '*') && (a != b || memcmp(row, key, a) != 0))
            return 0;
        if (!row[a] || !key[b])
            return row[a] == key[b];
        row += a + 1;
        key += b + 1;
    }
}

static int bars(const char *key)
{
    int n = 0;
    for (; *key; key++)
        n += *key == '|';
    return n;
}

static void look(const struct grid *g)
{
    const struct grid_row *row, *found;
    for (int i = 0; (row = grid_at(g, i)); i++) {
        found = grid_find(g, row->key);
        must(found == row || (found && row->any));
    }
    for (int i = 0; i < 50 && grid_at(g, i); i++) {
        const char *key = json_string_value(grid_at(g, i)->value);
        found = grid_find(g, key);
        must(!found || bars(key) >= GRID_KEYS || fits(found->key, key));
        for (int k = 0; !found && k < 50 && (row = grid_at(g, k)); k++)
            must(bars(key) >= GRID_KEYS || bars(row->key) >= GRID_KEYS || !fits(row->key, key));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct conf_csv c;
    struct conf_csv_row row;
    char *text = malloc(bytes + 1);
    must(text != NULL);
    if (bytes)
        memcpy(text, data, bytes);
    text[bytes] = '\0';
    if (conf_csv_start(&c, text)) {
        struct grid *g = grid_new(0);
        int line = 0;
        must(g != NULL);
        while (conf_csv_next(&c, &row) != CONF_CSV_END) {
            must(row.line > line);
            line = row.line;
            fields(&c, &row, strlen(text));
            add(g, &c, &row);
        }
        look(g);
        grid_free(g);
    }
    free(text);
    return 0;
}
