/* SPDX-License-Identifier: MIT
 * Wire and record forms; see records.h. */
#include "records.h"

#include <inttypes.h>
#include <stdlib.h>

#define DIGITS_MAX 15 /* decimal digits that JSON numbers carry unchanged */

static json_t *by_member(json_t *list, const char *member, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) {
        const char *name = json_string_value(json_object_get(item, member));
        if (!name && strcmp(member, "wire") == 0)
            name = json_string_value(json_object_get(item, "name"));
        if (name && strcmp(name, text) == 0)
            return item;
    }
    return NULL;
}

json_t *records_entity(struct asperion *a, const char *entity)
{
    return by_member(json_object_get(a->host->catalogue(a->ctx), "entities"), "name", entity);
}

json_t *records_fields(struct asperion *a, const char *entity)
{
    return json_object_get(records_entity(a, entity), "fields");
}

json_t *records_inside(json_t *fields, const char *name)
{
    return json_object_get(by_member(fields, "name", name), "fields");
}

static const char *wire_of(const json_t *field)
{
    return koppel_get_text(field, "wire", koppel_get_text(field, "name", ""));
}

const char *records_wire(json_t *fields, const char *name)
{
    const json_t *field = by_member(fields, "name", name);
    return field ? wire_of(field) : name;
}

/* ---- Reading ---- */

/* A number as the digits it was sent with. */
static json_t *number_text(const json_t *value)
{
    char text[64];
    if (json_is_integer(value)) {
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return json_string(text);
    }
    snprintf(text, sizeof text, "%.15g", json_real_value(value));
    if (strchr(text, 'e')) {
        /* Out of the range of amounts; without an exponent, as a decimal must be. */
        if (snprintf(text, sizeof text, "%.10f", json_real_value(value)) >= (int)sizeof text)
            return NULL;
        size_t n = strlen(text);
        while (text[n - 1] == '0')
            text[--n] = '\0';
        if (text[n - 1] == '.')
            text[n - 1] = '\0';
    }
    return json_string(text);
}

/* A whole number that names another record: 0 is none. */
static bool is_no_reference(const json_t *field, const json_t *value)
{
    const char *name = koppel_get_text(field, "name", "");
    size_t n = strlen(name);
    return json_is_integer(value) && json_integer_value(value) == 0 && n > 2 &&
           strcmp(name + n - 2, "Id") == 0 &&
           strcmp(koppel_get_text(field, "type", "text"), "integer") == 0;
}

static json_t *read_value(const json_t *field, const json_t *value)
{
    size_t i;
    json_t *item;
    if (json_is_number(value))
        return number_text(value);
    if (json_is_string(value)) {
        bool date = strcmp(koppel_get_text(field, "type", "text"), "date") == 0;
        size_t n = json_string_length(value);
        return json_stringn(json_string_value(value), date && n > 10 ? 10 : n);
    }
    const json_t *list = json_is_object(value) ? json_object_get(value, "_data") : value;
    if (json_is_array(list)) {
        json_t *out = json_array();
        json_array_foreach((json_t *)list, i, item)
            json_array_append_new(out, read_value(field, item));
        return out;
    }
    if (json_is_object(value))
        return records_read(json_object_get(field, "fields"), value);
    return json_is_boolean(value) ? json_incref((json_t *)value) : NULL;
}

json_t *records_read(json_t *fields, const json_t *row)
{
    const char *name;
    json_t *value;
    json_t *record = json_object();
    json_object_foreach((json_t *)row, name, value) {
        if (strcmp(name, "_meta") == 0 || json_is_null(value))
            continue;
        const json_t *field = by_member(fields, "wire", name);
        if (is_no_reference(field, value))
            continue;
        json_t *read = read_value(field, value);
        if (read)
            json_object_set_new(record, field ? koppel_get_text(field, "name", name) : name, read);
    }
    return record;
}

int64_t records_time(const char *text)
{
    int y, m, d, h = 0, mi = 0, s = 0;
    if (!text || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &y, &m, &d, &h, &mi, &s) < 3 || m < 1 ||
        m > 12)
        return 0;
    /* Days since 1970, counted in years that begin in March. */
    int64_t year = m <= 2 ? y - 1 : y, month = m <= 2 ? m + 9 : m - 3;
    int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + d - 1 -
                   719468;
    return (((days * 24 + h) * 60 + mi) * 60 + s) * 1000;
}

