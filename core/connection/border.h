/* SPDX-License-Identifier: MIT
 * The border to plugins: what a connector or transform hands over is held against the contract
 * before the core works with it.
 *
 * Reason codes: plugin.text (not UTF-8, or a NUL inside), plugin.real (a JSON real), plugin.deep,
 * plugin.large, plugin.reserved (a member name that is the core's), plugin.key (the key is not what
 * the key field holds), plugin.no_key, plugin.long_key, plugin.unreadable (the connector said so);
 * and of calls: plugin.order (emitted behind the end), plugin.no_end, plugin.nobody (a result for
 * an item that was not asked), plugin.no_id, plugin.no_result, plugin.blocked. */
#ifndef KOPPEL_CONNECTION_BORDER_H
#define KOPPEL_CONNECTION_BORDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define BORDER_DEPTH_MAX 100                  /* levels of a record */
#define BORDER_RECORD_BYTES (16 * 1024 * 1024) /* text and names of one record */
#define BORDER_RAW_BYTES (64 * 1024)           /* raw text that is kept of an unreadable one */
#define BORDER_PLACE_BYTES 256

/* What is wrong with a value. */
struct border_fault {
    const char *reason;             /* a code from above */
    char place[BORDER_PLACE_BYTES]; /* "lines[3].price", "" for the whole */
};

/* Is text UTF-8 without a NUL inside? */
bool border_is_text(const char *text, size_t bytes);
/* false: fault says what is wrong with the value, and where. */
bool border_check(const json_t *value, struct border_fault *fault);
/* The same for a record and the key it came under; key_field NULL: not compared. */
bool border_check_record(const json_t *record, const char *key, const char *key_field,
                         struct border_fault *fault);
/* One sentence about the fault. */
void border_words(const struct border_fault *fault, char *out, size_t room);

/* {"_unreadable": {"reason","detail","place","raw","bytes"}}; raw may be any bytes. NULL: no
 * memory. */
json_t *border_unreadable(const char *reason, const char *detail, const char *place,
                          const char *raw, size_t raw_bytes);
/* The key under which a record without a usable one parks: the key itself where it fits, else
 * "hash:<hex>" of it, or of the raw text where it has none. Caller frees. */
char *border_key(const char *key, const char *raw, size_t raw_bytes);

#endif
