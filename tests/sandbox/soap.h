// SPDX-License-Identifier: MIT
// SOAP for the sandbox till: a small tree of a request, the check of that tree against the
// schema of the operation, and a growing text to write answers in.
#ifndef KOPPEL_SANDBOX_SOAP_H
#define KOPPEL_SANDBOX_SOAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- Requests ---------------------------------------------------------------------------

struct node {
    char *name;  // local name; elements outside urn:mplusqapi keep "uri|name"
    char *text;  // all character data directly inside, never NULL
    struct node *first, *next;
    struct node *last; // of the children
    struct node *parent;
};

#define SOAP_FAULT_BYTES 400

// Parses an envelope and returns the element inside Body; the tree is freed as a whole by
// soap_free(*tree). NULL with a reason in `why` when the text is no such envelope.
const struct node *soap_parse(const char *text, size_t bytes, struct node **tree, char *why);
void soap_free(struct node *tree);
// Adds an element behind the others in `parent` (NULL: a tree of its own); NULL without memory.
struct node *soap_add(struct node *parent, const char *name, const char *text);

// Child by name, NULL when `n` is NULL or has none; its text, "" when there is none.
const struct node *soap_child(const struct node *n, const char *name);
const char *soap_text(const struct node *n, const char *name);
int64_t soap_long(const struct node *n, const char *name, int64_t otherwise);
bool soap_bool(const struct node *n, const char *name, bool otherwise);

// ---- Answers ----------------------------------------------------------------------------

struct xml {
    char *text;
    size_t bytes, room;
    bool failed;
};

void xml_raw(struct xml *x, const char *text, size_t bytes);
void xml_open(struct xml *x, const char *name);
void xml_close(struct xml *x, const char *name);
void xml_string(struct xml *x, const char *name, const char *text); // nothing for NULL
void xml_long(struct xml *x, const char *name, int64_t value);
void xml_bool(struct xml *x, const char *name, bool value);
// The subtree written again, with the answer's prefix.
void xml_node(struct xml *x, const struct node *n);
// Start and end of an envelope around the answer element.
void xml_envelope(struct xml *x, const char *response);
void xml_finish(struct xml *x, const char *response);
void xml_fault(struct xml *x, const char *code, const char *text);

#endif