void records_id(const json_t *row, char *out, size_t bytes)
{
    const json_t *id = json_object_get(row, "id");
    out[0] = '\0';
    if (json_is_integer(id))
        snprintf(out, bytes, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    else if (json_is_string(id))
        snprintf(out, bytes, "%s", json_string_value(id));
}

/* ---- Writing ---- */

static json_t *misfit(struct asperion *a, const json_t *field, const char *what, const char *text,
                      struct koppel_error *err)
{
    a->host->fail(err, KOPPEL_E_REJECTED, "%s must be %s, not \"%.60s\"",
                  koppel_get_text(field, "name", "a field"), what, text);
    return NULL;
}

/* Text of at most 15 significant digits, as a number that is written with those digits. */
static json_t *write_decimal(struct asperion *a, const json_t *field, const char *text,
                             struct koppel_error *err)
{
    int digits = 0, points = 0, seen = 0;
    for (const char *p = text + (*text == '-' || *text == '+'); *p; p++) {
        if (*p == '.' && !points++)
            continue;
        if (*p < '0' || *p > '9')
            return misfit(a, field, "a decimal number", text, err);
        seen = 1;
        digits += *p != '0' || digits > 0;
    }
    if (!seen)
        return misfit(a, field, "a decimal number", text, err);
    if (digits > DIGITS_MAX)
        return misfit(a, field, "of at most 15 digits", text, err);
    double value = strtod(text, NULL); /* KOPPEL-FLOAT: 15 digits come back as they were */
    return json_real(value == 0 ? 0.0 : value); /* there is no minus zero */
}

static json_t *write_boolean(struct asperion *a, const json_t *field, const json_t *value,
                             const char *text, struct koppel_error *err)
{
    if (json_is_boolean(value))
        return json_incref((json_t *)value);
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return json_false();
    return misfit(a, field, "true or false", text, err);
}

/* Dates go out as local date-time without a zone. */
static json_t *write_time(struct asperion *a, const json_t *field, const char *text, bool date,
                          struct koppel_error *err)
{
    char out[24];
    if (strlen(text) < 10 || !records_time(text))
        return misfit(a, field, "a date", text, err);
    const char *clock = text[10] == 'T' || text[10] == ' ' ? text + 11 : "";
    if (date || strlen(clock) < 8)
        clock = "00:00:00";
    snprintf(out, sizeof out, "%.10sT%.8s", text, clock);
    return json_string(out);
}

static json_t *write_list(struct asperion *a, const json_t *field, const json_t *value,
                          struct koppel_error *err)
{
    size_t i;
    json_t *item;
    json_t *fields = json_object_get(field, "fields");
    json_t *data = json_array();
    if (!json_is_array(value)) {
        json_decref(data);
        return misfit(a, field, "a list", "something else", err);
    }
    json_array_foreach((json_t *)value, i, item) {
        json_t *sent = json_is_object(item) ? records_write(a, fields, item, err)
                                            : json_incref(item);
        if (!sent || json_array_append_new(data, sent) != 0) {
            json_decref(data);
            return NULL;
        }
    }
    return json_pack("{s:o}", "_data", data);
}

static json_t *write_value(struct asperion *a, const json_t *field, const json_t *value,
                           struct koppel_error *err)
{
    int64_t number;
    char digits[24];
    const char *type = koppel_get_text(field, "type", "text");
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    if (json_is_integer(value)) {
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = digits;
    }
    if (json_is_null(value))
        return json_null();
    if (strcmp(type, "list") == 0)
        return write_list(a, field, value, err);
    if (strcmp(type, "object") == 0)
        return json_is_object(value)
                   ? records_write(a, json_object_get(field, "fields"), value, err)
                   : misfit(a, field, "an object", text, err);
    if (strcmp(type, "boolean") == 0)
        return write_boolean(a, field, value, text, err);
    if (!json_is_string(value) && !json_is_integer(value))
        return misfit(a, field, "text", "something else", err);
    if (strcmp(type, "text") == 0)
        return json_string(text);
    if (!*text)
        return json_null();
    if (strcmp(type, "decimal") == 0)
        return write_decimal(a, field, text, err);
    if (strcmp(type, "integer") == 0)
        return koppel_parse_int(text, &number) == 0 ? json_integer(number)
                                                    : misfit(a, field, "a whole number", text, err);
    return write_time(a, field, text, strcmp(type, "date") == 0, err);
}

json_t *records_write(struct asperion *a, json_t *fields, const json_t *record,
                      struct koppel_error *err)
{
    const char *name;
    json_t *value;
    json_t *out = json_object();
    if (!out)
        return api_no_memory(a, err), NULL;
    json_object_foreach((json_t *)record, name, value) {
        const json_t *field = by_member(fields, "name", name);
        if (!field) {
            a->host->fail(err, KOPPEL_E_CONFIG,
                          "Asperion has no field \"%s\" here: correct the mapping, or add the "
                          "field to the overlay of the catalogue", name);
            goto fail;
        }
        if (koppel_get_bool(field, "read_only", 0))
            continue;
        json_t *sent = write_value(a, field, value, err);
        if (!sent || json_object_set_new(out, wire_of(field), sent) != 0)
            goto fail;
    }
    return out;
fail:
    json_decref(out);
    return NULL;
}

void records_strip(json_t *fields, json_t *row)
{
    size_t i, k;
    json_t *field, *item;
    json_object_del(row, "_meta");
    json_array_foreach(fields, i, field) {
        json_t *inside = json_object_get(field, "fields");
        json_t *value = json_object_get(row, wire_of(field));
        if (koppel_get_bool(field, "read_only", 0)) {
            json_object_del(row, wire_of(field));
        } else if (inside && json_is_object(value)) {
            json_object_del(value, "_meta");
            json_array_foreach(json_object_get(value, "_data"), k, item)
                records_strip(inside, item);
        }
    }
}
