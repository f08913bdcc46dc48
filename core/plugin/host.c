/* SPDX-License-Identifier: MIT
 * The host table, connections, and the pool of instances behind each.
 *
 * An instance is borrowed for one call, by one thread at a time; the trace of the call hangs
 * on its context. Instances are opened when first needed, at most `concurrency` of them.
 * KOPPEL_THREADS_PARALLEL needs no case of its own: it allows more than the pool ever does. */
#include "plugin/host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/log.h"
#include "http/oauth2.h"

#define RECORDS_MAX 100000  /* in one batch */
#define HITS_MAX 1000       /* for one key */
#define ROWS_MAX 100000     /* of one choice list */
#define LOG_TEXT_BYTES 2048
#define STATE_NAME_BYTES 256
#define OAUTH_TEXT_LIMIT 8192

struct koppel_context {
    struct connection *connection; /* NULL for transforms */
    const struct plugin *plugin;
    json_t *trace;                 /* of the call under way; NULL: not wanted */
};

struct instance {
    struct koppel_context ctx;
    void *self;
    bool opened, busy;
};

struct connection {
    const struct conf_connection *conf;
    struct store *store;
    struct http *http;
    struct oauth2 *oauth;
    pthread_mutex_t lock;          /* guards busy and opened of every instance */
    pthread_cond_t freed;
    struct instance *instances;
    int instance_count;
    atomic_bool cancelled;
};

/* ---- what plugins report: batches, results, lists ---- */

void batch_done(struct koppel_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        free(b->records[i].key);
        json_decref(b->records[i].record);
    }
    free(b->records);
    free(b->next_cursor);
    free(b->dropped);
    *b = (struct koppel_batch){0};
}

int results_init(struct koppel_results *r, uint32_t count)
{
    *r = (struct koppel_results){.count = count};
    r->entries = calloc(count ? count : 1, sizeof(*r->entries));
    if (!r->entries)
        r->count = 0;
    return r->entries ? 0 : -1;
}

void results_done(struct koppel_results *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct result_entry *e = &r->entries[i];
        for (int k = 0; k < e->hit_count; k++) {
            free(e->hits[k].id);
            json_decref(e->hits[k].record);
        }
        free(e->hits);
    }
    free(r->entries);
    *r = (struct koppel_results){0};
}

void list_done(struct koppel_list *l)
{
    for (int i = 0; i < l->count; i++) {
        free(l->rows[i].value);
        free(l->rows[i].title);
    }
    free(l->rows);
    *l = (struct koppel_list){0};
}

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* Doubles an array that is full. */
static int make_room(void **array, int count, int *room, size_t element)
{
    if (count < *room)
        return 0;
    int more = *room ? *room * 2 : 16;
    void *grown = realloc(*array, (size_t)more * element);
    if (!grown)
        return -1;
    *array = grown;
    *room = more;
    return 0;
}

static int host_emit(struct koppel_batch *out, const char *key, int64_t version,
                     json_t *record_take, struct koppel_error *err)
{
    char *copy = NULL;
    if (!key || !key[0] || !json_is_object(record_take)) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "emit wants a key and an object");
    }
    if (out->count >= RECORDS_MAX) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "more than %d records in one batch", RECORDS_MAX);
    }
    if (make_room((void **)&out->records, out->count, &out->room, sizeof(*out->records)) < 0
        || !(copy = strdup(key))) {
        json_decref(record_take);
        return no_memory(err);
    }
    out->records[out->count++] = (struct batch_record){copy, version, record_take};
    return 0;
}

static int host_batch_end(struct koppel_batch *out, const char *next_cursor, int more,
                          struct koppel_error *err)
{
    if (!next_cursor)
        return err_set(err, KOPPEL_E_BUG, "batch_end wants a cursor");
    char *copy = strdup(next_cursor);
    if (!copy)
        return no_memory(err);
    free(out->next_cursor);
    out->next_cursor = copy;
    out->more = more != 0;
    return 0;
}

