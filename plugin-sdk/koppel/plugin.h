/* SPDX-License-Identifier: MIT
 *
 * koppel/plugin.h - the contract between Koppel and its plugins.
 *
 * This header is all a plugin needs (koppel/sdk.h adds comfort, no contract). It compiles alone
 * as C90, C11 and C++20. A plugin exports exactly one symbol, koppel_plugin_entry, and imports
 * nothing from the program: everything it may call is in struct koppel_host.
 *
 * The rules that hold everywhere:
 *
 *  - Every struct here begins with its own size in bytes, stamped by the compiler of the side that
 *    fills it, and only ever grows at its end. The host copies min(its size, yours) and treats a
 *    missing or NULL optional member as "not supported".
 *  - Strings are UTF-8, NUL-terminated. What is passed into a call is borrowed until it returns;
 *    what a setting or the catalogue gives lives until close() returns.
 *  - JSON values are Jansson's (struct json_t is json_t of <jansson.h>). A parameter whose name
 *    ends in _take is stolen, also on failure; every other one is borrowed.
 *  - Amounts and quantities inside a record are strings holding an exact decimal ("19.95").
 *    Never a JSON real.
 *  - Functions that can fail return 0 or -1 and fill the last parameter on -1, by host->fail().
 *  - State belongs to the instance (void *self). A static mutable variable in a plugin is a defect.
 *    Plugins start no threads, set no signals, locale, umask or working directory, print nothing.
 */
#ifndef KOPPEL_PLUGIN_H
#define KOPPEL_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KOPPEL_PLUGIN_MAGIC 0x4b504c31u /* "KPL1" */
#define KOPPEL_ABI_MAJOR 1u /* changes when an old plugin could no longer work; never in a 1.x */
#define KOPPEL_ABI_MINOR                                                                           \
    1u /* changes when a member is appended; "since 1.1" says which came when */

/* What a plugin is (koppel_plugin.kind). */
#define KOPPEL_KIND_CONNECTOR 1u
#define KOPPEL_KIND_TRANSFORM 2u

/* How a plugin may be called (koppel_plugin.threads). */
#define KOPPEL_THREADS_INSTANCE 0u /* one call at a time per instance (default, recommended) */
#define KOPPEL_THREADS_PLUGIN 1u   /* one call at a time in the whole plugin */
#define KOPPEL_THREADS_PARALLEL 2u /* any number of calls at once, also in one instance */

/* Error kinds: what the engine does next. */
#define KOPPEL_E_CONFIG 1    /* stops the flow, asks for a human */
#define KOPPEL_E_AUTH 2      /* refreshes the login once, then pauses the connection, one alert */
#define KOPPEL_E_RETRY 3     /* surely nothing changed there: back off with jitter, same job */
#define KOPPEL_E_UNSURE 4    /* the answer to a write was lost: find first; without find, park */
#define KOPPEL_E_REJECTED 5  /* parks this job with the peer's words, goes on with the others */
#define KOPPEL_E_EXISTS 6    /* already there: find, then count as done */
#define KOPPEL_E_CANCELLED 7 /* stopping; silent */
#define KOPPEL_E_BUG 8       /* parks, logs loudly */

/* What write() is asked to do (koppel_write_request.verb). */
#define KOPPEL_VERB_CREATE 1u
#define KOPPEL_VERB_UPDATE 2u
#define KOPPEL_VERB_REMOVE 3u

/* koppel_write_request.flags */
#define KOPPEL_WRITE_DRY_RUN 1u /* let the peer validate and store nothing; fail if it cannot */

/* koppel_http_request.flags */
#define KOPPEL_HTTP_WRITE 1u  /* a lost answer is KOPPEL_E_UNSURE; without it, KOPPEL_E_RETRY */
#define KOPPEL_HTTP_OAUTH 2u  /* add the connection's bearer token; 401 refreshes once and repeats \
                               */
#define KOPPEL_HTTP_REPEATABLE                                                                     \
    4u /* with WRITE: the same request may be repeated freely (idempotency key) */

/* host->log levels */
#define KOPPEL_LOG_ERROR 1u
#define KOPPEL_LOG_WARNING 2u
#define KOPPEL_LOG_INFO 3u
#define KOPPEL_LOG_DEBUG 4u

