/* SPDX-License-Identifier: MIT
 * A configuration as the program knows it; conf_load.h makes one from files.
 *
 * It exists only where loading found no mistake. All strings belong to the struct. */
#ifndef KOPPEL_CONFIG_CONF_H
#define KOPPEL_CONFIG_CONF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/expr.h"
#include "base/path.h"
#include "base/secret.h"

struct catalogue; /* catalogue/catalogue.h */
struct plugin;    /* plugin/plugins.h */
struct plugins;

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

/* A named value of a connection, checked against the connector's catalogue. */
struct conf_setting {
    const char *name;
    const char *text;            /* NULL where it is a secret */
    struct secret *secret;       /* resolved */
    int64_t number;              /* integers, booleans (0, 1), durations (ms) */
    struct conf_at at;           /* where it was set; file NULL: it is the default */
};

struct conf_connection {
    const char *name;
    struct conf_at at;
    const struct conf_home *home;
    const struct plugin *plugin; /* a connector */
    const struct catalogue *catalogue; /* the plugin's own, or that with the overlay applied */
    struct conf_setting *settings; /* every one of the catalogue with a value or a default */
    int setting_count;
    int concurrency;             /* requests at a time; default from the catalogue, 1..64 */
    int64_t rate_per_minute;     /* 0: no limit */
    int64_t connect_timeout_ms, timeout_ms; /* defaults 10 s, 60 s */
    /* From the request time-out until a write whose answer was lost is looked up; default 5 s. */
    int64_t quiet_ms;
    int64_t lag_ms;              /* how long a look-up lags behind a write; -1: the catalogue's */
    int64_t limit_bytes;         /* cap of one answer, default 64 MiB */
    const char *tls_ca;          /* extra certificate authority file; NULL: the system's */
    int tls_min;                 /* 12 or 13: the lowest version of TLS that is spoken */
};

/* A value table: CSV file of two columns (key,value), `#` comments, quoted fields; several source
 * values join with "|". The row with key "*" is the default row. */
struct conf_table {
    const char *name;
    struct conf_at at;
    json_t *rows;                /* object: key -> string */
};

enum rule_on { RULE_BOTH, RULE_CREATE, RULE_UPDATE };
enum rule_unmapped { UNMAPPED_PARK, UNMAPPED_DEFAULT, UNMAPPED_PASS };

/* A function in `via`, `name` or `name:arg[:arg]`, resolved to its transform. */
struct conf_via {
    const char *text;
    const struct plugin *plugin;
    uint32_t function;
    json_t *args;                /* array, checked */
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

enum missing_policy { MISSING_PARK, MISSING_CREATE, MISSING_DEFAULT, MISSING_IGNORE };

/* How a reference (customer, article) is resolved: link, then match keys in order, then policy. */
struct conf_reference {
    const char *name;            /* as the destination's catalogue calls it */
    struct conf_at at;
    const char **match;          /* core field names, in order */
    int match_count;
    enum missing_policy missing;
    bool update_existing;        /* existing = "update" (else "keep") */
    const char *type_change;     /* a person who became a company: "park", "convert", "new" */
    const char *fallback;        /* `default`: the key of the record used instead; NULL */
    bool force;                  /* always the fallback; nothing is created or changed */
    json_t *settings;            /* those of the behaviour: "shared" ("share", "park") */
    struct conf_mapping send;    /* core -> the referred entity */
    /* The source's entity that holds such records, where it can be asked for one by its key; what
     * is made is made of that. NULL: none. */
    const char *source;
    struct conf_mapping get;     /* of it, to core */
};

struct conf_flow {
    const char *name;
    struct conf_at at;
    bool enabled;                /* default true */
    struct conf_connection *from, *to;
    const char *from_entity, *to_entity;
    const char *model;           /* core model both sides speak ("order") */
    /* Why the destination has no place for it; NULL: it has. Such a flow is never enabled, and
     * to_entity may name nothing. */
    const char *cannot;
    int64_t every_ms;            /* default 5 m */
    int partitions;              /* default 16, 1 where the destination writes in batches */
    int batch;                   /* records read per page and delivered per batch; default 100 */
    int attempts;                /* retries of one job before it parks; default 8 */
    int overlap;                 /* a reading begins so many markers before the cursor; 100 */
    /* A list that lacks more than both of what it showed before stops the flow; default 20 and
     * 20. */
    int shrink_percent, shrink_records;
    struct conf_condition *filter;
    int filter_count;
    struct conf_reference *references;
    int reference_count;
    struct conf_mapping get, send;
    const struct conf_table **tables;
    int table_count;
    json_t *options;             /* read options of the source entity, as its catalogue has them */
    /* settings of the core model (model/<name>.json), with defaults; and the home setting as
     * home.country, home.currency, home.zone, home.language, and words.NAME (base/words.h) in its
     * language */
    json_t *settings;
    const char *version;         /* short digest of all above: the activity's config_version */
};

struct conf {
    const char *dir;             /* absolute */
    const char *store_path;      /* absolute */
    struct secret *key;
    int workers;                 /* threads per engine; default 8 */
    struct conf_home home;
    struct conf_connection *connections;
    int connection_count;
    struct conf_flow *flows;
    int flow_count;
    struct conf_held *held;      /* all memory of the above */
};

/* Frees a conf and everything in it; takes NULL. */
void conf_free(struct conf *c);

/* By name, or NULL. */
struct conf_connection *conf_connection(const struct conf *c, const char *name);
struct conf_flow *conf_flow(const struct conf *c, const char *name);
const struct conf_setting *conf_setting(const struct conf_connection *c, const char *name);

#endif
