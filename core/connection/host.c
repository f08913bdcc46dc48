/* SPDX-License-Identifier: MIT
 * The host table: what a plugin may call, and how a transform is called. */
#include "connection/host.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/fact.h"
#include "connection/batch.h"
#include "connection/border.h"
#include "connection/host_http.h"
#include "connection/host_json.h"
#include "connection/host_log.h"
#include "connection/host_shared.h"
#include "connection/instance.h"
#include "connection/list.h"
#include "connection/results.h"

/* ---- errors, settings, time ---- */

static int host_fail(struct koppel_error *err, int kind, const char *format, ...)
{
    bool known = kind >= KOPPEL_E_CONFIG && kind <= KOPPEL_E_BUG;
    va_list args;
    va_start(args, format);
    err_vset(err, known ? kind : KOPPEL_E_BUG, format, args);
    va_end(args);
    return -1;
}

static int host_reason(struct koppel_error *err, const char *code)
{
    if (err)
        snprintf(err->reason, sizeof err->reason, "%s", code ? code : "");
    return -1;
}

static int host_retry_after(struct koppel_error *err, int64_t ms)
{
    if (err && ms > 0)
        err->retry_after_ms = ms;
    return -1;
}

static const struct conf_setting *find_setting(struct koppel_context *ctx, const char *name)
{
    return ctx->connection ? conf_setting(ctx->connection->conf, name) : NULL;
}

/* The home setting, which connections and transforms see alike. NULL: it is none of it. */
static const char *home_setting(const struct koppel_context *ctx, const char *name)
{
    const struct conf_home *home = ctx->connection ? ctx->connection->conf->home : ctx->home;
    if (!home || strncmp(name, "home.", 5) != 0)
        return NULL;
    return strcmp(name, "home.country") == 0    ? home->country
           : strcmp(name, "home.currency") == 0 ? home->currency
           : strcmp(name, "home.zone") == 0     ? home->zone
           : strcmp(name, "home.language") == 0 ? home->language
                                                : NULL;
}

static const char *host_setting(struct koppel_context *ctx, const char *name)
{
    const char *home = home_setting(ctx, name);
    if (home)
        return home;
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

static int64_t host_deadline_ms(struct koppel_context *ctx)
{
    (void)ctx;
    return call_left_ms();
}

/* ---- signatures ---- */

static int host_hmac(struct koppel_context *ctx, uint32_t algorithm, const void *key,
                     uint64_t key_bytes, const void *data, uint64_t bytes, unsigned char *out,
                     struct koppel_error *err)
{
    (void)ctx;
    if (!key || (!data && bytes > 0))
        return err_set(err, KOPPEL_E_BUG, "hmac wants a key and data");
    if (algorithm == KOPPEL_HMAC_SHA256) {
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, key, (size_t)key_bytes);
        crypto_auth_hmacsha256_update(&state, data, bytes);
        crypto_auth_hmacsha256_final(&state, out);
        sodium_memzero(&state, sizeof state);
        return 0;
    }
    if (algorithm == KOPPEL_HMAC_SHA512) {
        crypto_auth_hmacsha512_state state;
        crypto_auth_hmacsha512_init(&state, key, (size_t)key_bytes);
        crypto_auth_hmacsha512_update(&state, data, bytes);
        crypto_auth_hmacsha512_final(&state, out);
        sodium_memzero(&state, sizeof state);
        return 0;
    }
    return err_set(err, KOPPEL_E_BUG, "hmac does not know algorithm %u", algorithm);
}

