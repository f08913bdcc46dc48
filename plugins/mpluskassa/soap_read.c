/* SPDX-License-Identifier: MIT
 * SOAP messages as data: the streaming reader, driven by the same tables as the writer. */
#include "soap.h"

#include <expat.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_value.h"

enum frame_kind {
    AT_DOCUMENT, AT_ENVELOPE, AT_BODY, AT_OBJECT, AT_LIST, AT_SCALAR, AT_DATE, AT_PART
};

/* One open element. */
struct frame {
    enum frame_kind at;
    enum soap_kind kind;             /* AT_SCALAR, AT_DATE: how to understand it */
    const struct soap_field *field;  /* what it fills; NULL: the answer itself */
    const struct soap_type *type;    /* AT_OBJECT */
    json_t *object;                  /* AT_OBJECT: owned */
    json_t *list;                    /* takes the value, borrowed; AT_LIST: the array itself */
    int next;                        /* AT_OBJECT: where the next element is expected */
    bool scaled;                     /* AT_OBJECT: holds a quantity to be put together */
    int part[PARTS];                 /* AT_DATE */
    int part_at;                     /* AT_PART */
};

struct reader {
    XML_Parser parser;
    const struct soap_operation *op;
    struct frame frames[SOAP_MAX_DEPTH + 1];
    int count, depth, skip;
    char *text;
    size_t text_bytes, text_room;
    json_t *root;
    bool is_fault, failed;
    char *why;
};

static const struct soap_field fault_fields[] = {
    {"faultcode", SOAP_TEXT, false, NULL, SOAP_TEXT, NULL},
    {"faultstring", SOAP_TEXT, false, NULL, SOAP_TEXT, NULL},
};
static const struct soap_type fault_type = {"Fault", fault_fields, 2};

