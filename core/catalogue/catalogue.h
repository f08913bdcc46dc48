/* SPDX-License-Identifier: MIT
 * A plugin's catalogue: its settings, entities, choice lists and functions as data.
 *
 * The JSON form is described in koppel-plugin(7). Parsed once, checked completely (every mistake is
 * one sentence with its path), then read-only. */
#ifndef KOPPEL_CATALOGUE_CATALOGUE_H
#define KOPPEL_CATALOGUE_CATALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/path.h"

enum setting_type { SETTING_TEXT, SETTING_URL, SETTING_INTEGER, SETTING_BOOLEAN, SETTING_DURATION,
                    SETTING_CHOICE, SETTING_DECIMAL, SETTING_EXPRESSION, SETTING_DATE };

struct cat_setting {
    const char *name, *title, *help;
    const json_t *titles, *helps;  /* the same in languages, {"de": ...}; NULL: English alone */
    enum setting_type type;
    bool required, secret;
    bool ask;                      /* the set-up asks for it; what is required it asks always */
    const char *fallback;          /* "default" as text, NULL: none */
    int64_t min, max;              /* integers; durations in ms */
    const char **values;           /* SETTING_CHOICE; of an expression, names of ready ones */
    int value_count;
    const char *choices;           /* choice list that holds what it may be set to; NULL */
    bool many;                     /* several of these with commas; a choice or of a list */
    /* Setting that must be set too where this one is not at its default; NULL. */
    const char *requires;
    /* Of an address: the setting that holds its port, where that is one of its own; NULL. */
    const char *port;
    /* Expression: the list whose elements it calculates with; NULL: the record. */
    const char *scope;
};

enum { CAN_READ = 1, CAN_FIND = 2, CAN_CREATE = 4, CAN_UPDATE = 8, CAN_REMOVE = 16,
       CAN_DRY_RUN = 32, CAN_FETCH = 64, CAN_RECEIVE = 128, CAN_DESCRIBE = 256, CAN_SHOW = 512 };

/* How a create may be repeated after a lost answer. */
enum repeat { REPEAT_IDEMPOTENT, REPEAT_UPSERT, REPEAT_LOOKUP, REPEAT_NEVER };

enum field_type { FIELD_TEXT, FIELD_DECIMAL, FIELD_INTEGER, FIELD_BOOLEAN, FIELD_DATE, FIELD_TIME,
                  FIELD_OBJECT, FIELD_LIST };

struct cat_field {
    const char *name, *title;
    const json_t *titles;          /* the same in languages, {"de": ...}; NULL: English alone */
    const char *wire;              /* the peer's own name; = name unless renamed */
    enum field_type type;
    bool required, read_only, guessed; /* guessed: the peer's name is not proven */
    bool search;                   /* of a core model: records are found by its words */
    const char *choices;           /* name of a choice list, NULL */
    const char *role;              /* what the core asks for it by: "total", "vat_number"; NULL */
    const char **values;           /* all that it may hold; none: anything */
    int value_count;
    struct cat_field *fields;      /* FIELD_OBJECT, FIELD_LIST of objects */
    int field_count;
};

/* Another entity that a record needs first. */
struct cat_reference {
    const char *name;              /* "customer" */
    const char *entity;            /* "debtor" */
    const char *from;              /* path into the core record: "customer", "lines[]" */
    struct path *path;             /* the same, parsed */
    const char *key;               /* field of the referred record whose value is the alias */
    const char *model;             /* core model of what stands at `from`: "customer", "article" */
    bool optional;                 /* a record without it is fine: a product without category */
};

/* Pairs a core field with the peer's field that find() takes. */
struct cat_match {
    const char *core;              /* "email" */
    const char *field;             /* "emailAddress" */
};

