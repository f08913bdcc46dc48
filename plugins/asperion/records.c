/* SPDX-License-Identifier: MIT
 * Fields and records; see records.h. */
#include "records.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#define SHOWN_BYTES 24 /* of a value that does not fit */

/* ---- Fields ---- */

static const char *member_text(const json_t *item, const char *member)
{
    const char *text = koppel_get_text(item, member, NULL);
    return text ? text : koppel_get_text(item, "name", "");
}

#define HINTS 512 /* a power of two */

/* Where in their list members were found before: only a hint, which the look itself proves or
 * corrects, so that it may be of any list and any time. */
static _Thread_local unsigned short hints[HINTS];

static unsigned short *hint_of(const json_t *list, const char *member, const char *text)
{
    uintptr_t h = (uintptr_t)list >> 4 ^ (uintptr_t)(unsigned char)*member << 3;
    for (; *text; text++)
        h = h * 31 + (unsigned char)*text;
    return &hints[(h ^ h >> 9) & (HINTS - 1)];
}

/* The first item of the list whose member is that text. */
static json_t *by_member(json_t *list, const char *member, const char *text)
{
    size_t count = json_array_size(list);
    unsigned short *hint = hint_of(list, member, text);
    for (size_t i = 0; i <= count; i++) {
        size_t at = i == 0 ? *hint : i - 1;
        json_t *item = json_array_get(list, at);
        if (!item || strcmp(member_text(item, member), text) != 0)
            continue;
        if (i > 0 && at <= USHRT_MAX)
            *hint = (unsigned short)at;
        return item;
    }
    return NULL;
}

json_t *records_entity(struct asperion *a, const char *entity)
{
    json_t *entities = json_object_get(a->host->catalogue(a->ctx), "entities");
    return by_member(entities, "name", entity);
}

json_t *records_fields(struct asperion *a, const char *entity)
{
    return json_object_get(records_entity(a, entity), "fields");
}

json_t *records_field(json_t *fields, const char *name)
{
    return by_member(fields, "name", name);
}

json_t *records_field_at(json_t *fields, const char *wire)
{
    return by_member(fields, "wire", wire);
}

json_t *records_inside(json_t *fields, const char *name)
{
    return json_object_get(records_field(fields, name), "fields");
}

const char *records_wire_of(const json_t *field)
{
    return koppel_get_text(field, "wire", koppel_get_text(field, "name", ""));
}

const char *records_wire(json_t *fields, const char *name)
{
    const json_t *field = records_field(fields, name);
    return field ? records_wire_of(field) : name;
}

/* ---- Dates ---- */

