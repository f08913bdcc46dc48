/* SPDX-License-Identifier: MIT
 * Texts with names in them; see template.h. */
#include "template.h"

#include <inttypes.h>
#include <stdlib.h>

#include "place.h"

#define NAME_BYTES (REST_NAME_BYTES - 1)
#define DIGITS_BYTES 24
#define SHORT_BYTES 16 /* of a digest, twice as many digits */

const char *const template_names[] = {"id", "since", "page", "offset", "cursor", "limit", "value",
                                      "values", "job", "version", "record", "records", "hook_url",
                                      "hook_secret", "body", "timestamp", "now", NULL};

int template_next(const char **at, const char **name, const char **how)
{
    const char *p = *at;
    while ((p = strchr(p, '{')) && p[1] == '{')
        p += 2;
    if (!p)
        return 0;
    const char *end = strchr(p, '}');
    size_t n = end ? (size_t)(end - p - 1) : 0;
    if (!end || n == 0 || n > NAME_BYTES)
        return -1;
    const char *bar = memchr(p + 1, '|', n);
    *name = p + 1;
    *how = bar ? bar + 1 : NULL;
    *at = end + 1;
    return (int)(bar ? bar - p - 1 : end - p - 1);
}

/* ---- what a name stands for ---- */

static bool is(const char *name, size_t n, const char *other)
{
    return strlen(other) == n && memcmp(name, other, n) == 0;
}

static const char *number_text(int64_t value, char room[DIGITS_BYTES])
{
    if (value < 0)
        return NULL;
    snprintf(room, DIGITS_BYTES, "%" PRId64, value);
    return room;
}

static void note_unfit(struct rest *r, const char *name)
{
    if (!r->unfit[0])
        snprintf(r->unfit, sizeof r->unfit, "%s", name);
}

/* What stands in a record or an option. NULL: nothing, or what has no text, which is noted: left
 * out it would be lost without a word. */
static const char *text_of(struct rest *r, const json_t *value, const char *name,
                           char room[DIGITS_BYTES])
{
    const char *number = text_digits(value), *text = json_string_value(value);
    if (!value || json_is_null(value))
        return NULL;
    if (number)
        return number;
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value)) {
        snprintf(room, DIGITS_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return room;
    }
    if (text && strlen(text) == json_string_length(value))
        return text;
    note_unfit(r, name);
    return NULL;
}

/* As text; NULL: not known. It lives in room, or as long as what v points to. */
static const char *value_of(struct rest *r, const char *name, size_t n, const struct vars *v,
                            char room[DIGITS_BYTES])
{
    const struct {
        const char *name, *value;
    } texts[] = {{"id", v->id}, {"since", v->since}, {"cursor", v->cursor}, {"value", v->value},
                 {"job", v->job}, {"version", v->version}, {"hook_url", v->hook_url},
                 {"hook_secret", v->hook_secret}, {"body", v->body}, {"timestamp", v->timestamp}};
    char setting[NAME_BYTES + 1];
    const struct {
        const char *name;
        const json_t *value;
    } alone[] = {{"record", v->record}, {"records", v->records}, {"values", v->values}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (is(name, n, texts[i].name))
            return texts[i].value;
    }
    if (is(name, n, "page"))
        return number_text(v->page, room);
    if (is(name, n, "offset"))
        return number_text(v->offset, room);
    if (is(name, n, "limit"))
        return number_text(v->limit, room);
    if (is(name, n, "now"))
        return number_text(r->host->now_ms(r->ctx) / 1000, room);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        if (is(name, n, alone[i].name))
            return text_of(r, alone[i].value, alone[i].name, room);
    }
    snprintf(setting, sizeof setting, "%.*s", (int)n, name);
    if (n > 7 && memcmp(name, "record.", 7) == 0)
        return text_of(r, place_at(v->record, setting + 7), setting, room);
    if (json_object_get(v->options, setting))
        return text_of(r, json_object_get(v->options, setting), setting, room);
    const char *text = r->host->setting(r->ctx, setting);
    return text && *text ? text : NULL;
}

/* 32 hex digits that are the same for the same text. */
static const char *shortened(struct rest *r, const char *text, char *room)
{
    static const char key[] = "koppel";
    unsigned char digest[KOPPEL_HMAC_SHA256_BYTES];
    if (r->host->hmac(r->ctx, KOPPEL_HMAC_SHA256, key, sizeof key - 1, text, strlen(text), digest,
                      NULL) != 0)
        return NULL;
    for (int i = 0; i < SHORT_BYTES; i++)
        snprintf(room + 2 * i, 3, "%02x", digest[i]);
    return room;
}

static bool is_whole(const char *text)
{
    int64_t value;
    return koppel_parse_int(text, &value) == 0;
}

/* A whole number is wanted where `name` stands, and it is none. A key that is none is nowhere, and
 * of all else nobody can say that. */
static void note_no_number(struct rest *r, const char *name, size_t n)
{
    char copy[NAME_BYTES + 1];
    if (is(name, n, "id") || is(name, n, "value")) {
        r->misfit = true;
        return;
    }
    snprintf(copy, sizeof copy, "%.*s", (int)n, name);
    note_unfit(r, copy);
}

void template_begin(struct rest *r)
{
    r->misfit = false;
    r->unfit[0] = '\0';
}

bool template_is_of_call(const char *name)
{
    for (int i = 0; template_names[i]; i++) {
        if (strcmp(template_names[i], name) == 0)
            return true;
    }
    return strncmp(name, "record.", 7) == 0;
}

