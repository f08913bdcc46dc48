/* SPDX-License-Identifier: MIT
 * Keys of tables that are numbers. */
#include "config/conf_keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "config/conf_report.h"

#define KEY_LIMIT 4096
#define TOLD 10 /* rows of one table; one slip is often in all of them */

/* One of the keys that stand in a text with | between. */
struct part {
    const char *text;
    size_t bytes;
};

/* How many there are; those beyond GRID_KEYS are only counted. */
static int split(const char *key, struct part parts[GRID_KEYS])
{
    int n = 0;
    for (;; n++) {
        size_t bytes = strcspn(key, "|");
        if (n < GRID_KEYS)
            parts[n] = (struct part){key, bytes};
        if (!key[bytes])
            return n + 1;
        key += bytes + 1;
    }
}

static bool is_number(const struct part *p, struct decimal *out)
{
    char text[DECIMAL_TEXT_BYTES];
    if (p->bytes == 0 || p->bytes >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)p->bytes, p->text);
    return decimal_parse(text, out) == 0;
}

/* With two places at least, as most systems write percentages and amounts. */
static void add_number(struct decimal d, struct buf *out)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal two = {d.units, d.places};
    while (two.places < 2) {
        two.units *= 10;
        two.places++;
    }
    decimal_format(decimal_trim(two, 2), text);
    buf_add_text(out, text);
}

/* "21.00" is written so already, as nearly every key is. */
static bool is_formed(const struct part *p)
{
    size_t n = 0;
    while (n < p->bytes && isdigit((unsigned char)p->text[n]))
        n++;
    return n > 0 && (n == 1 || p->text[0] != '0') && p->bytes == n + 3 && n < DECIMAL_MAX_PLACES &&
           p->text[n] == '.' && isdigit((unsigned char)p->text[n + 1]) &&
           isdigit((unsigned char)p->text[n + 2]);
}

void conf_keys_form(const struct conf_rule *r, const char *key, struct buf *out)
{
    struct part parts[GRID_KEYS];
    int n = split(key, parts);
    if (!r->number_keys || n != r->number_of) {
        buf_add_text(out, key);
        return;
    }
    for (int i = 0; i < n; i++) {
        struct decimal d;
        if (i > 0)
            buf_add_char(out, '|');
        bool number = (r->number_keys & (1u << i)) && !is_formed(&parts[i]);
        if (number && is_number(&parts[i], &d))
            add_number(d, out);
        else
            buf_add(out, parts[i].text, parts[i].bytes);
    }
}

/* ---- what is never found ---- */

/* Is it told of this row, or of enough rows of the file? */
static bool is_told(const struct conf_report *report, const char *file, int line, const char *text)
{
    int told = 0;
    for (int i = 0; i < report->count && told < TOLD; i++) {
        const struct conf_mistake *m = &report->items[i];
        if (strcmp(m->file, file) != 0)
            continue;
        if (m->line == line && strcmp(m->text, text) == 0)
            return true;
        told += m->warning;
    }
    return told >= TOLD;
}

/* Two rules that ask one table say it once. */
static void warn(struct conf_loader *l, const struct conf_table *t, const struct grid_row *row,
                 const char *text)
{
    if (t->at.file && !is_told(l->report, t->at.file, row->line, text))
        conf_report_add(l->report, true, t->at.file, row->line, "%s", text);
}

static bool is_anything(const struct part *p)
{
    return p->bytes == 0 || (p->bytes == 1 && p->text[0] == '*');
}

/* Two letters, not both of them capitals. */
static bool is_small_country(const struct part *p)
{
    return p->bytes == 2 && isalpha((unsigned char)p->text[0]) &&
           isalpha((unsigned char)p->text[1]) &&
           (islower((unsigned char)p->text[0]) || islower((unsigned char)p->text[1]));
}

static bool holds_countries(const struct conf_type *t)
{
    return t->field && (strcmp(t->field->name, "country") == 0 ||
                        strcmp(t->field->name, "region") == 0);
}

static void check_part(struct conf_loader *l, const struct conf_rule *r,
                       const struct grid_row *row, const struct part *p,
                       const struct conf_type *type, bool core)
{
    struct decimal d;
    const char *name = type->field ? type->field->name : "the value";
    if (is_anything(p))
        return;
    if (type->type == FIELD_DECIMAL && !is_number(p, &d))
        warn(l, r->table, row,
             conf_held_text(l->held, "key \"%s\" is never found: \"%s\" is a number such as "
                            "\"21.00\", not \"%.*s\"", row->key, name, (int)p->bytes, p->text));
    else if (core && holds_countries(type) && is_small_country(p))
        warn(l, r->table, row,
             conf_held_text(l->held, "key \"%s\" is never found: \"%s\" is in capitals, \"%c%c\"",
                            row->key, name, toupper((unsigned char)p->text[0]),
                            toupper((unsigned char)p->text[1])));
}

static void check_row(struct conf_loader *l, const struct conf_rule *r, const struct grid_row *row,
                      const struct conf_type *types, int count, bool core)
{
    struct part parts[GRID_KEYS];
    if (split(row->key, parts) != count)
        return; /* of another rule that asks by more or fewer */
    for (int i = 0; i < count; i++)
        check_part(l, r, row, &parts[i], &types[i], core);
}

/* ---- rows in one form ---- */

static void grid_done(void *grid)
{
    grid_free(grid);
}

/* The rows again, their numbers in one form. */
static void form_rows(struct conf_loader *l, struct conf_rule *r)
{
    struct grid *rows = conf_held_must(grid_new(r->table->key_count));
    const struct grid_row *row;
    conf_held_keep(l->held, rows, grid_done);
    for (int i = 0; (row = grid_at(r->table->grid, i)); i++) {
        struct buf key;
        buf_init(&key, KEY_LIMIT);
        conf_keys_form(r, row->key, &key);
        const char *text = buf_ok(&key) ? buf_text(&key) : row->key;
        if (grid_add(rows, text, json_string_value(row->value), row->line) > 0)
            warn(l, r->table, row,
                 conf_held_text(l->held, "key \"%s\" is never found: another row has this number "
                                "already, as \"%s\"", row->key, text));
        buf_done(&key);
    }
    r->rows = rows;
}

/* Does any row say a number in another form? */
static bool differs(const struct conf_rule *r)
{
    const struct grid_row *row;
    bool any = false;
    for (int i = 0; !any && (row = grid_at(r->table->grid, i)); i++) {
        struct buf key;
        buf_init(&key, KEY_LIMIT);
        conf_keys_form(r, row->key, &key);
        any = buf_ok(&key) && strcmp(buf_text(&key), row->key) != 0;
        buf_done(&key);
    }
    return any;
}

void conf_keys_load(struct conf_loader *l, struct conf_rule *r, const struct conf_type *types,
                    int count, bool core)
{
    const struct grid_row *row;
    if (!r->table)
        return;
    r->rows = r->table->grid;
    if (!r->rows || r->via_count > 0 || count < 1 || count > GRID_KEYS)
        return;
    r->number_of = count;
    for (int i = 0; i < count; i++)
        r->number_keys |= types[i].type == FIELD_DECIMAL ? 1u << i : 0;
    for (int i = 0; (row = grid_at(r->table->grid, i)); i++)
        check_row(l, r, row, types, count, core);
    if (r->number_keys && differs(r))
        form_rows(l, r);
}
