/* SPDX-License-Identifier: MIT
 * Value tables: CSV files of two columns, or columns of a sheet with a heading. */
#include "config/conf_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/conf_csv.h"
#include "config/conf_held.h"
#include "config/conf_loader.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_source.h"

#define OVERLAPS_TOLD 10 /* of one table */
#define BLANKS_TOLD 10

/* What a row says. */
struct texts {
    char *fields[CONF_CSV_COLUMNS]; /* owned */
    int count, line;
};

/* A table while it is loaded. */
struct loading {
    struct conf_loader *l;
    struct conf_table *table;
    config_setting_t *group; /* NULL: of two columns */
    int columns[GRID_KEYS];  /* where its keys stand in the sheet */
    int value;               /* where its value does */
    int blanks;              /* how many keys with a blank at an end were told */
};

static void wrong(const struct loading *t, int line, const char *text)
{
    conf_report_add(t->l->report, false, t->table->at.file, line, "%s", text);
}

static void grid_done(void *grid)
{
    grid_free(grid);
}

/* ---- rows ---- */

static void texts_of(const struct conf_csv *c, const struct conf_csv_row *row, struct texts *out)
{
    out->count = row->count;
    out->line = row->line;
    for (int i = 0; i < row->count; i++)
        out->fields[i] = conf_held_must(conf_csv_text(c, &row->fields[i]));
}

static void texts_done(struct texts *t)
{
    for (int i = 0; i < t->count; i++)
        free(t->fields[i]);
    t->count = 0;
}

/* Blanks that nobody sees, at the end of one of its keys. */
static bool has_blanks(const char *key)
{
    for (const char *at = key; *at; at++) {
        bool first = at == key || at[-1] == '|', last = !at[1] || at[1] == '|';
        if ((*at == ' ' || *at == '\t') && (first || last))
            return true;
    }
    return false;
}

static void add(struct loading *t, const struct texts *row, const char *key,
                const char *value)
{
    if (has_blanks(key) && t->blanks++ < BLANKS_TOLD)
        conf_report_add(t->l->report, true, t->table->at.file, row->line,
                        "key \"%s\" begins or ends with a blank: only a value with that blank "
                        "finds it", key);
    int rc = grid_add(t->table->grid, key, value, row->line);
    if (rc > 0)
        conf_report_add(t->l->report, false, t->table->at.file, row->line,
                        "key \"%s\" is there twice", key);
    else if (rc < 0)
        wrong(t, row->line, "is not UTF-8 text; save it as \"CSV UTF-8\"");
}

static void two_columns(struct loading *t, const struct conf_csv *c,
                        const struct texts *row)
{
    if (row->count == 2) {
        add(t, row, row->fields[0], row->fields[1]);
        return;
    }
    const char *name = c->separator == '\t' ? "tab" : c->separator == ';' ? "semicolon" : "comma";
    char between[] = {c->separator, '\0'};
    conf_report_add(t->l->report, false, t->table->at.file, row->line,
                    "%s; a row is key%svalue (quote what holds a %s)",
                    row->count < 2 ? "there is no second column" : "more than two columns",
                    c->separator == '\t' ? "<tab>" : between, name);
}

static void of_sheet(struct loading *t, const struct texts *heading, const struct texts *row)
{
    const char *key = "";
    if (row->count != heading->count) {
        conf_report_add(t->l->report, false, t->table->at.file, row->line,
                        "the row has %d columns, the heading has %d", row->count, heading->count);
        return;
    }
    for (int i = 0; i < t->table->key_count; i++) {
        const char *one = row->fields[t->columns[i]];
        if (t->table->key_count > 1 && strchr(one, '|')) {
            wrong(t, row->line, "a key cannot hold a |, which stands between keys");
            return;
        }
        key = conf_held_text(t->l->held, "%s%s%s", key, i ? "|" : "", one);
    }
    add(t, row, key, row->fields[t->value]);
}

/* ---- the heading ---- */