static int host_drop(struct koppel_batch *out, const char *reason, struct koppel_error *err)
{
    if (!reason || !reason[0])
        return err_set(err, KOPPEL_E_BUG, "drop wants a reason");
    char *copy = strdup(reason);
    if (!copy)
        return no_memory(err);
    free(out->dropped);
    out->dropped = copy;
    return 0;
}

static int add_hit(struct koppel_results *out, uint32_t index, const char *id, json_t *take,
                   struct koppel_error *err)
{
    int rc = -1;
    struct result_hit *hits;
    char *copy = NULL;
    if (index >= out->count) {
        rc = err_set(err, KOPPEL_E_BUG, "a result for number %u of %u", index, out->count);
        goto out;
    }
    struct result_entry *e = &out->entries[index];
    if (e->hit_count >= HITS_MAX) {
        rc = err_set(err, KOPPEL_E_BUG, "more than %d hits for one key", HITS_MAX);
        goto out;
    }
    copy = id ? strdup(id) : NULL;
    hits = realloc(e->hits, (size_t)(e->hit_count + 1) * sizeof(*hits));
    if (hits)
        e->hits = hits;
    if (!hits || (id && !copy)) {
        rc = no_memory(err);
        goto out;
    }
    e->hits[e->hit_count++] = (struct result_hit){copy, take};
    return 0;
out:
    free(copy);
    json_decref(take);
    return rc;
}

static int host_result_found(struct koppel_results *out, uint32_t index, const char *id,
                             json_t *record_take, struct koppel_error *err)
{
    if (!id || !id[0]) {
        json_decref(record_take);
        return err_set(err, KOPPEL_E_BUG, "result_found wants an id");
    }
    return add_hit(out, index, id, record_take, err);
}

static int host_result_done(struct koppel_results *out, uint32_t index, const char *id,
                            json_t *answer_take, struct koppel_error *err)
{
    if (index < out->count && out->entries[index].done) {
        json_decref(answer_take);
        return err_set(err, KOPPEL_E_BUG, "item %u is done twice", index);
    }
    if (add_hit(out, index, id, answer_take, err) < 0)
        return -1;
    out->entries[index].done = true;
    return 0;
}

static int known_kind(int kind)
{
    return kind >= KOPPEL_E_CONFIG && kind <= KOPPEL_E_BUG ? kind : KOPPEL_E_BUG;
}

static int host_result_error(struct koppel_results *out, uint32_t index, int kind,
                             const char *format, ...)
{
    if (index >= out->count)
        return 0;
    struct koppel_error *err = &out->entries[index].err;
    va_list args;
    va_start(args, format);
    err_vset(err, known_kind(kind), format, args);
    va_end(args);
    secret_mask(err->text);
    return 0;
}

static int host_reason(struct koppel_error *err, const char *code)
{
    if (err)
        snprintf(err->reason, sizeof(err->reason), "%s", code ? code : "");
    return -1;
}

static int host_result_reason(struct koppel_results *out, uint32_t index, const char *code)
{
    if (index < out->count)
        (void)host_reason(&out->entries[index].err, code);
    return 0;
}

static int host_row(struct koppel_list *out, const char *value, const char *title,
                    struct koppel_error *err)
{
    if (!value)
        return err_set(err, KOPPEL_E_BUG, "row wants a value");
    if (out->count >= ROWS_MAX)
        return err_set(err, KOPPEL_E_BUG, "more than %d rows", ROWS_MAX);
    struct list_row row = {strdup(value), strdup(title ? title : "")};
    if (!row.value || !row.title
        || make_room((void **)&out->rows, out->count, &out->room, sizeof(*out->rows)) < 0) {
        free(row.value);
        free(row.title);
        return no_memory(err);
    }
    out->rows[out->count++] = row;
    return 0;
}

/* ---- log, errors, settings, time ---- */

static void host_log(struct koppel_context *ctx, uint32_t level, const char *format, ...)
{
    char text[LOG_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (level < KOPPEL_LOG_ERROR || level > KOPPEL_LOG_DEBUG)
        level = KOPPEL_LOG_INFO;
    if (ctx->connection)
        log_at((enum log_level)level, "connection=%s %s", ctx->connection->conf->name, text);
    else
        log_at((enum log_level)level, "plugin=%s %s", ctx->plugin->entry.name, text);
}

static int host_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err_vset(err, known_kind(kind), format, args);
    va_end(args);
    if (err)
        secret_mask(err->text);
    return -1;
}