/* host->decimal operations and roundings */
#define KOPPEL_DECIMAL_ADD 1u
#define KOPPEL_DECIMAL_SUB 2u
#define KOPPEL_DECIMAL_MUL 3u
#define KOPPEL_DECIMAL_DIV 4u
#define KOPPEL_DECIMAL_ROUND 5u /* b is ignored (may be NULL) */
#define KOPPEL_DECIMAL_COMPARE 6u /* out is "-1", "0" or "1" */
#define KOPPEL_ROUND_HALF_UP 0u
#define KOPPEL_ROUND_HALF_EVEN 1u
#define KOPPEL_DECIMAL_TEXT 48 /* bytes that hold every decimal as text, NUL included */

#if defined(__GNUC__)
#define KOPPEL_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define KOPPEL_EXPORT __attribute__((visibility("default")))
#else
#define KOPPEL_PRINTF(f, a)
#define KOPPEL_EXPORT
#endif

struct json_t;          /* json_t of <jansson.h> */
struct koppel_context;  /* the host's side of one instance; opaque */
struct koppel_error;    /* filled by host->fail only; opaque */
struct koppel_batch;    /* where read() and step() put records; opaque */
struct koppel_results;  /* where find() and write() put outcomes; opaque */
struct koppel_list;     /* where probe() and choices() put rows; opaque */

/* A name and its value: query parameters, headers. `secret` != 0 keeps the value out of every log,
 * error and activity ("****" stands there instead). The array ends after the given count. */
struct koppel_pair {
    const char *name;
    const char *value;
    uint32_t secret;
};

/* One HTTP exchange. Fill struct_size (KOPPEL_INIT does), method and url; all else may be 0. */
struct koppel_http_request {
    uint32_t struct_size;
    uint32_t flags;                     /* KOPPEL_HTTP_* */
    const char *method;                 /* "GET", "POST", ... */
    const char *url;                    /* absolute http(s) URL without the query below */
    const struct koppel_pair *query;    /* appended, percent-encoded by the host */
    const struct koppel_pair *headers;
    uint32_t query_count;
    uint32_t header_count;
    const char *body;                   /* NULL: no body */
    uint64_t body_bytes;
    uint64_t limit_bytes;               /* cap on the answer's body; 0: the connection's */
    const char *what;                   /* short name for the trace, e.g. "getOrders" */
};

/* The answer. The host fills it; give it back with host->http_done(). 4xx and 5xx are answers, not
 * failures: only 401 (after a refresh), 429 and 503 are handled by the host as the error kinds
 * AUTH and RETRY, because what they ask for is the host's business. */
struct koppel_http_response {
    uint32_t struct_size;
    uint32_t status;            /* 200, 404, ... */
    const char *body;           /* NUL-terminated for convenience; may hold NULs before that */
    uint64_t body_bytes;
    const char *content_type;   /* "" where the peer sent none */
    void *host_private;         /* the host's */
};

/* What read() is asked for. */
struct koppel_read_request {
    uint32_t struct_size;
    uint32_t limit;             /* the most records wanted in one batch; a hint, never 0 */
    const char *entity;         /* of the catalogue */
    const char *cursor;         /* as the last batch_end gave it; NULL: from the beginning */
    struct json_t *options;     /* the flow's options for this entity (object, maybe empty) */
    /* Since 1.1. Where the catalogue says "pages": "numbered", which page is wanted, from 1; cursor
     * is NULL then, and pages that batch_end's `more` has told of are asked for at the same time,
     * by several instances. 0: go by the cursor. */
    uint32_t page;
};

/* What find() is asked for: records whose field `match` equals keys[i]. */
struct koppel_find_request {
    uint32_t struct_size;
    uint32_t count; /* never more than the entity's "batch.find", which is 1 unless declared */
    const char *entity;
    const char *match;          /* a field of the entity that its catalogue lists under "find" */
    const char *const *keys;
    /* Since 1.1. NULL, or per key the record that is about to be written (NULL where there is
     * none): lets a connector narrow the look-up, to a book year for example. */
    struct json_t *const *records;
};

/* One record to write. */
struct koppel_write_item {
    uint32_t struct_size;
    const char *job; /* stable over retries and restarts: use it as the idempotency key */
    const char *id;             /* UPDATE, REMOVE: the peer's id of the record; else NULL */
    struct json_t *record;      /* in the entity's own shape, already mapped */
};

