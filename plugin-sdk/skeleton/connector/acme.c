/* SPDX-License-Identifier: MIT
 * acme: the connector to Acme. What is marked with CHANGE is about a service that does not exist;
 * koppel-plugin(7) tells what each function must keep to, and `make check` holds it against that. */
#include "koppel/sdk.h"
#include "acme_catalogue.h"

#include <stdlib.h>

#define CUSTOMERS "/customers" /* CHANGE: where they are, below the address */

/* An instance: used by one thread at a time, and closed when the connection is. State is kept here,
 * never in a static variable. */
struct acme {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    int inactive;
};

static int no_memory(const struct acme *a, struct koppel_error *err)
{
    return a->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

/* Settings were checked against the catalogue before. Asks nobody. */
static int acme_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                     struct koppel_error *err)
{
    struct acme *a = calloc(1, sizeof *a);
    if (!a)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    a->host = host;
    a->ctx = ctx;
    a->inactive = host->setting_int(ctx, "inactive") != 0; /* a boolean is read as 0 or 1 */
    *self = a;
    return 0;
}

/* Takes NULL, and what acme_open did not finish. */
static void acme_close(void *self)
{
    free(self);
}

/* ---- one request ---- */

struct request {
    const char *method, *path;
    const char *name, *value; /* of the query; NULL: none */
    const json_t *body;       /* NULL: none */
    const char *key;          /* idempotency key; NULL: none */
    int write;                /* it changes something */
};

/* What the engine is told where nobody knows whether it was done. */
static int unclear(const struct request *r)
{
    return r->write ? KOPPEL_E_UNSURE : KOPPEL_E_RETRY;
}

/* What the service says no to. 401, 429 and 502 to 504 were the host's business before. */
static int refused(const struct acme *a, const struct request *r, uint32_t status,
                   const json_t *answer, struct koppel_error *err)
{
    const char *words = koppel_get_text(answer, "message", "no reason given"); /* CHANGE */
    if (status >= 500)
        return a->host->fail(err, unclear(r), "Acme broke down (%u): " KOPPEL_SAID,
                             (unsigned)status, words);
    a->host->fail(err, KOPPEL_E_REJECTED, "Acme refuses it (%u): " KOPPEL_SAID, (unsigned)status,
                  words);
    if (status == 403 || status == 405)
        return a->host->reason(err, KOPPEL_REASON_ACCESS);
    return status == 404 || status == 410 ? a->host->reason(err, KOPPEL_REASON_GONE) : -1;
}

static int send(struct acme *a, const struct request *r, const char *body,
                struct koppel_http_response *answer, struct koppel_error *err)
{
    const char *base = a->host->setting(a->ctx, "url");
    size_t room = strlen(base) + strlen(r->path) + 1;
    char *url = malloc(room);
    const struct koppel_pair query[] = {KOPPEL_PAIR(r->name, r->value)};
    const struct koppel_pair headers[] = {
        /* CHANGE: secrets stand in KOPPEL_PAIR_SECRET, so that nobody sees them */
        KOPPEL_PAIR_SECRET("X-Api-Key", a->host->setting(a->ctx, "token")),
        KOPPEL_PAIR("Content-Type", "application/json"),
        KOPPEL_PAIR("Idempotency-Key", r->key ? r->key : "")};
    struct koppel_http_request request = KOPPEL_INIT(request);
    if (!url)
        return no_memory(a, err);
    snprintf(url, room, "%s%s", base, r->path);
    request.method = r->method;
    request.url = url;
    request.flags = r->write ? KOPPEL_HTTP_WRITE : 0;
    request.what = r->path;
    request.query = query;
    request.query_count = r->name ? 1 : 0;
    request.headers = headers;
    request.header_count = r->key ? 3 : 2;
    request.body = body;
    request.body_bytes = body ? strlen(body) : 0;
    int rc = a->host->http(a->ctx, &request, answer, err);
    free(url);
    return rc;
}

/* The answer as JSON, an object; a new reference. Whatever else comes is a failure: a page of a
 * proxy must never count as an empty list. */
static int ask(struct acme *a, const struct request *r, json_t **out, struct koppel_error *err)
{
    struct koppel_http_response answer = KOPPEL_INIT(answer);
    char *body = r->body ? json_dumps(r->body, JSON_COMPACT) : NULL;
    *out = NULL;
    if (r->body && !body)
        return no_memory(a, err);
    int rc = send(a, r, body, &answer, err);
    free(body);
    if (rc != 0)
        return rc; /* the host's own failure is handed on as it is */
    int whole = a->host->json(a->ctx, answer.body ? answer.body : "", answer.body_bytes, out, err)
                == 0;
    if (answer.status < 200 || answer.status > 299)
        rc = refused(a, r, answer.status, *out, err);
    else if (!whole || !json_is_object(*out))
        rc = a->host->fail(err, unclear(r), "Acme's answer to %s is no JSON object: check the "
                           "address", r->path);
    a->host->http_done(a->ctx, &answer);
    if (rc != 0) {
        json_decref(*out);
        *out = NULL;
    }
    return rc;
}

