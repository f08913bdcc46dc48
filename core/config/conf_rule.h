/* SPDX-License-Identifier: MIT
 * Mapping rules as the mapper runs them: everything in them is parsed, checked and resolved. */
#ifndef KOPPEL_CONFIG_CONF_RULE_H
#define KOPPEL_CONFIG_CONF_RULE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/expr.h"
#include "base/grid.h"
#include "base/path.h"
#include "base/pattern.h"
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

/* A value table. Rows and their keys: base/grid.h. */
struct conf_table {
    const char *name;
    struct conf_at at;           /* its file */
    struct conf_at named;        /* where the flow names it */
    struct grid *grid;
    /* Of a sheet with a heading: which columns; else 0 and NULL. */
    const char **keys;
    int key_count;
    const char *value;
};

enum rule_on { RULE_BOTH, RULE_CREATE, RULE_UPDATE };
enum rule_unmapped { UNMAPPED_PARK, UNMAPPED_DEFAULT, UNMAPPED_PASS, UNMAPPED_LEAVE };

/* A function in `via`, `name` or `name:arg[:arg]`, resolved to its transform. */
struct conf_via {
    const char *text;
    struct plugins_call call;
    const struct conf_home *home;
};

/* What a condition asks. `in` is COND_IS of several values; `not_in`, `not` and `has = false` are
 * others with `negate`. */
enum condition_op {
    COND_IS, COND_HAS, COND_LESS, COND_MORE, COND_CONTAINS, COND_MATCHES, COND_BEFORE, COND_AFTER,
    COND_EXPR, COND_ALL, COND_ANY, COND_NONE
};

/* One of the values that a condition names, as what its field holds is compared. */
struct conf_value {
    const char *text;
    bool is_number, is_day;      /* compare as such: the field's catalogue says that it is one */
    struct decimal number;       /* is_number; of less and more always */
    struct date day;             /* is_day; of before and after always, but for from_today */
    bool from_today;             /* a day so many from today in the home zone, in days */
    int days;
};

/* `{ field = "status"; in = [ "paid" ]; }`, or a group of conditions: { any = ( ... ); }. All of a
 * list must hold. */
struct conf_condition {
    struct conf_at at;
    enum condition_op op;
    bool negate;                 /* it holds where the op does not */
    bool setting;                /* field is one of the flow's settings: read of the whole record */
    struct path *field;          /* NULL: of expr, all, any, none; or of via, all of the record */
    struct conf_via *via;        /* what the field's value goes through before it is asked */
    int via_count;
    struct conf_value *values;
    int value_count;
    struct pattern *pattern;     /* matches */
    struct expr *expr;           /* a comparison */
    const struct zone *zone;     /* before, after: whose days */
    struct conf_condition *inner; /* all, any, none */
    int inner_count;
};

/* One mapping rule (design 8). It has one source: from, value, expr, parts, or map with or without
 * each; only force with a default needs none. */
struct conf_rule {
    struct conf_at at;
    struct path *to;
    struct path **from;          /* several values join with `join` */
    int from_count;
    const char *join;            /* default "|" */
    bool joins;                  /* it is written: a list (lines[].number) becomes one text too */
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
    const struct grid *rows;     /* those of the table, as conf_keys_form makes their keys; NULL */
    unsigned number_keys;        /* bit i: key i is a number */
    int number_of;               /* of so many keys */
    enum rule_unmapped unmapped;
    json_t *fallback;            /* `default`; NULL: none */
    bool force;                  /* `default` always wins */
    bool required;               /* parks where no value results; set by `required = true` */
    enum rule_on on;
    struct conf_condition *when;
    int when_count;
};

/* A rule of a mapping file that is not in effect: the flow has one of its own for that field. */
struct conf_replaced {
    const char *to;
    struct conf_at at, by; /* where it stands; the flow's rule */
};

/* Without file and rules the record passes as it is. */
struct conf_mapping {
    const char *file;            /* where it came from */
    struct conf_rule *rules;
    int count;
    struct conf_replaced *replaced;
    int replaced_count;
};

#endif
