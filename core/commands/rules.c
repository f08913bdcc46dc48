/* SPDX-License-Identifier: MIT
 * Which rule made which field, as a table. */
#include "commands/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_text.h"
#include "commands/paper.h"

#define CELL_BYTES 65536

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* Texts as they are, everything else as JSON. */
static void add_value(struct buf *out, const json_t *value)
{
    char *text = !value || json_is_string(value) ? NULL : json_text(value, false, NULL);
    if (json_is_string(value))
        buf_printf(out, "%s", json_string_value(value));
    else if (text)
        buf_add_text(out, text);
    free(text);
}

/* "customer.name = Jan, trim = Jan, table vat: 1 -> 21" */
static void add_origin(struct buf *out, const json_t *row)
{
    size_t i;
    json_t *one;
    const json_t *table = json_object_get(row, "table");
    const char *gap = "";
    json_array_foreach(json_object_get(row, "from"), i, one) {
        buf_printf(out, "%s%s", gap, text_of(one, "path"));
        if (json_is_null(json_object_get(one, "value")))
            buf_add_text(out, " (not there)");
        gap = ", ";
    }
    json_array_foreach(json_object_get(row, "via"), i, one) {
        buf_printf(out, "%s%s", gap, text_of(one, "function"));
        gap = ", ";
    }
    if (table)
        buf_printf(out, "%stable %s%s%s", gap, text_of(table, "name"),
                   json_is_true(json_object_get(table, "hit")) ? " row " : " has no row ",
                   json_is_true(json_object_get(table, "hit")) ? text_of(table, "row")
                                                               : text_of(table, "key"));
    json_array_foreach(json_object_get(row, "parts"), i, one) {
        buf_add_text(out, *gap ? " + " : "");
        add_origin(out, one);
        gap = " + ";
    }
}

static void add_result(struct buf *out, const json_t *row)
{
    const json_t *count = json_object_get(row, "count");
    if (*text_of(row, "error"))
        buf_add_text(out, text_of(row, "error"));
    else if (json_is_integer(count))
        buf_printf(out, "%" JSON_INTEGER_FORMAT " below", json_integer_value(count));
    else
        add_value(out, json_object_get(row, "value"));
}

/* Its folder stands in what is above the table. */
static const char *file_of(const json_t *row)
{
    const char *file = text_of(json_object_get(row, "rule"), "file");
    const char *base = strrchr(file, '/');
    return base ? base + 1 : file;
}

/* Did it give the field the value that it has, or refuse it? */
static bool counts(const json_t *row)
{
    return *text_of(row, "error") || (json_is_true(json_object_get(row, "applied")) &&
                                      !json_object_get(row, "replaced"));
}

static void add_row(struct paper *p, const json_t *row)
{
    struct buf result, origin;
    bool applied = json_is_true(json_object_get(row, "applied"));
    enum paper_tone tone = *text_of(row, "error") ? PAPER_BAD
                           : applied              ? PAPER_PLAIN
                                                  : PAPER_FAINT;
    buf_init(&result, CELL_BYTES);
    buf_init(&origin, CELL_BYTES);
    add_result(&result, row);
    add_origin(&origin, row);
    const json_t *when = json_object_get(row, "when");
    paper_cell(p, applied ? PAPER_STRONG : PAPER_FAINT, "%s", text_of(row, "to"));
    paper_cell(p, tone, "%s", buf_text(&result));
    paper_cell(p, PAPER_FAINT, "%s%s",
               json_object_get(row, "replaced") ? "replaced, " : "", text_of(row, "because"));
    paper_cell(p, PAPER_PLAIN, "%s%s%s", buf_text(&origin),
                      when && *buf_text(&origin) ? ", " : "", text_of(when, "condition"));
    paper_cell(p, PAPER_FAINT, "%s:%" JSON_INTEGER_FORMAT, file_of(row),
               json_integer_value(json_object_get(json_object_get(row, "rule"), "line")));
    buf_done(&result);
    buf_done(&origin);
}

void rules_print(const char *title, const json_t *rows, bool all)
{
    static const char *const heads[] = {"FIELD", "VALUE", "BY", "OF", "RULE"};
    struct paper p;
    size_t i;
    json_t *row;
    if (json_array_size(rows) == 0)
        return;
    paper_print(PAPER_STRONG, "\n%s\n", title);
    paper_begin(&p, (int)(sizeof heads / sizeof *heads), heads);
    json_array_foreach(rows, i, row) {
        if (all || counts(row))
            add_row(&p, row);
    }
    paper_end(&p, 2);
}
