/* SPDX-License-Identifier: MIT
 * How the tables of message types are written; for the types*.c files only. */
#ifndef MPLUSKASSA_TYPES_MACROS_H
#define MPLUSKASSA_TYPES_MACROS_H

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

#define FIELD(name, kind) {name, kind, false, NULL, SOAP_TEXT, NULL}
#define NEEDED(name, kind) {name, kind, true, NULL, SOAP_TEXT, NULL}
#define TEXT(name) FIELD(name, SOAP_TEXT)
#define ENUM(name) FIELD(name, SOAP_ENUM)
#define INT(name) FIELD(name, SOAP_INT)
#define LONG(name) FIELD(name, SOAP_LONG)
#define BOOL(name) FIELD(name, SOAP_BOOL)
#define MONEY(name) FIELD(name, SOAP_MONEY)
#define PERCENT(name) FIELD(name, SOAP_PERCENT)
#define DECIMAL(name) FIELD(name, SOAP_DECIMAL)
#define DATE(name) FIELD(name, SOAP_DATE)
#define DATETIME(name) FIELD(name, SOAP_DATETIME)
/* A quantity and its companion follow each other everywhere in the schema. */
#define QUANTITY(name, places) {name, SOAP_QUANTITY, false, places, SOAP_TEXT, NULL}, \
                               FIELD(places, SOAP_PLACES)
#define NEEDED_QUANTITY(name, places) {name, SOAP_QUANTITY, true, places, SOAP_TEXT, NULL}, \
                                      FIELD(places, SOAP_PLACES)
#define OBJECT(name, type) {name, SOAP_OBJECT, false, NULL, SOAP_TEXT, &(type)}
#define NEEDED_OBJECT(name, type) {name, SOAP_OBJECT, true, NULL, SOAP_TEXT, &(type)}
#define LIST(name, item, type) {name, SOAP_LIST, false, item, SOAP_OBJECT, &(type)}
#define NEEDED_LIST(name, item, type) {name, SOAP_LIST, true, item, SOAP_OBJECT, &(type)}
#define VALUES(name, item, kind) {name, SOAP_LIST, false, item, kind, NULL}
#define REPEAT(name, type) {name, SOAP_REPEAT, false, NULL, SOAP_OBJECT, &(type)}
#define REPEAT_VALUES(name, kind) {name, SOAP_REPEAT, false, NULL, kind, NULL}

#define TYPE(variable, name) \
    const struct soap_type variable = {name, variable##_fields, COUNT(variable##_fields)}
#define OPERATION(variable, name, request, response, write) \
    const struct soap_operation variable = {name, request, response, write, NULL}

#endif
