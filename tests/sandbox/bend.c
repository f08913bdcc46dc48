// SPDX-License-Identifier: MIT
// Answers that are not as they should be; see bend.h.
#include "bend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap.h"

// Stands in JSON where raw bytes will be.
#define RAW_MARK "@koppel-sandbox-raw@"

static const char *word(const json_t *rule, const char *name)
{
    return json_string_value(json_object_get(rule, name));
}

static long number(const json_t *rule, const char *name, long otherwise)
{
    const json_t *value = json_object_get(rule, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : otherwise;
}

// The one pair of "where"; false when the rule has none.
static bool where_of(const json_t *rule, const char **name, const char **text)
{
    json_t *where = json_object_get(rule, "where");
    void *pair = json_object_iter(where);
    if (!pair)
        return false;
    *name = json_object_iter_key(pair);
    *text = json_string_value(json_object_iter_value(pair));
    return *text != NULL;
}

// ---- JSON -----------------------------------------------------------------------------------

static bool json_has(const json_t *row, const char *name, const char *text)
{
    char digits[32];
    const json_t *value = json_object_get(row, name);
    if (json_is_string(value))
        return strcmp(json_string_value(value), text) == 0;
    snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_integer(value) && strcmp(digits, text) == 0;
}

static void json_member(json_t *object, const char *member, const json_t *rule)
{
    json_t *value = json_object_get(object, member);
    const char *rename = word(rule, "rename");
    if (json_is_true(json_object_get(rule, "remove"))) {
        json_object_del(object, member);
    } else if (rename && value) {
        json_object_set(object, rename, value);
        json_object_del(object, member);
    } else if (json_is_true(json_object_get(rule, "null"))) {
        json_object_set_new(object, member, json_null());
    } else if (word(rule, "raw")) {
        json_object_set_new(object, member, json_string(RAW_MARK));
    } else if (json_object_get(rule, "value")) {
        json_object_set_new(object, member, json_deep_copy(json_object_get(rule, "value")));
    }
}

// In the record and in what it holds.
static void json_record(json_t *in, const char *member, const json_t *rule)
{
    json_t *inner;
    const char *name;
    size_t i;
    void *next;
    if (json_object_get(in, member))
        json_member(in, member, rule);
    json_object_foreach_safe(in, next, name, inner)
        json_record(inner, member, rule);
    json_array_foreach(in, i, inner)
        json_record(inner, member, rule);
}

static void json_rows(json_t *rows, const json_t *rule)
{
    const char *member = word(rule, "member"), *name, *text;
    long only = number(rule, "row", 0), keep = number(rule, "keep", -1);
    bool where = where_of(rule, &name, &text);
    json_t *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        if (member && (!only || (size_t)only == i + 1) && (!where || json_has(row, name, text)))
            json_record(row, member, rule);
    }
    while (keep >= 0 && json_array_size(rows) > (size_t)keep)
        json_array_remove(rows, json_array_size(rows) - 1);
}

static int json_bend(struct reply *reply, const json_t *rule)
{
    json_t *body = json_loadb(reply->body, reply->bytes, 0, NULL);
    json_t *rows = json_object_get(body, "_data"), *total = json_object_get(rule, "total");
    const char *member = word(rule, "member"), *raw = word(rule, "raw"), *name, *text;
    if (!body)
        return 0;

    if (json_is_array(rows))
        json_rows(rows, rule);
    else if (member && (!where_of(rule, &name, &text) || json_has(body, name, text)))
        json_record(body, member, rule);
    if (total && json_object_get(body, "_meta"))
        json_object_set(json_object_get(body, "_meta"), "totalCount", total);

    struct xml out = {0};
    char *dump = json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(15)), *from = dump, *mark;
    json_decref(body);
    while (from && raw && (mark = strstr(from, "\"" RAW_MARK "\""))) {
        xml_raw(&out, from, (size_t)(mark - from));
        xml_raw(&out, raw, strlen(raw));
        from = mark + strlen(RAW_MARK) + 2;
    }
    if (from)
        xml_raw(&out, from, strlen(from));
    free(dump);
    if (!out.text || out.failed) {
        free(out.text);
        return -1;
    }
    reply_take(reply, reply->status, reply->content_type, out.text, out.bytes);
    return 0;
}

