/* SPDX-License-Identifier: MIT
 * The tokens of a configuration file, blanks and comments among them, as an edit needs them: each
 * line break is one of its own, and each can be looked up by its place. */
#ifndef KOPPEL_CONFIG_CONF_EDIT_SCAN_H
#define KOPPEL_CONFIG_CONF_EDIT_SCAN_H

#include <stddef.h>

#include "base/err.h"

enum conf_edit_scan_kind {
    SCAN_END,     /* behind the last */
    SCAN_BLANK,   /* spaces, tabs, CR, form feeds */
    SCAN_BREAK,   /* one LF */
    SCAN_COMMENT, /* without the line break that ends it */
    SCAN_TEXT,    /* one string with its quotes; adjoining ones are one value */
    SCAN_WORD,    /* a name, true or false */
    SCAN_NUMBER,
    SCAN_MARK,    /* one of = : , ; { } [ ] ( ) */
    SCAN_INCLUDE, /* from its @ to the closing quote */
    SCAN_BAD,     /* what is no token, or has no end */
};

struct conf_edit_scan_token {
    enum conf_edit_scan_kind kind;
    size_t start, end;
};

/* A text in its tokens; the last one is SCAN_END, which has no bytes. */
struct conf_edit_scan {
    struct conf_edit_scan_token *tokens;
    int count;
};

/* -1: no memory. */
int conf_edit_scan(struct conf_edit_scan *s, const char *text, struct koppel_error *err);
void conf_edit_scan_done(struct conf_edit_scan *s);
/* The token that begins at or before the byte `at` and ends behind it. */
int conf_edit_scan_at(const struct conf_edit_scan *s, size_t at);

#endif