static void stop(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void stop(struct reader *r, const char *format, ...)
{
    va_list args;

    if (r->failed)
        return;
    r->failed = true;
    va_start(args, format);
    vsnprintf(r->why, SOAP_WHY_BYTES, format, args);
    va_end(args);
    XML_StopParser(r->parser, XML_FALSE);
}

static struct frame *push(struct reader *r, enum frame_kind at)
{
    struct frame *f = &r->frames[r->count++];

    memset(f, 0, sizeof *f);
    f->at = at;
    return f;
}

/* Answers come in the order of the schema, so the search nearly always ends at its first step. */
static const struct soap_field *find_field(struct frame *f, const char *name)
{
    int count = f->type->count, at = f->next, i;

    for (i = 0; i < count; i++, at++) {
        if (at >= count)
            at = 0;
        if (strcmp(f->type->fields[at].name, name) == 0) {
            f->next = f->type->fields[at].kind == SOAP_REPEAT ? at : at + 1;
            return &f->type->fields[at];
        }
    }
    return NULL;
}

static void push_object(struct reader *r, const struct soap_type *type,
                        const struct soap_field *field, json_t *list)
{
    struct frame *f = push(r, AT_OBJECT);

    f->type = type;
    f->field = field;
    f->list = list;
    f->object = json_object();
    if (f->object == NULL)
        stop(r, "out of memory");
}

static void push_value(struct reader *r, const struct soap_field *field, enum soap_kind kind,
                       json_t *list)
{
    struct frame *f;

    if (kind == SOAP_OBJECT) {
        push_object(r, field->type, field, list);
        return;
    }
    f = push(r, kind == SOAP_DATE || kind == SOAP_DATETIME ? AT_DATE : AT_SCALAR);
    f->kind = kind;
    f->field = field;
    f->list = list;
    r->text_bytes = 0;
}

/* The array of a list field, made when its first element comes. */
static json_t *list_of(struct reader *r, json_t *object, const char *name)
{
    json_t *list = json_object_get(object, name);

    if (list != NULL)
        return list;
    list = json_array();
    if (list == NULL || json_object_set_new_nocheck(object, name, list) != 0) {
        stop(r, "out of memory");
        return NULL;
    }
    return list;
}

static void start_in_object(struct reader *r, struct frame *top, const char *name)
{
    const struct soap_field *field = find_field(top, name);
    json_t *list;

    if (field == NULL) {
        r->skip = 1;
        return;
    }
    if (field->kind != SOAP_LIST && field->kind != SOAP_REPEAT) {
        top->scaled = top->scaled || field->kind == SOAP_QUANTITY || field->kind == SOAP_PLACES;
        push_value(r, field, field->kind, NULL);
        return;
    }
    list = list_of(r, top->object, field->name);
    if (field->kind == SOAP_REPEAT) {
        push_value(r, field, field->item_kind, list);
    } else {
        top = push(r, AT_LIST);
        top->field = field;
        top->list = list;
    }
}

static void start_in_body(struct reader *r, const char *name)
{
    if (r->root != NULL) {
        r->skip = 1;
        return;
    }
    r->is_fault = strcmp(name, "Fault") == 0;
    push_object(r, r->is_fault ? &fault_type : r->op->response, NULL, NULL);
}

static void start_in_date(struct reader *r, const char *name)
{
    int i;

    for (i = 0; i < PARTS && strcmp(soap_part_names[i], name) != 0; i++)
        ;
    if (i == PARTS || i == PART_ISDST) { /* the offset says it all */
        r->skip = 1;
        return;
    }
    push(r, AT_PART)->part_at = i;
    r->text_bytes = 0;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct reader *r = data;
    const char *colon = strchr(name, ':');
    struct frame *top = &r->frames[r->count - 1];

    (void)attributes;
    if (r->failed)
        return;
    if (++r->depth >= SOAP_MAX_DEPTH) {
        stop(r, "its elements are nested deeper than %d", SOAP_MAX_DEPTH);
        return;
    }
    if (r->skip > 0) {
        r->skip++;
        return;
    }
    if (colon != NULL)
        name = colon + 1;
    switch (top->at) {
    case AT_DOCUMENT:
        if (strcmp(name, "Envelope") == 0)
            push(r, AT_ENVELOPE);
        else
            stop(r, "it is no SOAP envelope but begins with <%.60s>", name);
        break;
    case AT_ENVELOPE:
        if (strcmp(name, "Body") == 0)
            push(r, AT_BODY);
        else
            r->skip = 1;
        break;
    case AT_BODY:
        start_in_body(r, name);
        break;
    case AT_OBJECT:
        start_in_object(r, top, name);
        break;
    case AT_LIST:
        if (strcmp(name, top->field->item) == 0)
            push_value(r, top->field, top->field->item_kind, top->list);
        else
            r->skip = 1;
        break;
    case AT_DATE:
        start_in_date(r, name);
        break;
    case AT_SCALAR:
    case AT_PART:
        r->skip = 1;
        break;
    }
}

static void on_text(void *data, const char *text, int bytes)
{
    struct reader *r = data;
    enum frame_kind at = r->frames[r->count - 1].at;
    size_t need = r->text_bytes + (size_t)bytes + 1;

    if (r->failed || r->skip > 0 || (at != AT_SCALAR && at != AT_PART))
        return;
    if (need > SOAP_MAX_TEXT) {
        stop(r, "one of its texts is longer than %u bytes", SOAP_MAX_TEXT);
        return;
    }
    if (need > r->text_room) {
        char *larger = realloc(r->text, need * 2);

        if (larger == NULL) {
            stop(r, "out of memory");
            return;
        }
        r->text = larger;
        r->text_room = need * 2;
    }
    memcpy(r->text + r->text_bytes, text, (size_t)bytes);
    r->text_bytes += (size_t)bytes;
}

/* The collected text without the white space around it. */
static const char *trimmed(struct reader *r)
{
    char *text = r->text;

    if (r->text_bytes == 0)
        return "";
    while (r->text_bytes > 0 && soap_is_space(text[r->text_bytes - 1]))
        r->text_bytes--;
    text[r->text_bytes] = '\0';
    while (soap_is_space(*text))
        text++;
    return text;
}

static json_t *decimal_value(const char *text)
{
    struct digits d;
    char buf[NUMBER_BYTES];

    if (!soap_split_decimal(text, &d) || d.whole_count + d.fraction_count > 48)
        return NULL;
    snprintf(buf, sizeof buf, "%s%.*s%s%.*s", d.negative ? "-" : "",
             d.whole_count > 0 ? d.whole_count : 1, d.whole_count > 0 ? d.whole : "0",
             d.fraction_count > 0 ? "." : "", d.fraction_count, d.fraction);
    return json_string_nocheck(buf);
}

static json_t *bool_value(const char *text)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return json_false();
    return NULL;
}

