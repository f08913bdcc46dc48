/* SPDX-License-Identifier: MIT
 * SOAP messages as data: the writer and the streaming reader that share the tables of types.c. */
#include "soap.h"

#include <errno.h>
#include <expat.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE_ENVELOPE "http://schemas.xmlsoap.org/soap/envelope/"
#define NAMESPACE_SERVICE "urn:mplusqapi"
#define NUMBER_BYTES 64

static int complain(char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int complain(char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, SOAP_WHY_BYTES, format, args);
    va_end(args);
    return -1;
}

/* ---- numbers as text, never as floating point ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* An optional sign and digits only, within 64 bits. */
static bool parse_integer(const char *text, int64_t *out)
{
    const char *p = text;
    char *end;
    long long value;

    if (*p == '-' || *p == '+')
        p++;
    if (!is_digit(*p))
        return false;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out = value;
    return true;
}

/* value / 10^places with exactly that many decimals. */
static void format_scaled(int64_t value, int places, char out[NUMBER_BYTES])
{
    uint64_t left = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    char reversed[NUMBER_BYTES];
    int n = 0, at = 0;

    do {
        reversed[n++] = (char)('0' + left % 10);
        left /= 10;
        if (n == places)
            reversed[n++] = '.';
    } while (left > 0 || n <= places + (places > 0));
    if (value < 0)
        out[at++] = '-';
    while (n > 0)
        out[at++] = reversed[--n];
    out[at] = '\0';
}

/* A decimal split at its point. */
struct digits {
    bool negative;
    const char *whole, *fraction;
    int whole_count, fraction_count;
};

static bool split_decimal(const char *text, struct digits *d)
{
    memset(d, 0, sizeof *d);
    if (*text == '-' || *text == '+')
        d->negative = *text++ == '-';
    d->whole = text;
    while (is_digit(*text)) {
        text++;
        d->whole_count++;
    }
    d->fraction = text;
    if (*text == '.') {
        d->fraction = ++text;
        while (is_digit(*text)) {
            text++;
            d->fraction_count++;
        }
    }
    return *text == '\0' && d->whole_count + d->fraction_count > 0;
}

/* The decimal times 10^places as an integer; digits beyond are rounded half up (away from zero). */
static bool scale_decimal(const char *text, int places, int64_t *out)
{
    struct digits d;
    int64_t value = 0;
    int i;

    if (!split_decimal(text, &d))
        return false;
    for (i = 0; i < d.whole_count + places; i++) {
        int at = i - d.whole_count;
        char c = i < d.whole_count ? d.whole[i] : at < d.fraction_count ? d.fraction[at] : '0';

        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_add_overflow(value, (int64_t)(c - '0'), &value))
            return false;
    }
    if (d.fraction_count > places && d.fraction[places] >= '5' &&
        __builtin_add_overflow(value, (int64_t)1, &value))
        return false;
    *out = d.negative ? -value : value;
    return true;
}

/* ---- dates ---- */

enum { PART_SEC, PART_MIN, PART_HOUR, PART_DAY, PART_MON, PART_YEAR, PART_ISDST, PART_ZONE, PARTS };

static const char *const part_names[PARTS] = {"sec", "min", "hour", "day", "mon", "year", "isdst",
                                              "timezone"};

static bool date_in_range(const int *part)
{
    return part[PART_DAY] >= 1 && part[PART_DAY] <= 31 && part[PART_MON] >= 1 &&
           part[PART_MON] <= 12 && part[PART_YEAR] >= 1 && part[PART_YEAR] <= 9999;
}

static bool time_in_range(const int *part)
{
    return part[PART_SEC] >= 0 && part[PART_SEC] <= 60 && part[PART_MIN] >= 0 &&
           part[PART_MIN] <= 59 && part[PART_HOUR] >= 0 && part[PART_HOUR] <= 23 &&
           part[PART_ZONE] >= -14 * 60 && part[PART_ZONE] <= 14 * 60;
}

static void format_date(const int *part, bool with_time, char out[NUMBER_BYTES])
{
    int zone = part[PART_ZONE];
    int n = snprintf(out, NUMBER_BYTES, "%04d-%02d-%02d", part[PART_YEAR], part[PART_MON],
                     part[PART_DAY]);

    if (with_time)
        snprintf(out + n, NUMBER_BYTES - (size_t)n, "T%02d:%02d:%02d%c%02d:%02d", part[PART_HOUR],
                 part[PART_MIN], part[PART_SEC], zone < 0 ? '-' : '+', abs(zone) / 60,
                 abs(zone) % 60);
}

