// SPDX-License-Identifier: MIT
// The till's interface as data: which operations it serves, with which members in which order.
// Requests are checked against it, documents are written by it, and ?wsdl shows it.
#ifndef KOPPEL_SANDBOX_SCHEMA_H
#define KOPPEL_SANDBOX_SCHEMA_H

#include "soap.h"

#include <jansson.h>

enum kind {
    KIND_STRING,
    KIND_LONG,
    KIND_INT,
    KIND_SHORT,
    KIND_UNSIGNED,
    KIND_DECIMAL,
    KIND_BOOLEAN,
    KIND_DATE,
    KIND_TIME,
    KIND_BASE64,
    KIND_ENUM,
    KIND_TYPE
};

struct type;

struct field {
    const char *name; // NULL ends a list
    const struct type *type;
    bool required;
    bool repeated;
};

struct type {
    const char *name;
    enum kind kind;
    struct field *fields; // KIND_TYPE: in schema order
    const char **values;  // KIND_ENUM: ended by NULL
    char *rest;           // while the tables are read: the text of the members
};

struct operation {
    const char *name;
    struct field *in;          // the parameters
    const struct type *answer; // its name is that of the answer element
};

struct schema {
    struct type *types; // by name
    size_t type_count;
    struct operation *operations; // by name
    size_t operation_count;
    char *file;   // what the names above point into
    char **texts; // the values of enumerations
    size_t text_count;
};

// NULL when out of memory; a mistake in the tables ends the program with a line on stderr.
struct schema *schema_new(void);
void schema_free(struct schema *s);

// NULL for an operation not served here.
const struct operation *schema_operation(const struct schema *s, const char *name);
// A type that is there, its members, and the position of a member (-1 when there is none).
const struct type *schema_type(const struct schema *s, const char *name);
const struct field *schema_fields(const struct schema *s, const char *type);
int schema_position(const struct field *fields, const char *name);

// Compares children with fields: order, presence, types. On a difference `why` names the
// element and the answer is false.
bool schema_check(const struct node *n, const struct field *fields, char *why);

// The whole as a WSDL, bent by `bend` (NULL: straight): {"remove": ["Type.member", "operation",
// "Type=VALUE"], "require": ["Type.member"], "type": {"Type.member": "xsd:decimal"}}.
void schema_wsdl(const struct schema *s, const json_t *bend, struct xml *x);

#endif