static int host_base64(struct koppel_context *ctx, uint32_t direction, const void *in,
                       uint64_t bytes, char *out, uint64_t room, uint64_t *out_bytes,
                       struct koppel_error *err)
{
    (void)ctx;
    int variant = direction & KOPPEL_BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
                                                : sodium_base64_VARIANT_ORIGINAL;
    uint32_t what = direction & ~KOPPEL_BASE64_URL;
    size_t made = 0;
    if (!in || !out || room == 0)
        return err_set(err, KOPPEL_E_BUG, "base64 wants bytes and room");
    if (what == KOPPEL_BASE64_ENCODE) {
        if (sodium_base64_encoded_len((size_t)bytes, variant) > room)
            return err_set(err, KOPPEL_E_BUG, "base64: the room is too small");
        sodium_bin2base64(out, (size_t)room, in, (size_t)bytes, variant);
        made = strlen(out);
    } else if (what == KOPPEL_BASE64_DECODE) {
        const char *end = NULL;
        if (sodium_base642bin((unsigned char *)out, (size_t)room - 1, in, (size_t)bytes,
                              " \t\r\n", &made, &end, variant) != 0
            || end != (const char *)in + bytes)
            return err_set(err, KOPPEL_E_REJECTED, "it is no base64, or longer than %llu bytes",
                           (unsigned long long)room - 1);
        out[made] = '\0';
    } else {
        return err_set(err, KOPPEL_E_BUG, "base64 does not know direction %u", direction);
    }
    if (out_bytes)
        *out_bytes = made;
    return 0;
}

/* ---- decimals ---- */

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
    enum rounding how = (enum rounding)rounding;
    if (rounding > KOPPEL_ROUND_FLOOR)
        return err_set(err, KOPPEL_E_BUG, "there is no rounding %u", (unsigned)rounding);
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

/* ---- transforms ---- */

static int host_skip(struct koppel_context *ctx, const char *format, ...)
{
    struct koppel_error text = {0}; /* formats, masks and makes one line */
    va_list args;
    va_start(args, format);
    err_vset(&text, KOPPEL_E_REJECTED, format, args);
    va_end(args);
    free(ctx->skipped);
    ctx->skipped = strdup(text.text);
    return 0;
}

static void *host_prepared(struct koppel_context *ctx)
{
    return ctx->prepared;
}

const struct koppel_host host_table = {
    .struct_size = sizeof(struct koppel_host),
    .abi_minor = KOPPEL_ABI_MINOR,
    .log = host_log,
    .fail = host_fail,
    .reason = host_reason,
    .fact = fact_add,
    .retry_after = host_retry_after,
    .setting = host_setting,
    .setting_int = host_setting_int,
    .catalogue = host_catalogue,
    .now_ms = host_now_ms,
    .cancelled = host_cancelled,
    .deadline_ms = host_deadline_ms,
    .http = host_http_exchange,
    .http_done = host_http_done,
    .json = host_json_read,
    .json_list = host_json_list,
    .hmac = host_hmac,
    .base64 = host_base64,
    .shared_get = host_shared_get,
    .shared_set = host_shared_set,
    .decimal = host_decimal,
    .emit = batch_emit,
    .emit_gone = batch_emit_gone,
    .emit_unreadable = batch_emit_unreadable,
    .emit_changed = batch_emit_changed,
    .total = batch_total,
    .batch_end = batch_end,
    .reply = batch_reply,
    .result_found = results_add_found,
    .result_done = results_add_done,
    .result_error = results_add_error,
    .result_reason = results_add_reason,
    .result_fact = results_add_fact,
    .result_retry_after = results_add_retry_after,
    .result_note = results_add_note,
    .row = list_add,
    .row_fact = list_add_fact,
    .step = list_add_step,
    .skip = host_skip,
    .prepared = host_prepared,
};

static const char *function_name(const struct plugin *p, uint32_t function)
{
    return function < (uint32_t)p->catalogue->function_count
               ? p->catalogue->functions[function].name : "?";
}

static bool is_of_records(const struct plugin *p, uint32_t function)
{
    return function < (uint32_t)p->catalogue->function_count
           && p->catalogue->functions[function].record;
}

typedef int convert_fn(const struct koppel_host *, struct koppel_context *, uint32_t, json_t *,
                       json_t *, json_t **, struct koppel_error *);

