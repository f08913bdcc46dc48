/* SPDX-License-Identifier: MIT
 * What differs between two records of one entity, field by field. */
#include "flow/compare.h"

#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/decimal.h"
#include "mapping/value.h"

#define SHOWN_BYTES 60 /* of a value */
#define WHERE_BYTES 96

static bool same_value(const struct cat_field *field, const json_t *a, const json_t *b)
{
    char ba[32], bb[32];
    const char *ta, *tb;
    struct decimal da, db;
    if (value_is_blank(a) || value_is_blank(b)) /* a system may leave out what is empty */
        return value_is_blank(a) && value_is_blank(b);
    if (!value_text(a, ba, &ta) || !value_text(b, bb, &tb))
        return json_equal(a, b);
    if (strcmp(ta, tb) == 0 || (field->type == FIELD_DATE && strncmp(ta, tb, 10) == 0))
        return true;
    return decimal_parse(ta, &da) == 0 && decimal_parse(tb, &db) == 0 &&
           decimal_compare(da, db) == 0;
}

/* where: what the field stands in, with a blank behind it: "lines 2 ", "" */
static void differs(struct difference *d, const char *where, const char *name, const char *was,
                    const char *now)
{
    if (d->rows)
        json_array_append_new(d->rows, json_pack("{s:o,s:s,s:s}", "field",
                                                 json_sprintf("%s%s", where, name), "was", was,
                                                 "now", now));
    if (d->used >= sizeof d->text - 1)
        return;
    char part[COMPARE_BYTES];
    snprintf(part, sizeof part, "%s%s%s %.*s -> %.*s", d->used ? ", " : "", where, name,
             CUT(was, SHOWN_BYTES), CUT(now, SHOWN_BYTES));
    d->used += cut_copy(d->text + d->used, sizeof d->text - d->used, part);
}

/* A value for a person; amounts of both sides in one form. */
static const char *shown(const struct cat_field *field, const json_t *value,
                         char buf[DECIMAL_TEXT_BYTES])
{
    const char *text;
    struct decimal d;
    if (!value || json_is_null(value))
        return "none";
    if (!value_text(value, buf, &text))
        return "other";
    if (field->type != FIELD_DECIMAL || decimal_parse(text, &d) != 0)
        return text;
    if (d.places < 2)
        (void)decimal_round(d, 2, ROUND_HALF_UP, &d);
    decimal_format(decimal_trim(d, 2), buf);
    return buf;
}

/* The elements of a list that book something; a new reference. A destination may leave out those
 * that an entry balances without. */
static json_t *booked(const struct cat_entity *e, const char *name, json_t *list)
{
    size_t n = strlen(name), i;
    json_t *line, *out;
    char buf[32];
    const char *text;
    struct decimal amount;
    if (!e->balance || strncmp(e->balance, name, n) != 0 || strncmp(e->balance + n, "[].", 3) != 0)
        return json_incref(list);
    out = json_array();
    json_array_foreach(list, i, line) {
        json_t *value = json_object_get(line, e->balance + n + 3);
        if (!value || !value_text(value, buf, &text) || decimal_parse(text, &amount) != 0 ||
            !decimal_is_zero(amount))
            json_array_append(out, line);
    }
    return out;
}

/* Is it one of the amounts that corrections add up? */
static bool is_amount(const struct cat_entity *e, const char *list, const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s%s%s", list ? list : "", list ? "[]." : "", name);
    for (int i = 0; i < e->correct_count; i++) {
        if (strcmp(e->correct[i], path) == 0)
            return true;
    }
    return false;
}

static bool is_zero(const json_t *value)
{
    char buf[32];
    const char *text;
    struct decimal d;
    return value && value_text(value, buf, &text) && decimal_parse(text, &d) == 0 &&
           decimal_is_zero(d);
}

/* Compares what the new record says with what stands there; what only the destination says is no
 * difference. list: the field whose elements the fields are, NULL: the record's own; where: as
 * differs. */
static void compare_fields(struct difference *d, const struct cat_field *fields, int count,
                           const json_t *present, const json_t *document, const char *list,
                           const char *where);

static void compare_list(struct difference *d, const struct cat_field *field, json_t *was,
                         json_t *now, const char *where)
{
    char ba[24], bb[24], inside[WHERE_BYTES];
    json_t *before = booked(d->entity, field->name, was),
           *after = booked(d->entity, field->name, now), *one;
    size_t i;
    snprintf(ba, sizeof ba, "%zu", json_array_size(before));
    snprintf(bb, sizeof bb, "%zu", json_array_size(after));
    if (strcmp(ba, bb) != 0) {
        differs(d, where, field->name, ba, bb);
    } else {
        json_array_foreach(after, i, one) {
            snprintf(inside, sizeof inside, "%s%s %zu ", where, field->name, i + 1);
            compare_fields(d, field->fields, field->field_count, json_array_get(before, i), one,
                           field->name, inside);
        }
    }
    json_decref(before);
    json_decref(after);
}

static void compare_object(struct difference *d, const struct cat_field *field, const json_t *was,
                           const json_t *now, const char *where)
{
    char inside[WHERE_BYTES];
    snprintf(inside, sizeof inside, "%s%s ", where, field->name);
    compare_fields(d, field->fields, field->field_count, was, now, NULL, inside);
}

static void compare_fields(struct difference *d, const struct cat_field *fields, int count,
                           const json_t *present, const json_t *document, const char *list,
                           const char *where)
{
    for (int i = 0; i < count; i++) {
        const struct cat_field *field = &fields[i];
        json_t *was = json_object_get(present, field->name),
               *now = json_object_get(document, field->name);
        char ba[DECIMAL_TEXT_BYTES], bb[DECIMAL_TEXT_BYTES];
        if (!now || field->read_only)
            continue;
        if (json_is_array(now))
            compare_list(d, field, was, now, where);
        else if (json_is_object(now) && field->field_count > 0)
            compare_object(d, field, was, now, where);
        else if (!was && is_amount(d->entity, list, field->name) && is_zero(now))
            continue; /* in a sum, as nothing is said of it there */
        else if (!same_value(field, was, now))
            differs(d, where, field->name, shown(field, was, ba), shown(field, now, bb));
    }
}

void compare_records(const struct cat_entity *e, const json_t *present, const json_t *record,
                     struct difference *out)
{
    *out = (struct difference){.entity = e};
    if (present && record)
        compare_fields(out, e->fields, e->field_count, present, record, NULL, "");
}

json_t *compare_rows(const struct cat_entity *e, const json_t *present, const json_t *record)
{
    struct difference d = {.entity = e, .rows = json_array()};
    if (present && record && d.rows)
        compare_fields(&d, e->fields, e->field_count, present, record, NULL, "");
    return d.rows;
}

bool compare_is_same(const struct cat_entity *e, const json_t *present, const json_t *record,
                     struct difference *out)
{
    static const char *const roles[] = {"customer", "total"};
    bool total = false;
    *out = (struct difference){.entity = e};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const struct cat_field *field = catalogue_role(e, roles[i], NULL, 0);
        if (!field || !json_object_get(record, field->name) ||
            !json_object_get(present, field->name))
            continue;
        total = strcmp(roles[i], "total") == 0;
        compare_fields(out, field, 1, present, record, NULL, "");
    }
    if (!total) /* whose it is says little without what it comes to */
        compare_records(e, present, record, out);
    return out->used == 0;
}