static const struct conf_setting *find_setting(struct koppel_context *ctx, const char *name)
{
    return ctx->connection ? config_setting(ctx->connection->conf, name) : NULL;
}

static const char *host_setting(struct koppel_context *ctx, const char *name)
{
    const struct conf_setting *s = find_setting(ctx, name);
    if (!s)
        return NULL;
    return s->secret ? secret_text(s->secret) : s->text;
}

static int64_t host_setting_int(struct koppel_context *ctx, const char *name)
{
    const struct conf_setting *s = find_setting(ctx, name);
    return s ? s->number : 0;
}

static json_t *host_catalogue(struct koppel_context *ctx)
{
    if (ctx->connection && ctx->connection->conf->catalogue)
        return ctx->connection->conf->catalogue->json;
    return ctx->plugin->catalogue->json;
}

static int64_t host_now_ms(struct koppel_context *ctx)
{
    (void)ctx;
    return clock_now_ms();
}

static int host_cancelled(struct koppel_context *ctx)
{
    return ctx->connection && atomic_load(&ctx->connection->cancelled);
}

/* ---- http, state, decimals ---- */

static int host_http(struct koppel_context *ctx, const struct koppel_http_request *request,
                     struct koppel_http_response *out, struct koppel_error *err)
{
    if (!ctx->connection)
        return err_set(err, KOPPEL_E_BUG, "a transform has no HTTP");
    /* an older plugin's request may be shorter: what it lacks is zero */
    struct koppel_http_request full = {0};
    size_t bytes = request->struct_size < sizeof(full) ? request->struct_size : sizeof(full);
    memcpy(&full, request, bytes);
    full.struct_size = sizeof(full);
    if (!full.method || !full.url)
        return err_set(err, KOPPEL_E_BUG, "http wants struct_size, method and url");
    return http_exchange(ctx->connection->http, &full, out, ctx->trace, err);
}

static void host_http_done(struct koppel_context *ctx, struct koppel_http_response *response)
{
    (void)ctx;
    if (response)
        http_response_done(response);
}

static int state_name(const struct koppel_context *ctx, const char *name,
                      char out[STATE_NAME_BYTES])
{
    if (!ctx->connection || !ctx->connection->store || !name || !name[0])
        return -1;
    int n = snprintf(out, STATE_NAME_BYTES, "state/%s/%s", ctx->connection->conf->name, name);
    return n > 0 && n < STATE_NAME_BYTES ? 0 : -1;
}

static char *host_state_get(struct koppel_context *ctx, const char *name)
{
    char full[STATE_NAME_BYTES];
    struct secret *value = NULL;
    struct koppel_error err = {0};
    if (state_name(ctx, name, full) < 0)
        return NULL;
    struct store *store = ctx->connection->store;
    if (store->ops->sealed_get(store, full, &value, &err) < 0) {
        log_warning("connection=%s state %s: %s", ctx->connection->conf->name, name, err.text);
        return NULL;
    }
    char *copy = value ? strdup(secret_text(value)) : NULL;
    secret_free(value);
    return copy;
}

static void host_state_done(char *value)
{
    if (value)
        explicit_bzero(value, strlen(value));
    free(value);
}

static int host_state_set(struct koppel_context *ctx, const char *name, const char *value,
                          struct koppel_error *err)
{
    char full[STATE_NAME_BYTES];
    if (state_name(ctx, name, full) < 0 || !value)
        return err_set(err, KOPPEL_E_BUG, "state_set wants a short name and a value");
    struct store *store = ctx->connection->store;
    return store->ops->sealed_put(store, full, value, strlen(value), err);
}

