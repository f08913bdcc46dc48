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
/* Changes when an old plugin could no longer work; never in a 1.x. */
#define KOPPEL_ABI_MAJOR 1u
/* Changes when a member is appended; "since 1.2" then says which came when. */
#define KOPPEL_ABI_MINOR 1u

/* What a plugin is (koppel_plugin.kind). */
#define KOPPEL_KIND_CONNECTOR 1u
#define KOPPEL_KIND_TRANSFORM 2u

/* How a connector may be called (koppel_plugin.threads). A transform has no state, so it is called
 * by any number of threads at once unless it says KOPPEL_THREADS_PLUGIN. */
#define KOPPEL_THREADS_INSTANCE 0u /* one call at a time per instance (default, recommended) */
#define KOPPEL_THREADS_PLUGIN 1u   /* one call at a time in the whole plugin */

/* Error kinds: what the engine does next. */
#define KOPPEL_E_CONFIG 1    /* stops the flow, asks for a human */
#define KOPPEL_E_AUTH 2      /* refreshes the login once, then pauses the connection, one alert */
#define KOPPEL_E_RETRY 3     /* surely nothing changed there: back off with jitter, same job */
/* UNSURE is also a failure behind a write that was done: a second step, or a look at what it
 * made */
#define KOPPEL_E_UNSURE 4    /* the answer to a write was lost: find first; without find, park */
#define KOPPEL_E_REJECTED 5  /* parks this job with the peer's words, goes on with the others */
#define KOPPEL_E_EXISTS 6    /* already there: find, then count as done */
#define KOPPEL_E_CANCELLED 7 /* stopping; silent */
#define KOPPEL_E_BUG 8       /* parks, logs loudly */

/* Reason codes that mean something to the engine (host->reason); all others are the plugin's own.
 * DOWN, with RETRY or UNSURE: the peer as a whole does not work (maintenance, a page where an
 * answer should be), so the connection rests. STALE, with RETRY: a conditional write met another
 * version than it was made for; it is looked up again. GONE, with REJECTED: the record that was to
 * be changed is not there any more; it is looked for anew. ACCESS, with REJECTED: the peer refused
 * the request as such (403, 405); where it refuses all alike, the flow pauses. */
#define KOPPEL_REASON_GONE "gone"
#define KOPPEL_REASON_ACCESS "access"
#define KOPPEL_REASON_DOWN "peer.down"
#define KOPPEL_REASON_STALE "version.stale"

/* In the format of fail(), in the place of a %s that is the peer's own words (between angle quotes,
 * as UTF-8): they may name a person, so the operator sees them where records are shown, and they
 * are left out of logs and notes. */
#define KOPPEL_SAID "\302\253%s\302\273"

/* What write() is asked to do (koppel_write_request.verb). */
#define KOPPEL_VERB_CREATE 1u
#define KOPPEL_VERB_UPDATE 2u
#define KOPPEL_VERB_REMOVE 3u

/* koppel_write_request.flags */
#define KOPPEL_WRITE_DRY_RUN 1u /* let the peer validate and store nothing; fail if it cannot */

/* koppel_http_request.flags */
#define KOPPEL_HTTP_WRITE 1u /* a lost answer is KOPPEL_E_UNSURE; without it, KOPPEL_E_RETRY */
#define KOPPEL_HTTP_OAUTH 2u /* add the connection's token; 401 refreshes once and repeats */
/* The connector keeps a session of its own with the peer: 401 is an answer as any other, so that it
 * can log in anew and repeat. */
#define KOPPEL_HTTP_SESSION 4u
/* A log-in: neither body is kept in an activity or quoted in an error. */
#define KOPPEL_HTTP_PRIVATE 8u

/* host->log levels */
#define KOPPEL_LOG_ERROR 1u
#define KOPPEL_LOG_WARNING 2u
#define KOPPEL_LOG_INFO 3u
#define KOPPEL_LOG_DEBUG 4u

/* host->step outcomes */
#define KOPPEL_STEP_OK 1u
#define KOPPEL_STEP_WARNING 2u
#define KOPPEL_STEP_FAILED 3u

