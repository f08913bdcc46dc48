/* SPDX-License-Identifier: MIT
 * A reconciliation as CSV, for a spreadsheet. */
#include "service/reconciling_csv.h"

#include <stdio.h>

#include "base/csv_text.h"

#define BYTES_MAX (64 * 1024 * 1024)

enum { WHAT, DAY, CODE, KEY, REFERENCE, ID, FIELD, SOURCE, DESTINATION, NOTE, COLUMNS };

static void add_row(struct buf *to, const char *const cells[COLUMNS])
{
    csv_text_row(to, cells, COLUMNS);
}

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* A figure of both sides; a count is a number, an amount a text. */
static void add_figure(struct buf *to, const char *what, const json_t *row, const char *field)
{
    const json_t *values[2] = {json_object_get(json_object_get(row, "source"), field),
                               json_object_get(json_object_get(row, "destination"), field)};
    char numbers[2][24] = {"", ""};
    const char *cells[COLUMNS] = {[WHAT] = what, [DAY] = text_of(row, "day"),
                                  [CODE] = text_of(row, "code"), [FIELD] = field};
    if (!values[0] || json_is_null(values[0]))
        return;
    for (int i = 0; i < 2; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)json_integer_value(values[i]));
        cells[SOURCE + i] = json_is_integer(values[i]) ? numbers[i] : json_string_value(values[i]);
    }
    add_row(to, cells);
}

static void add_figures(struct buf *to, const char *what, const json_t *rows)
{
    static const char *const fields[] = {"count", "incl", "excl", "vat", "amount"};
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row) {
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            add_figure(to, what, row, fields[k]);
    }
}

/* The ids of a row with blanks between. */
static void ids_text(const json_t *row, char *out, size_t room)
{
    size_t i, n = 0;
    const json_t *id;
    *out = '\0';
    json_array_foreach(json_object_get(row, "ids"), i, id) {
        if (n < room)
            n += (size_t)snprintf(out + n, room - n, "%s%s", i ? " " : "", json_string_value(id));
    }
}

static void add_document(struct buf *to, const char *what, const json_t *row)
{
    char ids[600];
    size_t i;
    const json_t *field, *fields = json_object_get(row, "fields");
    const char *note = text_of(row, "text") ? text_of(row, "text") : text_of(row, "why");
    ids_text(row, ids, sizeof ids);
    const char *cells[COLUMNS] = {
        [WHAT] = what, [DAY] = text_of(row, "day"), [KEY] = text_of(row, "key"),
        [REFERENCE] = text_of(row, "reference"), [ID] = *ids ? ids : text_of(row, "id"),
        [NOTE] = text_of(row, "reason") ? text_of(row, "reason") : note};
    if (text_of(row, "source_day") || text_of(row, "destination_day")) {
        cells[FIELD] = "date";
        cells[SOURCE] = text_of(row, "source_day");
        cells[DESTINATION] = text_of(row, "destination_day");
    } else if (!fields && text_of(row, "incl")) {
        cells[FIELD] = "incl";
        cells[text_of(row, "id") ? DESTINATION : SOURCE] = text_of(row, "incl");
    } else if (text_of(row, "side")) {
        cells[CODE] = text_of(row, "side");
    }
    if (!fields)
        add_row(to, cells);
    json_array_foreach(fields, i, field) {
        cells[FIELD] = text_of(field, "field");
        cells[SOURCE] = text_of(field, "source");
        cells[DESTINATION] = text_of(field, "destination");
        add_row(to, cells);
    }
}

static void add_gaps(struct buf *to, const json_t *gaps)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(gaps, "numbers"), i, row) {
        char first[24], last[24];
        const char *cells[COLUMNS] = {[WHAT] = "gap", [CODE] = text_of(row, "prefix"),
                                      [FIELD] = "number", [SOURCE] = first, [NOTE] = last};
        snprintf(first, sizeof first, "%lld",
                 (long long)json_integer_value(json_object_get(row, "first")));
        snprintf(last, sizeof last, "%lld",
                 (long long)json_integer_value(json_object_get(row, "last")));
        add_row(to, cells);
    }
}

char *reconciling_csv_text(const json_t *report)
{
    static const char *const heads[COLUMNS] = {"what",  "day",    "code",        "key", "reference",
                                               "id",    "field",  "source",      "destination",
                                               "note"};
    static const char *const figures[][2] = {
        {"day", "days"}, {"vat", "vat"}, {"account", "accounts"}, {"payment", "payments"}};
    static const char *const documents[][2] = {
        {"missing", "missing"}, {"under way", "under_way"}, {"double", "double"},
        {"different", "different"}, {"outside", "outside"}, {"unreadable", "unreadable"},
        {"other", "others"}};
    static const char *const totals[] = {"count", "incl", "excl"};
    struct buf text, *to = &text;
    size_t i;
    const json_t *row;
    buf_init(to, BYTES_MAX);
    add_row(to, heads);
    for (size_t k = 0; k < sizeof totals / sizeof *totals; k++)
        add_figure(to, "total", report, totals[k]);
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
        add_figures(to, figures[k][0], json_object_get(report, figures[k][1]));
    for (size_t k = 0; k < sizeof documents / sizeof *documents; k++) {
        json_array_foreach(json_object_get(report, documents[k][1]), i, row)
            add_document(to, documents[k][0], row);
    }
    add_gaps(to, json_object_get(report, "gaps"));
    if (!buf_ok(to)) {
        buf_done(to);
        return NULL;
    }
    return buf_take(to);
}