/* The value of a scalar element; NULL: it does not hold what the schema says. */
static json_t *scalar_value(enum soap_kind kind, const char *text)
{
    char buf[NUMBER_BYTES];
    int64_t value;

    if (kind == SOAP_ENUM)
        return json_string_nocheck(text);
    if (kind == SOAP_BOOL)
        return bool_value(text);
    if (kind == SOAP_DECIMAL)
        return decimal_value(text);
    if (!soap_parse_integer(text, &value))
        return NULL;
    soap_format_scaled(value, kind == SOAP_MONEY || kind == SOAP_PERCENT ? 2 : 0, buf);
    return json_string_nocheck(buf);
}

/* Puts a finished value where its element stands: into the list, or into the object around it. */
static void attach(struct reader *r, const struct frame *done, json_t *value)
{
    json_t *object = r->frames[r->count - 1].object;
    int rc;

    if (value == NULL)
        rc = -1;
    else if (done->list != NULL)
        rc = json_array_append_new(done->list, value);
    else
        rc = json_object_set_new_nocheck(object, done->field->name, value);
    if (rc != 0)
        stop(r, "out of memory");
}

static void end_scalar(struct reader *r, const struct frame *done)
{
    const char *text;
    json_t *value;

    if (done->kind == SOAP_TEXT) {
        attach(r, done, json_stringn_nocheck(r->text_bytes > 0 ? r->text : "", r->text_bytes));
        return;
    }
    text = trimmed(r);
    if (*text == '\0') /* an empty element stands for a value that is not set */
        return;
    value = scalar_value(done->kind, text);
    if (value == NULL)
        stop(r, "its element %s holds \"%.60s\"", done->field->name, text);
    else
        attach(r, done, value);
}

static void end_part(struct reader *r, const struct frame *done)
{
    struct frame *date = &r->frames[r->count - 1];
    const char *text = trimmed(r);
    int64_t value = 0;

    if (*text != '\0' && (!soap_parse_integer(text, &value) || value < -100000 || value > 100000))
        stop(r, "its element %s holds \"%.60s\"", soap_part_names[done->part_at], text);
    date->part[done->part_at] = (int)value;
}

static void end_date(struct reader *r, const struct frame *done)
{
    bool with_time = done->kind == SOAP_DATETIME;
    char buf[NUMBER_BYTES];

    if (done->part[PART_DAY] == 0 || done->part[PART_MON] == 0 || done->part[PART_YEAR] == 0)
        return; /* the vendor's way to say: no date */
    if (!soap_date_in_range(done->part) || (with_time && !soap_time_in_range(done->part))) {
        stop(r, "its element %s holds a date that does not exist", done->field->name);
        return;
    }
    soap_format_date(done->part, with_time, buf);
    attach(r, done, json_string_nocheck(buf));
}

