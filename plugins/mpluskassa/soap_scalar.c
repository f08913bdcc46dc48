/* SPDX-License-Identifier: MIT
 * The values of elements: see soap_scalar.h. */
#include "soap_scalar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soap_flaw.h"

void soap_scalar_text(struct soap_reader *r)
{
    enum soap_frame_kind at = r->frames[r->count - 1].at;
    size_t bytes = r->scan.text_bytes, need = r->text_bytes + bytes + 1;
    if (r->skip > 0 || (at != AT_SCALAR && at != AT_PART))
        return;
    if (r->scan.flaw[0])
        soap_flaw(r, "holds %s", r->scan.flaw);
    if (need > SOAP_MAX_TEXT) {
        soap_flaw_stop(r, "one of its texts is longer than %u bytes", SOAP_MAX_TEXT);
        return;
    }
    if (r->text_bytes == 0 && r->scan.text != r->scan.buffer) {
        r->text = r->scan.text;
        r->text_bytes = bytes;
        return;
    }
    bool elsewhere = r->text_bytes > 0 && r->text != r->own;
    if (need > r->own_room) {
        char *larger = realloc(r->own, need * 2);
        if (!larger) {
            soap_flaw_stop(r, "out of memory");
            return;
        }
        r->own = larger;
        r->own_room = need * 2;
    }
    if (elsewhere)
        memcpy(r->own, r->text, r->text_bytes);
    memcpy(r->own + r->text_bytes, r->scan.text, bytes);
    r->text = r->own;
    r->text_bytes += bytes;
}

/* The collected text without the white space around it. */
static struct soap_slice trimmed(const struct soap_reader *r)
{
    struct soap_slice t = {r->text_bytes > 0 ? r->text : "", r->text_bytes};
    while (t.bytes > 0 && soap_value_is_space(t.text[t.bytes - 1]))
        t.bytes--;
    while (t.bytes > 0 && soap_value_is_space(*t.text))
        t.text++, t.bytes--;
    return t;
}

/* The element that has just ended does not hold what the schema says. */
static void refuse(struct soap_reader *r, const char *what, const char *text, size_t bytes)
{
    r->count++; /* it is the place that is told */
    soap_flaw(r, "%s%.*s\"", what, (int)(bytes < 60 ? bytes : 60), text);
    r->count--;
}

bool soap_scalar_set(struct soap_reader *r, json_t *object, const char *name, json_t *value)
{
    if (value && json_object_set_new_nocheck(object, name, value) == 0)
        return true;
    soap_flaw_stop(r, "out of memory");
    return false;
}

static bool slice_is(struct soap_slice t, const char *word)
{
    return soap_frame_is(word, t.text, t.bytes);
}

static json_t *bool_value(struct soap_slice t)
{
    if (slice_is(t, "true") || slice_is(t, "1"))
        return json_true();
    if (slice_is(t, "false") || slice_is(t, "0"))
        return json_false();
    return NULL;
}

/* The value of a scalar element; NULL: it does not hold what the schema says. */
static json_t *scalar_value(enum soap_kind kind, struct soap_slice t)
{
    if (kind == SOAP_ENUM)
        return json_stringn_nocheck(t.text, t.bytes);
    if (kind == SOAP_BOOL)
        return bool_value(t);
    char buf[NUMBER_BYTES];
    bool fits = kind == SOAP_DECIMAL
                    ? soap_value_decimal(t, buf)
                    : soap_value_scaled(t, kind == SOAP_MONEY || kind == SOAP_PERCENT ? 2 : 0, buf);
    return fits ? json_string_nocheck(buf) : NULL;
}

void soap_scalar_attach(struct soap_reader *r, const struct soap_frame *done, json_t *value)
{
    if (!done->list)
        soap_scalar_set(r, r->frames[r->count - 1].object, done->field->name, value);
    else if (!value || json_array_append_new(done->list, value) != 0)
        soap_flaw_stop(r, "out of memory");
}

