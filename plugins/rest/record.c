/* SPDX-License-Identifier: MIT
 * Records; see record.h. Of an entity with fields nothing else is taken; one without them is taken
 * as it is. */
#include "record.h"

#include <inttypes.h>

#include "place.h"
#include "text.h"

#define SECONDS_MAX INT64_C(100000000000) /* a number above is of milliseconds */

static const char *wire_of(const json_t *field)
{
    return koppel_get_text(field, "wire", koppel_get_text(field, "name", ""));
}

const char *record_wire(const json_t *entity, const char *name)
{
    const json_t *field = rest_named(json_object_get(entity, "fields"), name);
    return field ? wire_of(field) : name;
}

void record_key(const json_t *entity, const json_t *row, char out[REST_KEY_BYTES])
{
    const char *name = koppel_get_text(entity, "key", "");
    const json_t *key = json_object_get(row, record_wire(entity, name));
    place_text(key, NULL, out, REST_KEY_BYTES);
}

/* ---- from the system ---- */

static json_t *take_fields(const json_t *fields, const json_t *row, char place[REST_PLACE_BYTES]);

/* Says what is wrong; what is around it is put before that by put_before. */
static json_t *misfit(char place[REST_PLACE_BYTES], const char *what)
{
    snprintf(place, REST_PLACE_BYTES, "it is no %s", what);
    return NULL;
}

static void put_before(char place[REST_PLACE_BYTES], const char *name, const char *between)
{
    char inner[REST_PLACE_BYTES];
    if (!place[0])
        return;
    snprintf(inner, sizeof inner, "%s", place);
    snprintf(place, REST_PLACE_BYTES, "%.60s%s%.120s", name, between, inner);
}