/* The list that an answer must have. */
static json_t *list_of(struct acme *a, const json_t *answer, struct koppel_error *err)
{
    json_t *list = json_object_get(answer, "customers"); /* CHANGE */
    if (!json_is_array(list))
        a->host->fail(err, KOPPEL_E_RETRY, "Acme's answer has no list of customers");
    return json_is_array(list) ? list : NULL;
}

/* ---- reading ---- */

/* One of the service's to one record: only members that the catalogue declares. NULL: no memory. */
static json_t *record_of(const json_t *theirs)
{
    static const char *const texts[] = {"name", "email", "city"}; /* CHANGE */
    json_t *record = json_object();
    int64_t number = 0;
    size_t i;
    int rc = record ? 0 : -1;
    if (rc == 0 && koppel_get_int(theirs, "id", &number) == 0)
        rc = json_object_set_new(record, "id", koppel_int_json(number));
    else if (rc == 0)
        rc = json_object_set_new(record, "id", json_string(koppel_get_text(theirs, "id", "")));
    for (i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = koppel_get_text(theirs, texts[i], NULL);
        if (text)
            rc = json_object_set_new(record, texts[i], json_string(text));
    }
    if (rc == 0 && koppel_get_int(theirs, "changed", &number) == 0)
        rc = json_object_set_new(record, "changed", json_integer(number));
    if (rc != 0) {
        json_decref(record);
        return NULL;
    }
    return record;
}

static int emit(struct acme *a, const json_t *theirs, struct koppel_batch *out,
                struct koppel_error *err)
{
    json_t *record = record_of(theirs);
    int64_t version = 0;
    if (!record)
        return no_memory(a, err);
    const char *id = koppel_get_text(record, "id", "");
    (void)koppel_get_int(theirs, "changed", &version); /* rises with every change; 0: none */
    if (*id)
        return a->host->emit(out, id, version, record, err);
    json_decref(record);
    /* it parks alone, under a digest of its text, and the others go on */
    char *raw = json_dumps(theirs, JSON_COMPACT | JSON_ENCODE_ANY);
    int rc = raw ? a->host->emit_unreadable(out, NULL, 0, raw, strlen(raw), "it has no id", err)
                 : no_memory(a, err);
    free(raw);
    return rc;
}

/* CHANGE: the cursor here is the marker of the last change; the service gives what is newer, and
 * says whether more follows. */
static int acme_read(void *self, const struct koppel_read_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct acme *a = self;
    const char *after = request->cursor ? request->cursor : "0";
    struct request r = {.method = "GET", .path = a->inactive ? CUSTOMERS "/all" : CUSTOMERS,
                        .name = "after", .value = after};
    int64_t marker = 0;
    json_t *answer, *list, *one;
    char next[24];
    size_t i;
    if (koppel_parse_int(after, &marker) != 0 || marker < 0)
        return a->host->fail(err, KOPPEL_E_CONFIG, "\"%s\" is no marker", after);
    if (ask(a, &r, &answer, err) != 0)
        return -1;
    list = list_of(a, answer, err);
    int rc = list ? 0 : -1;
    json_array_foreach(list, i, one) {
        int64_t changed = 0;
        if (rc == 0)
            rc = emit(a, one, out, err);
        if (koppel_get_int(one, "changed", &changed) == 0 && changed > marker)
            marker = changed;
    }
    snprintf(next, sizeof next, "%lld", (long long)marker);
    /* more is said only where the marker moved, else the same page would be asked for ever */
    if (rc == 0)
        rc = a->host->batch_end(out, next, koppel_get_bool(answer, "more", 0)
                                && strcmp(next, after) != 0, err);
    json_decref(answer);
    return rc;
}