static int calculate(uint32_t operation, struct decimal a, struct decimal b, int places,
                     enum rounding rounding, struct decimal *out)
{
    switch (operation) {
    case KOPPEL_DECIMAL_ADD:
        return decimal_add(a, b, out);
    case KOPPEL_DECIMAL_SUB:
        return decimal_sub(a, b, out);
    case KOPPEL_DECIMAL_MUL:
        return decimal_mul(a, b, out);
    case KOPPEL_DECIMAL_DIV:
        return places < 0 ? -1 : decimal_div(a, b, places, rounding, out);
    case KOPPEL_DECIMAL_ROUND:
        return places < 0 ? -1 : decimal_round(a, places, rounding, out);
    case KOPPEL_DECIMAL_COMPARE:
        *out = (struct decimal){decimal_compare(a, b), 0};
        return 0;
    default:
        return -1;
    }
}

static int host_decimal(struct koppel_context *ctx, uint32_t operation, const char *a,
                        const char *b, int32_t places, uint32_t rounding, char *out,
                        struct koppel_error *err)
{
    (void)ctx;
    struct decimal x, y = DECIMAL_ZERO, result;
    enum rounding how = rounding == KOPPEL_ROUND_HALF_EVEN ? ROUND_HALF_EVEN : ROUND_HALF_UP;
    if (!a || decimal_parse(a, &x) < 0)
        return err_set(err, KOPPEL_E_REJECTED, "\"%s\" is no decimal", a ? a : "");
    if (operation != KOPPEL_DECIMAL_ROUND && (!b || decimal_parse(b, &y) < 0))
        return err_set(err, KOPPEL_E_REJECTED, "\"%s\" is no decimal", b ? b : "");
    if (operation == KOPPEL_DECIMAL_DIV && decimal_is_zero(y))
        return err_set(err, KOPPEL_E_REJECTED, "division of %s by zero", a);
    if (calculate(operation, x, y, places, how, &result) < 0)
        return err_set(err, KOPPEL_E_REJECTED, "%s and %s: the result does not fit", a, b ? b : "");
    if (places >= 0 && operation <= KOPPEL_DECIMAL_MUL
        && decimal_round(result, places, how, &result) < 0)
        return err_set(err, KOPPEL_E_REJECTED, "%s and %s: the result does not fit", a, b ? b : "");
    decimal_format(result, out);
    return 0;
}

const struct koppel_host host_table = {
    .struct_size = sizeof(struct koppel_host),
    .abi_minor = KOPPEL_ABI_MINOR,
    .log = host_log,
    .fail = host_fail,
    .setting = host_setting,
    .setting_int = host_setting_int,
    .catalogue = host_catalogue,
    .now_ms = host_now_ms,
    .cancelled = host_cancelled,
    .http = host_http,
    .http_done = host_http_done,
    .state_get = host_state_get,
    .state_done = host_state_done,
    .state_set = host_state_set,
    .emit = host_emit,
    .batch_end = host_batch_end,
    .drop = host_drop,
    .result_found = host_result_found,
    .result_done = host_result_done,
    .result_error = host_result_error,
    .row = host_row,
    .decimal = host_decimal,
    .reason = host_reason,
    .result_reason = host_result_reason,
};

/* ---- making a connection ---- */

static void setting_into(const struct connection *c, const char *name, struct buf *out)
{
    char digits[32];
    const struct conf_setting *s = config_setting(c->conf, name);
    if (!s)
        return;
    if (s->secret) {
        buf_add_text(out, secret_text(s->secret));
    } else if (s->text) {
        buf_add_text(out, s->text);
    } else {
        snprintf(digits, sizeof(digits), "%lld", (long long)s->number);
        buf_add_text(out, digits);
    }
}

/* Text with every {x} replaced by setting x. The catalogue's check made sure that x exists. */
static void expand(const struct connection *c, const char *name, struct buf *out)
{
    buf_init(out, OAUTH_TEXT_LIMIT);
    const json_t *oauth = json_object_get(c->conf->catalogue->json, "oauth2");
    const char *text = json_string_value(json_object_get(oauth, name));
    while (text && *text) {
        const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_add_text(out, text);
            return;
        }
        char setting[128];
        buf_add(out, text, (size_t)(open - text));
        snprintf(setting, sizeof(setting), "%.*s", (int)(close - open - 1), open + 1);
        setting_into(c, setting, out);
        text = close + 1;
    }
}

