/* SPDX-License-Identifier: MIT
 * Tables of a few rows that stand in the mapping itself: `table: a=1, b=2, *=3`. Rows are found as
 * those of a table of the flow are. Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cut.h"
#include "base/fold.h"
#include "base/grid.h"
#include "koppel/sdk.h"
#include "table_catalogue.h"

/* The rows, read when the configuration is loaded. */
struct rows {
    struct grid *grid;
    bool passes; /* a row "*" alone: what has no row stays */
};

/* ---- reading rows ---- */

static char *trimmed(const char *text, size_t bytes)
{
    char *piece = strndup(text, bytes), *made = piece ? fold_trimmed(piece) : NULL;
    free(piece);
    return made;
}

/* 0, or -1 with err. */
static int put(const struct koppel_call *c, struct rows *rows, const char *row, const char *equal,
               int number)
{
    char *key = trimmed(row, (size_t)(equal - row)), *value = fold_trimmed(equal + 1);
    int rc = key && value ? grid_add(rows->grid, key, value, number) : -1;
    if (rc > 0)
        c->host->fail(c->err, KOPPEL_E_CONFIG, "\"%.*s\" stands there twice", CUT(key, 60));
    else if (rc < 0)
        c->host->fail(c->err, KOPPEL_E_BUG, "out of memory");
    free(key);
    free(value);
    return rc == 0 ? 0 : -1;
}

/* Blank ones are left out. */
static int add_row(const struct koppel_call *c, struct rows *rows, const char *row, int number)
{
    size_t bytes;
    const char *start = fold_trim(row, &bytes), *equal = strchr(row, '=');
    if (bytes == 0)
        return 0;
    if (bytes == 1 && *start == '*') {
        rows->passes = true;
        return 0;
    }
    if (!equal)
        return c->host->fail(c->err, KOPPEL_E_CONFIG, "row \"%.*s\" has no =", CUT(row, 60));
    return put(c, rows, row, equal, number);
}

/* One text with commas between the rows. */
static int add_text(const struct koppel_call *c, struct rows *rows, const char *text)
{
    int rc = 0, number = 1;
    for (const char *end; rc == 0 && text; text = end ? end + 1 : NULL, number++) {
        end = strchr(text, ',');
        char *row = strndup(text, end ? (size_t)(end - text) : strlen(text));
        rc = row ? add_row(c, rows, row, number)
                 : c->host->fail(c->err, KOPPEL_E_BUG, "out of memory");
        free(row);
    }
    return rc;
}

static void release(void *prepared)
{
    struct rows *rows = prepared;
    grid_free(rows->grid);
    free(rows);
}

static int prepare(const struct koppel_call *c, void **out)
{
    json_t *list = json_array_get(c->args, 0), *row;
    struct rows *rows = calloc(1, sizeof *rows);
    size_t i, count = json_array_size(list);
    int rc = 0;
    if (rows)
        rows->grid = grid_new(0);
    if (!rows || !rows->grid)
        rc = c->host->fail(c->err, KOPPEL_E_BUG, "out of memory");
    else if (count == 1)
        rc = add_text(c, rows, json_string_value(json_array_get(list, 0)));
    json_array_foreach(list, i, row) {
        if (rc == 0 && count > 1)
            rc = add_row(c, rows, json_string_value(row), (int)i + 1);
    }
    if (rc == 0 && grid_count(rows->grid) == 0)
        rc = c->host->fail(c->err, KOPPEL_E_CONFIG, "there is no row such as a=1");
    *out = rc == 0 ? rows : NULL;
    if (rc != 0 && rows)
        release(rows);
    return rc;
}

/* ---- finding one ---- */

static int apply(const struct koppel_call *c, json_t **out)
{
    char word[KOPPEL_WORD_TEXT];
    const struct rows *rows = c->prepared;
    const char *text = koppel_value_text(c->value, word);
    if (!c->value || (text && fold_is_blank(text)))
        return koppel_call_give(c, json_null(), out);
    if (!text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    const struct grid_row *row = grid_find(rows->grid, text);
    if (row)
        return koppel_call_give(c, json_incref(row->value), out);
    if (rows->passes)
        return koppel_call_give(c, json_incref(c->value), out);
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "no row for \"%.*s\"; add one to the mapping, or *=VALUE for all others",
                         CUT(text, 60));
}

KOPPEL_REGISTER_PREPARED("table", "0.1.0", catalogue_text, 1, apply, prepare, release);