/* Exactly `count` digits; NULL where they are not there. */
static const char *take_digits(const char *text, int count, int *out)
{
    int i;

    *out = 0;
    for (i = 0; i < count; i++) {
        if (!is_digit(text[i]))
            return NULL;
        *out = *out * 10 + (text[i] - '0');
    }
    return text + count;
}

static const char *take_char(const char *text, char c)
{
    return text != NULL && *text == c ? text + 1 : NULL;
}

static const char *parse_day(const char *text, int *part)
{
    if ((text = take_digits(text, 4, &part[PART_YEAR])) == NULL ||
        (text = take_char(text, '-')) == NULL ||
        (text = take_digits(text, 2, &part[PART_MON])) == NULL ||
        (text = take_char(text, '-')) == NULL)
        return NULL;
    return take_digits(text, 2, &part[PART_DAY]);
}

/* "Z", "+02:00", "+0200" or nothing. */
static const char *parse_zone(const char *text, int *part)
{
    int hours, minutes;
    bool west = *text == '-';

    if (*text == '\0')
        return text;
    if (*text == 'Z')
        return text + 1;
    if (*text != '+' && *text != '-')
        return NULL;
    if ((text = take_digits(text + 1, 2, &hours)) == NULL)
        return NULL;
    if (*text == ':')
        text++;
    if ((text = take_digits(text, 2, &minutes)) == NULL)
        return NULL;
    part[PART_ZONE] = (hours * 60 + minutes) * (west ? -1 : 1);
    return text;
}

static bool parse_date(const char *text, bool with_time, int part[PARTS])
{
    memset(part, 0, PARTS * sizeof part[0]);
    if ((text = parse_day(text, part)) == NULL || !date_in_range(part))
        return false;
    if (!with_time) /* a time of day after the date is allowed and dropped */
        return *text == '\0' || *text == 'T';
    if (*text == '\0')
        return true;
    if (*text != 'T' && *text != ' ')
        return false;
    if ((text = take_digits(text + 1, 2, &part[PART_HOUR])) == NULL ||
        (text = take_char(text, ':')) == NULL ||
        (text = take_digits(text, 2, &part[PART_MIN])) == NULL)
        return false;
    if (*text == ':' && (text = take_digits(text + 1, 2, &part[PART_SEC])) == NULL)
        return false;
    if (*text == '.') {
        for (text++; is_digit(*text); text++)
            ;
    }
    text = parse_zone(text, part);
    return text != NULL && *text == '\0' && time_in_range(part);
}

/* ---- writing ---- */

struct writer {
    char *data;
    size_t bytes, room;
    bool no_memory;
    char *why;
};

