/* SPDX-License-Identifier: MIT
 * The host table: what a plugin may call, and how a transform is called. */
#include "connection/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/log.h"
#include "http/http_exchange.h"
#include "oauth/oauth2_exchange.h"
#include "connection/host_internal.h"

#define LOG_TEXT_BYTES 2048
#define STATE_NAME_BYTES 256

int host_no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

/* ---- log, errors, settings, time ---- */

int host_known_kind(int kind)
{
    return kind >= KOPPEL_E_CONFIG && kind <= KOPPEL_E_BUG ? kind : KOPPEL_E_BUG;
}

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
    err_vset(err, host_known_kind(kind), format, args);
    va_end(args);
    if (err)
        mask_text(err->text);
    return -1;
}

int host_reason(struct koppel_error *err, const char *code)
{
    if (err)
        snprintf(err->reason, sizeof(err->reason), "%s", code ? code : "");
    return -1;
}

static const struct conf_setting *find_setting(struct koppel_context *ctx, const char *name)
{
    return ctx->connection ? conf_setting(ctx->connection->conf, name) : NULL;
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
    struct connection *c = ctx->connection;
    if (!(full.flags & KOPPEL_HTTP_OAUTH))
        return http_exchange(c->http, &full, out, ctx->trace, err);
    if (!c->oauth)
        return err_set(err, KOPPEL_E_CONFIG, "%s: this connection has no OAuth settings",
                       c->conf->name);
    return oauth2_exchange(c->oauth, c->http, &full, out, ctx->trace, err);
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

int host_convert(const struct plugin *p, uint32_t function, json_t *value, json_t *args,
                 json_t **out, struct koppel_error *err)
{
    struct koppel_context ctx = {.plugin = p};
    struct koppel_error why = {0};
    json_t *result = NULL;
    if (!p->transform.convert)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s converts no values", p->entry.name);
    plugin_lock_turn(p);
    int rc = p->transform.convert(&host_table, &ctx, function, value, args, &result, &why);
    plugin_unlock_turn(p);
    if (rc != 0 || !result) {
        json_decref(result);
        if (!why.kind)
            err_set(&why, KOPPEL_E_BUG, "plugin %s: convert gave neither a value nor a reason",
                    p->entry.name);
        mask_text(why.text);
        if (err)
            *err = why;
        return -1;
    }
    *out = result;
    return 0;
}