/* host->decimal operations and roundings */
#define KOPPEL_DECIMAL_ADD 1u
#define KOPPEL_DECIMAL_SUB 2u
#define KOPPEL_DECIMAL_MUL 3u
#define KOPPEL_DECIMAL_DIV 4u
#define KOPPEL_DECIMAL_ROUND 5u   /* b is ignored (may be NULL) */
#define KOPPEL_DECIMAL_COMPARE 6u /* out is "-1", "0" or "1" */
#define KOPPEL_ROUND_HALF_UP 0u   /* half away from zero */
#define KOPPEL_ROUND_HALF_EVEN 1u
#define KOPPEL_ROUND_UP 2u        /* away from zero */
#define KOPPEL_ROUND_DOWN 3u      /* towards zero */
#define KOPPEL_ROUND_CEILING 4u   /* towards what is larger */
#define KOPPEL_ROUND_FLOOR 5u
#define KOPPEL_DECIMAL_TEXT 48 /* bytes that hold every decimal as text, NUL included */

/* host->hmac algorithms, and the bytes of their digests */
#define KOPPEL_HMAC_SHA256 1u
#define KOPPEL_HMAC_SHA512 2u
#define KOPPEL_HMAC_SHA256_BYTES 32
#define KOPPEL_HMAC_SHA512_BYTES 64

/* host->base64 directions */
#define KOPPEL_BASE64_ENCODE 1u
#define KOPPEL_BASE64_DECODE 2u
#define KOPPEL_BASE64_URL 4u /* with either: the alphabet of URLs, without padding */

#if defined(__GNUC__)
#define KOPPEL_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define KOPPEL_EXPORT __attribute__((visibility("default")))
#else
#define KOPPEL_PRINTF(f, a)
#define KOPPEL_EXPORT
#endif

struct json_t;         /* json_t of <jansson.h> */
struct koppel_context; /* the host's side of one instance; opaque */
struct koppel_error;   /* filled by the host's functions only; opaque */
struct koppel_batch;   /* where read(), fetch() and receive() put records; opaque */
struct koppel_results; /* where find(), write() and subscribe() put outcomes; opaque */
struct koppel_list;    /* where probe(), choices() and verify() put rows; opaque */

/* A name and its value: query parameters, headers. In an array each element is struct_size bytes
 * from the next, and all have the same. */
struct koppel_pair {
    uint32_t struct_size;
    uint32_t secret; /* not 0: "****" stands in its place in every log, error and activity */
    const char *name;
    const char *value;
};

/* One element of an array of pairs. */
#define KOPPEL_PAIR(name, value) {(uint32_t)sizeof(struct koppel_pair), 0, (name), (value)}
#define KOPPEL_PAIR_SECRET(name, value) {(uint32_t)sizeof(struct koppel_pair), 1, (name), (value)}

/* One HTTP exchange. Fill struct_size (KOPPEL_INIT does), method and url; all else may be 0. */
struct koppel_http_request {
    uint32_t struct_size;
    uint32_t flags;     /* KOPPEL_HTTP_* */
    const char *method; /* "GET", "POST", ... */
    const char *url;    /* absolute http(s) URL without the query below */
    const struct koppel_pair *query; /* appended, percent-encoded by the host */
    const struct koppel_pair *headers;
    uint32_t query_count;
    uint32_t header_count;
    const char *body; /* NULL: no body */
    uint64_t body_bytes;
    uint64_t limit_bytes; /* cap on the answer's body; 0: the connection's. The smaller counts */
    const char *what;     /* short name for the trace, e.g. "getOrders" */
    int64_t timeout_ms;   /* for this exchange; 0: the connection's. The smaller counts */
};

/* The answer. Stamp struct_size (KOPPEL_INIT does); the host fills what fits; give it back with
 * host->http_done(). 4xx and 5xx are answers, not failures, but for those that ask for what is the
 * host's business: 401 (after a refresh; not with KOPPEL_HTTP_SESSION) is AUTH, 429 and 503 are
 * RETRY, and 502 and 504 are RETRY, or UNSURE where the request had KOPPEL_HTTP_WRITE: what stands
 * behind a gateway may have done it. */
struct koppel_http_response {
    uint32_t struct_size;
    uint32_t status;  /* 200, 404, ... */
    const char *body; /* NUL-terminated for convenience; may hold NULs before that */
    uint64_t body_bytes;
    const char *content_type; /* "" where the peer sent none */
    void *host_private;       /* the host's */
    const struct koppel_pair *headers; /* all of them, names in lower case, in the peer's order */
    uint32_t header_count;
};

