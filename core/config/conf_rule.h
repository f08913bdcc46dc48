/* SPDX-License-Identifier: MIT
 * Mapping rules as the mapper runs them: everything in them is parsed, checked and resolved. */
#ifndef KOPPEL_CONFIG_CONF_RULE_H
#define KOPPEL_CONFIG_CONF_RULE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/expr.h"
#include "base/path.h"
#include "plugin/plugins_call.h"

/* Where a setting stood, for later messages. */
struct conf_at {
    const char *file;
    int line;
};

/* Where the shop is: what a record that names none is meant in. Never NULL. */
struct conf_home {
    const char *country;  /* two letters; default "NL" */
    const char *currency; /* three letters; default "EUR" */
    const char *zone;     /* of days, as the system's zone files are called; "Europe/Amsterdam" */
    const char *language; /* of the words that Koppel itself writes: "nl", "de" or "en" */
};

/* A value table: CSV file of two columns (key,value), `#` comments, quoted fields; several source
 * values join with "|". The row with key "*" is the default row. */
struct conf_table {
    const char *name;
    struct conf_at at;
    json_t *rows;                /* object: key -> string */
    json_t *lines;               /* object: key -> where the row begins, in at.file */
};

enum rule_on { RULE_BOTH, RULE_CREATE, RULE_UPDATE };
enum rule_unmapped { UNMAPPED_PARK, UNMAPPED_DEFAULT, UNMAPPED_PASS };

/* A function in `via`, `name` or `name:arg[:arg]`, resolved to its transform. */
struct conf_via {
    const char *text;
    struct plugins_call call;
    const struct conf_home *home;
};

enum condition_op {
    COND_IS, COND_NOT, COND_IN, COND_NOT_IN, COND_HAS, COND_EMPTY, COND_LESS, COND_MORE
};
/* `{ field = "status"; in = [ "paid" ]; }`: is, not, in, not_in, has (non-empty = true/false),
 * less, more (exact decimals). All conditions of a list must hold. */
struct conf_condition {
    struct conf_at at;
    struct path *field;
    enum condition_op op;
    json_t *values;              /* array of strings */
};

/* One mapping rule (design 8). It has one source: from, value, expr, parts, or map with or without
 * each; only force with a default needs none. */
struct conf_rule {
    struct conf_at at;
    struct path *to;
    struct path **from;          /* several values join with `join` */
    int from_count;
    const char *join;            /* default "|" */
    const char *value;           /* literal; NULL: from `from` */
    json_t *value_json;          /* literal as JSON (string, integer, boolean); with value */
    struct expr *expr;           /* calculation; nothing where one of its names has no value */
    struct conf_rule *parts;     /* rules without their own `to` whose outcomes join with `join` */
    int part_count;
    struct path *each;           /* list whose elements `map` maps; NULL: plain, or one object */
    struct conf_rule *map;       /* nested rules, relative to the element; without each, record */
    int map_count;
    bool append;                 /* adds to the list that earlier rules made */
    bool clear;                  /* `empty = "clear"`: a blank value is sent; else left out */
    struct conf_via *via;
    int via_count;
    const struct conf_table *table;
    enum rule_unmapped unmapped;
    json_t *fallback;            /* `default`; NULL: none */
    bool force;                  /* `default` always wins */
    bool required;               /* parks where no value results; set by `required = true` */
    enum rule_on on;
    struct conf_condition *when;
    int when_count;
};

/* Without file and rules the record passes as it is. */
struct conf_mapping {
    const char *file;            /* where it came from */
    struct conf_rule *rules;
    int count;
};

#endif
