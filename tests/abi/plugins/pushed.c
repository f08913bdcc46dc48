/* SPDX-License-Identifier: MIT
 * A connector of a system that sends what changes. A message is JSON lines of records, or with
 * "thin" of their ids alone; its header x-signature is the HMAC of its body with the secret of the
 * address, as hex digits. Reading gives nothing, or fails where the file PUSHED_AWAY is; fetching gives {"id", "total": "1.00"}. */
#include "koppel/sdk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char catalogue[] =
    "{\"title\":\"Pushed\",\"entities\":[{\"name\":\"thing\",\"key\":\"id\","
    "\"can\":[\"read\",\"receive\",\"fetch\"],"
    "\"fields\":[{\"name\":\"id\"},{\"name\":\"total\",\"type\":\"decimal\"}]}]}";

struct pushed {
    const struct koppel_host *host;
    struct koppel_context *ctx;
};

static int pushed_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                       struct koppel_error *err)
{
    struct pushed *p = calloc(1, sizeof *p);
    if (!p)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    p->host = host;
    p->ctx = ctx;
    *self = p;
    return 0;
}

static int pushed_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct pushed *p = self;
    return p->host->row(facts, "version", "1", err);
}

static int pushed_read(void *self, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err)
{
    struct pushed *p = self;
    const char *away = getenv("PUSHED_AWAY");
    if (away && access(away, F_OK) == 0)
        return p->host->fail(err, KOPPEL_E_RETRY, "not now");
    return p->host->batch_end(out, request->cursor ? request->cursor : "0", 0, err);
}

static int pushed_fetch(void *self, const struct koppel_fetch_request *request,
                        struct koppel_batch *out, struct koppel_error *err)
{
    struct pushed *p = self;
    for (uint32_t i = 0; i < request->count; i++) {
        const char *id = request->ids[i];
        int rc = strcmp(id, "later") == 0
                     ? p->host->fail(err, KOPPEL_E_RETRY, "not now")
                 : strcmp(id, "gone") == 0
                     ? p->host->emit_gone(out, id, 2, err)
                     : p->host->emit(out, id, 2, json_pack("{s:s,s:s}", "id", id, "total", "1.00"),
                                     err);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static const char *header(const struct koppel_receive_request *r, const char *name)
{
    for (uint32_t i = 0; i < r->header_count; i++) {
        if (strcmp(r->headers[i].name, name) == 0)
            return r->headers[i].value;
    }
    return "";
}

static int check(struct pushed *p, const struct koppel_receive_request *r,
                 struct koppel_error *err)
{
    unsigned char mac[KOPPEL_HMAC_SHA256_BYTES];
    char hex[2 * KOPPEL_HMAC_SHA256_BYTES + 1];
    const char *secret = r->subscription->secret, *given = header(r, "x-signature");
    if (p->host->hmac(p->ctx, KOPPEL_HMAC_SHA256, secret, strlen(secret), r->body, r->body_bytes,
                      mac, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof mac; i++)
        snprintf(hex + 2 * i, 3, "%02x", mac[i]);
    if (strlen(given) == sizeof hex - 1 && koppel_same_bytes(given, hex, sizeof hex - 1))
        return 0;
    return p->host->fail(err, KOPPEL_E_AUTH, "the signature is wrong");
}

static int take(struct pushed *p, const char *line, size_t bytes, struct koppel_batch *out,
                struct koppel_error *err)
{
    json_error_t ignored;
    json_t *record = json_loadb(line, bytes, 0, &ignored);
    const char *id = json_string_value(json_object_get(record, "id"));
    int rc;
    if (!id)
        rc = p->host->fail(err, KOPPEL_E_REJECTED, "a line is no record");
    else if (json_object_get(record, "thin"))
        rc = p->host->emit_changed(out, id, err);
    else if (json_object_get(record, "gone"))
        rc = p->host->emit_gone(out, id, 1, err);
    else
        rc = p->host->emit(out, id, 1, json_incref(record), err);
    json_decref(record);
    return rc;
}

static int pushed_receive(void *self, const struct koppel_receive_request *r,
                          struct koppel_batch *out, struct koppel_error *err)
{
    struct pushed *p = self;
    if (strcmp(r->method, "GET") == 0) /* somebody wants to know whether it is there */
        return p->host->reply(out, 200, "text/plain", "here", 4, err);
    if (check(p, r, err) != 0)
        return -1;
    for (const char *at = r->body; *at;) {
        size_t length = strcspn(at, "\n");
        if (length > 0 && take(p, at, length, out, err) != 0)
            return -1;
        at += length + (at[length] == '\n');
    }
    return p->host->reply(out, 202, "text/plain", "ok", 2, err);
}

static int pushed_subscribe(void *self, const struct koppel_subscription *subscription,
                            struct koppel_results *out, struct koppel_error *err)
{
    struct pushed *p = self;
    (void)subscription;
    return p->host->result_done(out, 0, "subscription-1", NULL, err);
}

static int pushed_unsubscribe(void *self, const struct koppel_subscription *subscription,
                              struct koppel_error *err)
{
    struct pushed *p = self;
    if (strcmp(subscription->id, "subscription-1") != 0)
        return p->host->fail(err, KOPPEL_E_REJECTED, "there is no such subscription");
    return 0;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = pushed_open,
    .close = free,
    .probe = pushed_probe,
    .read = pushed_read,
    .fetch = pushed_fetch,
    .receive = pushed_receive,
    .subscribe = pushed_subscribe,
    .unsubscribe = pushed_unsubscribe,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "pushed",
    .version = "1",
    .catalogue = catalogue,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