static json_t *take_list(const json_t *fields, const json_t *value, char place[REST_PLACE_BYTES])
{
    char number[24];
    json_t *item, *out = json_array();
    for (size_t i = 0; out && i < json_array_size(value); i++) {
        const json_t *element = json_array_get(value, i);
        item = json_array_size(fields) > 0 ? take_fields(fields, element, place)
                                           : json_incref((json_t *)element);
        if (!item || json_array_append_new(out, item) != 0) {
            snprintf(number, sizeof number, "[%zu]", i);
            put_before(place, number, strncmp(place, "it is", 5) == 0 ? ": " : ".");
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *take_time(const json_t *value, char place[REST_PLACE_BYTES])
{
    char text[KOPPEL_TIME_TEXT];
    int64_t n = (int64_t)json_integer_value(value);
    if (json_is_string(value))
        return json_incref((json_t *)value);
    if (!json_is_integer(value) ||
        koppel_time_text(n > SECONDS_MAX || n < -SECONDS_MAX ? n : n * 1000, 0, text) < 0)
        return misfit(place, "time");
    return json_string(text);
}

static json_t *take_boolean(const json_t *value, char place[REST_PLACE_BYTES])
{
    char text[16];
    place_text(value, NULL, text, sizeof text);
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return json_false();
    return misfit(place, "boolean");
}

static json_t *take_value(const json_t *field, const json_t *value, char place[REST_PLACE_BYTES])
{
    const char *type = koppel_get_text(field, "type", "text");
    const json_t *fields = json_object_get(field, "fields");
    char decimal[KOPPEL_DECIMAL_TEXT], digits[32];
    int64_t whole;
    if (strcmp(type, "list") == 0)
        return json_is_array(value) ? take_list(fields, value, place) : misfit(place, "list");
    if (strcmp(type, "object") == 0) {
        if (!json_is_object(value))
            return misfit(place, "object");
        return json_array_size(fields) > 0 ? take_fields(fields, value, place)
                                           : json_incref((json_t *)value);
    }
    if (strcmp(type, "boolean") == 0)
        return take_boolean(value, place);
    if (strcmp(type, "time") == 0)
        return take_time(value, place);
    if (strcmp(type, "decimal") == 0)
        return koppel_json_decimal(value, decimal) == 0 ? json_string(decimal)
                                                        : misfit(place, "number");
    if (strcmp(type, "integer") == 0) {
        if (json_is_integer(value))
            return json_incref((json_t *)value);
        return koppel_parse_int(json_string_value(value), &whole) == 0
                   ? json_integer(whole) : misfit(place, "whole number");
    }
    if (json_is_string(value))
        return json_incref((json_t *)value);
    return place_text(value, NULL, digits, sizeof digits) ? json_string(digits)
                                                          : misfit(place, "text");
}

/* What an empty text or null means of a type that has no empty text: nothing is there. */
static bool is_nothing(const json_t *field, const json_t *value)
{
    const char *type = koppel_get_text(field, "type", "text");
    return !value || json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0 && strcmp(type, "text") != 0);
}

static json_t *take_fields(const json_t *fields, const json_t *row, char place[REST_PLACE_BYTES])
{
    json_t *out;
    if (!json_is_object(row))
        return misfit(place, "object");
    out = json_object();
    for (size_t i = 0; out && i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const json_t *value = json_object_get(row, wire_of(field));
        if (is_nothing(field, value))
            continue;
        json_t *taken = take_value(field, value, place);
        if (!taken || json_object_set_new(out, koppel_get_text(field, "name", ""), taken) != 0) {
            bool here = strncmp(place, "it is", 5) == 0;
            put_before(place, wire_of(field), here ? ": " : place[0] == '[' ? "" : ".");
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

json_t *record_take(const json_t *entity, const json_t *row, char place[REST_PLACE_BYTES])
{
    const json_t *fields = json_object_get(entity, "fields");
    place[0] = '\0';
    if (json_array_size(fields) == 0)
        return json_is_object(row) ? json_incref((json_t *)row) : misfit(place, "object");
    return take_fields(fields, row, place);
}

/* ---- to the system ---- */

static json_t *send_fields(struct rest *r, const json_t *fields, const json_t *record,
                           struct record_fault *fault);

static json_t *wrong(const json_t *field, const char *what, struct record_fault *fault)
{
    fault->kind = KOPPEL_E_REJECTED;
    snprintf(fault->words, sizeof fault->words, "field %.80s must be %s",
             koppel_get_text(field, "name", "?"), what);
    return NULL;
}

static json_t *send_list(struct rest *r, const json_t *field, const json_t *value,
                         struct record_fault *fault)
{
    const json_t *fields = json_object_get(field, "fields");
    json_t *out;
    if (!json_is_array(value))
        return wrong(field, "a list", fault);
    out = json_array();
    for (size_t i = 0; out && i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);
        json_t *sent = json_array_size(fields) > 0 ? send_fields(r, fields, item, fault)
                                                   : json_incref((json_t *)item);
        if (!sent || json_array_append_new(out, sent) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *send_value(struct rest *r, const json_t *field, const json_t *value,
                          struct record_fault *fault)
{
    const char *type = koppel_get_text(field, "type", "text");
    const json_t *fields = json_object_get(field, "fields");
    bool numbers = strcmp(koppel_get_text(r->service, "decimals", "number"), "number") == 0;
    char text[KOPPEL_DECIMAL_TEXT], place[REST_PLACE_BYTES];
    int64_t whole;
    if (json_is_null(value))
        return json_null();
    if (strcmp(type, "list") == 0)
        return send_list(r, field, value, fault);
    if (strcmp(type, "object") == 0) {
        if (!json_is_object(value))
            return wrong(field, "an object", fault);
        return json_array_size(fields) > 0 ? send_fields(r, fields, value, fault)
                                           : json_incref((json_t *)value);
    }
    if (json_is_string(value) && json_string_length(value) == 0 && strcmp(type, "text") != 0)
        return json_null();
    if (strcmp(type, "boolean") == 0) {
        json_t *sent = take_boolean(value, place);
        return sent ? sent : wrong(field, "true or false", fault);
    }
    if (strcmp(type, "decimal") == 0) {
        if (koppel_json_decimal(value, text) != 0)
            return wrong(field, "a decimal number", fault);
        return numbers ? text_number(text) : json_string(text);
    }
    if (strcmp(type, "integer") == 0) {
        if (json_is_integer(value))
            return json_incref((json_t *)value);
        return koppel_parse_int(json_string_value(value), &whole) == 0
                   ? json_integer(whole) : wrong(field, "a whole number", fault);
    }
    if (json_is_string(value))
        return json_incref((json_t *)value);
    return place_text(value, NULL, text, sizeof text) ? json_string(text)
                                                      : wrong(field, "text", fault);
}

static json_t *send_fields(struct rest *r, const json_t *fields, const json_t *record,
                           struct record_fault *fault)
{
    const char *name;
    json_t *value, *sent, *out;
    if (!json_is_object(record)) {
        fault->kind = KOPPEL_E_REJECTED;
        snprintf(fault->words, sizeof fault->words, "an object is wanted where it has none");
        return NULL;
    }
    out = json_object();
    json_object_foreach((json_t *)record, name, value) {
        const json_t *field = rest_named(fields, name);
        if (!field) {
            fault->kind = KOPPEL_E_CONFIG;
            snprintf(fault->words, sizeof fault->words, "the description has no field \"%.64s\" "
                     "here: correct the mapping, or add the field", name);
            json_decref(out);
            return NULL;
        }
        if (koppel_get_bool(field, "read_only", 0))
            continue;
        sent = send_value(r, field, value, fault);
        if (!sent || json_object_set_new(out, wire_of(field), sent) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

json_t *record_send(struct rest *r, const json_t *entity, const json_t *record,
                    struct record_fault *fault)
{
    const json_t *fields = json_object_get(entity, "fields");
    *fault = (struct record_fault){KOPPEL_E_RETRY, "out of memory"};
    return json_array_size(fields) > 0 ? send_fields(r, fields, record, fault)
                                       : json_incref((json_t *)record);
}