/* What read() is asked for. */
struct koppel_read_request {
    uint32_t struct_size;
    uint32_t limit;     /* the most records wanted in one batch; a hint, never 0 */
    const char *entity; /* of the catalogue */
    const char *cursor; /* as the last batch_end gave it; NULL: from the beginning */
    struct json_t *options; /* the flow's options for this entity (object, maybe empty) */
    /* Where the catalogue says "pages": "numbered", which page is wanted, from 1; cursor is NULL
     * then, and pages that batch_end's `more` has told of are asked for at the same time, by
     * several instances. 0: go by the cursor. */
    uint32_t page;
    /* Where versions are markers that rise by one: so many before the cursor are to be read again,
     * as a record may have become visible behind it. Set for the first page of a run only; the
     * engine drops what it knows. 0: none. */
    uint32_t overlap;
};

/* What fetch() is asked for: the records with these keys, as read() would give them now. */
struct koppel_fetch_request {
    uint32_t struct_size;
    uint32_t count; /* never more than the entity's "batch.fetch", which is 1 unless declared */
    const char *entity;
    const char *const *ids; /* keys, as emit() was given them */
    struct json_t *options; /* as in koppel_read_request */
};

/* What find() is asked for: records whose field `match` equals keys[i]. */
struct koppel_find_request {
    uint32_t struct_size;
    uint32_t count; /* never more than the entity's "batch.find", which is 1 unless declared */
    const char *entity;
    const char *match; /* a field of the entity that its catalogue lists under "find" */
    const char *const *keys;
    /* NULL, or per key the record that is about to be written (NULL where there is none): lets a
     * connector narrow the look-up, to a book year for example. */
    struct json_t *const *records;
};

/* One record to write. */
struct koppel_write_item {
    uint32_t struct_size;
    /* Names this write: "STORE/flow/part/offset/accepted", with "/2", "/3" for further documents of
     * one record. Unique over all stores, stable over retries and restarts: the idempotency key.
     * Up to 250 bytes; hash it where the peer takes fewer. */
    const char *job;
    const char *id;        /* UPDATE, REMOVE: the peer's id of the record; else NULL */
    struct json_t *record; /* in the entity's own shape, already mapped */
    struct json_t *previous; /* the peer's record as it was seen last; NULL: unknown */
    /* Where the catalogue names a field "conditional": its value in what was seen last, for a
     * conditional write (If-Match). NULL: unknown, or the entity has none. */
    const char *version;
};

struct koppel_write_request {
    uint32_t struct_size;
    uint32_t verb;  /* KOPPEL_VERB_* */
    uint32_t flags; /* KOPPEL_WRITE_* */
    uint32_t count; /* never more than the entity's "batch.write", which is 1 unless declared */
    const char *entity;
    const struct koppel_write_item *const *items;
};

/* An address at which the peer is to tell of changes. */
struct koppel_subscription {
    uint32_t struct_size;
    const char *entity;
    const char *url;    /* where the peer sends to; https */
    const char *secret; /* random, for signatures */
    const char *id;     /* unsubscribe(), receive(): what subscribe() reported; else NULL */
};

/* A message that came in at a subscription's address. Nothing of it is proven. */
struct koppel_receive_request {
    uint32_t struct_size;
    uint32_t query_count;
    uint32_t header_count;
    const char *method;
    const struct koppel_pair *query;
    const struct koppel_pair *headers; /* names in lower case */
    const char *body;                  /* NUL-terminated; "" where there is none */
    uint64_t body_bytes;
    const struct koppel_subscription *subscription;
};

/* An element of a list that could not be decoded while the list around it could (host->json_list).
 * Borrowed until the call returns. */
struct koppel_bad_item {
    uint32_t struct_size;
    uint32_t index;  /* which element of the list, from 0; null stands there */
    const char *raw; /* its text as it came; may hold any bytes */
    uint64_t raw_bytes;
    struct json_t *rest; /* what of it could be read; NULL: nothing */
    const char *place;   /* where, and what is wrong there */
};

/* What the host offers. One table per process, constant; ctx is what open() or convert() was given.
 * All of it may be called from inside a callback only, on the thread of that callback. */
struct koppel_host {
    uint32_t struct_size;
    uint32_t abi_minor;

    /* ---- words ---- */