static bool two(const char *p, int least, int most, int *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *out = (p[0] - '0') * 10 + p[1] - '0';
    return *out >= least && *out <= most;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* "+02:00", "Z" or nothing; *minutes that it is before UTC. */
static bool read_zone(const char *p, int *minutes)
{
    int h, m;
    *minutes = 0;
    if (!*p || strcmp(p, "Z") == 0)
        return true;
    if ((*p != '+' && *p != '-') || strlen(p) != 6 || p[3] != ':' || !two(p + 1, 0, 14, &h) ||
        !two(p + 4, 0, 59, &m))
        return false;
    *minutes = (*p == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

/* "13:45", "13:45:30.123" and a zone. */
static bool read_clock(const char *p, int64_t *seconds)
{
    int h, m, s = 0, zone;
    if (strlen(p) < 5 || !two(p, 0, 23, &h) || p[2] != ':' || !two(p + 3, 0, 59, &m))
        return false;
    p += 5;
    if (*p == ':') {
        if (strlen(p) < 3 || !two(p + 1, 0, 60, &s))
            return false;
        p += 3;
        if (*p == '.') {
            size_t n = strspn(p + 1, "0123456789");
            if (n == 0)
                return false;
            p += n + 1;
        }
    }
    if (!read_zone(p, &zone))
        return false;
    *seconds = h * 3600 + m * 60 + s - zone * 60;
    return true;
}

bool records_moment(const char *text, int64_t *ms)
{
    int century, y, m, d;
    int64_t seconds = 0;
    *ms = 0;
    if (!text || strlen(text) < 10 || !two(text, 0, 99, &century) || !two(text + 2, 0, 99, &y) ||
        text[4] != '-' || !two(text + 5, 1, 12, &m) || text[7] != '-')
        return false;
    y += century * 100;
    if (y < 1 || !two(text + 8, 1, days_in(y, m), &d))
        return false;
    if (text[10] && ((text[10] != 'T' && text[10] != ' ') || !read_clock(text + 11, &seconds)))
        return false;
    /* Days since 1970, counted in years that begin in March. */
    int64_t year = m <= 2 ? y - 1 : y, month = m <= 2 ? m + 9 : m - 3;
    int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + d - 1 -
                   719468;
    *ms = (days * 86400 + seconds) * 1000;
    return true;
}

static bool names_zone(const char *moment)
{
    return strlen(moment) > 10 && strpbrk(moment + 10, "Z+-") != NULL;
}

/* ---- Values ---- */

/* Says what is wrong with a member; what is in front of it is put there by who called. */
static json_t *misfit(char place[ANSWER_PLACE_BYTES], const char *wanted, const char *text)
{
    char shown[SHOWN_BYTES + 1] = "";
    size_t n = 0;
    for (; text && n < SHOWN_BYTES && text[n] > ' ' && text[n] < 0x7f && text[n] != '"'; n++)
        shown[n] = text[n];
    shown[n] = '\0';
    snprintf(place, ANSWER_PLACE_BYTES, n > 0 ? ": \"%s\" is no %s" : "%s: it is no %s",
             n > 0 ? shown : "", wanted);
    return NULL;
}

/* An exact decimal without idle zeros; false: it is none. */
static bool plain_decimal(const char *text, char *out, size_t room)
{
    size_t n = strlen(text), whole = strspn(text + (*text == '-'), "0123456789") + (*text == '-');
    if (n >= room || whole == (size_t)(*text == '-'))
        return false;
    memcpy(out, text, n + 1);
    if (!text[whole])
        return true;
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    if (fraction == 0 || text[whole + 1 + fraction])
        return false;
    while (out[n - 1] == '0')
        n--;
    n -= out[n - 1] == '.';
    out[n] = '\0';
    return true;
}

/* A whole number that names another record: 0 is none. */
static bool is_no_reference(const json_t *field, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) != 0)
        return false;
    const char *name = koppel_get_text(field, "name", "");
    size_t n = strlen(name);
    return n > 2 &&
           strcmp(name + n - 2, "Id") == 0 &&
           strcmp(koppel_get_text(field, "type", "text"), "integer") == 0;
}

static json_t *read_boolean(const json_t *value, const char *text, char place[ANSWER_PLACE_BYTES])
{
    if (json_is_boolean(value))
        return json_incref((json_t *)value);
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return json_false();
    return misfit(place, "true or false", text);
}

static json_t *read_moment(const char *text, bool date, char place[ANSWER_PLACE_BYTES])
{
    int64_t ms;
    if (!records_moment(text, &ms))
        return misfit(place, date ? "date" : "time", text);
    return json_stringn(text, date && !names_zone(text) ? 10 : strlen(text));
}

/* A text, a number or a switch. */
static json_t *read_scalar(const json_t *field, const json_t *value, char place[ANSWER_PLACE_BYTES])
{
    char digits[24], plain[KOPPEL_DECIMAL_TEXT];
    int64_t whole;
    const char *type = koppel_get_text(field, "type", "text");
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    if (json_is_integer(value)) {
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = digits;
    }
    if (!field)
        return json_is_boolean(value) ? json_incref((json_t *)value) : json_string(text);
    if (strcmp(type, "boolean") == 0)
        return read_boolean(value, text, place);
    if (json_is_boolean(value) || strcmp(type, "list") == 0 || strcmp(type, "object") == 0)
        return strcmp(type, "text") == 0 ? json_string(json_is_true(value) ? "true" : "false")
                                         : misfit(place, type, text);
    if (!*text)
        return json_string("");
    if (strcmp(type, "decimal") == 0)
        return plain_decimal(text, plain, sizeof plain) ? json_string(plain)
                                                        : misfit(place, "decimal number", text);
    if (strcmp(type, "integer") == 0 && koppel_parse_int(text, &whole) != 0)
        return misfit(place, "whole number", text);
    if (strcmp(type, "date") == 0 || strcmp(type, "time") == 0)
        return read_moment(text, strcmp(type, "date") == 0, place);
    return json_string(text);
}

/* Puts a name before what is said of a member inside. */
static void place_inside(char place[ANSWER_PLACE_BYTES], const char *name)
{
    char inner[ANSWER_PLACE_BYTES];
    snprintf(inner, sizeof inner, "%s", place);
    snprintf(place, ANSWER_PLACE_BYTES, "%.60s%s%.120s", name,
             *inner && *inner != ':' && *inner != '[' ? "." : "", inner);
}

static json_t *read_list(const json_t *field, const json_t *list, char place[ANSWER_PLACE_BYTES])
{
    size_t i;
    json_t *item, *out = json_array();
    json_t *fields = json_object_get(field, "fields");
    json_array_foreach((json_t *)list, i, item) {
        char number[32];
        json_t *read = json_is_object(item) ? records_read(fields, item, place)
                       : json_is_array(item) || fields ? misfit(place, "object", "")
                                                       : read_scalar(NULL, item, place);
        if (read && json_array_append_new(out, read) == 0)
            continue;
        snprintf(number, sizeof number, "[%zu]", i);
        place_inside(place, number);
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *read_value(const json_t *field, const json_t *value, char place[ANSWER_PLACE_BYTES])
{
    const char *type = koppel_get_text(field, "type", "text");
    bool nested = strcmp(type, "list") == 0 || strcmp(type, "object") == 0;
    const json_t *list = json_is_object(value) ? json_object_get(value, "_data") : value;
    if (!json_is_object(value) && !json_is_array(value))
        return read_scalar(field, value, place);
    if (field && !nested)
        return misfit(place, type, "");
    if (json_is_array(list))
        return read_list(field, list, place);
    return records_read(json_object_get(field, "fields"), value, place);
}

static json_t *read_members(json_t *fields, const json_t *row, bool nested,
                            char place[ANSWER_PLACE_BYTES])
{
    const char *name;
    json_t *value, *record = json_object();
    place[0] = '\0';
    json_object_foreach((json_t *)row, name, value) {
        if (strcmp(name, "_meta") == 0 || json_is_null(value) ||
            (!nested && (json_is_object(value) || json_is_array(value))))
            continue;
        const json_t *field = by_member(fields, "wire", name);
        if (is_no_reference(field, value))
            continue;
        json_t *read = read_value(field, value, place);
        const char *own = field ? koppel_get_text(field, "name", name) : name;
        if (read && json_object_set_new(record, own, read) == 0)
            continue;
        place_inside(place, name);
        json_decref(record);
        return NULL;
    }
    return record;
}

json_t *records_read(json_t *fields, const json_t *row, char place[ANSWER_PLACE_BYTES])
{
    return read_members(fields, row, true, place);
}

json_t *records_head(json_t *fields, const json_t *row, char place[ANSWER_PLACE_BYTES])
{
    return read_members(fields, row, false, place);
}

/* Nothing is written as "", as null, or not at all. */
static void drop_empty(json_t *value)
{
    const char *name;
    json_t *one;
    void *next;
    size_t i;
    json_array_foreach(value, i, one)
        drop_empty(one);
    json_object_foreach_safe(value, next, name, one) {
        drop_empty(one);
        if (json_is_string(one) && json_string_length(one) == 0)
            json_object_del(value, name);
    }
}

bool records_same(json_t *fields, const json_t *one, const json_t *other)
{
    char place[ANSWER_PLACE_BYTES];
    json_t *a = records_read(fields, one, place), *b = records_read(fields, other, place);
    drop_empty(a);
    drop_empty(b);
    bool same = a && b && json_equal(a, b);
    json_decref(a);
    json_decref(b);
    return same;
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
