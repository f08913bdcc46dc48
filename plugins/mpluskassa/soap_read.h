/* SPDX-License-Identifier: MIT
 * SOAP messages into records. */
#ifndef MPLUSKASSA_SOAP_READ_H
#define MPLUSKASSA_SOAP_READ_H

#include "soap.h"

#define SOAP_PLACE_BYTES 160

/* A record of a page that cannot be understood, or a page that was cut short inside it. */
struct soap_unreadable {
    struct soap_unreadable *next;
    json_t *record; /* what of it could be read: its id and marker nearly always */
    char *raw;      /* its own text as it came, not ended by NUL */
    size_t raw_bytes;
    char place[SOAP_PLACE_BYTES]; /* "order.lineList[1].data.price" */
    char why[SOAP_WHY_BYTES];     /* "holds \"12,10\"" */
};

/* 0: *out is the answer as an object. 1: the peer answered with a fault. -1: not a SOAP answer; why
 * says in one sentence what is wrong.
 *
 * A record is an object of one of the answer's outermost lists, or of type op->inner. bad NULL: one
 * that cannot be read fails the whole answer. Else it is left out of *out and becomes an entry of
 * *bad, in the order in which they came; free them with soap_read_free(). */
int soap_read(const struct soap_operation *op, const char *xml, size_t bytes, json_t **out,
              struct soap_unreadable **bad, struct soap_fault *fault, char why[SOAP_WHY_BYTES]);

/* Frees such entries; NULL is fine. */
void soap_read_free(struct soap_unreadable *bad);

#endif
