/* SPDX-License-Identifier: MIT
 * Edits of a value table in which every other byte stays. */
#include "config/conf_csv_edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fold.h"
#include "base/nearest.h"

#define TEXT_LIMIT (8 * 1024 * 1024)

const struct conf_csv_edit_shape conf_csv_edit_plain = {.keys = {0}, .key_count = 1, .value = 1};

/* An order under way. */
struct edit {
    const struct conf_csv_edit_shape *shape;
    const struct conf_csv_edit_order *order;
    struct conf_csv csv;
    int columns;
    struct conf_csv_row found; /* the row of the key; kind CONF_CSV_END: there is none */
    struct conf_csv_row last;  /* the last row, a heading too; kind as above */
    const char *eol;           /* how its lines end, in the text; NULL: none does */
    int eol_bytes;
    struct koppel_error *err;
};

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* The row as texts, as many as it has columns; NULL: no memory, or no UTF-8. */
static json_t *cells(const struct conf_csv *c, const struct conf_csv_row *row)
{
    json_t *all = json_array();
    for (int i = 0; i < row->count; i++) {
        char *text = conf_csv_text(c, &row->fields[i]);
        json_t *cell = text ? json_string(text) : NULL;
        free(text);
        if (json_array_append_new(all, cell) != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static int refuse_row(const struct conf_csv_row *row, const char *why, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CONFIG, "line %d: %s; koppel check tells more", row->line, why);
}

/* All rows with their line as its last element; NULL and err: it is no sheet. */
static json_t *read_rows(const char *text, struct koppel_error *err)
{
    struct conf_csv c;
    struct conf_csv_row row;
    json_t *rows = json_array();
    bool good = conf_csv_start(&c, text);
    if (!good)
        (void)err_set(err, KOPPEL_E_CONFIG, "sep=%c is no separator of columns", c.separator);
    while (good && conf_csv_next(&c, &row) != CONF_CSV_END) {
        if (row.kind == CONF_CSV_COMMENT)
            continue;
        json_t *all = row.kind == CONF_CSV_ROW ? cells(&c, &row) : NULL;
        good = all && json_array_append_new(all, json_integer(row.line)) == 0 &&
               json_array_append_new(rows, all) == 0;
        if (!good)
            refuse_row(&row, row.kind == CONF_CSV_QUOTE ? "a quote is not closed" : "is no row",
                       err);
    }
    if (good)
        return rows;
    json_decref(rows);
    return NULL;
}

/* The key's columns with | between, as an order names it; NULL: the row has too few. */
static json_t *key_of(const json_t *cells, const struct conf_csv_edit_shape *s)
{
    struct buf key;
    buf_init(&key, TEXT_LIMIT);
    for (int i = 0; i < s->key_count; i++) {
        const char *one = json_string_value(json_array_get(cells, (size_t)s->keys[i]));
        if (one)
            buf_printf(&key, "%s%s", i ? "|" : "", one);
        else
            key.failed = true;
    }
    json_t *text = buf_ok(&key) ? json_string(buf_text(&key)) : NULL;
    buf_done(&key);
    return text;
}

json_t *conf_csv_edit_rows(const char *text, const struct conf_csv_edit_shape *shape,
                           struct koppel_error *err)
{
    json_t *rows = read_rows(text, err), *out = rows ? json_array() : NULL, *cells;
    size_t i;
    json_array_foreach(rows, i, cells) {
        json_t *keys = json_array();
        json_t *value = json_array_get(cells, (size_t)shape->value);
        if (shape->heading && i == 0) {
            json_decref(keys);
            continue;
        }
        for (int k = 0; k < shape->key_count; k++)
            json_array_append(keys, json_array_get(cells, (size_t)shape->keys[k]));
        size_t last = json_array_size(cells) - 1;
        json_t *row = json_pack("{s:o,s:O,s:O}", "key", keys, "value",
                                json_is_string(value) ? value : json_null(), "line",
                                json_array_get(cells, last));
        json_array_append_new(out, row);
    }
    json_decref(rows);
    return out;
}

/* How the line before `next` ends, where it is known yet. */
static void see_eol(struct edit *e, size_t end, size_t next)
{
    if (e->eol || next <= end)
        return;
    e->eol = e->csv.text + end;
    e->eol_bytes = (int)(next - end);
}

/* Finds the row of the key, and the last one. */
static int look(struct edit *e, const char *text)
{
    struct conf_csv_row row;
    bool first = true;
    if (!conf_csv_start(&e->csv, text))
        return err_set(e->err, KOPPEL_E_CONFIG, "sep=%c is no separator of columns",
                       e->csv.separator);
    see_eol(e, strcspn(text, "\r\n"), e->csv.at); /* of "sep=;" */
    while (conf_csv_next(&e->csv, &row) != CONF_CSV_END) {
        see_eol(e, row.end, row.next);
        if (row.kind == CONF_CSV_COMMENT)
            continue;
        if (row.kind != CONF_CSV_ROW)
            return refuse_row(&row, "is no row", e->err);
        e->last = row;
        bool heading = first && e->shape->heading;
        e->columns = first ? row.count : e->columns;
        first = false;
        json_t *all = heading ? NULL : cells(&e->csv, &row);
        json_t *key = all ? key_of(all, e->shape) : NULL;
        bool is_it = key && strcmp(json_string_value(key), e->order->key) == 0;
        json_decref(all);
        json_decref(key);
        if (is_it && e->found.kind == CONF_CSV_ROW)
            return refuse_row(&row, "the key is there twice", e->err);
        if (is_it)
            e->found = row;
    }
    return 0;
}

/* How a text stands in a field. What might be a separator is quoted even where it is none: of the
 * first row it would be taken for one. */
static void add_field(struct buf *out, const char *text, bool quote, bool first)
{
    size_t trimmed;
    fold_trim(text, &trimmed);
    bool odd = strpbrk(text, ",;\t\"\r\n") || (first && (!*text || *text == '#'));
    if (!quote && !odd && trimmed == strlen(text)) {
        buf_add_text(out, text);
        return;
    }
    buf_add_char(out, '"');
    for (; *text; text++)
        buf_printf(out, *text == '"' ? "\"\"" : "%c", *text);
    buf_add_char(out, '"');
}

static bool is_quoted(const struct edit *e, const struct conf_csv_field *f)
{
    return f->end > f->start && e->csv.text[f->start] == '"';
}

static void set_value(struct edit *e, struct buf *out)
{
    const struct conf_csv_field *f = &e->found.fields[e->shape->value];
    buf_add(out, e->csv.text, f->start);
    add_field(out, e->order->value, is_quoted(e, f), e->shape->value == 0);
    buf_add_text(out, e->csv.text + f->end);
}

/* The text of one column of a new row; the part of the key is found by its place in it. */
static int add_cell(struct edit *e, struct buf *out, int column, bool quote)
{
    const struct conf_csv_edit_shape *s = e->shape;
    const char *part = e->order->key;
    if (column == s->value) {
        add_field(out, e->order->value, quote, column == 0);
        return 0;
    }
    for (int i = 0; i < s->key_count; i++) {
        bool last = i == s->key_count - 1;
        size_t n = last ? strlen(part) : strcspn(part, "|");
        if (s->keys[i] == column) {
            char *one = strndup(part, n);
            if (!one)
                return no_memory(e->err);
            add_field(out, one, quote, column == 0);
            free(one);
            return 0;
        }
        part += n + !last;
    }
    return 0;
}

/* A row as the last one is written: blanks, quotes, the end of its line. */
static int add_row(struct edit *e, struct buf *out)
{
    const char *text = e->csv.text;
    const struct conf_csv_row *like = &e->last;
    bool any = like->kind == CONF_CSV_ROW;
    int columns = any ? e->columns : 2;
    const char *eol = e->eol ? e->eol : "\n";
    int eol_bytes = e->eol ? e->eol_bytes : 1;
    size_t at = any ? like->next : strlen(text);
    bool open = any ? like->next == like->end : at > 0 && !strchr("\r\n", text[at - 1]);
    buf_add(out, text, at);
    if (open)
        buf_printf(out, "%.*s", eol_bytes, eol);
    for (int i = 0; i < columns; i++) {
        bool known = any && i < like->count;
        if (i > 0 && known)
            buf_add(out, text + like->fields[i - 1].end,
                    like->fields[i].start - like->fields[i - 1].end);
        else if (i > 0)
            buf_add_char(out, e->csv.separator);
        if (add_cell(e, out, i, known && is_quoted(e, &like->fields[i])) != 0)
            return -1;
    }
    if (!open || !any)
        buf_printf(out, "%.*s", eol_bytes, eol);
    buf_add_text(out, text + at);
    return 0;
}

/* The row with its line; where it is the last one and has no line end, that of the line before. */
static void remove_row(struct edit *e, struct buf *out)
{
    const char *text = e->csv.text;
    size_t start = e->found.start, mark = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (e->found.next == e->found.end && start > mark) {
        start--;
        start -= start > mark && text[start] == '\n' && text[start - 1] == '\r';
    }
    buf_add(out, text, start);
    buf_add_text(out, text + e->found.next);
}

static int fits(struct edit *e)
{
    const struct conf_csv_edit_order *o = e->order;
    bool there = e->found.kind == CONF_CSV_ROW;
    int bars = 0;
    for (const char *p = o->key; *p; p++)
        bars += *p == '|';
    if (e->shape->key_count > 1 && bars != e->shape->key_count - 1)
        return err_set(e->err, KOPPEL_E_CONFIG, "\"%s\": the table has %d keys, with | between",
                       o->key, e->shape->key_count);
    if (there && e->found.count <= e->shape->value)
        return refuse_row(&e->found, "has too few columns", e->err);
    if (there && o->kind == CONF_CSV_EDIT_ADD)
        return err_set(e->err, KOPPEL_E_CONFIG, "\"%s\" is there already (line %d); set changes it",
                       o->key, e->found.line);
    return 0;
}

static int unknown_key(struct edit *e)
{
    json_t *rows = conf_csv_edit_rows(e->csv.text, e->shape, e->err), *row;
    size_t count = json_array_size(rows), i;
    const char **names = calloc(count + 1, sizeof *names);
    json_t *keys = json_array();
    json_array_foreach(rows, i, row) {
        json_t *key = key_of(json_object_get(row, "key"), &(struct conf_csv_edit_shape){
            .keys = {0, 1, 2, 3, 4, 5, 6, 7}, .key_count = e->shape->key_count});
        json_array_append_new(keys, key);
        if (names)
            names[i] = json_string_value(key);
    }
    const char *near = names ? nearest_name(e->order->key, names, (int)count) : NULL;
    (void)err_set(e->err, KOPPEL_E_CONFIG, "no row has the key \"%s\"%s%s%s", e->order->key,
                  near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    json_decref(keys);
    json_decref(rows);
    free(names);
    return -1;
}

/* The rows as they are to be: those before with the order carried out, without their lines. */
static bool is_proven(const struct edit *e, const char *before, const char *after)
{
    json_t *old = conf_csv_edit_rows(before, e->shape, NULL), *row;
    json_t *new = conf_csv_edit_rows(after, e->shape, NULL);
    size_t i, k = 0;
    bool good = old && new, there = e->found.kind == CONF_CSV_ROW;
    json_array_foreach(old, i, row) {
        bool is_it = there && json_integer_value(json_object_get(row, "line")) == e->found.line;
        if (is_it && e->order->kind == CONF_CSV_EDIT_REMOVE)
            continue;
        json_t *now = json_array_get(new, k++);
        const char *value = json_string_value(json_object_get(now, "value"));
        good = good && json_equal(json_object_get(row, "key"), json_object_get(now, "key")) &&
               (is_it ? value && strcmp(value, e->order->value) == 0
                      : json_equal(json_object_get(row, "value"), json_object_get(now, "value")));
    }
    size_t more = !there && e->order->kind != CONF_CSV_EDIT_REMOVE;
    const char *added = json_string_value(json_object_get(json_array_get(new, k), "value"));
    good = good && json_array_size(new) == k + more &&
           (!more || (added && strcmp(added, e->order->value) == 0));
    json_decref(old);
    json_decref(new);
    return good;
}

char *conf_csv_edit(const char *text, const struct conf_csv_edit_shape *shape,
                    const struct conf_csv_edit_order *order, struct koppel_error *err)
{
    struct edit e = {.shape = shape, .order = order, .err = err};
    struct buf out;
    int rc = 0;
    if (look(&e, text) != 0 || fits(&e) != 0)
        return NULL;
    bool there = e.found.kind == CONF_CSV_ROW;
    buf_init(&out, TEXT_LIMIT);
    if (order->kind == CONF_CSV_EDIT_REMOVE && !there)
        rc = unknown_key(&e);
    else if (order->kind == CONF_CSV_EDIT_REMOVE)
        remove_row(&e, &out);
    else if (there)
        set_value(&e, &out);
    else
        rc = add_row(&e, &out);
    char *made = rc == 0 ? buf_take(&out) : NULL;
    buf_done(&out);
    if (rc == 0 && !made)
        no_memory(err);
    if (made && !is_proven(&e, text, made)) {
        (void)err_set(err, KOPPEL_E_CONFIG, "the sheet cannot take this row; edit it by hand");
        free(made);
        return NULL;
    }
    return made;
}
