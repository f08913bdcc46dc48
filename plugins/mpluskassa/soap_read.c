/* SPDX-License-Identifier: MIT
 * SOAP messages as data: the reader, driven by the same tables as the writer.
 *
 * Whatever is wrong inside a record costs that record and nothing else: its value is dropped, the
 * record is read to its end and set aside with its text. Broken markup is looked past to the end
 * of the record's element. */
#include "soap_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_flaw.h"
#include "soap_scalar.h"

static const struct soap_field fault_fields[] = {
    {"faultcode", SOAP_TEXT, false, NULL, SOAP_TEXT, NULL},
    {"faultstring", SOAP_TEXT, false, NULL, SOAP_TEXT, NULL},
};
static const struct soap_type fault_type = {"Fault", fault_fields, 2};

void soap_read_free(struct soap_unreadable *bad)
{
    while (bad) {
        struct soap_unreadable *next = bad->next;
        json_decref(bad->record);
        free(bad->raw);
        free(bad);
        bad = next;
    }
}

/* ---- elements ---- */

static struct soap_frame *push(struct soap_reader *r, enum soap_frame_kind at)
{
    struct soap_frame *f = &r->frames[r->count++];
    /* all but the parts of a date, which are many and seldom wanted */
    memset(f, 0, offsetof(struct soap_frame, part));
    f->at = at;
    return f;
}

/* Answers come in the order of the schema, so the search nearly always ends at its first steps. */
static const struct soap_field *find_field(struct soap_frame *f, const char *name, size_t bytes)
{
    int count = f->type->count, at = f->next;
    for (int i = 0; i < count; i++, at++) {
        if (at >= count)
            at = 0;
        const struct soap_field *field = &f->type->fields[at];
        if (field->name[0] == *name && soap_frame_is(field->name, name, bytes)) {
            f->next = field->kind == SOAP_REPEAT ? at : at + 1;
            return field;
        }
    }
    return NULL;
}

static void push_object(struct soap_reader *r, const struct soap_type *type,
                        const struct soap_field *field, json_t *list)
{
    struct soap_frame *f = push(r, AT_OBJECT);
    f->type = type;
    f->field = field;
    f->list = list;
    f->object = json_object();
    if (!f->object)
        soap_flaw_stop(r, "out of memory");
    if (!list || (r->record > 0 && type != r->op->inner))
        return;
    f->is_record = true;
    f->outer = r->record;
    f->depth = r->depth;
    f->from = r->scan.from;
    r->record = r->count - 1;
}

static void push_value(struct soap_reader *r, const struct soap_field *field, enum soap_kind kind,
                       json_t *list)
{
    if (kind == SOAP_OBJECT) {
        push_object(r, field->type, field, list);
        return;
    }
    bool date = kind == SOAP_DATE || kind == SOAP_DATETIME;
    struct soap_frame *f = push(r, date ? AT_DATE : AT_SCALAR);
    f->kind = kind;
    f->field = field;
    f->list = list;
    if (date)
        memset(f->part, 0, sizeof f->part);
    r->text_bytes = 0;
}

/* The array of a list field, made when its first element comes. */
static json_t *list_of(struct soap_reader *r, json_t *object, const char *name)
{
    json_t *list = json_object_get(object, name);
    if (list)
        return list;
    list = json_array();
    return soap_scalar_set(r, object, name, list) ? list : NULL;
}

static void start_in_object(struct soap_reader *r, struct soap_frame *top)
{
    const struct soap_field *field = find_field(top, r->scan.local, r->scan.local_bytes);
    if (!field) {
        r->skip = 1;
        return;
    }
    if (field->kind != SOAP_LIST && field->kind != SOAP_REPEAT) {
        push_value(r, field, field->kind, NULL);
        return;
    }
    json_t *list = list_of(r, top->object, field->name);
    if (!list)
        return;
    if (field->kind == SOAP_REPEAT) {
        push_value(r, field, field->item_kind, list);
        return;
    }
    top = push(r, AT_LIST);
    top->field = field;
    top->list = list;
}

static void start_in_body(struct soap_reader *r)
{
    if (r->root) {
        r->skip = 1;
        return;
    }
    r->is_fault = soap_frame_is("Fault", r->scan.local, r->scan.local_bytes);
    push_object(r, r->is_fault ? &fault_type : r->op->response, NULL, NULL);
}

static void start_in_date(struct soap_reader *r)
{
    int i = 0;
    while (i < PARTS && !soap_frame_is(soap_value_parts[i], r->scan.local, r->scan.local_bytes))
        i++;
    if (i == PARTS || i == PART_ISDST) { /* the offset says it all */
        r->skip = 1;
        return;
    }
    push(r, AT_PART)->part_at = i;
    r->text_bytes = 0;
}