static int make_oauth(struct connection *c, struct koppel_error *err)
{
    static const char *const names[] = {"grant", "authorize_url", "token_url", "client_id",
                                        "client_secret", "scope"};
    enum { GRANT, AUTHORIZE_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE, TEXTS };
    struct buf text[TEXTS];
    struct secret *client_secret = NULL;
    int rc = 0;
    for (int i = 0; i < TEXTS; i++) {
        expand(c, names[i], &text[i]);
        if (!buf_ok(&text[i]))
            rc = err_set(err, KOPPEL_E_CONFIG, "%s is too long", names[i]);
    }
    if (rc == 0 && text[CLIENT_SECRET].bytes > 0) {
        client_secret = secret_new(text[CLIENT_SECRET].data, text[CLIENT_SECRET].bytes);
        if (!client_secret)
            rc = no_memory(err);
    }
    if (rc == 0) {
        struct oauth2_conf conf = {
            .connection = c->conf->name,
            .grant = buf_text(&text[GRANT]),
            .authorize_url = buf_text(&text[AUTHORIZE_URL]),
            .token_url = buf_text(&text[TOKEN_URL]),
            .client_id = buf_text(&text[CLIENT_ID]),
            .client_secret = client_secret,
            .scope = buf_text(&text[SCOPE]),
        };
        c->oauth = oauth2_new(&conf, c->http, c->store, err);
        rc = c->oauth ? 0 : -1;
    }
    if (c->oauth)
        http_set_oauth(c->http, c->oauth);
    secret_free(client_secret);
    for (int i = 0; i < TEXTS; i++)
        buf_wipe_done(&text[i]);
    return rc;
}

static int make_http(struct connection *c, struct koppel_error *err)
{
    struct http_limits limits = {
        .concurrency = c->instance_count,
        .rate_per_minute = c->conf->rate_per_minute,
        .connect_timeout_ms = c->conf->connect_timeout_ms,
        .timeout_ms = c->conf->timeout_ms,
        .limit_bytes = c->conf->limit_bytes,
        .tls_ca = c->conf->tls_ca,
        .tls_min = 12,
    };
    c->http = http_new(c->conf->name, &limits, err);
    return c->http ? 0 : -1;
}

struct connection *connection_new(const struct conf_connection *conf, struct store *store,
                                  struct koppel_error *err)
{
    if (!conf->plugin || conf->plugin->entry.kind != KOPPEL_KIND_CONNECTOR) {
        err_set(err, KOPPEL_E_CONFIG, "connection %s: its plugin is no connector", conf->name);
        return NULL;
    }
    struct connection *c = calloc(1, sizeof(*c));
    if (!c) {
        no_memory(err);
        return NULL;
    }
    c->conf = conf;
    c->store = store;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->freed, NULL);
    atomic_init(&c->cancelled, false);
    for (int i = 0; i < conf->setting_count; i++) {
        if (conf->settings[i].secret)
            secret_mask_add(secret_text(conf->settings[i].secret));
    }
    c->instance_count = conf->concurrency > 0 ? conf->concurrency : 1;
    c->instances = calloc((size_t)c->instance_count, sizeof(*c->instances));
    if (!c->instances) {
        no_memory(err);
        goto fail;
    }
    for (int i = 0; i < c->instance_count; i++)
        c->instances[i].ctx = (struct koppel_context){.connection = c, .plugin = conf->plugin};
    if (make_http(c, err) < 0 || (conf->catalogue->oauth && make_oauth(c, err) < 0)) {
        err_prefix(err, "connection %s", conf->name);
        goto fail;
    }
    return c;
fail:
    connection_free(c);
    return NULL;
}

static void lock_turn(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_lock(p->turn);
}

static void unlock_turn(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_unlock(p->turn);
}