struct cat_entity {
    const char *name, *title, *model;
    const json_t *titles;          /* the title in languages, {"de": ...}; NULL: English alone */
    const char *key;               /* field that identifies it */
    const char *document;          /* field with our reference, for look-up before create; NULL */
    /* Entities of one connector with the same word here tell of the same sales, so that only one of
     * them is booked; NULL: as its core model says. */
    const char *sale;
    bool snapshot;                 /* "changes": a read lists all and cannot tell what changed */
    bool numbered;                 /* "pages": a page can be asked for by its number */
    const char **correct;          /* amounts a correcting document differs in: "lines[].amount" */
    int correct_count;
    const char *balance;           /* path whose sum must be zero; NULL */
    const char *editable;          /* field that tells whether a record may change; NULL: always */
    const char **editable_values;  /* by holding one of these */
    int editable_count;
    const char *conditional;       /* field whose value makes a write conditional; NULL: none */
    const char *link;              /* page of a record at the vendor's, "https://.../{id}"; NULL */
    int64_t lag_ms;                /* how long a look-up may lag behind a write */
    unsigned can;                  /* CAN_* */
    enum repeat repeat;
    int batch_read, batch_find, batch_write, batch_fetch;
    struct cat_field *fields;
    int field_count;
    struct cat_reference *references;
    int reference_count;
    struct cat_match *match;
    int match_count;
    const char **find;             /* fields that find() takes */
    int find_count;
    struct cat_setting *options;   /* read options a flow may set */
    int option_count;
};

enum arg_type { ARG_TEXT, ARG_INTEGER, ARG_DECIMAL, ARG_BOOLEAN, ARG_CHOICE, ARG_ZONE, ARG_COUNTRY,
                ARG_CURRENCY, ARG_LIST };

/* An argument of a function (catalogue_arg.h). */
struct cat_arg {
    const char *name, *help;
    enum arg_type type;
    bool required;
    json_t *fallback;              /* "default" as the function gets it; NULL: it gets null */
    int64_t min, max;              /* integer; of a list how many, of a text its bytes */
    const char **values;           /* ARG_CHOICE */
    int value_count;
};

struct cat_function {
    const char *name, *help;
    bool record;                   /* "of": "record": of whole core records, not of values */
    unsigned takes;                /* 1u << enum field_type, for each that it is for; 0: anything */
    int gives;                     /* enum field_type; -1: that depends */
    struct cat_arg *args;
    int arg_count, required_count;
    /* [{"in", "args", "out" or "error" or "skip"}], in the zone of Amsterdam; NULL: none */
    const json_t *examples;
};

#define CATALOGUE_SCHEMA 1 /* of catalogues that this program knows whole */

struct catalogue {
    json_t *json;                  /* the effective text, overlay applied */
    const char *as;                /* what a connection of it is usually called ("till"); NULL */
    int schema;                    /* of the text; of a newer one, members are unknown here */
    const char *title;
    struct cat_setting *settings;
    int setting_count;
    struct cat_entity *entities;
    int entity_count;
    struct cat_function *functions;
    int function_count;
    const char **choices;          /* names of choice lists */
    int choice_count;
    int concurrency;               /* default for connections */
    bool oauth;                    /* has an "oauth2" block (oauth/oauth2.h reads it) */
    const char *connector;         /* of a description: the plugin that reads it; NULL: no such */
};

void catalogue_free(struct catalogue *c);

const struct cat_entity *catalogue_entity(const struct catalogue *c, const char *name);
const struct cat_setting *catalogue_setting(const struct catalogue *c, const char *name);
const struct cat_field *catalogue_field(const struct cat_entity *e, const char *path);
/* The field with this role at the top level, or in an object or list below it; NULL: none. path
 * (may be NULL) receives its path: "total", "lines[].price". */
const struct cat_field *catalogue_role(const struct cat_entity *e, const char *role, char *path,
                                       size_t room);
/* A text of a catalogue ("title", "help") in a language ("nl"), or in English where it has none in
 * that; NULL: member is neither a text nor such an object. */
const char *catalogue_words(const json_t *member, const char *language);
/* The field by which a record is found whose number a person wrote down, whatever others refer to
 * it by (`key`). */
const char *catalogue_number(const struct cat_entity *e, const char *key);
/* Can records of it be looked for by this field? NULL: no. */
bool catalogue_finds(const struct cat_entity *e, const char *field);
const struct cat_reference *catalogue_reference(const struct cat_entity *e, const char *name);
int catalogue_function(const struct catalogue *c, const char *name); /* index or -1 */

#endif
