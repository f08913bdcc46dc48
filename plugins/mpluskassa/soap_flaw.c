/* SPDX-License-Identifier: MIT
 * What is wrong with a message: see soap_flaw.h. */
#include "soap_flaw.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void soap_flaw_stop(struct soap_reader *r, const char *format, ...)
{
    if (r->failed)
        return;
    r->failed = true;
    va_list args;
    va_start(args, format);
    vsnprintf(r->why, SOAP_WHY_BYTES, format, args);
    va_end(args);
}

/* The way to the open element, from its record on: "order.lineList[1].data.price". */
static void tell_place(const struct soap_reader *r, char out[SOAP_PLACE_BYTES])
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = r->record > 0 ? r->record : 1; i < r->count && n < SOAP_PLACE_BYTES; i++) {
        const struct soap_frame *f = &r->frames[i], *above = &r->frames[i - 1];
        const char *dot = n > 0 ? "." : "";
        int wrote = 0;
        if (f->at == AT_PART)
            wrote =
                snprintf(out + n, SOAP_PLACE_BYTES - n, "%s%s", dot, soap_value_parts[f->part_at]);
        else if (i > r->record && above->at == AT_LIST)
            wrote = snprintf(out + n, SOAP_PLACE_BYTES - n, "[%zu]", json_array_size(f->list));
        else if (i > r->record && f->list && f->at != AT_LIST)
            wrote = snprintf(out + n, SOAP_PLACE_BYTES - n, "%s%s[%zu]", dot, f->field->name,
                             json_array_size(f->list));
        else if (f->field)
            wrote = snprintf(out + n, SOAP_PLACE_BYTES - n, "%s%s", dot,
                             i == r->record && f->field->item ? f->field->item : f->field->name);
        n += wrote > 0 ? (size_t)wrote : 0;
    }
}

void soap_flaw(struct soap_reader *r, const char *format, ...)
{
    char what[SOAP_WHY_BYTES], place[SOAP_PLACE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    tell_place(r, place);
    struct soap_frame *record = r->part_bad && r->record > 0 ? &r->frames[r->record] : NULL;
    if (!record) {
        soap_flaw_stop(r, "its element %s %.200s", place, what);
        return;
    }
    if (record->bad)
        return; /* the first one is told */
    record->bad = calloc(1, sizeof *record->bad);
    if (!record->bad) {
        soap_flaw_stop(r, "out of memory");
        return;
    }
    memcpy(record->bad->place, place, sizeof place);
    memcpy(record->bad->why, what, sizeof what);
}

void soap_flaw_set_aside(struct soap_reader *r, struct soap_frame *record)
{
    struct soap_unreadable *bad = record->bad;
    record->bad = NULL;
    bad->record = record->object;
    record->object = NULL;
    bad->raw_bytes = (size_t)(r->scan.at - record->from);
    bad->raw = malloc(bad->raw_bytes + 1);
    if (bad->raw)
        memcpy(bad->raw, record->from, bad->raw_bytes);
    else
        soap_flaw_stop(r, "out of memory");
    *r->last = bad;
    r->last = &bad->next;
}

/* Whether the tag at `at` ("<" or "</" before) is of that name. */
static bool tag_is(const struct soap_reader *r, const char *at, int open)
{
    size_t n = r->names[open].bytes;
    return (size_t)(r->scan.end - at) > n && memcmp(at, r->names[open].name, n) == 0 && at[n] &&
           strchr(" \t\r\n/>", at[n]);
}

/* The end of the open record's element behind broken markup, or that of the list around it; NULL:
 * neither comes. */
static const char *end_of_record(const struct soap_reader *r)
{
    int depth = r->frames[r->record].depth, inside = 0;
    for (int i = depth + 1; i <= r->depth; i++)
        inside += r->names[i].bytes == r->names[depth].bytes &&
                  memcmp(r->names[i].name, r->names[depth].name, r->names[i].bytes) == 0;
    const char *end = r->scan.end, *p = r->scan.from;
    for (; p < end && (p = memchr(p, '<', (size_t)(end - p))); p++) {
        if (p + 1 < end && p[1] != '/') {
            inside += tag_is(r, p + 1, depth);
        } else if (p + 2 < end && tag_is(r, p + 2, depth)) {
            const char *close = memchr(p, '>', (size_t)(end - p));
            if (inside-- == 0)
                return close ? close + 1 : NULL;
        } else if (p + 2 < end && tag_is(r, p + 2, depth - 1)) {
            return p;
        }
    }
    return NULL;
}

void soap_flaw_look_past(struct soap_reader *r, const char *what)
{
    unsigned long line = xml_line(&r->scan, r->scan.from);
    const char *end = r->part_bad && r->record > 0 ? end_of_record(r) : NULL;
    if (!end) {
        soap_flaw_stop(r, "%s in line %lu", what, line);
        return;
    }
    soap_flaw(r, "is broken: %s in line %lu", what, line);
    while (!r->failed) {
        struct soap_frame *f = &r->frames[--r->count];
        if (f->is_record) {
            r->record = f->outer;
            r->depth = f->depth - 1;
            r->scan.at = end;
            r->scan.empty = false;
            soap_flaw_set_aside(r, f);
            break;
        }
        json_decref(f->object);
        f->object = NULL;
    }
    r->skip = 0;
}
