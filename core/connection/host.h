/* SPDX-License-Identifier: MIT
 * The host's side of the contract: the function table, and the opaque structs that cross the
 * border.
 *
 * A connection is one configured use of a connector. It owns the HTTP client and the login, and
 * hands out instances: one caller at a time each, at most `concurrency` of them. */
#ifndef KOPPEL_PLUGIN_HOST_H
#define KOPPEL_PLUGIN_HOST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "config/conf.h"
#include "http/http.h"
#include "plugin/loader.h"
#include "store/store.h"

extern const struct koppel_host host_table;

/* What read() emitted. */
struct batch_record {
    char *key;
    int64_t version;
    json_t *record;
};
struct koppel_batch {
    struct batch_record *records;
    int count, room;
    char *next_cursor; /* NULL until batch_end */
    bool more;
    uint32_t
        following;     /* how many pages follow, as far as the plugin knows; with more at least 1 */
    char *dropped;     /* step(): the reason */
};
void batch_done(struct koppel_batch *b);

/* What find() and write() reported: one entry per key or item. */
struct result_hit {
    char *id;
    json_t *record;
};
struct result_entry {
    struct result_hit *hits; /* find: every hit; write: the one written */
    int hit_count;
    bool done;               /* write: result_done came */
    struct koppel_error err; /* kind 0: none */
};
struct koppel_results {
    struct result_entry *entries;
    uint32_t count;
};
int results_init(struct koppel_results *r, uint32_t count); /* -1: no memory */
void results_done(struct koppel_results *r);
/* Takes the hits with that id away. */
void result_entry_skip(struct result_entry *e, const char *id);

struct list_row {
    char *value, *title;
};
struct koppel_list {
    struct list_row *rows;
    int count, room;
};
void list_done(struct koppel_list *l);

struct connection;

/* store and conf are borrowed. No network. */
struct connection *connection_new(const struct conf_connection *conf, struct store *store,
                                  struct koppel_error *err);
void connection_free(struct connection *c);
const struct conf_connection *connection_conf(const struct connection *c);
struct http *connection_http(struct connection *c);
struct oauth2 *connection_oauth(struct connection *c); /* NULL where it has none */

/* Stops what is under way and refuses the rest with KOPPEL_E_CANCELLED. */
void connection_cancel(struct connection *c);

/* The connector's calls. Each borrows a free instance (waiting for one), checks the catalogue's
 * word on what the entity can do, splits find and write at the declared batch sizes, masks secrets
 * in err and appends to trace (may be NULL) as http_exchange does. */
int connection_probe(struct connection *c, struct koppel_list *facts, json_t *trace,
                     struct koppel_error *err);
int connection_read(struct connection *c, const char *entity, const char *cursor, int limit,
                    json_t *options, struct koppel_batch *out, json_t *trace,
                    struct koppel_error *err);
/* Page number `page` (from 1) of an entity whose catalogue says that its pages are numbered. */
int connection_read_page(struct connection *c, const char *entity, uint32_t page, json_t *options,
                         struct koppel_batch *out, struct koppel_error *err);
/* records: NULL, or per key the record that is about to be written (NULL allowed). */
int connection_find(struct connection *c, const char *entity, const char *match,
                    const char *const *keys, json_t *const *records, int count,
                    struct koppel_results *out, json_t *trace, struct koppel_error *err);
int connection_write(struct connection *c, const char *entity, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, json_t *trace, struct koppel_error *err);
/* What differs between the connector and the vendor's published description of the entity; nothing
 * where the connector has no such op. */
int connection_verify(struct connection *c, const char *entity, struct koppel_list *out,
                      struct koppel_error *err);
int connection_choices(struct connection *c, const char *list, struct koppel_list *out,
                       struct koppel_error *err);

/* Applies a transform function; *out is a new reference. */
int host_convert(const struct plugin *p, uint32_t function, json_t *value, json_t *args,
                 json_t **out, struct koppel_error *err);

#endif
