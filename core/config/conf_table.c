/* SPDX-License-Identifier: MIT
 * Value tables: CSV files of two columns, key and value, as spreadsheets write them. */
#include "config/conf_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

struct csv {
    char *at;
    int line;
    char separator; /* ',', ';' or a tab */
};

static char *trimmed(char *text)
{
    size_t n;
    char *start = text + (fold_trim(text, &n) - text);
    start[n] = '\0';
    return start;
}

/* Is it the end of a line, or of the text? Old spreadsheets end lines with a CR alone. */
static bool is_end(char c)
{
    return c == '\0' || c == '\n' || c == '\r';
}

/* Over the end of a line at *p. */
static void end_line(struct csv *c, char *p)
{
    if (*p == '\r' && p[1] == '\n')
        p++;
    c->at = *p ? p + 1 : p;
    c->line++;
}

static void skip_line(struct csv *c)
{
    end_line(c, c->at + strcspn(c->at, "\r\n"));
}

/* Blanks before and behind a field; a tab may be the separator. */
static char *skip_blanks(const struct csv *c, char *p)
{
    return p + strspn(p, c->separator == '\t' ? " " : " \t");
}

/* One field, unquoted in place; *more: another one follows in its row. NULL: something is wrong
 * with the quotes. */
static char *csv_field(struct csv *c, bool *more)
{
    char *p = skip_blanks(c, c->at), *start = p;
    const char ends[] = {c->separator, '\r', '\n', '\0'};
    if (*p != '"') {
        p += strcspn(p, ends);
        char *end = p, stop = *p;
        *more = stop == c->separator;
        if (*more)
            c->at = p + 1;
        else
            end_line(c, p);
        *end = '\0';
        return trimmed(start);
    }
    char *to = start = ++p;
    for (; *p; p++) {
        if (*p == '"' && p[1] != '"')
            break;
        if (*p == '"')
            p++;
        c->line += *p == '\n';
        *to++ = *p;
    }
    if (*p != '"')
        return NULL;
    p = skip_blanks(c, p + 1);
    if (*p != c->separator && !is_end(*p))
        return NULL;
    *more = *p == c->separator;
    if (*more)
        c->at = p + 1;
    else
        end_line(c, p);
    *to = '\0';
    return start;
}

/* What stands first outside of quotes in the first row that is none of comments: a tab or semicolon
 * before a comma, as nobody writes these into a key. "sep=;" says it itself. */
static char separator_of(struct csv *c)
{
    if (strncmp(c->at, "sep=", 4) == 0 && c->at[4] && is_end(c->at[5])) {
        char told = c->at[4];
        skip_line(c);
        return told;
    }
    const char *p = c->at;
    while (*p == '#' || is_end(*p)) {
        if (!*p)
            return ',';
        p += strcspn(p, "\r\n");
        p += strspn(p, "\r\n");
    }
    bool quoted = false;
    for (; *p && (quoted || !is_end(*p)); p++) {
        quoted = quoted != (*p == '"');
        if (!quoted && (*p == ';' || *p == '\t'))
            return *p;
    }
    return ',';
}

/* A row that is no row of two: what is wrong with it. */
static void refuse_row(struct conf_loader *l, const struct conf_table *t, int line, const char *why,
                       char separator)
{
    conf_report_add(l->report, false, t->at.file, line,
                    "%s; a row is key%svalue (quote what holds a %s)", why,
                    separator == '\t' ? "<tab>" : separator == ';' ? ";" : ",",
                    separator == '\t' ? "tab" : separator == ';' ? "semicolon" : "comma");
}

static void table_row(struct conf_loader *l, struct conf_table *t, struct csv *c)
{
    static const char *const quote = "a quote is not closed or not the whole field";
    int line = c->line;
    bool more = false;
    char *key = csv_field(c, &more), *value = NULL;
    if (!key || !more) {
        refuse_row(l, t, line, !key ? quote : "there is no second column", c->separator);
        if (!key)
            skip_line(c);
        return;
    }
    value = csv_field(c, &more);
    if (!value || more) {
        refuse_row(l, t, line, !value ? quote : "more than two columns", c->separator);
        skip_line(c);
        return;
    }
    if (json_object_get(t->rows, key)) {
        conf_report_add(l->report, false, t->at.file, line, "key \"%s\" is there twice", key);
        return;
    }
    json_t *string = json_string(value);
    if (!string || json_object_set_new(t->rows, key, string) != 0 ||
        json_object_set_new(t->lines, key, json_integer(line)) != 0)
        conf_report_add(l->report, false, t->at.file, line,
                        "is not UTF-8 text; save it as \"CSV UTF-8\"");
}

static void table_rows(struct conf_loader *l, struct conf_table *t, char *text)
{
    struct csv c = {.at = text, .line = 1};
    c.separator = separator_of(&c);
    if (!strchr(",;\t", c.separator)) {
        conf_report_add(l->report, false, t->at.file, 1,
                        "sep=%c: columns are separated by a comma, semicolon or tab", c.separator);
        return;
    }
    while (*c.at) {
        const char *start = skip_blanks(&c, c.at);
        if (*start == '#' || is_end(*start))
            skip_line(&c);
        else
            table_row(l, t, &c);
    }
}

const struct conf_table *conf_table_load(struct conf_loader *l, config_setting_t *s)
{
    const char *name = config_setting_get_string(s);
    if (!name) {
        conf_mistake(l, s, "table \"%s\" must be the name of a CSV file", config_setting_name(s));
        name = "";
    }
    struct conf_table *t = conf_held_alloc(l->held, sizeof *t);
    t->name = conf_held_copy(l->held, config_setting_name(s));
    t->at = (struct conf_at){conf_loader_absolute(l, name), 1};
    t->rows = json_object();
    t->lines = json_object();
    conf_held_keep(l->held, t->rows, conf_held_json_done);
    conf_held_keep(l->held, t->lines, conf_held_json_done);
    if (!*name)
        return t;
    size_t bytes = 0;
    const char *why = NULL;
    char *text = conf_source_read(l, t->at.file, &bytes, &why);
    if (!text) {
        conf_mistake(l, s, "table \"%s\": cannot read %s: %s", t->name, t->at.file, why);
        return t;
    }
    conf_loader_digest(l, text, bytes);
    if (strlen(text) != bytes) {
        conf_report_add(l->report, false, t->at.file, 0,
                        "holds a NUL byte; it is no CSV text (save it as \"CSV UTF-8\", not as "
                        "Unicode text)");
        free(text);
        return t;
    }
    /* Spreadsheets write a byte order mark; here it does no harm. */
    table_rows(l, t, strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text);
    free(text);
    return t;
}

int conf_table_line(const struct conf_table *t, const char *key)
{
    return (int)json_integer_value(json_object_get(t->lines, key));
}