struct koppel_write_request {
    uint32_t struct_size;
    uint32_t verb;              /* KOPPEL_VERB_* */
    uint32_t flags;             /* KOPPEL_WRITE_* */
    uint32_t count; /* never more than the entity's "batch.write", which is 1 unless declared */
    const char *entity;
    const struct koppel_write_item *const *items;
};

/* What the host offers. One table per process, constant; ctx is what open() or convert() was given.
 * All of it may be called from inside a callback only, on the thread of that callback. */
struct koppel_host {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* One line for the operator. Settings that the catalogue calls secret are masked in it. */
    void (*log)(struct koppel_context *ctx, uint32_t level, const char *format, ...)
        KOPPEL_PRINTF(3, 4);

    /* Fills err and returns -1, so that `return host->fail(...)` reads well. The text is one line,
     * quotes the peer's own words, and names a remedy where one is known. */
    int (*fail)(struct koppel_error *err, int kind, const char *format, ...) KOPPEL_PRINTF(3, 4);

    /* A setting of this connection, checked against the catalogue before open(): text, or the
     * default, or NULL where neither is. Durations and numbers come through setting_int in the
     * catalogue's unit. */
    const char *(*setting)(struct koppel_context *ctx, const char *name);
    int64_t (*setting_int)(struct koppel_context *ctx, const char *name);

    /* The catalogue with the operator's overlay applied (borrowed until close). Connectors take the
     * wire names of fields from here. */
    struct json_t *(*catalogue)(struct koppel_context *ctx);

    /* Milliseconds since 1970 UTC; tests inject their own clock here. */
    int64_t (*now_ms)(struct koppel_context *ctx);

    /* Non-zero when the call should return soon with KOPPEL_E_CANCELLED. http() notices by itself.
     */
    int (*cancelled)(struct koppel_context *ctx);

    /* One exchange. 0: out is filled (any status but those the host handles). -1: err says why. */
    int (*http)(struct koppel_context *ctx, const struct koppel_http_request *request,
                struct koppel_http_response *out, struct koppel_error *err);
    void (*http_done)(struct koppel_context *ctx, struct koppel_http_response *response);

    /* Small values that outlive the process, sealed at rest. state_get gives NULL where none is;
     * free it with state_done. */
    char *(*state_get)(struct koppel_context *ctx, const char *name);
    void (*state_done)(char *value);
    int (*state_set)(struct koppel_context *ctx, const char *name, const char *value,
                     struct koppel_error *err);

    /* read(), step(): adds one record. key identifies it at the peer for ever; version rises with
     * every change of it (a sync marker, a time), 0 where the peer has none. */
    int (*emit)(struct koppel_batch *out, const char *key, int64_t version,
                struct json_t *record_take, struct koppel_error *err);
    /* read(): the cursor that follows the emitted records; more != 0: call again at once. Where
     * pages are numbered, more is how many pages follow, 1 where only that one does is known. */
    int (*batch_end)(struct koppel_batch *out, const char *next_cursor, int more,
                     struct koppel_error *err);
    /* step(): why nothing was emitted. */
    int (*drop)(struct koppel_batch *out, const char *reason, struct koppel_error *err);

    /* find(): one hit for keys[index]; several calls mean several hits, none means not there. */
    int (*result_found)(struct koppel_results *out, uint32_t index, const char *id,
                        struct json_t *record_take, struct koppel_error *err);
    /* write(): items[index] is done; id is the peer's. answer may be NULL. */
    int (*result_done)(struct koppel_results *out, uint32_t index, const char *id,
                       struct json_t *answer_take, struct koppel_error *err);
    /* find(), write(): items[index] failed alone. Returns 0. */
    int (*result_error)(struct koppel_results *out, uint32_t index, int kind,
                        const char *format, ...) KOPPEL_PRINTF(4, 5);

    /* probe(): a fact ("service version", "67.1.3"). choices(): a value and its title. */
    int (*row)(struct koppel_list *out, const char *value, const char *title,
               struct koppel_error *err);

    /* Exact decimal arithmetic: out receives at most KOPPEL_DECIMAL_TEXT bytes. places: digits
     * after the point of the result, -1 keeps them all (not for DIV). Fails on text that is no
     * decimal, on overflow and on division by zero. */
    int (*decimal)(struct koppel_context *ctx, uint32_t operation, const char *a, const char *b,
                   int32_t places, uint32_t rounding, char *out, struct koppel_error *err);

