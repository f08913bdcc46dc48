/* SPDX-License-Identifier: MIT
 * SOAP messages as data: one table per message type serves both writing and reading.
 *
 * A table lists the children of an element in the order the vendor's schema wants them. Records are
 * JSON: wrapped lists become arrays, cents become "39.90", a quantity and its companion become one
 * decimal, every other integer a string of digits. Knows nothing of HTTP or of Koppel. */
#ifndef MPLUSKASSA_SOAP_H
#define MPLUSKASSA_SOAP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define SOAP_WHY_BYTES 320   /* room for the sentence that says what is wrong */
#define SOAP_MAX_DEPTH 64    /* elements inside each other; a line with options needs about 16 */
#define SOAP_MAX_TEXT (4u << 20)
#define SOAP_MAX_PLACES 6    /* decimals of a quantity that the vendor's own clients send */

enum soap_kind {
    SOAP_TEXT,
    SOAP_ENUM,     /* text; an empty element means absent */
    SOAP_INT,      /* 32 bits */
    SOAP_LONG,     /* 64 bits */
    SOAP_BOOL,
    /* cents on the wire, "39.90" here; more decimals are rounded half up, away from zero, digit by
     * digit: 19.99 is 1999, 1.005 is 101 */
    SOAP_MONEY,
    SOAP_PERCENT,  /* hundredths of a percent on the wire, "21.00" here; rounded likewise */
    SOAP_QUANTITY, /* integer whose number of decimals stands in the element `item` */
    SOAP_PLACES,   /* that element; never seen in a record */
    SOAP_DECIMAL,  /* xsd:decimal, kept digit by digit */
    SOAP_DATE,     /* day, mon, year; "2026-06-12" here */
    SOAP_DATETIME, /* sec ... timezone; "2026-06-12T13:45:30+02:00" here */
    SOAP_OBJECT,
    SOAP_LIST,     /* a wrapper element around repeated `item` elements */
    SOAP_REPEAT    /* the element itself is repeated, without a wrapper */
};

struct soap_type;

struct soap_field {
    const char *name;
    enum soap_kind kind;
    bool required;               /* written even when the record lacks it */
    const char *item;            /* SOAP_LIST: the repeated child; SOAP_QUANTITY: the companion */
    enum soap_kind item_kind;    /* SOAP_LIST, SOAP_REPEAT */
    const struct soap_type *type; /* of an object, or of the objects of a list */
};

struct soap_type {
    const char *name; /* the schema's, for messages */
    const struct soap_field *fields;
    int count;
};

/* One operation of the service: what stands inside the body element, both ways. */
struct soap_operation {
    const char *name;
    const struct soap_type *request, *response;
    bool write; /* changes something there: a lost answer leaves the outcome unknown */
    /* What is a record in the answer, beside the objects of its outermost lists: the articles of a
     * product for who reads articles. NULL: nothing else. */
    const struct soap_type *inner;
};

struct soap_fault {
    char code[96]; /* without the prefix: "Client.Authentication" */
    char text[512];
};

#endif
