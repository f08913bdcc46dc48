/* SPDX-License-Identifier: MIT
 * JSON text (RFC 8259) as Jansson values, for every text that comes from outside or from the store.
 *
 * What differs from Jansson's own reader:
 *  - A whole number that fits 64 bits becomes a json_integer. Every other number becomes a
 *    json_string with its exact digits, without an exponent: 1.50 is "1.50", 1e3 is "1000",
 *    18446744073709551616 is itself. No json_real is ever made, so no digit is lost.
 *  - A byte order mark before the text is skipped.
 *  - A name that stands twice in one object is an error: which of the two the peer meant is not
 *    known.
 *  - NUL, raw or as \u0000, half a surrogate pair and bytes that are no UTF-8 are errors.
 *  - One record that cannot be read need not cost its page: json_read_list().
 *
 * Errors name the place and what is wrong there, never a value. */
#ifndef KOPPEL_BASE_JSON_READ_H
#define KOPPEL_BASE_JSON_READ_H

#include <jansson.h>
#include <stddef.h>

#define JSON_READ_DEPTH 200 /* objects and arrays inside each other, unless a limit says else */

struct koppel_error;

/* Zero members mean the default; a NULL pointer to this means all defaults. */
struct json_read_limits {
    size_t bytes; /* the longest text; 0: any length */
    int depth;    /* 0: JSON_READ_DEPTH */
};

struct json_read_error {
    size_t offset;  /* of the first wrong byte, from 0, counted over the whole text */
    int line;       /* from 1 */
    int column;     /* in characters, from 1 */
    char path[160]; /* "lines[2].price"; "": the whole value; what is too long ends in "..." */
    /* One line with the place: "line 3, column 14, at lines[2].price: NUL is not allowed". */
    char text[320];
};

/* A new reference; NULL where text cannot be read, with error (which may be NULL) filled. */
json_t *json_read(const char *text, size_t bytes, const struct json_read_limits *limits,
                  struct json_read_error *error);
/* The same for text that ends at its NUL, with the default limits. */
json_t *json_read_text(const char *text, struct json_read_error *error);

/* An element of a list that cannot be read while the list around it can. Borrowed until the call
 * returns. */
struct json_read_bad {
    size_t index;     /* which element of the list, from 0 */
    const char *raw;  /* its text as it came: may hold NUL, control characters and broken UTF-8 */
    size_t raw_bytes;
    /* What of it could be read: its key may be among this. What could not be decoded, stands twice
     * or is nested too deep is null here; a member whose name could not be decoded is left out.
     * NULL where the element as a whole is such a value. */
    json_t *rest;
    /* The first thing that is wrong; the place is one in the whole text, and the path begins with
     * the list's. */
    struct json_read_error error;
};

struct json_read_list {
    const char *path; /* names with dots between: "_data", "result.rows"; "": the whole text */
    /* Called once per bad element, in order, after the whole text was read without another error:
     * a text that is refused as a whole tells of no bad element. */
    void (*bad)(const struct json_read_bad *bad, void *user);
    void *user;
};

/* As json_read(), but an element of the list that holds a value that cannot be decoded (a bad
 * escape, a raw control character, half a surrogate pair, NUL, broken UTF-8, a number or word that
 * is none, a name that stands twice, too many levels) is told to list->bad, and stands in the value
 * as null, so that the indices of the others stay. What leaves open where an element ends (a
 * missing quote, comma, colon or bracket) makes the whole text an error, as does anything wrong
 * outside the list: no element is ever lost without a word. */
json_t *json_read_list(const char *text, size_t bytes, const struct json_read_limits *limits,
                       const struct json_read_list *list, struct json_read_error *error);

/* Fills err with "WHAT: PLACE: what is wrong there"; returns -1. */
int json_read_fail(const struct json_read_error *error, int kind, const char *what,
                   struct koppel_error *err);

#endif