/* Exactly those with the value; 0 and a list (a new reference), or -1. */
static int look_up(struct acme *a, const char *field, const char *value, json_t **found,
                   struct koppel_error *err)
{
    struct request r = {.method = "GET", .path = CUSTOMERS "/all", .name = field, .value = value};
    json_t *answer, *list, *one;
    size_t i;
    *found = NULL;
    if (ask(a, &r, &answer, err) != 0)
        return -1;
    list = list_of(a, answer, err);
    int rc = list ? 0 : -1;
    if (rc == 0 && !(*found = json_array()))
        rc = no_memory(a, err);
    json_array_foreach(list, i, one) {
        json_t *record = rc == 0 ? record_of(one) : NULL;
        /* the service may match loosely: it is compared here once more */
        if (rc == 0 && !record)
            rc = no_memory(a, err);
        else if (rc == 0 && strcmp(koppel_get_text(record, field, ""), value) == 0
                 && json_array_append(*found, one) != 0)
            rc = no_memory(a, err);
        json_decref(record);
    }
    json_decref(answer);
    if (rc != 0) {
        json_decref(*found);
        *found = NULL;
    }
    return rc;
}

static int acme_find(void *self, const struct koppel_find_request *request,
                     struct koppel_results *out, struct koppel_error *err)
{
    struct acme *a = self;
    int rc = 0;
    uint32_t k;
    for (k = 0; rc == 0 && k < request->count; k++) {
        json_t *found, *one;
        size_t i;
        if (look_up(a, request->match, request->keys[k], &found, err) != 0)
            return -1;
        json_array_foreach(found, i, one) {
            json_t *record = rc == 0 ? record_of(one) : NULL;
            if (rc == 0)
                rc = record ? a->host->result_found(out, k, koppel_get_text(record, "id", ""),
                                                    record, err)
                            : no_memory(a, err);
        }
        json_decref(found); /* no result for a key says that it is not there */
    }
    return rc;
}

static int acme_fetch(void *self, const struct koppel_fetch_request *request,
                      struct koppel_batch *out, struct koppel_error *err)
{
    struct acme *a = self;
    int rc = 0;
    uint32_t k;
    for (k = 0; rc == 0 && k < request->count; k++) {
        json_t *found;
        if (look_up(a, "id", request->ids[k], &found, err) != 0)
            return -1;
        rc = json_array_size(found) > 0 ? emit(a, json_array_get(found, 0), out, err)
                                        : a->host->emit_gone(out, request->ids[k], 0, err);
        json_decref(found);
    }
    return rc;
}

/* ---- writing ---- */

static int write_one(struct acme *a, const struct koppel_write_request *request, uint32_t index,
                     struct koppel_results *out, struct koppel_error *err)
{
    const struct koppel_write_item *item = request->items[index];
    struct request r = {.method = "POST", .path = CUSTOMERS, .body = item->record,
                        .key = item->job, .write = 1};
    char path[300], number[24];
    json_t *answer;
    int64_t id;
    if (request->verb == KOPPEL_VERB_UPDATE) {
        r.method = "PUT";
        r.name = "id";
        r.value = item->id;
        snprintf(path, sizeof path, "%s/one", CUSTOMERS); /* CHANGE: how one is addressed */
        r.path = path;
    }
    if (ask(a, &r, &answer, err) != 0)
        return -1;
    const char *made = koppel_get_text(answer, "id", NULL);
    if (!made && koppel_get_int(answer, "id", &id) == 0) {
        snprintf(number, sizeof number, "%lld", (long long)id);
        made = number;
    }
    if (!made)
        made = item->id;
    /* done, but under which id? It is looked for. */
    int rc = made ? a->host->result_done(out, index, made, NULL, err)
                  : a->host->fail(err, KOPPEL_E_UNSURE, "Acme's answer to a write has no id");
    json_decref(answer);
    return rc;
}

static int acme_write(void *self, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    int rc = 0;
    uint32_t i;
    for (i = 0; rc == 0 && i < request->count; i++)
        rc = write_one(self, request, i, out, err);
    return rc;
}

/* ---- probing ---- */

static int acme_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct acme *a = self;
    struct request r = {.method = "GET", .path = "/about"}; /* CHANGE: what changes nothing */
    json_t *answer;
    if (ask(a, &r, &answer, err) != 0)
        return -1;
    const char *version = koppel_get_text(answer, "version", NULL);
    int rc = version ? a->host->row(facts, "version", version, err)
                     : a->host->fail(err, KOPPEL_E_RETRY, "Acme does not tell its version");
    json_decref(answer);
    return rc;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof connector,
    .open = acme_open,
    .close = acme_close,
    .probe = acme_probe,
    .read = acme_read,
    .find = acme_find,
    .write = acme_write,
    .fetch = acme_fetch,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .threads = KOPPEL_THREADS_INSTANCE,
    .name = "acme",
    .version = "0.1.0",
    .catalogue = catalogue_text,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
