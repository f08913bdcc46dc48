/* SPDX-License-Identifier: MIT
 * Value tables: CSV files of two columns, key and value, as spreadsheets write them. */
#include "config/conf_table.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf_csv.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

/* A row that is no row of two: what is wrong with it. */
static void refuse_row(struct conf_loader *l, const struct conf_table *t, int line, const char *why,
                       char separator)
{
    conf_report_add(l->report, false, t->at.file, line,
                    "%s; a row is key%svalue (quote what holds a %s)", why,
                    separator == '\t' ? "<tab>" : separator == ';' ? ";" : ",",
                    separator == '\t' ? "tab" : separator == ';' ? "semicolon" : "comma");
}

static void table_row(struct conf_loader *l, struct conf_table *t, const struct conf_csv *c,
                      const struct conf_csv_row *row)
{
    if (row->kind == CONF_CSV_QUOTE || row->kind == CONF_CSV_WIDE || row->count != 2) {
        refuse_row(l, t, row->line,
                   row->kind == CONF_CSV_QUOTE ? "a quote is not closed or not the whole field"
                   : row->count < 2            ? "there is no second column"
                                               : "more than two columns", c->separator);
        return;
    }
    char *key = conf_held_must(conf_csv_text(c, &row->fields[0]));
    char *value = conf_held_must(conf_csv_text(c, &row->fields[1]));
    json_t *string = NULL;
    if (json_object_get(t->rows, key))
        conf_report_add(l->report, false, t->at.file, row->line, "key \"%s\" is there twice", key);
    else if (!(string = json_string(value)) || json_object_set_new(t->rows, key, string) != 0 ||
             json_object_set_new(t->lines, key, json_integer(row->line)) != 0)
        conf_report_add(l->report, false, t->at.file, row->line,
                        "is not UTF-8 text; save it as \"CSV UTF-8\"");
    free(key);
    free(value);
}

static void table_rows(struct conf_loader *l, struct conf_table *t, const char *text)
{
    struct conf_csv c;
    struct conf_csv_row row;
    if (!conf_csv_start(&c, text)) {
        conf_report_add(l->report, false, t->at.file, 1,
                        "sep=%c: columns are separated by a comma, semicolon or tab", c.separator);
        return;
    }
    while (conf_csv_next(&c, &row) != CONF_CSV_END) {
        if (row.kind != CONF_CSV_COMMENT)
            table_row(l, t, &c, &row);
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
    table_rows(l, t, text);
    free(text);
    return t;
}

int conf_table_line(const struct conf_table *t, const char *key)
{
    return (int)json_integer_value(json_object_get(t->lines, key));
}
