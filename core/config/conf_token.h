/* SPDX-License-Identifier: MIT
 * The tokens of a configuration text. Together they are the text again, byte for byte. */
#ifndef KOPPEL_CONFIG_CONF_TOKEN_H
#define KOPPEL_CONFIG_CONF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

enum conf_token_kind {
    TOKEN_END,     /* no bytes are left */
    TOKEN_BLANK,   /* blanks and line breaks */
    TOKEN_COMMENT, /* without the line break behind it */
    TOKEN_NAME,
    TOKEN_BOOLEAN,
    TOKEN_INTEGER, /* decimal or hexadecimal, with or without L */
    TOKEN_FLOAT,
    TOKEN_STRING,  /* with its quotes; one of several that adjoin */
    TOKEN_MARK,    /* one of { } ( ) [ ] = : , ; */
    TOKEN_INCLUDE, /* @include "FILE", with the blanks between the two */
    TOKEN_OTHER    /* no token of the language: `5m`, `é`, `@` */
};

struct conf_token {
    enum conf_token_kind kind;
    const char *at; /* into the text */
    size_t bytes;
    int line;   /* it begins on, from 1 */
    int breaks; /* line breaks inside of it */
    bool open;  /* a string or comment that the text ended in */
    bool first; /* nothing but blanks stands before it on its line */
};

/* A place in a text; begins as {text, 1, true}. */
struct conf_token_scan {
    const char *at; /* NUL-terminated */
    int line;
    bool first;
};

/* Takes the next token. */
struct conf_token conf_token_next(struct conf_token_scan *s);
/* Is the token one of these marks? */
bool conf_token_is(const struct conf_token *t, const char *marks);

#endif
