/* SPDX-License-Identifier: MIT
 * SOAP messages as data: the writer, driven by the tables of the message types. */
#include "soap_write.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"
#include "xml.h"

#define NAMESPACE_ENVELOPE "http://schemas.xmlsoap.org/soap/envelope/"
#define NAMESPACE_SERVICE "urn:mplusqapi"

struct writer {
    char *data;
    size_t bytes, room;
    bool no_memory;
    bool is_odd;       /* a text was refused for a character */
    unsigned long odd; /* that one */
    char *why;
};

static void put_bytes(struct writer *w, const char *text, size_t bytes)
{
    if (w->no_memory)
        return;
    if (w->room - w->bytes <= bytes) {
        size_t room = (w->room + bytes + 1) * 2;
        char *data = realloc(w->data, room);
        if (!data) {
            w->no_memory = true;
            return;
        }
        w->data = data;
        w->room = room;
    }
    memcpy(w->data + w->bytes, text, bytes);
    w->bytes += bytes;
    w->data[w->bytes] = '\0';
}

static void put(struct writer *w, const char *text)
{
    put_bytes(w, text, strlen(text));
}

static void put_open(struct writer *w, const char *name)
{
    put(w, "<m:");
    put(w, name);
    put(w, ">");
}

static void put_close(struct writer *w, const char *name)
{
    put(w, "</m:");
    put(w, name);
    put(w, ">");
}

static void put_element(struct writer *w, const char *name, const char *text)
{
    put_open(w, name);
    put(w, text);
    put_close(w, name);
}

static void put_number(struct writer *w, const char *name, int64_t value)
{
    char text[NUMBER_BYTES];
    snprintf(text, sizeof text, "%lld", (long long)value);
    put_element(w, name, text);
}

/* false: holds a character that XML cannot carry at all; *odd is that one. */
static bool put_escaped(struct writer *w, const char *text, unsigned long *odd)
{
    const char *from = text, *end = text + strlen(text);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        const char *instead = c == '&'    ? "&amp;"
                              : c == '<'  ? "&lt;"
                              : c == '>'  ? "&gt;"
                              : c == '\r' ? "&#13;"
                                          : NULL;
        if ((c < 0x20 || c == 0xef) && xml_character(text, end, odd) == 0)
            return false;
        if (!instead)
            continue;
        put_bytes(w, from, (size_t)(text - from));
        put(w, instead);
        from = text + 1;
    }
    put_bytes(w, from, (size_t)(text - from));
    return true;
}

static int write_object(struct writer *w, const struct soap_type *type, const json_t *object,
                        int depth);

/* A value as text: strings and integers; reals never, they have lost digits already. */
static const char *value_text(const json_t *value, char buf[NUMBER_BYTES])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(buf, NUMBER_BYTES, "%lld", (long long)json_integer_value(value));
        return buf;
    }
    return NULL;
}

static int write_quantity(struct writer *w, const struct soap_field *f, const char *text)
{
    struct digits d;
    int places;
    int64_t value;
    if (!soap_value_split(text, &d))
        return -1;
    places = d.fraction_count;
    while (places > SOAP_MAX_PLACES && d.fraction[places - 1] == '0')
        places--;
    if (places > SOAP_MAX_PLACES || !soap_value_scale(text, places, &value))
        return -1;
    put_number(w, f->name, value);
    put_number(w, f->item, places);
    return 0;
}

static int write_date(struct writer *w, const struct soap_field *f, const char *text,
                      bool with_time)
{
    int part[PARTS], i;
    if (!soap_value_parse_date(text, with_time, part))
        return -1;
    put_open(w, f->name);
    for (i = 0; i < PARTS; i++) {
        if (!with_time && (i < PART_DAY || i > PART_YEAR))
            continue;
        if (i == PART_ISDST)
            put_element(w, soap_value_parts[i], "false");
        else
            put_number(w, soap_value_parts[i], part[i]);
    }
    put_close(w, f->name);
    return 0;
}

/* The reason for a refusal stands in w->odd where it is a character. */
static int write_text(struct writer *w, const char *name, const char *text)
{
    put_open(w, name);
    if (!put_escaped(w, text, &w->odd)) {
        w->is_odd = true;
        return -1;
    }
    put_close(w, name);
    return 0;
}

static int write_digits(struct writer *w, enum soap_kind kind, const char *name, const char *text)
{
    int64_t value;
    struct digits d;
    switch (kind) {
    case SOAP_INT:
    case SOAP_LONG:
        if (!soap_value_parse_integer(text, &value) ||
            (kind == SOAP_INT && (value < INT32_MIN || value > INT32_MAX)))
            return -1;
        put_number(w, name, value);
        return 0;
    case SOAP_MONEY:
    case SOAP_PERCENT:
        if (!soap_value_scale(text, 2, &value))
            return -1;
        put_number(w, name, value);
        return 0;
    default: /* SOAP_DECIMAL */
        if (!soap_value_split(text, &d))
            return -1;
        put_element(w, name, text);
        return 0;
    }
}