/* 530 and 3 become "0.530". */
static void join_quantities(struct reader *r, const struct frame *f)
{
    int i;

    for (i = 0; i < f->type->count; i++) {
        const struct soap_field *field = &f->type->fields[i];
        json_t *raw, *places;
        int64_t value = 0, scale = 0;
        char buf[NUMBER_BYTES];

        if (field->kind != SOAP_QUANTITY)
            continue;
        raw = json_object_get(f->object, field->name);
        places = json_object_get(f->object, field->item);
        if (places != NULL)
            soap_parse_integer(json_string_value(places), &scale);
        if (raw != NULL && scale != 0) {
            if (scale < 0 || scale > 18) {
                stop(r, "its element %s holds \"%lld\"", field->item, (long long)scale);
                return;
            }
            soap_parse_integer(json_string_value(raw), &value);
            soap_format_scaled(value, (int)scale, buf);
            if (json_string_set_nocheck(raw, buf) != 0)
                stop(r, "out of memory");
        }
        json_object_del(f->object, field->item);
    }
}

static void end_object(struct reader *r, struct frame *done)
{
    json_t *object = done->object;

    if (done->scaled)
        join_quantities(r, done);
    done->object = NULL;
    if (done->field == NULL)
        r->root = object;
    else if (r->failed)
        json_decref(object);
    else
        attach(r, done, object);
}

static void on_end(void *data, const char *name)
{
    struct reader *r = data;
    struct frame *done;

    (void)name;
    if (r->failed)
        return;
    r->depth--;
    if (r->skip > 0) {
        r->skip--;
        return;
    }
    done = &r->frames[--r->count];
    switch (done->at) {
    case AT_SCALAR:
        end_scalar(r, done);
        break;
    case AT_PART:
        end_part(r, done);
        break;
    case AT_DATE:
        end_date(r, done);
        break;
    case AT_OBJECT:
        end_object(r, done);
        break;
    default:
        break;
    }
}

/* SOAP forbids document types, and without them there are no entity bombs. */
static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id,
                       int has_internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal;
    stop(data, "it holds a document type, which SOAP forbids");
}

static void take_fault(const json_t *root, struct soap_fault *fault)
{
    const char *code = json_string_value(json_object_get(root, "faultcode"));
    const char *text = json_string_value(json_object_get(root, "faultstring"));
    const char *colon = code != NULL ? strchr(code, ':') : NULL;

    if (colon != NULL)
        code = colon + 1;
    snprintf(fault->code, sizeof fault->code, "%s", code != NULL ? code : "");
    snprintf(fault->text, sizeof fault->text, "%s", text != NULL ? text : "");
}

static void parse(struct reader *r, const char *xml, size_t bytes)
{
    const size_t piece = 1u << 24; /* expat counts in int */

    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    push(r, AT_DOCUMENT);
    do {
        size_t now = bytes < piece ? bytes : piece;

        if (XML_Parse(r->parser, xml, (int)now, now == bytes) == XML_STATUS_ERROR) {
            if (!r->failed)
                stop(r, "%s in line %lu", XML_ErrorString(XML_GetErrorCode(r->parser)),
                     (unsigned long)XML_GetCurrentLineNumber(r->parser));
            return;
        }
        xml += now;
        bytes -= now;
    } while (bytes > 0);
    if (r->root == NULL)
        stop(r, "its SOAP body is empty");
}

int soap_read(const struct soap_operation *op, const char *xml, size_t bytes, json_t **out,
              struct soap_fault *fault, char why[SOAP_WHY_BYTES])
{
    struct reader *r = calloc(1, sizeof *r);
    int i, rc = -1;

    *out = NULL;
    if (r == NULL)
        return soap_complain(why, "out of memory");
    r->op = op;
    r->why = why;
    r->parser = XML_ParserCreate(NULL);
    if (r->parser == NULL) {
        soap_complain(why, "out of memory");
        goto out;
    }
    parse(r, xml, bytes);
    if (r->failed)
        goto out;
    rc = r->is_fault ? 1 : 0;
    if (r->is_fault) {
        take_fault(r->root, fault);
    } else {
        *out = r->root;
        r->root = NULL;
    }
out:
    for (i = 0; i < r->count; i++)
        json_decref(r->frames[i].object);
    json_decref(r->root);
    if (r->parser != NULL)
        XML_ParserFree(r->parser);
    free(r->text);
    free(r);
    return rc;
}
