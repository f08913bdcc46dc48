/* SPDX-License-Identifier: MIT
 * What is said of a mistake in the grammar of a configuration file. For conf_syntax.c alone. */
#ifndef KOPPEL_CONFIG_CONF_SLIP_H
#define KOPPEL_CONFIG_CONF_SLIP_H

#include "config/conf_loader.h"
#include "config/conf_text.h"
#include "config/conf_token.h"

#define SYNTAX_DEEP 64        /* brackets inside one another */
#define SYNTAX_NAME_BYTES 128 /* of a setting's name in messages */

/* A setting of a group so far. */
struct syntax_name {
    struct syntax_name *next;
    const char *at;
    size_t bytes;
    int line;
};

/* What is open: a bracket, or (the lowest one) the file. */
struct syntax_level {
    char bracket;                 /* '{', '(', '['; 0: the file */
    int line, indent;             /* where it was opened, and how far its line is indented */
    char name[SYNTAX_NAME_BYTES]; /* of the setting whose value it is; "" of an element */
    struct conf_token one;        /* of an array: its first element */
    struct syntax_name *names;
};

/* A closing bracket that stands further left, or right, than the line that it closes. */
struct syntax_odd {
    struct syntax_level level;
    int close; /* line; 0: there is none */
};

struct syntax {
    struct conf_loader *l;
    const struct conf_text *text;
    struct conf_token_scan scan;
    struct conf_token t, before; /* the token at hand, and the one before it */
    int indent;                  /* of the line of t */
    struct syntax_level levels[SYNTAX_DEEP];
    int depth;                     /* the level at hand */
    struct conf_token broken;      /* the first text in quotes that goes over a line break */
    struct conf_token comment;     /* one that is never closed */
    struct syntax_odd left, right; /* the first of each */
};

/* The level at hand. */
static inline struct syntax_level *conf_slip_top(struct syntax *s)
{
    return &s->levels[s->depth];
}

/* What closes this bracket. */
const char *conf_slip_closer(char bracket);

/* Reports a mistake at a line of the text, or at the quote that is to blame for it. All that follow
 * give -1. */
int conf_slip(struct syntax *s, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The token at hand stands where the level is to be closed. */
int conf_slip_open(struct syntax *s, const struct syntax_level *v);
/* It stands where a setting begins; behind a name, which has no `=`; where a value is wanted, of
 * the setting (NULL: an element); behind an element, where a comma is. before: the token before
 * name. */
int conf_slip_setting(struct syntax *s);
int conf_slip_equals(struct syntax *s, const struct conf_token *name,
                     const struct conf_token *before);
int conf_slip_value(struct syntax *s, const struct conf_token *name);
int conf_slip_element(struct syntax *s);

/* For messages, held: how a token is called; "orders.conf:12" of a line; ` (inside of "map = (",
 * which begins at orders.conf:20)`, or nothing. */
const char *conf_slip_shown(struct syntax *s, const struct conf_token *t);
const char *conf_slip_place(struct syntax *s, int line);
const char *conf_slip_inside(struct syntax *s);

#endif