void connection_free(struct connection *c)
{
    if (!c)
        return;
    const struct plugin *plugin = c->conf->plugin;
    for (int i = 0; c->instances && i < c->instance_count; i++) {
        if (!c->instances[i].opened || !plugin->connector.close)
            continue;
        lock_turn(plugin);
        plugin->connector.close(c->instances[i].self);
        unlock_turn(plugin);
    }
    free(c->instances);
    oauth2_free(c->oauth);
    http_free(c->http);
    pthread_cond_destroy(&c->freed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

const struct conf_connection *connection_conf(const struct connection *c)
{
    return c->conf;
}

struct http *connection_http(struct connection *c)
{
    return c->http;
}

struct oauth2 *connection_oauth(struct connection *c)
{
    return c->oauth;
}

void connection_cancel(struct connection *c)
{
    atomic_store(&c->cancelled, true);
    http_cancel_all(c->http);
    pthread_mutex_lock(&c->lock);
    pthread_cond_broadcast(&c->freed);
    pthread_mutex_unlock(&c->lock);
}

/* ---- borrowing an instance ---- */

/* A free instance, an opened one if there is any. The caller holds the lock. */
static struct instance *pick(struct connection *c)
{
    struct instance *fresh = NULL;
    for (int i = 0; i < c->instance_count; i++) {
        struct instance *in = &c->instances[i];
        if (in->busy)
            continue;
        if (in->opened)
            return in;
        if (!fresh)
            fresh = in;
    }
    return fresh;
}

static void give_back(struct connection *c, struct instance *in)
{
    in->ctx.trace = NULL;
    pthread_mutex_lock(&c->lock);
    in->busy = false;
    pthread_cond_signal(&c->freed);
    pthread_mutex_unlock(&c->lock);
}

/* Every failure of a plugin passes here: it must say why, and must not say a secret. */
static int check_failure(const struct connection *c, const char *what, int rc,
                         struct koppel_error *err)
{
    if (rc == 0)
        return 0;
    if (!err->kind)
        return err_set(err, KOPPEL_E_BUG, "connector %s: %s failed without a reason",
                       c->conf->plugin->entry.name, what);
    secret_mask(err->text);
    return -1;
}

static int open_instance(struct connection *c, struct instance *in, struct koppel_error *err)
{
    const struct plugin *plugin = c->conf->plugin;
    in->self = NULL;
    lock_turn(plugin);
    int rc = plugin->connector.open(&host_table, &in->ctx, &in->self, err);
    if (rc != 0 && plugin->connector.close)
        plugin->connector.close(in->self);
    unlock_turn(plugin);
    if (rc != 0)
        in->self = NULL;
    return check_failure(c, "open", rc, err);
}

/* Waits for a free instance; err must be zeroed. Give it back with give_back(). */
static struct instance *borrow(struct connection *c, json_t *trace, struct koppel_error *err)
{
    struct instance *in = NULL;
    pthread_mutex_lock(&c->lock);
    while (!atomic_load(&c->cancelled) && !(in = pick(c)))
        pthread_cond_wait(&c->freed, &c->lock);
    if (in)
        in->busy = true;
    pthread_mutex_unlock(&c->lock);
    if (!in) {
        err_set(err, KOPPEL_E_CANCELLED, "connection %s: stopping", c->conf->name);
        return NULL;
    }
    in->ctx.trace = trace;
    if (!in->opened) {
        if (open_instance(c, in, err) < 0) {
            give_back(c, in);
            return NULL;
        }
        pthread_mutex_lock(&c->lock);
        in->opened = true; /* read by pick() on other threads */
        pthread_mutex_unlock(&c->lock);
    }
    return in;
}

/* ---- the connector's calls ---- */

static const struct cat_entity *able(const struct connection *c, const char *entity, unsigned can,
                                     const char *verb, struct koppel_error *err)
{
    const struct cat_entity *e = catalogue_entity(c->conf->catalogue, entity);
    if (e && (e->can & can))
        return e;
    err_set(err, KOPPEL_E_CONFIG, e ? "connection %s: entity \"%s\" cannot %s"
                                    : "connection %s: no entity \"%s\" (wanted to %s)",
            c->conf->name, entity, verb);
    return NULL;
}

int connection_probe(struct connection *c, struct koppel_list *facts, json_t *trace,
                     struct koppel_error *err)
{
    struct koppel_error why = {0};
    struct instance *in = borrow(c, trace, &why);
    int rc = -1;
    if (in) {
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.probe(in->self, facts, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "probe", rc, &why);
        give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_verify(struct connection *c, const char *entity, struct koppel_list *out,
                      struct koppel_error *err)
{
    struct koppel_error why = {0};
    if (!c->conf->plugin->connector.verify)
        return 0;
    struct instance *in = borrow(c, NULL, &why);
    int rc = -1;
    if (in) {
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.verify(in->self, entity, out, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "verify", rc, &why);
        give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_choices(struct connection *c, const char *list, struct koppel_list *out,
                       struct koppel_error *err)
{
    const struct catalogue *cat = c->conf->catalogue;
    struct koppel_error why = {0};
    bool known = false;
    for (int i = 0; i < cat->choice_count; i++)
        known = known || strcmp(cat->choices[i], list) == 0;
    if (!known || !c->conf->plugin->connector.choices)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: no choice list \"%s\"", c->conf->name,
                       list);
    struct instance *in = borrow(c, NULL, &why);
    int rc = -1;
    if (in) {
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.choices(in->self, list, out, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "choices", rc, &why);
        give_back(c, in);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int connection_read(struct connection *c, const char *entity, const char *cursor, int limit,
                    json_t *options, struct koppel_batch *out, json_t *trace,
                    struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able(c, entity, CAN_READ, "read", err);
    if (!e)
        return -1;
    json_t *object = options ? json_incref(options) : json_object();
    if (!object)
        return no_memory(err);
    struct koppel_read_request request = {
        .struct_size = sizeof(request),
        .limit = (uint32_t)(limit > 0 && limit < e->batch_read ? limit : e->batch_read),
        .entity = entity,
        .cursor = cursor,
        .options = object,
    };
    struct instance *in = borrow(c, trace, &why);
    int rc = -1;
    if (in) {
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.read(in->self, &request, out, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "read", rc, &why);
        if (rc == 0 && !out->next_cursor)
            rc = err_set(&why, KOPPEL_E_BUG, "connector %s: read of %s did not call batch_end",
                         c->conf->plugin->entry.name, entity);
        give_back(c, in);
    }
    json_decref(object);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

/* Kinds that speak of the items of one call; the others speak of the whole connection. */
static bool is_item_kind(int kind)
{
    return kind == KOPPEL_E_REJECTED || kind == KOPPEL_E_EXISTS || kind == KOPPEL_E_UNSURE
           || kind == KOPPEL_E_BUG;
}

/* One of several calls failed: its items without a result get err and the next call may go on; or
 * -1 where going on is of no use. */
static int spread_failure(struct koppel_results *part, const struct koppel_error *err)
{
    if (!is_item_kind(err->kind))
        return -1;
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!e->done && e->hit_count == 0 && !e->err.kind)
            e->err = *err;
    }
    return 0;
}

int connection_find(struct connection *c, const char *entity, const char *match,
                    const char *const *keys, json_t *const *records, int count,
                    struct koppel_results *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = able(c, entity, CAN_FIND, "find", err);
    if (!e)
        return -1;
    bool listed = false;
    for (int i = 0; i < e->find_count; i++)
        listed = listed || strcmp(e->find[i], match) == 0;
    if (!listed || count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot find by \"%s\"",
                       c->conf->name, entity, match);
    struct instance *in = borrow(c, trace, &why);
    int rc = in ? 0 : -1;
    for (int at = 0; in && rc == 0 && at < count; at += e->batch_find) {
        int n = count - at < e->batch_find ? count - at : e->batch_find;
        struct koppel_results part = {out->entries + at, (uint32_t)n};
        struct koppel_find_request request = {
            .struct_size = sizeof(request),
            .count = (uint32_t)n,
            .entity = entity,
            .match = match,
            .keys = keys + at,
            .records = records ? records + at : NULL,
        };
        why = (struct koppel_error){0};
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.find(in->self, &request, &part, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "find", rc, &why);
        if (rc < 0 && n < count)
            rc = spread_failure(&part, &why);
    }
    if (in)
        give_back(c, in);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static int check_write(const struct connection *c, const char *entity, uint32_t verb,
                       uint32_t flags, const struct koppel_write_item *const *items, int count,
                       const struct cat_entity **out, struct koppel_error *err)
{
    static const unsigned needs[] = {0, CAN_CREATE, CAN_UPDATE, CAN_REMOVE};
    static const char *const names[] = {"", "create", "update", "remove"};
    if (verb < KOPPEL_VERB_CREATE || verb > KOPPEL_VERB_REMOVE)
        return err_set(err, KOPPEL_E_BUG, "write: unknown verb %u", verb);
    const struct cat_entity *e = able(c, entity, needs[verb], names[verb], err);
    if (!e)
        return -1;
    if ((flags & KOPPEL_WRITE_DRY_RUN) && !(e->can & CAN_DRY_RUN))
        return err_set(err, KOPPEL_E_CONFIG, "connection %s: entity \"%s\" cannot dry-run",
                       c->conf->name, entity);
    for (int i = 0; verb != KOPPEL_VERB_CREATE && i < count; i++) {
        if (!items[i]->id)
            return err_set(err, KOPPEL_E_BUG, "write: %s of \"%s\" without an id", names[verb],
                           entity);
    }
    *out = e;
    return 0;
}

/* A result per item is the contract; an item without one may have been written. */
static void check_complete(const struct connection *c, struct koppel_results *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        struct result_entry *e = &part->entries[i];
        if (!e->done && !e->err.kind)
            err_set(&e->err, KOPPEL_E_BUG, "connector %s: write gave no result for this record",
                    c->conf->plugin->entry.name);
    }
}

int connection_write(struct connection *c, const char *entity, uint32_t verb, uint32_t flags,
                     const struct koppel_write_item *const *items, int count,
                     struct koppel_results *out, json_t *trace, struct koppel_error *err)
{
    struct koppel_error why = {0};
    const struct cat_entity *e = NULL;
    if (check_write(c, entity, verb, flags, items, count, &e, err) < 0)
        return -1;
    if (count < 0 || (uint32_t)count > out->count)
        return err_set(err, KOPPEL_E_BUG, "write: %d items, room for %u results", count,
                       out->count);
    struct instance *in = borrow(c, trace, &why);
    int rc = in ? 0 : -1;
    for (int at = 0; in && rc == 0 && at < count; at += e->batch_write) {
        int n = count - at < e->batch_write ? count - at : e->batch_write;
        struct koppel_results part = {out->entries + at, (uint32_t)n};
        struct koppel_write_request request = {
            .struct_size = sizeof(request),
            .verb = verb,
            .flags = flags,
            .count = (uint32_t)n,
            .entity = entity,
            .items = items + at,
        };
        why = (struct koppel_error){0};
        lock_turn(c->conf->plugin);
        rc = c->conf->plugin->connector.write(in->self, &request, &part, &why);
        unlock_turn(c->conf->plugin);
        rc = check_failure(c, "write", rc, &why);
        if (rc == 0)
            check_complete(c, &part);
        else if (n < count)
            rc = spread_failure(&part, &why);
    }
    if (in)
        give_back(c, in);
    if (rc < 0 && err)
        *err = why;
    return rc;
}

int host_convert(const struct plugin *p, uint32_t function, json_t *value, json_t *args,
                 json_t **out, struct koppel_error *err)
{
    struct koppel_context ctx = {.plugin = p};
    struct koppel_error why = {0};
    json_t *result = NULL;
    if (!p->transform.convert)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s converts no values", p->entry.name);
    lock_turn(p);
    int rc = p->transform.convert(&host_table, &ctx, function, value, args, &result, &why);
    unlock_turn(p);
    if (rc != 0 || !result) {
        json_decref(result);
        if (!why.kind)
            err_set(&why, KOPPEL_E_BUG, "plugin %s: convert gave neither a value nor a reason",
                    p->entry.name);
        secret_mask(why.text);
        if (err)
            *err = why;
        return -1;
    }
    *out = result;
    return 0;
}
