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
#include "base/secret.h"
#include "config/conf_rule.h"
#include "store/keeping.h"

struct catalogue;  /* catalogue/catalogue.h */
struct conf_kit;   /* config/conf_kit.h */
struct conf_alert; /* config/conf_alert.h */
struct conf_dashboard; /* config/conf_dashboard.h */
struct plugins;    /* plugin/plugins.h */

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
    const char *connector;       /* its name: of the plugin, or of the description that it reads */
    const struct plugin *plugin; /* a connector */
    /* The plugin's own, or the description's; with the overlay applied. */
    const struct catalogue *catalogue;
    struct conf_setting *settings; /* every one of the catalogue with a value or a default */
    int setting_count;
    int concurrency;             /* requests at a time; default from the catalogue, 1..64 */
    int64_t rate_per_minute;     /* 0: no limit */
    int64_t connect_timeout_ms, timeout_ms; /* defaults 10 s, 60 s */
    /* From the request time-out until a write whose answer was lost is looked up; default 5 s. */
    int64_t quiet_ms;
    int64_t lag_ms;              /* how long a look-up lags behind a write; -1: the catalogue's */
    int64_t limit_bytes;         /* cap of one answer, default 64 MiB */
    /* Published, and this host does not have a secret of it: which, in words. NULL: it has all */
    const char *lacks;
    const char *version;         /* short digest of all but the secrets */
    const char *tls_ca;          /* extra certificate authorities (PEM); NULL: the system's */
    int tls_min;                 /* 12 or 13: the lowest version of TLS that is spoken */
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
    struct conf_at fallback_at;
    bool force;                  /* always the fallback; nothing is created or changed */
    json_t *settings;            /* those of the behaviour: "shared" ("share", "park") */
    struct conf_mapping send;    /* core -> the referred entity */
    /* The source's entity that holds such records, where it can be asked for one by its key; what
     * is made is made of that. NULL: none. */
    const char *source;
    struct conf_mapping get;     /* of it, to core */
};

/* A record as it is read, and what is to become of it. See conf_case.h for the texts. */
struct conf_case {
    /* Of the files, without .in.json; of one beside a mapping "asperion/debtor.send/NAME". */
    const char *name;
    const char *in_file, *out_file; /* absolute; the second may not be there */
    const char *key;             /* of the record; default the name */
    json_t *source;              /* the record; NULL: it could not be read, which was told */
    bool is_core;                /* it is a core record, which no get mapping need make */
    bool known;                  /* it was delivered before, so that rules for updates hold */
    int64_t day_ms;              /* what counts as now; 0: the clock */
    json_t *out;                 /* outcome, reason, core, destination; NULL: not said yet */
};

struct conf_flow {
    const char *name;
    struct conf_at at;
    bool enabled;                /* default true */
    /* Why it is not switched on although the file says enabled: a case of it fails. enabled is
     * false then. NULL: none does. */
    const char *failing;
    /* Why it is not switched on at this host: a connection lacks a secret. enabled is false then */
    const char *lacks;
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
    int64_t compare_every_ms;    /* both systems are compared so often; 0: by order only */
    int compare_days;            /* over so many days before today; default 7 */
    struct conf_condition *filter;
    int filter_count;
    struct conf_reference *references;
    int reference_count;
    struct conf_mapping get, send;
    struct conf_via *record;     /* functions of the core record, before the filter */
    int record_count;
    const struct conf_table **tables;
    int table_count;
    json_t *options;             /* read options of the source entity, as its catalogue has them */
    /* settings of the core model (model/<name>.json), with defaults; and the home setting as
     * home.country, home.currency, home.zone, home.language, and words.NAME (base/words.h) in its
     * language */
    json_t *settings;
    /* Options and settings once more, with where each was set. */
    struct conf_setting *given_options, *given_settings;
    int given_option_count, given_setting_count;
    const char *version;         /* short digest of all above: the activity's config_version */
    const char *case_folder;     /* where they stand or would; absolute, beside the flow's file */
    struct conf_case *cases;     /* in the order of their names, those of mappings last */
    int case_count;
};

/* How long what is kept (ages; KEEPING_EVER), and how much of the disk is left to others. */
struct conf_keep {
    struct keeping jobs;
    int64_t runs_ms, audit_ms, revisions_ms;
    int64_t free_bytes; /* nothing is read while less is free */
};

#define CONF_READ_BYTES 16

/* A file that was read for it: each once, includes, mappings and tables too. */
struct conf_read {
    const char *path; /* absolute */
    unsigned char digest[CONF_READ_BYTES]; /* of its bytes; tells whether it changed since */
};

struct conf {
    const char *dir;             /* absolute */
    int64_t published;           /* the revision that it is of; 0: of the directory's files */
    bool whole;                  /* without a mistake; else no more than the names of flows */
    /* Absolute; on PostgreSQL no file, but what socket and marks stand beside. */
    const char *store_path;
    const char *store_connection; /* conninfo of PostgreSQL; NULL: the store is a file */
    struct secret *store_password; /* for it; NULL: none */
    int64_t store_lease_ms;        /* after which another host takes over; 0: the store's own */
    bool own_sound;              /* koppel.conf has no mistake in what the host says for itself */
    struct conf_at store_at;     /* where it is set; else koppel.conf, as for the next */
    struct secret *key;
    struct conf_at key_at;
    int workers;                 /* threads per engine; default 8 */
    struct conf_home home;
    struct conf_keep keep;
    const struct conf_alert *alert; /* never NULL; where it is not whole, what is sound of it */
    const struct conf_kit *kit;  /* of conf_load_kit alone; NULL */
    const char *metrics;         /* where metrics are shown, "127.0.0.1:9484"; NULL: nowhere */
    const struct conf_dashboard *dashboard; /* where the pages are; never NULL */
    struct conf_connection *connections;
    int connection_count;
    struct conf_flow *flows;
    int flow_count;
    /* References of secrets that this host does not have, of what is published. */
    const char **lacking;
    int lacking_count;
    struct conf_read *reads;
    int read_count;
    struct conf_held *held;      /* all memory of the above, but for the list of reads */
};

/* Frees a conf and everything in it; takes NULL. */
void conf_free(struct conf *c);

/* By name, or NULL. */
struct conf_connection *conf_connection(const struct conf *c, const char *name);
struct conf_flow *conf_flow(const struct conf *c, const char *name);
const struct conf_setting *conf_setting(const struct conf_connection *c, const char *name);

#endif
