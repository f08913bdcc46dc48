// SPDX-License-Identifier: MIT
// Rows of the books are kept as compact JSON text: a hundred thousand of them as JSON values would
// fill the memory, and a page of a list is then text put together. Here is what builds such text
// and what looks into it. Amounts are whole numbers of a named number of decimals, never doubles.
#ifndef KOPPEL_SANDBOX_BOOKS_TEXT_H
#define KOPPEL_SANDBOX_BOOKS_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---- Building -------------------------------------------------------------------------------

// Zero it to begin. Once memory ran out every later call does nothing and out_take gives NULL.
struct out {
    char *data;
    size_t bytes, room;
    bool failed;
};

void out_add(struct out *o, const char *data, size_t bytes);
void out_text(struct out *o, const char *text);
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_string(struct out *o, const char *text); // quoted and escaped for JSON
// units / 10^places with at least one decimal: 12.0, 12.75, -0.05.
void out_units(struct out *o, int64_t units, int places);
void out_value(struct out *o, const json_t *value); // compact; a real with 15 digits
char *out_take(struct out *o);                      // the caller frees it
void out_done(struct out *o);

// ---- Looking into compact JSON text -------------------------------------------------------------

struct span {
    const char *at;
    size_t bytes;
};

// Walks the members of an object: *at starts at its "{". False after the last one.
bool span_next(const char **at, struct span *name, struct span *value);
bool span_get(const char *object, const char *name, struct span *value);
bool span_is(struct span s, const char *text); // without regard to letter case
// The characters of a JSON string into out (cut to fit); "" for anything that is no string.
const char *span_string(struct span value, char *out, size_t out_bytes);

// ---- Numbers ----------------------------------------------------------------------------------

#define UNITS_MAX 10000000000000 // what the books can hold, in any unit

// Exactly: false for anything but [-]digits[.digits], for more decimals than places that are not
// zero, and beyond UNITS_MAX.
bool units_parse(const char *text, size_t bytes, int places, int64_t *units);
// A JSON number, which jansson holds as a double: with 15 digits it is again what was written.
bool units_of(const json_t *value, int places, int64_t *units);
// Divides by 10^places, halves away from zero.
int64_t units_round(__int128 value, int places);
json_t *units_json(int64_t units, int places);   // a JSON number
json_t *units_string(int64_t units, int places); // "-12.05", all places shown

#endif