// ---- SOAP -----------------------------------------------------------------------------------

// A piece of text from its opening to behind its closing element.
struct piece {
    const char *start, *inside, *inside_end, *end;
};

// The first element of this name between two places; false when there is none.
static bool piece_find(const char *from, const char *end, const char *name, struct piece *p)
{
    char open[80], close[80];
    snprintf(open, sizeof open, "<ns:%s>", name);
    snprintf(close, sizeof close, "</ns:%s>", name);
    p->start = strstr(from, open);
    if (!p->start || p->start >= end)
        return false;
    p->inside = p->start + strlen(open);

    const char *at = p->inside;
    for (int depth = 1; depth > 0;) {
        const char *inner = strstr(at, open);
        p->inside_end = strstr(at, close);
        if (!p->inside_end)
            return false;
        bool deeper = inner && inner < p->inside_end;
        depth += deeper ? 1 : -1;
        at = deeper ? inner + strlen(open) : p->inside_end + strlen(close);
    }
    p->end = at;
    return p->end <= end;
}

static void soap_member(struct xml *out, const struct piece *p, const char *member,
                        const json_t *rule)
{
    const char *rename = word(rule, "rename"), *value = word(rule, "value");
    const char *raw = word(rule, "raw");
    if (json_is_true(json_object_get(rule, "remove")))
        return;
    if (rename) {
        xml_open(out, rename);
        xml_raw(out, p->inside, (size_t)(p->inside_end - p->inside));
        xml_close(out, rename);
    } else if (raw) {
        xml_open(out, member);
        xml_raw(out, raw, strlen(raw));
        xml_close(out, member);
    } else {
        xml_string(out, member, value ? value : ""); // null: nothing is in it
    }
}

static void soap_record(struct xml *out, const char *from, const char *end, const json_t *rule)
{
    const char *member = word(rule, "member");
    struct piece p;
    while (piece_find(from, end, member, &p)) {
        xml_raw(out, from, (size_t)(p.start - from));
        soap_member(out, &p, member, rule);
        from = p.end;
    }
    xml_raw(out, from, (size_t)(end - from));
}

static bool soap_has(const struct piece *record, const json_t *rule)
{
    const char *name, *text;
    struct piece p;
    if (!where_of(rule, &name, &text))
        return true;
    return piece_find(record->inside, record->inside_end, name, &p) &&
           strlen(text) == (size_t)(p.inside_end - p.inside) &&
           strncmp(p.inside, text, strlen(text)) == 0;
}

static int soap_bend(struct reply *reply, const json_t *rule)
{
    const char *of = word(rule, "of"), *member = word(rule, "member");
    const char *from = reply->body, *end = from + reply->bytes;
    long only = number(rule, "row", 0), keep = number(rule, "keep", -1);
    struct xml out = {0};
    struct piece p;
    for (long row = 1; of && piece_find(from, end, of, &p); row++) {
        xml_raw(&out, from, (size_t)(p.start - from));
        if (keep >= 0 && row > keep)
            ;
        else if (member && (!only || only == row) && soap_has(&p, rule))
            soap_record(&out, p.start, p.end, rule);
        else
            xml_raw(&out, p.start, (size_t)(p.end - p.start));
        from = p.end;
    }
    if (!of && member)
        soap_record(&out, from, end, rule);
    else
        xml_raw(&out, from, (size_t)(end - from));
    if (!out.text || out.failed) {
        free(out.text);
        return -1;
    }
    reply_take(reply, reply->status, reply->content_type, out.text, out.bytes);
    return 0;
}

int bend_reply(struct reply *reply, const json_t *rule)
{
    if (!reply->body || !reply->content_type)
        return 0;
    return strstr(reply->content_type, "json") ? json_bend(reply, rule) : soap_bend(reply, rule);
}