    /* One line for the operator. Settings that the catalogue calls secret are masked in it. */
    void (*log)(struct koppel_context *ctx, uint32_t level, const char *format, ...)
        KOPPEL_PRINTF(3, 4);
    /* Fills err and returns -1, so that `return host->fail(...)` reads well. The text is one line,
     * quotes the peer's own words with KOPPEL_SAID, and names a remedy where one is known. */
    int (*fail)(struct koppel_error *err, int kind, const char *format, ...) KOPPEL_PRINTF(3, 4);
    /* More about the failure that fail() has just reported; each returns -1, so that it can end a
     * function as fail() does. reason: a short code for counting and remedies, such as
     * "article.missing". fact: what a person mends once for all records that have it ("table",
     * "article"); a few short ones. retry_after: how long the peer asks to be left alone. */
    int (*reason)(struct koppel_error *err, const char *code);
    int (*fact)(struct koppel_error *err, const char *name, const char *value);
    int (*retry_after)(struct koppel_error *err, int64_t ms);

    /* ---- settings and time ---- */

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
    /* Milliseconds that this call may still take of its own; the time inside http() is not counted,
     * and every http() starts it anew. Whoever overruns it is named to the operator as blocked. */
    int64_t (*deadline_ms)(struct koppel_context *ctx);

    /* ---- the peer ---- */

    /* One exchange. 0: out is filled (any status but those the host handles). -1: err says why. */
    int (*http)(struct koppel_context *ctx, const struct koppel_http_request *request,
                struct koppel_http_response *out, struct koppel_error *err);
    void (*http_done)(struct koppel_context *ctx, struct koppel_http_response *response);
    /* JSON text to a new reference. Numbers that are no 64-bit integers come as text that holds
     * their exact decimal; a byte order mark is skipped; a member that stands twice is an error.
     * Fails with KOPPEL_E_REJECTED and the place. */
    int (*json)(struct koppel_context *ctx, const char *text, uint64_t bytes, struct json_t **out,
                struct koppel_error *err);
    /* The same for an answer with a list of records (list: "" is the text itself, "result.rows" a
     * member of it): an element that cannot be decoded is told to bad, once and in order, and null
     * stands in its place. Fails where it is not sure which element is the bad one. */
    int (*json_list)(struct koppel_context *ctx, const char *text, uint64_t bytes,
                     const char *list,
                     void (*bad)(void *user, const struct koppel_bad_item *item), void *user,
                     struct json_t **out, struct koppel_error *err);
    /* out receives KOPPEL_HMAC_*_BYTES. Compare with koppel_same_bytes of koppel/sdk.h. */
    int (*hmac)(struct koppel_context *ctx, uint32_t algorithm, const void *key,
                uint64_t key_bytes, const void *data, uint64_t bytes, unsigned char *out,
                struct koppel_error *err);
    /* out receives at most room bytes, and a NUL behind them (counted in room); *out_bytes: how
     * many, without the NUL. Blanks and line breaks are skipped when decoding. */
    int (*base64)(struct koppel_context *ctx, uint32_t direction, const void *in, uint64_t bytes,
                  char *out, uint64_t room, uint64_t *out_bytes, struct koppel_error *err);

    /* What the instances of one connection share while the program runs: a list that was fetched, a
     * session. shared_get gives a new reference, NULL where there is none or it is too old; nobody
     * may change the value. shared_set replaces it; max_age_ms 0: until it is replaced. */
    struct json_t *(*shared_get)(struct koppel_context *ctx, const char *name);
    int (*shared_set)(struct koppel_context *ctx, const char *name, struct json_t *value_take,
                      int64_t max_age_ms, struct koppel_error *err);

    /* Exact decimal arithmetic: out receives at most KOPPEL_DECIMAL_TEXT bytes. places: digits
     * after the point of the result, -1 keeps them all (not for DIV). Fails on text that is no
     * decimal, on overflow and on division by zero. */
    int (*decimal)(struct koppel_context *ctx, uint32_t operation, const char *a, const char *b,
                   int32_t places, uint32_t rounding, char *out, struct koppel_error *err);

    /* ---- records: read(), fetch(), receive() ---- */