static void start(struct soap_reader *r)
{
    if (r->depth + 1 >= SOAP_MAX_DEPTH) {
        char what[64];
        snprintf(what, sizeof what, "its elements are nested deeper than %d", SOAP_MAX_DEPTH);
        soap_flaw_look_past(r, what);
        return;
    }
    r->depth++;
    r->names[r->depth].name = r->scan.name;
    r->names[r->depth].bytes = r->scan.name_bytes;
    if (r->skip > 0) {
        r->skip++;
        return;
    }
    struct soap_frame *top = &r->frames[r->count - 1];
    const char *name = r->scan.local;
    size_t bytes = r->scan.local_bytes;
    switch (top->at) {
    case AT_DOCUMENT:
        if (r->root)
            soap_flaw_stop(r, "it goes on behind its end");
        else if (soap_frame_is("Envelope", name, bytes))
            push(r, AT_ENVELOPE);
        else
            soap_flaw_stop(r, "it is no SOAP envelope but begins with <%.*s>",
                           (int)(bytes < 60 ? bytes : 60), name);
        break;
    case AT_ENVELOPE:
        if (soap_frame_is("Body", name, bytes))
            push(r, AT_BODY);
        else
            r->skip = 1;
        break;
    case AT_BODY:
        start_in_body(r);
        break;
    case AT_OBJECT:
        start_in_object(r, top);
        break;
    case AT_LIST:
        if (soap_frame_is(top->field->item, name, bytes))
            push_value(r, top->field, top->field->item_kind, top->list);
        else
            r->skip = 1;
        break;
    case AT_DATE:
        start_in_date(r);
        break;
    case AT_SCALAR:
    case AT_PART:
        r->skip = 1;
        break;
    }
}

static void end_object(struct soap_reader *r, struct soap_frame *done)
{
    if (done->scaled) {
        r->count++;
        soap_scalar_join(r, done);
        r->count--;
    }
    if (done->is_record)
        r->record = done->outer;
    if (done->bad && !r->failed) {
        soap_flaw_set_aside(r, done);
        return;
    }
    json_t *object = done->object;
    done->object = NULL;
    if (!done->field)
        r->root = object;
    else if (r->failed)
        json_decref(object);
    else
        soap_scalar_attach(r, done, object);
}

static void end(struct soap_reader *r)
{
    if (r->depth == 0 || r->names[r->depth].bytes != r->scan.name_bytes ||
        memcmp(r->names[r->depth].name, r->scan.name, r->scan.name_bytes) != 0) {
        soap_flaw_look_past(r, "mismatched tag");
        return;
    }
    r->depth--;
    if (r->skip > 0) {
        r->skip--;
        return;
    }
    struct soap_frame *done = &r->frames[--r->count];
    switch (done->at) {
    case AT_SCALAR:
        soap_scalar_end(r, done);
        break;
    case AT_PART:
        soap_scalar_end_part(r, done);
        break;
    case AT_DATE:
        soap_scalar_end_date(r, done);
        break;
    case AT_OBJECT:
        end_object(r, done);
        break;
    default:
        break;
    }
}

/* ---- the whole ---- */

static void finish(struct soap_reader *r)
{
    if (r->depth > 0)
        soap_flaw_stop(r, "it ends in the middle, in line %lu", xml_line(&r->scan, r->scan.end));
    else if (!r->root)
        soap_flaw_stop(r, !r->begun ? "there is no element in it" : "its SOAP body is empty");
}

static void run(struct soap_reader *r)
{
    push(r, AT_DOCUMENT);
    while (!r->failed) {
        switch (xml_next(&r->scan)) {
        case XML_START:
            r->begun = true;
            start(r);
            break;
        case XML_END:
            end(r);
            break;
        case XML_TEXT:
            soap_scalar_text(r);
            break;
        case XML_DONE:
            finish(r);
            return;
        case XML_BROKEN:
            soap_flaw_look_past(r, r->scan.why);
            break;
        }
    }
}

static void take_fault(const json_t *root, struct soap_fault *fault)
{
    const char *code = json_string_value(json_object_get(root, "faultcode"));
    const char *words = json_string_value(json_object_get(root, "faultstring"));
    const char *colon = code ? strchr(code, ':') : NULL;
    if (colon)
        code = colon + 1;
    snprintf(fault->code, sizeof fault->code, "%s", code ? code : "");
    snprintf(fault->text, sizeof fault->text, "%s", words ? words : "");
}

static int deliver(struct soap_reader *r, json_t **out, struct soap_unreadable **bad,
                   struct soap_fault *fault)
{
    if (r->failed)
        return -1;
    if (r->is_fault) {
        take_fault(r->root, fault);
        return 1;
    }
    *out = r->root;
    r->root = NULL;
    if (bad) {
        *bad = r->bad;
        r->bad = NULL;
    }
    return 0;
}

int soap_read(const struct soap_operation *op, const char *xml, size_t bytes, json_t **out,
              struct soap_unreadable **bad, struct soap_fault *fault, char why[SOAP_WHY_BYTES])
{
    *out = NULL;
    if (bad)
        *bad = NULL;
    struct soap_reader *r = malloc(sizeof *r);
    if (!r)
        return soap_value_complain(why, "out of memory");
    memset(r, 0, sizeof *r);
    r->op = op;
    r->why = why;
    r->part_bad = bad != NULL;
    r->last = &r->bad;
    xml_init(&r->scan, xml, bytes);
    run(r);
    int rc = deliver(r, out, bad, fault);
    for (int i = 0; i < r->count; i++) {
        json_decref(r->frames[i].object);
        soap_read_free(r->frames[i].bad);
    }
    soap_read_free(r->bad);
    json_decref(r->root);
    xml_done(&r->scan);
    free(r->own);
    free(r);
    return rc;
}
