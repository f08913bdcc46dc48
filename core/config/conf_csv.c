/* SPDX-License-Identifier: MIT
 * CSV as spreadsheets write it, row by row. */
#include "config/conf_csv.h"

#include <string.h>

#include "base/fold.h"

/* Is it the end of a line, or of the text? Old spreadsheets end lines with a CR alone. */
static bool is_end(char c)
{
    return c == '\0' || c == '\n' || c == '\r';
}

static const char *over_end(const char *p)
{
    if (*p == '\r' && p[1] == '\n')
        p++;
    return *p ? p + 1 : p;
}

/* Blanks before and behind a field, those that nobody sees too; a tab may be the separator. */
static const char *over_blanks(const struct conf_csv *c, const char *p)
{
    size_t n;
    while (*p != c->separator && !is_end(*p) && (n = fold_blank(p)) > 0)
        p += n;
    return p;
}

static char separator_of(const char *p)
{
    const char *seen = p + strspn(p, " \t");
    while (*seen == '#' || is_end(*seen)) {
        if (!*seen)
            return ',';
        p = over_end(seen + strcspn(seen, "\r\n"));
        seen = p + strspn(p, " \t");
    }
    bool quoted = false;
    for (; *p && (quoted || !is_end(*p)); p++) {
        quoted = quoted != (*p == '"');
        if (!quoted && (*p == ';' || *p == '\t'))
            return *p;
    }
    return ',';
}

bool conf_csv_start(struct conf_csv *c, const char *text)
{
    const char *p = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
    *c = (struct conf_csv){.text = text, .line = 1};
    if (strncmp(p, "sep=", 4) == 0 && p[4] && is_end(p[5])) {
        c->separator = p[4];
        p = over_end(p + 5);
        c->line++;
    } else {
        c->separator = separator_of(p);
    }
    c->at = (size_t)(p - text);
    return strchr(",;\t", c->separator);
}

/* Behind the quote that closes the field, NULL: there is none. *lines: those in between. */
static const char *over_quoted(const char *p, int *lines)
{
    for (p++; *p; p++) {
        if (*p == '"' && p[1] != '"')
            return p + 1;
        if (*p == '"')
            p++;
        *lines += *p == '\n';
    }
    return NULL;
}

/* One field at p; NULL: its quotes are wrong. Else what stands behind it: a separator or an end. */
static const char *read_field(const struct conf_csv *c, const char *p, struct conf_csv_field *f,
                              int *lines)
{
    p = over_blanks(c, p);
    const char *end;
    if (*p == '"') {
        end = over_quoted(p, lines);
        const char *behind = end ? over_blanks(c, end) : NULL;
        if (!behind || (*behind != c->separator && !is_end(*behind)))
            return NULL;
        *f = (struct conf_csv_field){(size_t)(p - c->text), (size_t)(end - c->text)};
        return behind;
    }
    const char ends[] = {c->separator, '\r', '\n', '\0'};
    const char *behind = p + strcspn(p, ends);
    for (size_t n; p < behind && (n = fold_blank(p)); p += n)
        ;
    /* the last that is no blank: a character at a time, as blanks have several bytes */
    end = p;
    for (const char *q = p; q < behind;) {
        size_t n = fold_blank(q);
        q += n ? n : 1;
        if (!n)
            end = q;
    }
    *f = (struct conf_csv_field){(size_t)(p - c->text), (size_t)(end - c->text)};
    return behind;
}

/* The row ends before p, which is an end. */
static enum conf_csv_kind end_row(struct conf_csv *c, struct conf_csv_row *row, const char *p,
                                  enum conf_csv_kind kind, int lines)
{
    row->kind = kind;
    row->end = (size_t)(p - c->text);
    row->next = c->at = (size_t)(over_end(p) - c->text);
    c->line += lines + 1;
    return kind;
}

enum conf_csv_kind conf_csv_next(struct conf_csv *c, struct conf_csv_row *row)
{
    const char *start = c->text + c->at, *p = over_blanks(c, start);
    int lines = 0;
    *row = (struct conf_csv_row){.line = c->line, .start = c->at, .end = c->at, .next = c->at};
    if (!*start)
        return row->kind = CONF_CSV_END;
    if (*p == '#' || is_end(*p))
        return end_row(c, row, p + strcspn(p, "\r\n"), CONF_CSV_COMMENT, 0);
    for (p = start;; p++) {
        if (row->count == CONF_CSV_COLUMNS)
            return end_row(c, row, p + strcspn(p, "\r\n"), CONF_CSV_WIDE, lines);
        p = read_field(c, p, &row->fields[row->count], &lines);
        if (!p)
            return end_row(c, row, start + strcspn(start, "\r\n"), CONF_CSV_QUOTE, 0);
        row->count++;
        if (is_end(*p))
            return end_row(c, row, p, CONF_CSV_ROW, lines);
    }
}

char *conf_csv_text(const struct conf_csv *c, const struct conf_csv_field *f)
{
    const char *p = c->text + f->start, *end = c->text + f->end;
    if (*p != '"' || p == end)
        return strndup(p, (size_t)(end - p));
    char *text = strndup(p + 1, (size_t)(end - p) - 2), *to = text;
    for (const char *q = text; q && *q; q++) {
        if (*q == '"')
            q++; /* doubled */
        *to++ = *q;
    }
    if (text)
        *to = '\0';
    return text;
}
