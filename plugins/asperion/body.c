/* SPDX-License-Identifier: MIT
 * What is sent; see body.h. */
#include "body.h"

#include <stdlib.h>

/* ---- Values ---- */

static json_t *misfit(struct asperion *a, const json_t *field, const char *what,
                      struct koppel_error *err)
{
    a->host->fail(err, KOPPEL_E_REJECTED, "field %s must be %s",
                  koppel_get_text(field, "name", "?"), what);
    return NULL;
}

/* The text as a number of JSON: without a plus, idle zeros before it or a point that ends it. */
static json_t *make_decimal(struct asperion *a, const json_t *field, const char *text,
                            struct koppel_error *err)
{
    char out[KOPPEL_DECIMAL_TEXT + 2];
    bool minus = *text == '-';
    text += *text == '-' || *text == '+';
    size_t whole = strspn(text, "0123456789");
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    const char *end = text + whole + (text[whole] == '.' ? 1 + fraction : 0);
    if (*end || whole + fraction == 0 || whole + fraction + 3 > KOPPEL_DECIMAL_TEXT)
        return misfit(a, field, "a decimal number", err);
    const char *start = text;
    while (whole > 1 && *start == '0') {
        start++;
        whole--;
    }
    bool zero = strspn(text, "0.") == strlen(text);
    snprintf(out, sizeof out, "%s%.*s%s%.*s", minus && !zero ? "-" : "", whole ? (int)whole : 1,
             whole ? start : "0", fraction ? "." : "", (int)fraction,
             fraction ? end - fraction : "");
    return json_string(out);
}

static json_t *make_boolean(struct asperion *a, const json_t *field, const json_t *value,
                            const char *text, struct koppel_error *err)
{
    if (json_is_boolean(value))
        return json_incref((json_t *)value);
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return json_false();
    return misfit(a, field, "true or false", err);
}

/* Dates go out as local date-time without a zone. */
static json_t *make_moment(struct asperion *a, const json_t *field, const char *text, bool date,
                           struct koppel_error *err)
{
    char out[24];
    int64_t ms;
    if (!records_moment(text, &ms))
        return misfit(a, field, date ? "a date" : "a time", err);
    const char *clock = text[10] ? text + 11 : "";
    if (date || strlen(clock) < 8)
        clock = "00:00:00";
    snprintf(out, sizeof out, "%.10sT%.8s", text, clock);
    return json_string(out);
}

static json_t *make_list(struct asperion *a, const json_t *field, const json_t *value,
                         struct koppel_error *err)
{
    size_t i;
    json_t *item, *data = json_array();
    json_t *fields = json_object_get(field, "fields");
    if (!json_is_array(value)) {
        json_decref(data);
        return misfit(a, field, "a list", err);
    }
    json_array_foreach((json_t *)value, i, item) {
        json_t *sent = json_is_object(item) ? body_make(a, fields, item, err) : json_incref(item);
        if (!sent || json_array_append_new(data, sent) != 0) {
            json_decref(data);
            return NULL;
        }
    }
    return json_pack("{s:o}", "_data", data);
}

static json_t *make_value(struct asperion *a, const json_t *field, const json_t *value,
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
        return make_list(a, field, value, err);
    if (strcmp(type, "object") == 0)
        return json_is_object(value) ? body_make(a, json_object_get(field, "fields"), value, err)
                                     : misfit(a, field, "an object", err);
    if (strcmp(type, "boolean") == 0)
        return make_boolean(a, field, value, text, err);
    if (!json_is_string(value) && !json_is_integer(value))
        return misfit(a, field, "text", err);
    if (strcmp(type, "text") == 0)
        return json_string(text);
    if (!*text)
        return json_null();
    if (strcmp(type, "decimal") == 0)
        return make_decimal(a, field, text, err);
    if (strcmp(type, "integer") == 0)
        return koppel_parse_int(text, &number) == 0 ? json_integer(number)
                                                    : misfit(a, field, "a whole number", err);
    return make_moment(a, field, text, strcmp(type, "date") == 0, err);
}

json_t *body_make(struct asperion *a, json_t *fields, const json_t *record,
                  struct koppel_error *err)
{
    const char *name;
    json_t *value, *out = json_object();
    if (!out)
        return api_no_memory(a, err), NULL;
    json_object_foreach((json_t *)record, name, value) {
        const json_t *field = records_field(fields, name);
        if (!field) {
            a->host->fail(err, KOPPEL_E_CONFIG,
                          "Asperion has no field \"%s\" here: correct the mapping, or add the "
                          "field to the overlay of the catalogue", name);
            goto fail;
        }
        if (koppel_get_bool(field, "read_only", 0))
            continue;
        json_t *sent = make_value(a, field, value, err);
        if (!sent || json_object_set_new(out, records_wire_of(field), sent) != 0)
            goto fail;
    }
    return out;
fail:
    json_decref(out);
    return NULL;
}