static void put_bytes(struct writer *w, const char *text, size_t bytes)
{
    if (w->no_memory)
        return;
    if (w->room - w->bytes <= bytes) {
        size_t room = (w->room + bytes + 1) * 2;
        char *data = realloc(w->data, room);

        if (data == NULL) {
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

/* false: holds a character that XML cannot carry at all. */
static bool put_escaped(struct writer *w, const char *text)
{
    const char *from = text;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        const char *instead = c == '&'    ? "&amp;"
                              : c == '<'  ? "&lt;"
                              : c == '>'  ? "&gt;"
                              : c == '\r' ? "&#13;"
                                          : NULL;

        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return false;
        if (c == 0xef && (unsigned char)text[1] == 0xbf && (unsigned char)text[2] >= 0xbe)
            return false; /* U+FFFE, U+FFFF */
        if (instead == NULL)
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

    if (!split_decimal(text, &d))
        return -1;
    places = d.fraction_count;
    while (places > SOAP_MAX_PLACES && d.fraction[places - 1] == '0')
        places--;
    if (places > SOAP_MAX_PLACES || !scale_decimal(text, places, &value))
        return -1;
    put_number(w, f->name, value);
    put_number(w, f->item, places);
    return 0;
}

static int write_date(struct writer *w, const struct soap_field *f, const char *text,
                      bool with_time)
{
    int part[PARTS], i;

    if (!parse_date(text, with_time, part))
        return -1;
    put_open(w, f->name);
    for (i = 0; i < PARTS; i++) {
        if (!with_time && (i < PART_DAY || i > PART_YEAR))
            continue;
        if (i == PART_ISDST)
            put_element(w, part_names[i], "false");
        else
            put_number(w, part_names[i], part[i]);
    }
    put_close(w, f->name);
    return 0;
}

static int write_text(struct writer *w, const char *name, const char *text)
{
    put_open(w, name);
    if (!put_escaped(w, text))
        return -1;
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
        if (!parse_integer(text, &value) ||
            (kind == SOAP_INT && (value < INT32_MIN || value > INT32_MAX)))
            return -1;
        put_number(w, name, value);
        return 0;
    case SOAP_MONEY:
    case SOAP_PERCENT:
        if (!scale_decimal(text, 2, &value))
            return -1;
        put_number(w, name, value);
        return 0;
    default: /* SOAP_DECIMAL */
        if (!split_decimal(text, &d))
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

    if (kind == SOAP_BOOL) {
        if (!json_is_boolean(value))
            return -1;
        put_element(w, name, json_is_true(value) ? "true" : "false");
        return 0;
    }
    text = value_text(value, buf);
    if (text == NULL)
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
    char *shown = value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    complain(w->why, "%s.%s cannot hold %.120s", type->name, f->name,
             shown != NULL ? shown : "this value");
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
    size_t i;

    if (!json_is_array(value))
        return refuse(w, type, f, value);
    if (wrapped)
        put_open(w, f->name);
    for (i = 0; i < json_array_size(value); i++) {
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
        return complain(w->why, "%s.%s is missing", type->name, f->name);
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
            return complain(w->why, "%s has no field %.80s", type->name, name);
    }
    return 0;
}

static int write_object(struct writer *w, const struct soap_type *type, const json_t *object,
                        int depth)
{
    size_t seen = 0;
    int i, rc = 0;

    if (depth > SOAP_MAX_DEPTH)
        return complain(w->why, "%s is nested deeper than %d", type->name, SOAP_MAX_DEPTH);
    for (i = 0; i < type->count && rc == 0; i++) {
        const struct soap_field *f = &type->fields[i];
        const json_t *value = f->kind == SOAP_PLACES ? NULL : json_object_get(object, f->name);

        if (value != NULL)
            seen++;
        if (value == NULL || json_is_null(value))
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
    if (op->request != NULL && write_object(&w, op->request, params, 0) != 0)
        goto fail;
    put_close(&w, op->name);
    put(&w, "</s:Body></s:Envelope>\n");
    if (w.no_memory) {
        complain(why, "out of memory");
        goto fail;
    }
    *bytes = w.bytes;
    return w.data;
fail:
    free(w.data);
    return NULL;
}

/* ---- reading ---- */

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

    for (i = 0; i < PARTS && strcmp(part_names[i], name) != 0; i++)
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
    while (r->text_bytes > 0 && is_space(text[r->text_bytes - 1]))
        r->text_bytes--;
    text[r->text_bytes] = '\0';
    while (is_space(*text))
        text++;
    return text;
}

static json_t *decimal_value(const char *text)
{
    struct digits d;
    char buf[NUMBER_BYTES];

    if (!split_decimal(text, &d) || d.whole_count + d.fraction_count > 48)
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
    if (!parse_integer(text, &value))
        return NULL;
    format_scaled(value, kind == SOAP_MONEY || kind == SOAP_PERCENT ? 2 : 0, buf);
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

    if (*text != '\0' && (!parse_integer(text, &value) || value < -100000 || value > 100000))
        stop(r, "its element %s holds \"%.60s\"", part_names[done->part_at], text);
    date->part[done->part_at] = (int)value;
}

static void end_date(struct reader *r, const struct frame *done)
{
    bool with_time = done->kind == SOAP_DATETIME;
    char buf[NUMBER_BYTES];

    if (done->part[PART_DAY] == 0 || done->part[PART_MON] == 0 || done->part[PART_YEAR] == 0)
        return; /* the vendor's way to say: no date */
    if (!date_in_range(done->part) || (with_time && !time_in_range(done->part))) {
        stop(r, "its element %s holds a date that does not exist", done->field->name);
        return;
    }
    format_date(done->part, with_time, buf);
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
            parse_integer(json_string_value(places), &scale);
        if (raw != NULL && scale != 0) {
            if (scale < 0 || scale > 18) {
                stop(r, "its element %s holds \"%lld\"", field->item, (long long)scale);
                return;
            }
            parse_integer(json_string_value(raw), &value);
            format_scaled(value, (int)scale, buf);
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
        return complain(why, "out of memory");
    r->op = op;
    r->why = why;
    r->parser = XML_ParserCreate(NULL);
    if (r->parser == NULL) {
        complain(why, "out of memory");
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