static int write_scalar(struct writer *w, const struct soap_field *f, enum soap_kind kind,
                        const char *name, const json_t *value)
{
    char buf[NUMBER_BYTES];
    const char *text;
    text = value_text(value, buf);
    if (kind == SOAP_BOOL) { /* a value table gives texts */
        if (!text && json_is_boolean(value))
            text = json_is_true(value) ? "true" : "false";
        if (!text || (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
            return -1;
        put_element(w, name, text);
        return 0;
    }
    if (!text)
        return -1;
    switch (kind) {
    case SOAP_TEXT:
    case SOAP_ENUM:
        return write_text(w, name, text);
    case SOAP_QUANTITY:
        return write_quantity(w, f, text);
    case SOAP_DATE:
    case SOAP_DATETIME:
        return write_date(w, f, text, kind == SOAP_DATETIME);
    default:
        return write_digits(w, kind, name, text);
    }
}

static int refuse(struct writer *w, const struct soap_type *type, const struct soap_field *f,
                  const json_t *value)
{
    if (w->is_odd) /* the text itself may be anybody's name */
        return soap_value_complain(w->why,
                                   "%s.%s holds the character U+%04lX, which no message "
                                   "can carry",
                                   type->name, f->name, w->odd);
    char *shown = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    soap_value_complain(w->why, "%s.%s cannot hold %.120s", type->name, f->name,
                        shown ? shown : "this value");
    free(shown);
    return -1;
}

static int write_value(struct writer *w, const struct soap_type *type, const struct soap_field *f,
                       enum soap_kind kind, const char *name, const json_t *value, int depth)
{
    if (kind == SOAP_OBJECT) {
        if (!json_is_object(value))
            return refuse(w, type, f, value);
        put_open(w, name);
        if (write_object(w, f->type, value, depth + 1) != 0)
            return -1;
        put_close(w, name);
        return 0;
    }
    if (write_scalar(w, f, kind, name, value) != 0)
        return refuse(w, type, f, value);
    return 0;
}

static int write_list(struct writer *w, const struct soap_type *type, const struct soap_field *f,
                      const json_t *value, int depth)
{
    bool wrapped = f->kind == SOAP_LIST;
    if (!json_is_array(value))
        return refuse(w, type, f, value);
    if (wrapped)
        put_open(w, f->name);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (write_value(w, type, f, f->item_kind, wrapped ? f->item : f->name,
                        json_array_get(value, i), depth) != 0)
            return -1;
    }
    if (wrapped)
        put_close(w, f->name);
    return 0;
}

static int write_missing(struct writer *w, const struct soap_type *type, const struct soap_field *f)
{
    if (!f->required)
        return 0;
    if (f->kind != SOAP_TEXT && f->kind != SOAP_LIST)
        return soap_value_complain(w->why, "%s.%s is missing", type->name, f->name);
    put_element(w, f->name, "");
    return 0;
}

/* The first member of the record that the table does not know. */
static int complain_unknown(struct writer *w, const struct soap_type *type, const json_t *object)
{
    const char *name;
    json_t *value;
    int i;
    json_object_foreach((json_t *)object, name, value) {
        for (i = 0; i < type->count; i++) {
            if (type->fields[i].kind != SOAP_PLACES && strcmp(type->fields[i].name, name) == 0)
                break;
        }
        if (i == type->count)
            return soap_value_complain(w->why, "%s has no field %.80s", type->name, name);
    }
    return 0;
}

static int write_object(struct writer *w, const struct soap_type *type, const json_t *object,
                        int depth)
{
    size_t seen = 0;
    int i, rc = 0;
    if (depth > SOAP_MAX_DEPTH)
        return soap_value_complain(w->why, "%s is nested deeper than %d", type->name,
                                   SOAP_MAX_DEPTH);
    for (i = 0; i < type->count && rc == 0; i++) {
        const struct soap_field *f = &type->fields[i];
        const json_t *value = f->kind == SOAP_PLACES ? NULL : json_object_get(object, f->name);
        if (value)
            seen++;
        if (!value || json_is_null(value))
            rc = write_missing(w, type, f);
        else if (f->kind == SOAP_LIST || f->kind == SOAP_REPEAT)
            rc = write_list(w, type, f, value, depth);
        else
            rc = write_value(w, type, f, f->kind, f->name, value, depth);
    }
    if (rc == 0 && seen < json_object_size(object))
        rc = complain_unknown(w, type, object);
    return rc;
}

char *soap_write(const struct soap_operation *op, const json_t *params, size_t *bytes,
                 char why[SOAP_WHY_BYTES])
{
    struct writer w = {.why = why};
    put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<s:Envelope xmlns:s=\"" NAMESPACE_ENVELOPE "\" xmlns:m=\"" NAMESPACE_SERVICE "\">"
            "<s:Body>");
    put_open(&w, op->name);
    if (op->request && write_object(&w, op->request, params, 0) != 0)
        goto fail;
    put_close(&w, op->name);
    put(&w, "</s:Body></s:Envelope>\n");
    if (w.no_memory) {
        soap_value_complain(why, "out of memory");
        goto fail;
    }
    *bytes = w.bytes;
    return w.data;
fail:
    free(w.data);
    return NULL;
}