void body_strip(json_t *fields, json_t *row)
{
    size_t i, k;
    json_t *field, *item;
    json_object_del(row, "_meta");
    json_array_foreach(fields, i, field) {
        json_t *inside = json_object_get(field, "fields");
        json_t *value = json_object_get(row, records_wire_of(field));
        if (koppel_get_bool(field, "read_only", 0)) {
            json_object_del(row, records_wire_of(field));
        } else if (inside && json_is_object(value)) {
            json_object_del(value, "_meta");
            json_array_foreach(json_object_get(value, "_data"), k, item)
                body_strip(inside, item);
        }
    }
}

/* ---- Text ---- */

struct text {
    char *data;
    size_t bytes, room;
    bool failed;
};

static void print(struct text *out, const char *data, size_t bytes)
{
    if (out->failed)
        return;
    if (out->room - out->bytes <= bytes) {
        size_t room = (out->room + bytes) * 2;
        char *grown = realloc(out->data, room);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->data = grown;
        out->room = room;
    }
    memcpy(out->data + out->bytes, data, bytes);
    out->bytes += bytes;
}

static void print_plain(struct text *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text)
        print(out, text, strlen(text));
    else
        out->failed = true;
    free(text);
}

/* Most texts stand for themselves. */
static void print_text(struct text *out, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '"' || text[i] == '\\' || (unsigned char)text[i] < ' ') {
            json_t *value = json_stringn(text, bytes);
            print_plain(out, value);
            json_decref(value);
            return;
        }
    }
    print(out, "\"", 1);
    print(out, text, bytes);
    print(out, "\"", 1);
}

static void print_object(struct text *out, json_t *fields, const json_t *object,
                         struct answer_text raw);

/* What is inside a list or an object whose fields the catalogue has. */
static void print_inside(struct text *out, json_t *fields, const json_t *value,
                         struct answer_text raw)
{
    static const char begins[] = "{\"_data\":[";
    size_t i;
    json_t *item;
    const json_t *list = json_object_get(value, "_data");
    struct answer_text rest = answer_member(raw, "_data"), element = {0};
    if (!json_is_array(list)) {
        print_object(out, fields, value, raw);
        return;
    }
    print(out, begins, sizeof begins - 1);
    json_array_foreach((json_t *)list, i, item) {
        if (rest.bytes > 0 && answer_next(&rest, &element) != 1)
            element.bytes = 0;
        print(out, ",", i ? 1 : 0);
        if (json_is_object(item))
            print_object(out, fields, item, element);
        else
            print_plain(out, item);
    }
    print(out, "]}", 2);
}

static void print_value(struct text *out, const json_t *field, const json_t *value,
                        struct answer_text raw)
{
    const char *type = koppel_get_text(field, "type", "");
    json_t *inside = json_object_get(field, "fields");
    const char *text = json_string_value(value);
    bool number = (strcmp(type, "decimal") == 0 || strcmp(type, "integer") == 0) && text &&
                  answer_is_number((struct answer_text){text, strlen(text)});
    if (!field && raw.bytes > 0)
        print(out, raw.start, raw.bytes);
    else if (number)
        print(out, text, strlen(text));
    else if (inside && json_is_object(value))
        print_inside(out, inside, value, raw);
    else if (text)
        print_text(out, text, json_string_length(value));
    else
        print_plain(out, value);
}

static void print_object(struct text *out, json_t *fields, const json_t *object,
                         struct answer_text raw)
{
    const char *name;
    json_t *value;
    bool first = true;
    print(out, "{", 1);
    json_object_foreach((json_t *)object, name, value) {
        print(out, ",", first ? 0 : 1);
        print_text(out, name, strlen(name));
        print(out, ":", 1);
        print_value(out, records_field_at(fields, name), value, answer_member(raw, name));
        first = false;
    }
    print(out, "}", 1);
}

char *body_text(json_t *fields, const json_t *body, struct answer_text raw)
{
    struct text out = {.data = malloc(1024), .room = 1024};
    out.failed = !out.data;
    print_object(&out, fields, body, raw);
    print(&out, "", 1);
    if (!out.failed)
        return out.data;
    free(out.data);
    return NULL;
}