/* The column that the setting's text names; -1: there is none, which is told. */
static int column_of(const struct loading *t, const struct texts *heading,
                     const config_setting_t *s, const char *name)
{
    const char *const *names = (const char *const *)heading->fields;
    for (int i = 0; i < heading->count; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    conf_mistake_near(t->l, s, nearest_name(name, names, heading->count),
                      "the heading of %s has no column \"%s\"; it has %s", t->table->at.file, name,
                      conf_member_joined(t->l, names, heading->count));
    return -1;
}

static bool heading_read(struct loading *t, const struct texts *heading)
{
    for (int i = 0; i < heading->count; i++) {
        for (int k = 0; k < i; k++) {
            if (!*heading->fields[i] || strcmp(heading->fields[i], heading->fields[k]) != 0)
                continue;
            conf_report_add(t->l->report, false, t->table->at.file, heading->line,
                            "column \"%s\" is there twice", heading->fields[i]);
            return false;
        }
    }
    bool all = true;
    for (int i = 0; i < t->table->key_count; i++) {
        t->columns[i] =
            column_of(t, heading, conf_member_get(t->group, "keys"), t->table->keys[i]);
        all = all && t->columns[i] >= 0;
    }
    t->value = column_of(t, heading, conf_member_get(t->group, "value"), t->table->value);
    return all && t->value >= 0;
}

/* false: nothing that follows can be read. */
static bool row_read(struct loading *t, const struct conf_csv *c, const struct conf_csv_row *row,
                     struct texts *heading)
{
    struct texts texts;
    bool go_on = true;
    if (row->kind == CONF_CSV_QUOTE) {
        wrong(t, row->line, "a quote is not closed or not the whole field");
        return true;
    }
    if (row->kind == CONF_CSV_WIDE) {
        conf_report_add(t->l->report, false, t->table->at.file, row->line,
                        "the row has more than %d columns", CONF_CSV_COLUMNS);
        return heading->count || !t->group;
    }
    texts_of(c, row, &texts);
    if (!t->group) {
        two_columns(t, c, &texts);
    } else if (heading->count) {
        of_sheet(t, heading, &texts);
    } else if (heading_read(t, &texts)) {
        *heading = texts;
        return true;
    } else {
        go_on = false;
    }
    texts_done(&texts);
    return go_on;
}

static void rows_read(struct loading *t, const char *text)
{
    struct conf_csv c;
    struct conf_csv_row row;
    struct texts heading = {.count = 0};
    bool go_on = true, any = false;
    if (!conf_csv_start(&c, text)) {
        conf_report_add(t->l->report, false, t->table->at.file, 1,
                        "sep=%c: columns are separated by a comma, semicolon or tab", c.separator);
        return;
    }
    while (go_on && conf_csv_next(&c, &row) != CONF_CSV_END) {
        if (row.kind == CONF_CSV_COMMENT)
            continue;
        any = true;
        go_on = row_read(t, &c, &row, &heading);
    }
    if (t->group && !any)
        wrong(t, 1, "there is no heading: the first row names the columns");
    texts_done(&heading);
}

/* ---- the table ---- */

struct told {
    const struct loading *t;
    int count;
};

static int tell_overlap(void *arg, const struct grid_row *taken, const struct grid_row *other,
                        const char *both)
{
    struct told *told = arg;
    const struct loading *t = told->t;
    int line = taken->line > other->line ? taken->line : other->line;
    conf_report_add(t->l->report, true, t->table->at.file, line,
                    "\"%s\" fits row \"%s\" of line %d and row \"%s\" of line %d equally well; "
                    "line %d is taken, whose first keys are written out%s",
                    both, taken->key, taken->line, other->key, other->line, taken->line,
                    told->count + 1 == OVERLAPS_TOLD ? " (others are not told)" : "");
    return ++told->count == OVERLAPS_TOLD;
}

/* { file = "tax.csv"; keys = [ "region", "rate" ]; value = "vat_code"; } The file's name, or "". */
static const char *sheet_load(struct loading *t)
{
    static const char *const names[] = {"file", "keys", "value"};
    struct conf_loader *l = t->l;
    config_setting_t *keys = conf_member_get(t->group, "keys");
    conf_member_check_names(l, t->group, names, COUNT(names));
    for (int i = 0; i < COUNT(names); i++) {
        if (!conf_member_get(t->group, names[i]))
            conf_mistake(l, t->group, "table \"%s\" needs \"file\", \"keys\" and \"value\"; "
                         "\"%s\" is missing", t->table->name, names[i]);
    }
    if (keys)
        t->table->keys = conf_member_texts(l, keys, &t->table->key_count);
    if (keys && (t->table->key_count < 1 || t->table->key_count > GRID_KEYS)) {
        conf_mistake(l, keys, "a table has 1 to %d keys", GRID_KEYS);
        return "";
    }
    const char *value = conf_member_text(l, t->group, "value", NULL);
    const char *file = conf_member_text(l, t->group, "file", "");
    t->table->value = value ? conf_held_copy(l->held, value) : NULL;
    return keys && value ? file : "";
}

static void file_read(struct loading *t, config_setting_t *s)
{
    struct conf_loader *l = t->l;
    size_t bytes = 0;
    const char *why = NULL;
    char *text = conf_source_read(l, t->table->at.file, &bytes, &why);
    if (!text) {
        config_setting_t *file = conf_member_get(t->group, "file");
        conf_mistake(l, file ? file : s, "table \"%s\": cannot read %s: %s", t->table->name,
                     t->table->at.file, why);
        return;
    }
    conf_loader_digest(l, text, bytes);
    if (strlen(text) != bytes)
        wrong(t, 1, "holds a NUL byte; it is no CSV text (save it as \"CSV UTF-8\", not as "
              "Unicode text)");
    else
        rows_read(t, text);
    free(text);
    struct told told = {t, 0};
    grid_overlaps(t->table->grid, tell_overlap, &told);
}

struct conf_table *conf_table_new(struct conf_loader *l, const char *name, struct conf_at at,
                                  int keys)
{
    struct conf_table *t = conf_held_alloc(l->held, sizeof *t);
    *t = (struct conf_table){.name = conf_held_copy(l->held, name), .at = at};
    t->grid = conf_held_must(grid_new(keys));
    conf_held_keep(l->held, t->grid, grid_done);
    return t;
}

const struct conf_table *conf_table_load(struct conf_loader *l, config_setting_t *s)
{
    bool sheet = config_setting_is_group(s);
    config_setting_t *keys = sheet ? conf_member_get(s, "keys") : NULL;
    int count = keys && config_setting_is_aggregate(keys) ? config_setting_length(keys) : 1;
    struct loading t = {.l = l, .group = sheet ? s : NULL};
    t.table = conf_table_new(l, config_setting_name(s), (struct conf_at){NULL, 1},
                             sheet ? count : 0);
    t.table->named = conf_mistake_at(l, s);
    const char *name = sheet ? sheet_load(&t) : config_setting_get_string(s);
    if (!name)
        conf_mistake(l, s, "table \"%s\" must be the name of a CSV file, or a group as in "
                     "{ file = \"tax.csv\"; keys = [ \"region\", \"rate\" ]; "
                     "value = \"vat_code\"; }", t.table->name);
    t.table->at.file = conf_loader_absolute(l, name ? name : "");
    if (name && *name)
        file_read(&t, s);
    return t.table;
}