/* 530 and 3 become "0.530". */
static bool scale(struct soap_reader *r, json_t *quantity, const char *companion)
{
    struct soap_slice raw = {json_string_value(quantity), json_string_length(quantity)};
    struct soap_slice places = {companion, strlen(companion)};
    int64_t count;
    char buf[NUMBER_BYTES];
    if (!soap_value_integer(places, &count) || count < 0 || count > 18)
        return false;
    if (count > 0 &&
        (!soap_value_scaled(raw, (int)count, buf) || json_string_set_nocheck(quantity, buf) != 0))
        soap_flaw_stop(r, "out of memory");
    return true;
}

/* A companion follows its quantity and is never seen itself; one that came first waits for it. */
static void end_places(struct soap_reader *r, const struct soap_frame *done, struct soap_slice t)
{
    struct soap_frame *f = &r->frames[r->count - 1];
    char places[NUMBER_BYTES];
    if (!soap_value_scaled(t, 0, places)) {
        refuse(r, "holds \"", t.text, t.bytes);
        return;
    }
    int at = (int)(done->field - f->type->fields) - 1; /* they follow each other in every table */
    json_t *quantity = at >= 0 ? json_object_get(f->object, f->type->fields[at].name) : NULL;
    if (!quantity) {
        f->scaled = soap_scalar_set(r, f->object, done->field->name, json_string_nocheck(places));
        return;
    }
    if (!scale(r, quantity, places))
        refuse(r, "holds \"", places, strlen(places));
}

void soap_scalar_end(struct soap_reader *r, const struct soap_frame *done)
{
    if (done->kind == SOAP_TEXT) {
        soap_scalar_attach(r, done,
                           json_stringn_nocheck(r->text_bytes > 0 ? r->text : "", r->text_bytes));
        return;
    }
    struct soap_slice t = trimmed(r);
    if (t.bytes == 0) /* an empty element stands for a value that is not set */
        return;
    if (done->kind == SOAP_PLACES) {
        end_places(r, done, t);
        return;
    }
    json_t *value = scalar_value(done->kind, t);
    if (value) {
        soap_scalar_attach(r, done, value);
        return;
    }
    refuse(r, "holds \"", t.text, t.bytes);
}

void soap_scalar_end_part(struct soap_reader *r, const struct soap_frame *done)
{
    struct soap_frame *date = &r->frames[r->count - 1];
    struct soap_slice t = trimmed(r);
    int64_t value = 0;
    if (t.bytes > 0 && (!soap_value_integer(t, &value) || value < -100000 || value > 100000)) {
        refuse(r, "holds \"", t.text, t.bytes);
        value = 0;
    }
    date->part[done->part_at] = (int)value;
}

void soap_scalar_end_date(struct soap_reader *r, const struct soap_frame *done)
{
    bool with_time = done->kind == SOAP_DATETIME;
    if (done->part[PART_DAY] == 0 || done->part[PART_MON] == 0 || done->part[PART_YEAR] == 0)
        return; /* the vendor's way to say: no date */
    char buf[NUMBER_BYTES];
    soap_value_format_date(done->part, with_time, buf);
    if (soap_value_is_date(done->part) && (!with_time || soap_value_is_time(done->part))) {
        soap_scalar_attach(r, done, json_string_nocheck(buf));
        return;
    }
    refuse(r, "holds a date that does not exist, \"", buf, strlen(buf));
}

void soap_scalar_join(struct soap_reader *r, const struct soap_frame *f)
{
    for (int i = 0; i < f->type->count; i++) {
        const struct soap_field *field = &f->type->fields[i];
        if (field->kind != SOAP_QUANTITY)
            continue;
        json_t *raw = json_object_get(f->object, field->name);
        json_t *places = json_object_get(f->object, field->item);
        if (raw && places && !scale(r, raw, json_string_value(places)))
            soap_flaw(r, "holds \"%s\" as %s", json_string_value(places), field->item);
        json_object_del(f->object, field->item);
    }
}
