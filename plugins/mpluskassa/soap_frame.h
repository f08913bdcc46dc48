/* SPDX-License-Identifier: MIT
 * A message that is being read: its open elements, for the files that read it. */
#ifndef MPLUSKASSA_SOAP_FRAME_H
#define MPLUSKASSA_SOAP_FRAME_H

#include <string.h>

#include "soap_read.h"
#include "soap_value.h"
#include "xml.h"

enum soap_frame_kind {
    AT_DOCUMENT,
    AT_ENVELOPE,
    AT_BODY,
    AT_OBJECT,
    AT_LIST,
    AT_SCALAR,
    AT_DATE,
    AT_PART
};

/* One open element that means something. */
struct soap_frame {
    enum soap_frame_kind at;
    enum soap_kind kind;            /* AT_SCALAR, AT_DATE: how to understand it */
    const struct soap_field *field; /* what it fills; NULL: the answer itself */
    const struct soap_type *type;   /* AT_OBJECT */
    json_t *object;                 /* AT_OBJECT: owned */
    json_t *list;                   /* takes the value, borrowed; AT_LIST: the array itself */
    int next;                       /* AT_OBJECT: where the next element is expected */
    bool scaled;                    /* AT_OBJECT: a companion came before its quantity */
    bool is_record;                 /* AT_OBJECT */
    int outer;                      /* of a record: the record around it, as r->record */
    int depth;                      /* of a record: how deep its element is */
    const char *from;               /* of a record: where its text begins */
    struct soap_unreadable *bad;    /* of a record: what is wrong with it, owned */
    int part[PARTS];                /* AT_DATE */
    int part_at;                    /* AT_PART */
};

struct soap_reader {
    struct xml_scan scan;
    const struct soap_operation *op;
    struct soap_frame frames[SOAP_MAX_DEPTH + 1];
    int count, depth, skip;
    int record; /* the innermost record that is open: its frame, 0 where there is none */
    struct {    /* every open element, also those that mean nothing */
        const char *name;
        size_t bytes;
    } names[SOAP_MAX_DEPTH + 1];
    const char *text; /* of the open scalar, borrowed from the scanner or own */
    size_t text_bytes;
    char *own;
    size_t own_room;
    json_t *root;
    struct soap_unreadable *bad, **last; /* those that are set aside; last: where the next goes */
    bool part_bad;                       /* unreadable records may be set aside */
    bool begun;                          /* there is an element */
    bool is_fault, failed;
    char *why;
};

/* Whether a piece of text is that name. */
static inline bool soap_frame_is(const char *name, const char *text, size_t bytes)
{
    return strncmp(name, text, bytes) == 0 && !name[bytes];
}

#endif