    /* Since 1.1. Gives the failure that fail() just reported a short code for counting and
     * remedies, such as "article.missing". Returns -1, so that it can end a function as fail()
     * does. */
    int (*reason)(struct koppel_error *err, const char *code);
    /* Since 1.1. The same for items[index], after result_error(). Returns 0. */
    int (*result_reason)(struct koppel_results *out, uint32_t index, const char *code);
};

/* A connector: talks to one kind of system. open is required; each of the others is required when
 * the catalogue declares an entity that can do it. */
struct koppel_connector {
    uint32_t struct_size;
    /* Makes an instance from its settings; no network. *self is NULL-initialised. */
    int (*open)(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                struct koppel_error *err);
    /* Frees what open made; takes NULL and half-built instances. */
    void (*close)(void *self);
    /* Logs in, changes nothing, reports facts by host->row (value = name of the fact). Required. */
    int (*probe)(void *self, struct koppel_list *facts, struct koppel_error *err);
    /* One batch of records after the cursor. Repeatable: the same cursor gives the same or newer
     * records. Ends with host->batch_end. */
    int (*read)(void *self, const struct koppel_read_request *request, struct koppel_batch *out,
                struct koppel_error *err);
    /* Exact look-up, inactive records included. A result per key; -1 means the whole call failed.
     */
    int (*find)(void *self, const struct koppel_find_request *request, struct koppel_results *out,
                struct koppel_error *err);
    /* Writes; a result per item; -1 means the whole call failed and err holds for every item that
     * has no result yet. */
    int (*write)(void *self, const struct koppel_write_request *request, struct koppel_results *out,
                 struct koppel_error *err);
    /* The values of a choice list that the catalogue names ("vat-codes"), by host->row. */
    int (*choices)(void *self, const char *list, struct koppel_list *out, struct koppel_error *err);
    /* Since 1.1, optional. Compares what the connector sends and expects for an entity with the
     * description that the vendor publishes (WSDL, OpenAPI): one host->row(out, field or operation,
     * what differs) per difference that matters, none where they agree. */
    int (*verify)(void *self, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);
};

/* A transform: pure functions that mappings call. Same input, same output; no state, no HTTP. */
struct koppel_transform {
    uint32_t struct_size;
    /* Applies function number `function` (index into the catalogue's "functions") to value; args is
     * an array, checked against the declared parameters. *out is a new reference. */
    int (*convert)(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   struct json_t *value, struct json_t *args, struct json_t **out,
                   struct koppel_error *err);
    /* Optional. Turns one record into 0..n by host->emit; zero only with host->drop. */
    int (*step)(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                struct json_t *record, struct json_t *args, struct koppel_batch *out,
                struct koppel_error *err);
};

/* What koppel_plugin_entry returns. The host copies it; it must stay valid while loaded. */
struct koppel_plugin {
    uint32_t struct_size;
    uint32_t magic;      /* KOPPEL_PLUGIN_MAGIC */
    uint32_t abi_major;  /* KOPPEL_ABI_MAJOR of the header it was built with */
    uint32_t abi_minor;
    uint32_t kind;       /* KOPPEL_KIND_* */
    uint32_t threads;    /* KOPPEL_THREADS_* */
    const char *name;    /* as the file: "asperion" in asperion.so */
    const char *version; /* of the plugin, for people */
    const char *catalogue; /* JSON text; koppel-plugin(7) describes it */
    const struct koppel_connector *connector; /* for KOPPEL_KIND_CONNECTOR */
    const struct koppel_transform *transform; /* for KOPPEL_KIND_TRANSFORM */
};

/* The one exported symbol. */
typedef const struct koppel_plugin *koppel_plugin_entry_fn(void);
KOPPEL_EXPORT const struct koppel_plugin *koppel_plugin_entry(void);

/* First members of struct koppel_plugin, stamped by the plugin's compiler. */
#define KOPPEL_PLUGIN_HEADER                                                                       \
    (uint32_t)sizeof(struct koppel_plugin), KOPPEL_PLUGIN_MAGIC, KOPPEL_ABI_MAJOR, KOPPEL_ABI_MINOR

#define KOPPEL_REGISTER_PLUGIN(plugin)                                                             \
    const struct koppel_plugin *koppel_plugin_entry(void)                                          \
    {                                                                                              \
        return &(plugin);                                                                          \
    }                                                                                              \
    typedef int koppel_register_plugin_wants_a_semicolon

#ifdef __cplusplus
}
#endif

#endif
