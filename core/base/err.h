/* SPDX-License-Identifier: MIT
 * The one error type, in the core and across the plugin border (where it is opaque).
 *
 * A function that can fail returns 0 or -1 and fills its last parameter, `struct koppel_error
 * *err`, on -1. The text is one line, quotes the peer's words, names the thing and the remedy, and
 * never holds a secret. One layer logs; everything below returns. */
#ifndef KOPPEL_BASE_ERR_H
#define KOPPEL_BASE_ERR_H

#include <stdarg.h>
#include <stdint.h>

#include "koppel/plugin.h"

#define ERR_TEXT_BYTES 1024
#define ERR_FACTS_BYTES 512

struct koppel_error {
    int kind;             /* KOPPEL_E_*; 0: no error yet */
    int64_t retry_after_ms; /* with KOPPEL_E_RETRY: what the peer asked for; 0: nothing */
    char reason[48]; /* short code for counting and remedies ("customer.ambiguous"); may be "" */
    char text[ERR_TEXT_BYTES];
    /* JSON object of what a person mends once for all ({"table":"vat","value":"NL|9"}); "": none
     * (fact.h). May be personal data: never logged. */
    char facts[ERR_FACTS_BYTES];
};

/* Fills err (which may be NULL) and returns -1. Text that is too long is cut at a character. Line
 * breaks become spaces. */
int err_set(struct koppel_error *err, int kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int err_vset(struct koppel_error *err, int kind, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
/* Same with a reason code. */
int err_reason(struct koppel_error *err, int kind, const char *reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Puts "prefix: " before the text that is there; returns -1. */
int err_prefix(struct koppel_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "RETRY", "REJECTED", ... for logs and the activity. */
const char *err_kind_name(int kind);

#endif