const char *template_fault(const struct rest *r, char *room, size_t bytes)
{
    room[0] = '\0';
    if (r->unfit[0])
        snprintf(room, bytes, "{%.90s} cannot be put in: it is a list or an object, or no whole "
                 "number where one is wanted", r->unfit);
    else if (r->misfit)
        snprintf(room, bytes, "a whole number is needed where the record has none");
    return room;
}

/* ---- texts ---- */

int template_text(struct rest *r, const char *text, const struct vars *v, enum template_form form,
                  struct text *t)
{
    for (const char *at = text; *at;) {
        char room[DIGITS_BYTES], digits[2 * SHORT_BYTES + 1];
        const char *name, *how, *value;
        size_t plain = strcspn(at, "{");
        text_add(t, at, plain);
        at += plain;
        if (at[0] == '{' && at[1] == '{') {
            text_add(t, at, 1);
            at += 2;
            continue;
        }
        int n = template_next(&at, &name, &how);
        if (n == 0)
            break;
        value = n > 0 ? value_of(r, name, (size_t)n, v, room) : NULL;
        if (value && how && strncmp(how, "short}", 6) == 0)
            value = shortened(r, value, digits);
        else if (value && how && strncmp(how, "integer}", 8) == 0 && !is_whole(value)) {
            note_no_number(r, name, (size_t)n);
            value = NULL;
        }
        if (!value)
            return 1;
        if (form == TEMPLATE_ESCAPED)
            text_add_escaped(t, value);
        else
            text_puts(t, value);
    }
    text_add(t, "", 0);
    return t->failed ? -1 : 0;
}

/* ---- JSON ---- */

/* A text that is nothing but a name may stand for more than text. *is_one: it is such a text. */
static json_t *whole_value(struct rest *r, const char *text, const struct vars *v, bool *is_one)
{
    const char *at = text, *name, *how, *value;
    char room[DIGITS_BYTES], place[NAME_BYTES + 1];
    int64_t number;
    *is_one = false;
    if (text[0] != '{' || text[1] == '{')
        return NULL;
    int n = template_next(&at, &name, &how);
    if (n <= 0 || *at)
        return NULL;
    size_t bytes = (size_t)n;
    const json_t *json = is(name, bytes, "record")    ? v->record
                         : is(name, bytes, "records") ? v->records
                         : is(name, bytes, "values")  ? v->values
                                                      : NULL;
    *is_one = json || is(name, bytes, "record") || is(name, bytes, "records") ||
              is(name, bytes, "values");
    if (*is_one)
        return json_incref((json_t *)json);
    if (!how && n > 7 && memcmp(name, "record.", 7) == 0) {
        snprintf(place, sizeof place, "%.*s", n - 7, name + 7);
        *is_one = true;
        return json_incref(place_at(v->record, place));
    }
    bool whole = is(name, bytes, "page") || is(name, bytes, "offset") || is(name, bytes, "limit") ||
                 is(name, bytes, "now") || (how && strncmp(how, "integer}", 8) == 0);
    if (!whole)
        return NULL;
    *is_one = true;
    value = value_of(r, name, bytes, v, room);
    if (value && koppel_parse_int(value, &number) == 0)
        return json_integer(number);
    if (value)
        note_no_number(r, name, bytes);
    return NULL;
}

static json_t *text_value(struct rest *r, const char *text, const struct vars *v)
{
    bool is_one;
    struct text t = {0};
    json_t *value = whole_value(r, text, v, &is_one);
    if (is_one)
        return value;
    if (template_text(r, text, v, TEMPLATE_PLAIN, &t) == 0)
        value = json_stringn(t.data, t.bytes);
    text_done(&t);
    return value;
}

json_t *template_json(struct rest *r, const json_t *json, const struct vars *v)
{
    const char *name;
    json_t *item, *out, *value;
    if (json_is_string(json))
        return text_value(r, json_string_value(json), v);
    if (json_is_array(json)) {
        out = json_array();
        for (size_t i = 0; i < json_array_size(json); i++) {
            value = template_json(r, json_array_get(json, i), v);
            if (value)
                (void)json_array_append_new(out, value);
        }
        return out;
    }
    if (!json_is_object(json))
        return json_incref((json_t *)json);
    out = json_object();
    json_object_foreach((json_t *)json, name, item) {
        value = template_json(r, item, v);
        if (value)
            (void)json_object_set_new(out, name, value);
    }
    return out;
}

/* ---- what a text uses ---- */

bool template_is_secret(const json_t *catalogue, const char *text)
{
    const char *at = text, *name, *how;
    const json_t *settings = json_object_get(catalogue, "settings");
    for (int n; (n = template_next(&at, &name, &how)) > 0;) {
        char setting[NAME_BYTES + 1];
        snprintf(setting, sizeof setting, "%.*s", n, name);
        if (is(name, (size_t)n, "hook_secret") ||
            koppel_get_bool(rest_named(settings, setting), "secret", 0))
            return true;
    }
    return false;
}

bool template_uses(const json_t *json, const char *variable)
{
    const char *at = json_string_value(json), *name, *how;
    json_t *item;
    if (json_is_array(json)) {
        for (size_t i = 0; i < json_array_size(json); i++) {
            if (template_uses(json_array_get(json, i), variable))
                return true;
        }
        return false;
    }
    json_object_foreach((json_t *)json, name, item) {
        if (template_uses(item, variable))
            return true;
    }
    for (int n; at && (n = template_next(&at, &name, &how)) > 0;) {
        if (is(name, (size_t)n, variable))
            return true;
    }
    return false;
}
