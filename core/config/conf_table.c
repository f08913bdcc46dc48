/* SPDX-License-Identifier: MIT
 * Value tables: CSV files of two columns, key and value. */
#include "config/conf_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_file.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"

struct csv {
    char *at;
    int line;
};

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t", text[n - 1]))
        text[--n] = 0;
    return text;
}

/* One field, unquoted in place; *stop becomes the character behind it (',', '\n' or 0).
 * NULL: something is wrong with the quotes. */
static char *csv_field(struct csv *c, char *stop)
{
    char *p = c->at + strspn(c->at, " \t");
    if (*p != '"') {
        char *start = p;
        p += strcspn(p, ",\r\n");
        *stop = *p;
        char *end = p;
        if (*p == '\r') {
            p++;
            *stop = '\n';
            if (*p != '\n')
                p--;
        }
        c->at = *p ? p + 1 : p;
        *end = 0;
        return trimmed(start);
    }
    char *start = ++p, *to = p;
    for (; *p; p++) {
        if (*p == '"' && p[1] != '"')
            break;
        if (*p == '"')
            p++;
        if (*p == '\n')
            c->line++;
        *to++ = *p;
    }
    if (*p != '"')
        return NULL;
    p++;
    p += strspn(p, " \t\r");
    *stop = *p;
    if (*p && *p != ',' && *p != '\n')
        return NULL;
    c->at = *p ? p + 1 : p;
    *to = 0;
    return start;
}

static void skip_line(struct csv *c)
{
    c->at += strcspn(c->at, "\n");
    if (*c->at)
        c->at++;
}

static void table_rows(struct conf_loader *l, struct conf_table *t, char *text)
{
    struct csv c = {text, 1};
    while (*c.at) {
        int line = c.line++;
        char *start = c.at + strspn(c.at, " \t\r");
        if (*start == '#' || *start == '\n' || !*start) {
            skip_line(&c);
            continue;
        }
        char stop = 0, *key = csv_field(&c, &stop), *value = NULL;
        if (key && stop == ',')
            value = csv_field(&c, &stop);
        if (!key || !value || stop == ',') {
            const char *why = !key ? "a quote is not closed or not the whole field"
                              : stop == ',' && value ? "more than two columns"
                              : stop == ',' ? "a quote is not closed or not the whole field"
                                            : "there is no second column";
            conf_report_add(l->report, false, t->at.file, line,
                            "%s; a row is key,value (quote what holds a comma)", why);
            if (stop != '\n')
                skip_line(&c);
            continue;
        }
        if (json_object_get(t->rows, key)) {
            conf_report_add(l->report, false, t->at.file, line, "key \"%s\" is there twice", key);
            continue;
        }
        json_t *string = json_string(value);
        if (!string || json_object_set_new(t->rows, key, string) != 0)
            conf_report_add(l->report, false, t->at.file, line, "is not UTF-8 text");
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
    conf_held_keep(l->held, t->rows, conf_held_json_done);
    if (!*name)
        return t;
    size_t bytes = 0;
    const char *why = NULL;
    char *text = conf_file_text(t->at.file, &bytes, &why);
    if (!text) {
        conf_mistake(l, s, "table \"%s\": cannot read %s: %s", t->name, t->at.file, why);
        return t;
    }
    conf_loader_digest(l, text, bytes);
    if (strlen(text) != bytes)
        conf_report_add(l->report, false, t->at.file, 0, "holds a NUL byte; it is no CSV text");
    /* Spreadsheets write a byte order mark; here it does no harm. */
    table_rows(l, t, strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text);
    free(text);
    return t;
}
