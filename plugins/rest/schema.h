/* SPDX-License-Identifier: MIT
 * The members of a description that are this connector's own, as tables, and a check of JSON by
 * them: what is unknown, is missing, or is of another kind is told with its path. */
#ifndef PLUGINS_REST_SCHEMA_H
#define PLUGINS_REST_SCHEMA_H

#include "rest.h"

#define SCHEMA_PATH_BYTES 200

/* Where the check stands. */
struct schema_at {
    const struct koppel_host *host;
    struct koppel_error *err;
    const json_t *catalogue;
    const json_t *options; /* settings that a flow may give; NULL: none */
    unsigned vars;         /* VAR_* that texts here may use */
    char path[SCHEMA_PATH_BYTES];
};

enum schema_kind {
    SCHEMA_TEXT,      /* not empty */
    SCHEMA_PLACE,     /* in an answer */
    SCHEMA_LIST,      /* a place by names alone */
    SCHEMA_TEMPLATE,  /* a text with names */
    SCHEMA_PATH,      /* the same, without secrets */
    SCHEMA_ID,        /* a place, or with a brace in it a text with names */
    SCHEMA_TEMPLATES, /* an object of such texts */
    SCHEMA_BODY,      /* any JSON of such texts */
    SCHEMA_PLACES,    /* an object of places */
    SCHEMA_FLAG,
    SCHEMA_NUMBER,    /* a whole one, from 0 */
    SCHEMA_CHOICE,    /* one of more.words */
    SCHEMA_WORDS,     /* an object of these */
    SCHEMA_TEXTS,     /* a list of texts, not empty */
    SCHEMA_OBJECT,    /* more.members */
    SCHEMA_NAMED,     /* an object of such objects */
};

struct schema_member {
    const char *name; /* NULL behind the last one */
    enum schema_kind kind;
    bool required;
    union {
        const char *const *words;
        const struct schema_member *members;
    } more;
};

extern const struct schema_member schema_service[], schema_read[], schema_fetch[], schema_find[],
    schema_write[], schema_receive[], schema_subscribe[], schema_unsubscribe[];

/* Each fails with the first mistake: -1. */
int schema_mistake(const struct schema_at *at, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct schema_at schema_child(const struct schema_at *at, const char *name);
int schema_check(const struct schema_at *at, const json_t *object,
                 const struct schema_member *members);
/* The nearest of the names as "; did you mean ...", or "". */
const char *schema_hint(const char *name, const char *const *names, int count, char *room,
                        size_t bytes);

#endif
