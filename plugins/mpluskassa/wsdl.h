/* SPDX-License-Identifier: MIT
 * The service's published description (WSDL), and what our message tables differ from it in.
 * Knows nothing of HTTP or of Koppel. */
#ifndef MPLUSKASSA_WSDL_H
#define MPLUSKASSA_WSDL_H

#include "types.h"

/* The description as an object, to be freed with json_decref; NULL: why says what is wrong.
 *
 *   types:      name -> { base?: name, fields: [ { name, type, needed, many } ] }
 *   elements:   name -> the same, of the messages
 *   messages:   name -> element
 *   operations: name -> { input: message, output: message }
 *
 * Names are without their prefix. */
json_t *wsdl_read(const char *xml, size_t bytes, char why[SOAP_WHY_BYTES]);

/* Takes one difference: where it is and what differs: in a record of the entity its path
 * ("lineList[].data.price"), elsewhere "Type.field" or the operation. -1 ends the comparison. */
typedef int wsdl_report(void *context, const char *where, const char *what);

/* Compares all operations that the entity uses, with every type below them: 0, or the report's -1.
 * An element that is sent must be there, in its place; one that is read must be there. */
int wsdl_compare(const json_t *wsdl, const char *entity, wsdl_report *report, void *context);

#endif