/* One call of a transform; a value that the border refuses is a failure of the plugin. */
static int convert(convert_fn *f, struct koppel_context *ctx, const struct plugins_call *c,
                   json_t *value, json_t **out, struct koppel_error *err)
{
    const struct plugin *p = c->plugin;
    const char *name = function_name(p, c->function);
    struct call call = {.plugin = p->entry.name, .op = name, .limit_ms = HOST_CONVERT_MS};
    struct border_fault fault;
    char words[512];
    *out = NULL;
    if (p->turn)
        pthread_mutex_lock(p->turn);
    call_begin(&call);
    int rc = f(&host_table, ctx, c->function, value, c->args, out, err);
    call_end(&call);
    if (p->turn)
        pthread_mutex_unlock(p->turn);
    if (rc == 0 && *out && !border_check(*out, &fault)) {
        border_words(&fault, words, sizeof words);
        rc = err_reason(err, KOPPEL_E_BUG, fault.reason, "plugin %s, %s: what it gave: %s",
                        p->entry.name, name, words);
    }
    if (rc == 0)
        return 0;
    json_decref(*out);
    *out = NULL;
    if (!err->kind)
        return err_reason(err, KOPPEL_E_BUG, "plugin.no_reason",
                          "plugin %s, %s: it failed without a reason", p->entry.name, name);
    char prefix[160];
    snprintf(prefix, sizeof prefix, "plugin %s, %s", p->entry.name, name);
    if (err->kind == KOPPEL_E_BUG && strncmp(err->text, prefix, strlen(prefix)) != 0)
        err_prefix(err, "%s", prefix);
    return -1;
}

int host_convert(const struct plugins_call *call, json_t *value, const struct conf_home *home,
                 json_t **out, struct koppel_error *err)
{
    const struct plugin *p = call->plugin;
    struct koppel_context ctx = {.plugin = p, .home = home, .prepared = call->prepared};
    struct koppel_error why = {0};
    json_t *result = NULL;
    if (!p->transform.convert || is_of_records(p, call->function))
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s, %s: it converts no values",
                       p->entry.name, function_name(p, call->function));
    int rc = convert(p->transform.convert, &ctx, call, value, &result, &why);
    free(ctx.skipped);
    if (rc == 0 && !result)
        rc = err_reason(&why, KOPPEL_E_BUG, "plugin.no_result",
                        "plugin %s, %s: it gave neither a value nor a reason", p->entry.name,
                        function_name(p, call->function));
    if (rc == 0)
        *out = result;
    else if (err)
        *err = why;
    return rc;
}

int host_convert_record(const struct plugins_call *call, json_t *record,
                        const struct conf_home *home, json_t **out, char **skipped,
                        struct koppel_error *err)
{
    const struct plugin *p = call->plugin;
    struct koppel_context ctx = {.plugin = p, .home = home, .prepared = call->prepared};
    struct koppel_error why = {0};
    json_t *result = NULL;
    *out = NULL;
    *skipped = NULL;
    if (!p->transform.record || !is_of_records(p, call->function))
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s, %s: it converts no records",
                       p->entry.name, function_name(p, call->function));
    int rc = convert(p->transform.record, &ctx, call, record, &result, &why);
    const char *fault = result && ctx.skipped      ? "it gave a record, and left it out"
                        : result && !json_is_object(result) ? "it gave what is no object"
                        : !result && !ctx.skipped  ? "it gave neither a record nor a reason"
                                                   : NULL;
    if (rc == 0 && fault)
        rc = err_reason(&why, KOPPEL_E_BUG, "plugin.no_result", "plugin %s, %s: %s", p->entry.name,
                        function_name(p, call->function), fault);
    if (rc == 0) {
        *out = result;
        *skipped = ctx.skipped;
        return 0;
    }
    json_decref(result);
    free(ctx.skipped);
    if (err)
        *err = why;
    return -1;
}