    /* Adds one record. key identifies it at the peer for ever and is what its catalogue's "key"
     * field holds; version rises with every change of it (a sync marker, a time), 0 where the peer
     * has none. A record that cannot be taken (a JSON real, text that is not UTF-8, nested too
     * deeply, a key that is too long) parks alone under its reason code; the call succeeds. */
    int (*emit)(struct koppel_batch *out, const char *key, int64_t version,
                struct json_t *record_take, struct koppel_error *err);
    /* The record with this key is not there any more. */
    int (*emit_gone)(struct koppel_batch *out, const char *key, int64_t version,
                     struct koppel_error *err);
    /* A record that was there and could not be decoded: it parks alone with its raw text, which is
     * cut where it is long. key may be NULL where that could not be read either; there must be a
     * raw text then, as its digest stands in for the key. place: where in
     * the record, and what is wrong there, for a person ("entryTimestamp: no year \"20261\""). */
    int (*emit_unreadable)(struct koppel_batch *out, const char *key, int64_t version,
                           const char *raw, uint64_t raw_bytes, const char *place,
                           struct koppel_error *err);
    /* receive(): the record with this key has changed; the engine fetches it. */
    int (*emit_changed)(struct koppel_batch *out, const char *key, struct koppel_error *err);
    /* read(): how many records the whole list holds, where the peer tells. */
    int (*total)(struct koppel_batch *out, int64_t records, struct koppel_error *err);
    /* read(): the cursor that follows the emitted records; more != 0: call again at once. Where
     * pages are numbered, more is how many pages follow, 1 where only that one does is known.
     * Nothing may be emitted behind it. */
    int (*batch_end)(struct koppel_batch *out, const char *next_cursor, int more,
                     struct koppel_error *err);
    /* receive(): what the sender is answered once everything is stored; 200 and no body without. */
    int (*reply)(struct koppel_batch *out, uint32_t status, const char *content_type,
                 const void *body, uint64_t body_bytes, struct koppel_error *err);

    /* ---- outcomes: find(), write(), subscribe() ---- */

    /* find(): one hit for keys[index]; several calls mean several hits, none means not there. */
    int (*result_found)(struct koppel_results *out, uint32_t index, const char *id,
                        struct json_t *record_take, struct koppel_error *err);
    /* write(): items[index] is done; id is the peer's, needed for a create. answer may be NULL.
     * subscribe(): index 0, the subscription's id. */
    int (*result_done)(struct koppel_results *out, uint32_t index, const char *id,
                       struct json_t *answer_take, struct koppel_error *err);
    /* items[index] failed alone. Returns 0, as the three after it, which say more of that failure
     * as reason, fact and retry_after do. */
    int (*result_error)(struct koppel_results *out, uint32_t index, int kind, const char *format,
                        ...) KOPPEL_PRINTF(4, 5);
    int (*result_reason)(struct koppel_results *out, uint32_t index, const char *code);
    int (*result_fact)(struct koppel_results *out, uint32_t index, const char *name,
                       const char *value);
    int (*result_retry_after)(struct koppel_results *out, uint32_t index, int64_t ms);
    /* write(): a step of a sequence that was done for items[index] (an order was made, then it was
     * paid), for its activity. Returns 0. */
    int (*result_note)(struct koppel_results *out, uint32_t index, const char *step,
                       const char *format, ...) KOPPEL_PRINTF(4, 5);

    /* ---- rows: probe(), choices(), verify() ---- */

    /* probe(): a fact ("service version", "67.1.3"). choices(): a value and its title. verify(): a
     * field or operation, and what differs. */
    int (*row)(struct koppel_list *out, const char *value, const char *title,
               struct koppel_error *err);
    /* choices(): more of the row just given. Names that the core knows: "rate" (a percentage),
     * "kind" ("sales", "purchase"), "until" (a date); "not": why the value must not be set. */
    int (*row_fact)(struct koppel_list *out, const char *name, const char *value,
                    struct koppel_error *err);
    /* probe(): a step that was tried ("log in", "read one order"). setting: of the catalogue, the
     * one to look at where it did not go well; NULL: none. text: the peer's words, or NULL. */
    int (*step)(struct koppel_list *out, const char *step, uint32_t outcome, const char *setting,
                const char *text, struct koppel_error *err);

    /* ---- transforms ---- */

    /* record(): the record is left out, and why. Returns 0, so that it can end the function. */
    int (*skip)(struct koppel_context *ctx, const char *format, ...) KOPPEL_PRINTF(2, 3);
    /* convert() and record(): what prepare() made of the arguments; NULL: nothing. */
    void *(*prepared)(struct koppel_context *ctx);
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
    /* Logs in, changes nothing, reports facts by host->row (value = name of the fact) and what was
     * tried by host->step. Required. */
    int (*probe)(void *self, struct koppel_list *facts, struct koppel_error *err);
    /* One batch of records after the cursor. Repeatable: the same cursor gives the same or newer
     * records. Ends with host->batch_end. */
    int (*read)(void *self, const struct koppel_read_request *request, struct koppel_batch *out,
                struct koppel_error *err);
    /* Exact look-up, inactive records included. A result per key; -1 means the whole call failed.
     */
    int (*find)(void *self, const struct koppel_find_request *request, struct koppel_results *out,
                struct koppel_error *err);
    /* Writes; a result per item: one without counts as UNSURE. -1 means the whole call failed and
     * err holds for every item that has no result yet. */
    int (*write)(void *self, const struct koppel_write_request *request, struct koppel_results *out,
                 struct koppel_error *err);
    /* The values of a choice list that the catalogue names ("vat-codes"), by host->row. */
    int (*choices)(void *self, const char *list, struct koppel_list *out, struct koppel_error *err);
    /* Optional. Compares what the connector sends and expects for an entity with the description
     * that the vendor publishes (WSDL, OpenAPI): one host->row(out, field or operation, what
     * differs) per difference that matters, none where they agree. */
    int (*verify)(void *self, const char *entity, struct koppel_list *out,
                  struct koppel_error *err);
    /* Records by their keys. Each id is answered by one emit, emit_gone or emit_unreadable under
     * that key; no batch_end. -1 means the whole call failed. */
    int (*fetch)(void *self, const struct koppel_fetch_request *request, struct koppel_batch *out,
                 struct koppel_error *err);
    /* Fields and choices that this account has beside the catalogue's: *out is a new reference to
     * an object with "fields", merged into the entity as an overlay is. */
    int (*describe)(void *self, const char *entity, struct json_t **out, struct koppel_error *err);
    /* A message of the peer: checks its signature (KOPPEL_E_AUTH where it is wrong), and gives what
     * it tells by emit, emit_gone or emit_changed. */
    int (*receive)(void *self, const struct koppel_receive_request *request,
                   struct koppel_batch *out, struct koppel_error *err);
    /* Asks the peer to send what changes to subscription->url; host->result_done(out, 0, id, ...).
     * Repeatable: the same url is one subscription. */
    int (*subscribe)(void *self, const struct koppel_subscription *subscription,
                     struct koppel_results *out, struct koppel_error *err);
    /* Ends it; one that the peer does not know any more is no failure. */
    int (*unsubscribe)(void *self, const struct koppel_subscription *subscription,
                       struct koppel_error *err);
    /* For a connector that is told by a description which system it talks to (koppel-plugin(7)):
     * whether what a description, or one with an overlay, says in "service" and "calls" can be
     * done. catalogue: the whole of it, which the host has checked as far as the rest goes.
     * KOPPEL_E_CONFIG with the first mistake as "PATH: WORDS"
     * ("entities.order.calls.read.pth: unknown member \"pth\""). Before open(); of the host it may
     * call fail, reason and fact. */
    int (*check)(const struct koppel_host *host, struct json_t *catalogue,
                 struct koppel_error *err);
};

/* A transform: pure functions that mappings call. Same input, same output; no state, no HTTP. */
struct koppel_transform {
    uint32_t struct_size;
    /* Applies function number `function` (index into the catalogue's "functions") to value; args is
     * an array of one element for each declared argument, in the form of its type: integers as JSON
     * integers, booleans as such, a list as an array of texts, all else as text; what was not given
     * is its default, or null. *out is a new reference. */
    int (*convert)(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                   struct json_t *value, struct json_t *args, struct json_t **out,
                   struct koppel_error *err);
    /* For functions that the catalogue declares "of": "record". The whole core record in, borrowed
     * and not to be changed; *out is a new reference to the record that takes its place, or it is
     * left NULL and host->skip says why. */
    int (*record)(const struct koppel_host *host, struct koppel_context *ctx, uint32_t function,
                  struct json_t *record, struct json_t *args, struct json_t **out,
                  struct koppel_error *err);
    /* Optional. What is made of arguments once, when the configuration is loaded: a pattern, a
     * program. KOPPEL_E_CONFIG where they are wrong in a way that their types do not tell. *out,
     * which may be left NULL, is what host->prepared gives in every call with these arguments, in
     * any number of threads at once. Of the host it may call fail, reason, fact and decimal. */
    int (*prepare)(const struct koppel_host *host, uint32_t function, struct json_t *args,
                   void **out, struct koppel_error *err);
    /* Frees what prepare made; never called with NULL. Required where there is prepare. */
    void (*release)(void *prepared);
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
